//! One thing that is held about somebody, as it was copied for them; and what was decided about it.

use serde::{Deserialize, Serialize};

use crate::attachments::AttachmentId;
use crate::cases::CaseId;

macro_rules! closed {
    ($(#[doc = $about:literal])* $type:ident { $(#[doc = $doc:literal] $name:ident $text:literal $says:literal;)* }) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub(super) enum $type { $(#[doc = $doc] $name),* }

        impl $type {
            /// All of them, as they are offered.
            pub(super) const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in data.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// In words.
            pub(super) const fn says(self) -> &'static str {
                match self { $(Self::$name => $says),* }
            }

            /// The one of that name.
            pub(super) fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

closed! {
    /// Where something is held.
    Source {
        /// Their record, and what hangs on it.
        Record "record" "Record";
        /// Roles, and who stood in for whom.
        Roles "roles" "Roles";
        /// How and when they signed in.
        SignIn "sign-in" "Sign-in";
        /// A case.
        Case "case" "Case";
        /// A file of a case.
        File "file" "File";
        /// What they were told.
        Messages "messages" "Message";
        /// What was entered about them, and that they did something.
        Events "events" "Record of what was done";
    }
}

closed! {
    /// What happens to an item.
    Choice {
        /// It is given as it is.
        Include "include" "Give it as it is";
        /// It is given with parts left out.
        Redact "redact" "Give it with parts left out";
        /// It is not given.
        Withhold "withhold" "Withhold it";
    }
}

closed! {
    /// Why the law lets something be withheld: the Data Protection Act 2018, Schedules 2 to 4, in short. The list is the
    /// law's, so that no school changes it.
    Exemption {
        /// Section 45(4) and Schedule 2 paragraph 16.
        ThirdParty "third-party" "It would tell about somebody else, who has not agreed and for whom it would not be fair (Schedule 2, paragraph 16)";
        /// Schedule 3 part 5, paragraph 21.
        ChildAbuse "child-abuse" "It is about a child who is or may be at risk of abuse, and giving it would not be in the child's interest (Schedule 3, paragraph 21)";
        /// Schedule 3, paragraphs 5, 11 and 19.
        SeriousHarm "serious-harm" "It would be likely to cause serious harm to somebody's health (Schedule 3: health, social work and education data)";
        /// Schedule 2 paragraph 2.
        Crime "crime" "It would hinder the preventing or detecting of crime (Schedule 2, paragraph 2)";
        /// Schedule 2 paragraph 7.
        Protecting "protecting" "It would hinder work that protects the public from dishonesty or malpractice (Schedule 2, paragraph 7)";
        /// Schedule 2 paragraph 5.
        Proceedings "proceedings" "It is needed for, or would harm, legal proceedings or advice (Schedule 2, paragraph 5)";
        /// Schedule 2 paragraph 19.
        Privilege "privilege" "It is between the school and its lawyers (Schedule 2, paragraph 19)";
        /// Schedule 2 paragraph 22.
        Forecast "forecast" "It is planning by management that would be harmed (Schedule 2, paragraph 22)";
        /// Schedule 2 paragraph 23.
        Negotiations "negotiations" "It tells what the school means to do in negotiations with them (Schedule 2, paragraph 23)";
        /// Schedule 2 paragraph 24.
        Reference "reference" "It is a reference given in confidence (Schedule 2, paragraph 24)";
        /// Schedule 2 paragraph 25.
        Exam "exam" "It is an examination script, or a mark that is not yet due (Schedule 2, paragraph 25)";
        /// Not theirs: article 15 gives a right to one's own personal data alone.
        NotTheirs "not-theirs" "It holds nothing that is personal data about them (article 15)";
    }
}

impl Exemption {
    /// In general words, for the person who asked: enough to complain about, nothing of what it is.
    pub(super) const fn in_general(self) -> &'static str {
        match self {
            Self::ThirdParty => "Information about somebody else",
            Self::ChildAbuse | Self::SeriousHarm => {
                "Information that the law keeps back to protect somebody from harm"
            }
            Self::Crime | Self::Protecting => {
                "Information that the law keeps back so that wrongdoing can be looked into"
            }
            Self::Proceedings | Self::Privilege => {
                "Information about legal proceedings or legal advice"
            }
            Self::Forecast | Self::Negotiations => {
                "Information about plans or negotiations of the school"
            }
            Self::Reference => "References given in confidence",
            Self::Exam => "Examination scripts and marks",
            Self::NotTheirs => "Things that were found and hold no personal data about you",
        }
    }
}

/// One thing, as it was copied.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Content {
    /// What it is: "Incident INC-2026-0003: named in it".
    pub(super) title: String,
    /// What it says, line by line.
    pub(super) parts: Vec<Part>,
    /// The file, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<AttachmentId>,
    /// Other people's names in it, and who they are.
    pub(super) others: Vec<Other>,
    /// What is proposed, where it is more than giving it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) withhold: Option<Exemption>,
}

/// A line.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Part {
    /// What it is.
    pub(super) label: String,
    /// What it says.
    pub(super) text: String,
}

/// Somebody else who is named.
#[derive(Clone, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub(super) struct Other {
    /// As it is written there.
    pub(super) name: String,
    /// Who they are: "works here".
    pub(super) who: String,
}

/// An item, as it was gathered and before it is kept.
#[derive(Clone, Debug)]
pub(super) struct Gathered {
    pub(super) source: Source,
    /// The case that it was copied from.
    pub(super) of_case: Option<CaseId>,
    pub(super) content: Content,
}

/// What is left out of an item that is given.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Marks {
    /// Passages, wherever they stand in it.
    pub(super) passages: Vec<String>,
    /// Lines, by their place.
    pub(super) parts: Vec<usize>,
    /// Places within lines: which line, from which letter, up to which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) spans: Vec<(usize, usize, usize)>,
}

/// What was decided about an item.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Decision {
    pub(super) choice: Choice,
    pub(super) exemption: Option<Exemption>,
    pub(super) marks: Marks,
}

/// An item as it stands.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) number: i64,
    pub(super) source: Source,
    pub(super) of_case: Option<CaseId>,
    pub(super) content: Content,
    pub(super) decision: Option<Decision>,
}

impl Content {
    /// A thing of so many lines.
    pub(super) fn of(title: impl Into<String>, parts: Vec<Part>) -> Self {
        Self {
            title: title.into(),
            parts,
            ..Self::default()
        }
    }

    /// What is decided where nobody decides otherwise: what must be kept back is, others' names are left out, all else
    /// is given.
    pub(super) fn proposed(&self) -> Decision {
        let (choice, exemption) = match (self.withhold, self.others.is_empty()) {
            (Some(exemption), _) => (Choice::Withhold, Some(exemption)),
            (None, true) => (Choice::Include, None),
            (None, false) if self.file.is_some() => (Choice::Include, None),
            (None, false) => (Choice::Redact, None),
        };
        let marks = match choice {
            Choice::Redact => Marks {
                passages: self.others.iter().map(|other| other.name.clone()).collect(),
                ..Marks::default()
            },
            _ => Marks::default(),
        };
        Decision {
            choice,
            exemption,
            marks,
        }
    }
}

impl Part {
    /// A line.
    pub(super) fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            text: text.into(),
        }
    }
}
