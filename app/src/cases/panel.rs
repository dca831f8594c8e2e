//! What another feature shows on a case's page, beside what the register gives: a list of things to be done.

use serde::Serialize;

/// A list of things to be done.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Panel {
    /// Its heading.
    pub(crate) title: String,
    /// What it is about, in sentences.
    pub(crate) lead: Vec<String>,
    /// The things, by what they are.
    pub(crate) groups: Vec<Group>,
}

/// Things of one kind.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Group {
    /// What they are.
    pub(crate) title: &'static str,
    /// The things.
    pub(crate) items: Vec<Item>,
}

/// One thing.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Item {
    /// What it is.
    pub(crate) says: String,
    /// What becomes of it, or who can do something about it; empty where there is nothing to say.
    pub(crate) note: String,
    /// What the reader can do about it: the words of the button, and where it leads.
    pub(crate) act: Option<(String, String)>,
}

impl Panel {
    /// A made one, for pages' samples.
    pub(crate) fn sample() -> Self {
        let item = |act: bool| Item {
            says: "Head at Ash Primary".into(),
            note: if act {
                String::new()
            } else {
                "Ends on 20 December 2026".into()
            },
            act: act.then(|| ("End it".into(), "/cases/c1/holdings/role/r1".into())),
        };
        Self {
            title: "What they hold".into(),
            lead: vec!["Their last day is 20 December 2026.".into()],
            groups: vec![Group {
                title: "Roles",
                items: vec![item(true), item(false)],
            }],
        }
    }
}
