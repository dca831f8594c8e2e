//! An open installation, and the person for whom the command line acts.

use std::error::Error;
use std::sync::Arc;

use clap::Args;
use register::value::{AnswerFault, Answers};

use super::super::installation::only_trust;
use super::super::installation::{self, Installation};
use super::super::on_behalf;
use crate::attachments::Attachments;
use crate::authority::Actor;
use crate::cases::{self, CaseError, CaseId, Engine, Seen};
use crate::ledger::{Change, LedgerError, record_event};
use crate::policies::Policies;
use crate::store::{Store, TrustId, Tx};

/// Which trust of which installation, and for whom.
#[derive(Debug, Args)]
pub(in crate::cli) struct Where {
    /// For whom: what they may see and do holds
    #[arg(long = "as", value_name = "EMAIL")]
    person: String,

    /// The trust; needed only where the installation has several
    #[arg(long, value_name = "ID")]
    trust: Option<TrustId>,

    #[command(flatten)]
    installation: Installation,
}

/// An open store with the registers in force, and somebody at it.
pub(in crate::cli) struct Desk {
    pub(in crate::cli) store: Store,
    pub(in crate::cli) engine: Engine,
    pub(in crate::cli) attachments: Attachments,
    pub(in crate::cli) actor: Actor,
}

impl Where {
    pub(in crate::cli) async fn open(self) -> Result<Desk, Box<dyn Error>> {
        let settings = self.installation.settings()?;
        let store = installation::open_existing(&settings).await?;
        let trust = only_trust(&store, self.trust.as_ref()).await?;
        let actor = on_behalf::actor(&store, trust, &self.person).await?;
        let attachments = Attachments::new(settings.attachments(), settings.max_attachment);
        let engine = Engine::new(Arc::new(Policies::load(settings.policies)?));
        Ok(Desk {
            store,
            engine,
            attachments,
            actor,
        })
    }
}

impl Desk {
    /// A change on the person's behalf; that the command line makes it is entered first.
    pub(in crate::cli) async fn begin(&self) -> Result<Tx, LedgerError> {
        let mut tx = self.store.begin(&self.actor.trust).await?;
        let change = Change {
            kind: "case.command_line",
            record_kind: "person",
            record: self
                .actor
                .person
                .as_ref()
                .map_or("", |person| person.as_str()),
            before: None,
            after: None,
        };
        let operator = Actor::operator(self.actor.trust.clone());
        record_event(&mut tx, &operator, None, change).await?;
        Ok(tx)
    }

    /// The case with a reference or an identifier.
    pub(in crate::cli) async fn find(&self, tx: &mut Tx, named: &str) -> Result<CaseId, CaseError> {
        match cases::by_reference(tx, &self.actor, &self.store, named).await {
            Err(CaseError::NotFound) => named.trim().parse().map_err(|_| CaseError::NotFound),
            found => found,
        }
    }

    /// The case as the person sees it.
    pub(in crate::cli) async fn see(
        &self,
        tx: &mut Tx,
        named: &str,
    ) -> Result<Seen, Box<dyn Error>> {
        let id = self.find(tx, named).await?;
        Ok(cases::see(tx, &self.actor, &id).await?)
    }
}

/// Answers given as `FIELD=ANSWER`; a field that is given several times has several answers.
pub(super) fn answers(given: &[String]) -> Result<Answers, String> {
    let mut answers = Answers::new();
    for one in given {
        let (field, answer) = one
            .split_once('=')
            .ok_or_else(|| format!("'{one}' is not FIELD=ANSWER, as in --answer with=parent"))?;
        let of_field = answers.entry(field.trim().to_owned()).or_default();
        of_field.push(answer.to_owned());
    }
    Ok(answers)
}

/// That a field is named which is not asked.
pub(super) fn asked<'f>(
    answers: &Answers,
    fields: impl Iterator<Item = &'f register::Field> + Clone,
) -> Result<(), CaseError> {
    let unknown = answers
        .keys()
        .filter(|name| !fields.clone().any(|field| field.id == **name));
    let known: Vec<&str> = fields.clone().map(|field| field.id.as_str()).collect();
    let faults: Vec<AnswerFault> = unknown
        .map(|name| AnswerFault {
            field: name.clone(),
            what: format!(
                "There is no such field here; there are {}",
                known.join(", ")
            ),
        })
        .collect();
    match faults.is_empty() {
        true => Ok(()),
        false => Err(CaseError::Answers(faults)),
    }
}
