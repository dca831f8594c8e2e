//! What stands on the page of a request's case: the way to what is gathered.

use super::{ACTION, REGISTER};
use crate::authority::{Actor, Place};
use crate::cases::{Panel, PanelGroup, PanelItem, Seen};

/// The panel of a case, where it is a request and whoever looks answers requests.
pub(crate) fn panel(actor: &Actor, seen: &Seen) -> Option<Panel> {
    let request = seen.case.register == REGISTER && !seen.outline;
    if !request || !actor.may(ACTION, Place::Anywhere) {
        return None;
    }
    let href = format!("/subject-access/{}", seen.case.id);
    Some(Panel {
        title: "What is held about them".to_owned(),
        lead: Vec::new(),
        groups: vec![PanelGroup {
            title: "The answer",
            items: vec![PanelItem {
                says: "Gather what is held about them, look through it and give it out".to_owned(),
                note: String::new(),
                act: Some(("Open".to_owned(), href)),
            }],
        }],
    })
}
