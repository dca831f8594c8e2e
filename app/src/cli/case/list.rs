//! `probity case list`.

use std::error::Error;

use clap::{Args, ValueEnum};

use super::super::Format;
use super::super::sheet::{FAINT, STRONG, Sheet, paint, print_json};
use super::desk::Where;
use crate::cases::api::{Asked, Told, line};
use crate::cases::list;
use crate::web::dates::day;

/// Which cases.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Only of this register, such as declaration
    #[arg(long, value_name = "ID")]
    register: Option<String>,

    /// Only in this state
    #[arg(long, value_name = "ID")]
    state: Option<String>,

    /// Only of this school
    #[arg(long, value_name = "ID")]
    school: Option<String>,

    /// Open ones, of those the ones that wait for the person, closed ones, or all
    #[arg(long, value_enum, default_value_t)]
    show: Shown,

    /// With this reference, or one that begins so
    #[arg(long, value_name = "REFERENCE")]
    reference: Option<String>,

    /// The oldest first
    #[arg(long)]
    oldest_first: bool,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Shown {
    #[default]
    Open,
    Waiting,
    Closed,
    All,
}

impl Which {
    pub(super) fn asked(self) -> Asked {
        Asked {
            register: self.register.unwrap_or_default(),
            state: self.state.unwrap_or_default(),
            school: self.school.unwrap_or_default(),
            show: match self.show {
                Shown::Open => "open",
                Shown::Waiting => "waiting",
                Shown::Closed => "closed",
                Shown::All => "all",
            }
            .to_owned(),
            reference: self.reference.unwrap_or_default(),
            sort: if self.oldest_first { "oldest" } else { "" }.to_owned(),
            ..Asked::default()
        }
    }
}

/// List the cases that a person may see, the latest first
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    which: Which,

    /// The page, from 1
    #[arg(long, value_name = "N", default_value_t = 1)]
    page: u32,

    /// Cases a page
    #[arg(long, value_name = "N", default_value_t = 50)]
    size: u32,

    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,

    #[command(flatten)]
    at: Where,
}

impl List {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        let asked = Asked {
            page: self.page.to_string(),
            size: self.size.to_string(),
            ..self.which.asked()
        };
        let (filter, part) = asked.read()?;
        let desk = self.at.open().await?;
        let mut query = desk.store.read(&desk.actor.trust);
        let found = list(&mut query, &desk.store, &desk.actor, &filter, part).await?;
        if self.format == Format::Json {
            let mut told = Vec::new();
            for item in &found.items {
                told.push(line(&mut query, Told::of(&desk.store, &desk.actor), item).await?);
            }
            print_json(
                &serde_json::json!({ "cases": told, "total": found.total, "more": found.more }),
            )?;
            return Ok(());
        }
        let zone = desk.store.clock().zoned().time_zone().clone();
        let mut sheet = Sheet::new();
        for item in &found.items {
            let due = item.due.map(|due| {
                let due = day(due.to_zoned(zone.clone()).date());
                paint(FAINT, &format!("  next due {due}"))
            });
            let reference = paint(STRONG, &item.case.reference);
            sheet.line(&format!(
                "{reference}  {}{}",
                item.state,
                due.unwrap_or_default()
            ))?;
        }
        let shown = found.items.len();
        sheet.line(&match (found.total, shown, found.more) {
            (0, _, _) => "No case fits.".to_owned(),
            (total, shown, false) => format!("{shown} of {total}"),
            (total, shown, true) => format!("{shown} of more than {total}"),
        })?;
        Ok(())
    }
}
