//! Small registers made for tests.

use policy::source::{Faults, Source};
use policy::vocabulary::Vocabulary;
use register::{Names, Register};

use crate::real::ROLES;

/// A register that uses most of the format.
pub(crate) const LOAN: &str = r#"
id = "loan"
name = "loan"
plural = "loans"
reference = "LOA"
purpose = "Borrow a camera."
door = "request"
opened_by = ["staff"]
subject = "opener"
sensitivity = "ordinary"
effects = [{ notify = ["setting:lends"], says = "A loan is asked for" }]

[[field]]
id = "thing"
kind = "choice"
question = "What do you need?"
required = true
listed = true
values = [{ id = "camera", says = "A camera" }, { id = "other", says = "Something else" }]

[[field]]
id = "which"
kind = "text"
question = "Which thing?"
required = true
when = { thing = ["other"] }

[[field]]
id = "until"
kind = "future-date"
question = "Until when?"
required = true

[[state]]
id = "asked"
says = "Asked for"

[[state]]
id = "lent"
says = "Lent"
in_force = true

[[state]]
id = "back"
says = "Back"
end = true

[[step]]
id = "lend"
says = "Lend it"
from = ["asked"]
to = "lent"
by = ["setting:lends"]
needs = [{ second_person = ["open"], fallback = "head" }]
effects = [{ grant_until = "until" }]

[[step]]
id = "return"
says = "It came back"
from = ["asked", "lent"]
to = "back"
by = ["opener", "setting:lends", "program"]
needs = [{ note = true }]
effects = [{ revoke = true }]

[[deadline]]
id = "late"
says = "bring it back"
in = ["lent"]
within = "field:until"
remind = ["1 day"]
then = "return"

[[sees]]
who = ["opener", "setting:lends"]

[[setting]]
id = "lends"
says = "Who lends"
kind = "roles"
is = ["it"]

[retention]
from = "closed"
keep = "1 year"
then = "erase"
source = "A made register."
"#;

/// Loads a made register, under the vocabulary of the project and no policies.
pub(crate) fn load(name: &str, text: &str) -> Result<Register, Faults> {
    let vocabulary = crate::real::read("vocabulary.toml");
    let vocabulary = Vocabulary::load(Source::new("vocabulary.toml", &vocabulary)).unwrap();
    let names = Names {
        roles: &ROLES,
        vocabulary: &vocabulary,
        policies: &[],
    };
    Register::load(Source::new(name, text), &names)
}
