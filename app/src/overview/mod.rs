//! How the registers are used, for those who govern and lead: counts, times, outcomes and coverage, by school, register
//! and role, that name nobody.
//!
//! Every number comes from one table of the whole trust, in which small numbers, and others that would give them away,
//! are kept back once for everybody: no two people's views can be laid beside each other to find one out. Sensitive
//! registers stand in it as one rounded total of a term that is over, without the cases about whoever is looking.

mod count;
mod figures;
mod groups;
mod outcomes;
mod page;
mod schools;
mod side_by_side;
mod suppression;
mod table;
mod term;
#[cfg(test)]
mod tests;
mod trend;

use crate::authority::{Access, Action, Routes};

pub(crate) use groups::states;
pub(crate) use page::{Brief, brief};
#[cfg(test)]
pub(crate) use {figures::FiguresPage, page::OverviewPage, side_by_side::SchoolsPage};

pub(crate) fn routes() -> Routes {
    let view = Access::May(Action::ViewOverview);
    let enter = Access::May(Action::EnterFigures);
    Routes::new()
        .get("/overview", view, page::show)
        .get("/overview.csv", view, page::csv)
        .get("/overview/schools", view, side_by_side::show)
        .get("/overview/schools.csv", view, side_by_side::csv)
        .get("/overview/figures", enter, figures::list)
        .get("/overview/figures/{school}/{term}", enter, figures::form)
        .post("/overview/figures/{school}/{term}", enter, figures::save)
}
