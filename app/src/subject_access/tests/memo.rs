//! A made register.

/// A register that data protection officers see, whose cases are erased a year after they are closed.
pub(super) const MEMO: &str = r#"
id = "memo"
name = "memo"
plural = "memos"
reference = "MEM"
purpose = "Keep a memo about somebody."
door = "report"
opened_by = ["staff"]
subject = "field:about"
sensitivity = "personal"

[[field]]
id = "about"
kind = "person"
question = "Who is it about?"
label = "About"
required = true

[[field]]
id = "with"
kind = "person"
question = "Who else was there?"
label = "With"

[[field]]
id = "what"
kind = "long-text"
question = "What is it?"
label = "What it is"
required = true

[[state]]
id = "new"
says = "New"

[[state]]
id = "over"
says = "Over"
end = true

[[step]]
id = "end"
says = "End it"
from = ["new"]
to = "over"
by = ["staff"]

[[sees]]
who = ["opener", "staff", "data-protection-officer"]

[retention]
from = "closed"
keep = "1 year"
then = "erase"
source = "A made rule."
"#;
