//! A decision with what is on record honoured, the same over HTTP and on the command line.

use policy::decision::Decision;
use policy::situation::{Given, Situation};
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use serde::Serialize;

use super::{OnRecord, OnRecordLine};
use crate::cases::Held;

/// What is on record for whoever asks, as far as it bears on what was asked.
#[derive(Serialize)]
pub(crate) struct OnRecordTold {
    /// The permission in force that the answer relies on.
    pub(crate) permission: Option<OnRecordLine>,
    /// Permissions in force that may cover it: give the reference of one that does as `held`.
    pub(crate) perhaps: Vec<OnRecordLine>,
    /// The declarations that do what a duty asks for, if they are about the same person.
    pub(crate) declared: Vec<OnRecordLine>,
}

/// What of the record bears on a decision.
#[derive(Debug)]
pub(crate) struct Honoured<'h> {
    /// The permission that gives the leave, with the situation in which it is given.
    pub(crate) granted: Option<(&'h Held, Situation)>,
    /// Permissions that may cover it.
    pub(crate) perhaps: Vec<&'h Held>,
    /// Declarations that do what a duty asks for, each once.
    pub(crate) declared: Vec<&'h Held>,
}

impl OnRecord {
    /// A decision as it is with what is on record. `named` is the reference that whoever asks gave.
    pub(crate) fn honour<'l>(
        &self,
        (table, vocabulary): (&'l Table, &'l Vocabulary),
        given: &Given,
        decision: Box<Decision<'l>>,
        named: Option<&str>,
    ) -> (Box<Decision<'l>>, Honoured<'_>) {
        let leave = self.leave((table, vocabulary), given, &decision, named);
        let decision = match &leave.granted {
            Some((_, situation)) => {
                Box::new(table.decide(vocabulary, situation, &given.assumed(vocabulary)))
            }
            None => decision,
        };
        let mut declared: Vec<&Held> = Vec::new();
        for duty in &decision.duties {
            for held in self.declared(vocabulary, given, duty) {
                if !declared.iter().any(|one| one.case.id == held.case.id) {
                    declared.push(held);
                }
            }
        }
        let honoured = Honoured {
            granted: leave.granted,
            perhaps: leave.perhaps,
            declared,
        };
        (decision, honoured)
    }
}
