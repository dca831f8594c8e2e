//! `probity case open`.

use std::error::Error;

use clap::Args;

use super::desk::{Where, answers, asked};
use crate::cases::{self, CaseError, Opening};
use crate::schools;
use crate::store::SchoolId;

/// Open a case for a person
#[derive(Debug, Args)]
pub(super) struct Open {
    /// The register, such as declaration
    register: String,

    /// The school; their own where they have one alone
    #[arg(long, value_name = "ID")]
    school: Option<SchoolId>,

    /// An answer, such as with=parent; once for each, several times for several answers to one field
    #[arg(long = "answer", value_name = "FIELD=ANSWER")]
    answers: Vec<String>,

    #[command(flatten)]
    at: Where,
}

impl Open {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        let answers = answers(&self.answers)?;
        let desk = self.at.open().await?;
        let registers = desk.engine.registers();
        let register = registers.register(&self.register).ok_or_else(|| {
            let known = registers.registers().iter().map(|it| it.id.as_str());
            let known: Vec<&str> = known.collect();
            let asked = &self.register;
            format!(
                "there is no register '{asked}'; there are {}",
                known.join(", ")
            )
        })?;
        asked(&answers, register.fields.iter())?;
        let mut tx = desk.begin().await?;
        let school = match self.school {
            Some(school) => schools::find(&mut tx, &school)
                .await?
                .ok_or_else(|| format!("there is no school '{school}' in this trust"))
                .map(Some)?,
            None => schools::only_school_of(&mut tx, &desk.actor).await?,
        };
        let opening = Opening {
            register: register.id.clone(),
            school: school.map(|school| school.id),
            answers,
            ..Opening::default()
        };
        let case = cases::open(&mut tx, &desk.engine, &desk.actor, opening).await;
        let case = case.map_err(|error| match error {
            CaseError::NoSuchRegister => {
                format!("{} may not open a {}", desk.actor.name, register.name)
            }
            other => other.to_string(),
        })?;
        tx.commit().await?;
        println!("{}", case.reference);
        Ok(())
    }
}
