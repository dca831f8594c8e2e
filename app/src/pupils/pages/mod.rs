//! The pages about pupils.

mod entry;
mod erasing;
mod guardian;
mod leaving;
mod list;
mod shown;
#[cfg(test)]
mod tests;
mod writing;

use axum::response::Redirect;
use serde::Deserialize;

use super::{PupilId, PupilsError, Refusal};
use crate::authority::{Access, Action, Routes};
use crate::store::{StoreError, Tx};
use crate::web::form::Faults;
use crate::web::problem::Problem;

#[cfg(test)]
pub(crate) use {list::ListPage, shown::PupilPage};

pub(crate) fn routes() -> Routes {
    let view = Access::May(Action::ViewPupils);
    let manage = Access::May(Action::ManagePupils);
    let erase = Access::May(Action::Erase);
    Routes::new()
        .get("/pupils", view, list::list)
        .get("/pupils/add", manage, writing::form)
        .post("/pupils/add", manage, writing::add)
        .get("/pupils/{pupil}", view, shown::show)
        .get("/pupils/{pupil}/contacts", view, shown::show_contacts)
        .get("/pupils/{pupil}/change", manage, writing::change_form)
        .post("/pupils/{pupil}/change", manage, writing::change)
        .get("/pupils/{pupil}/leave", manage, leaving::form)
        .post("/pupils/{pupil}/leave", manage, leaving::save)
        .get("/pupils/{pupil}/guardians/add", manage, guardian::form)
        .post("/pupils/{pupil}/guardians/add", manage, guardian::add)
        .get(
            "/pupils/{pupil}/guardians/{guardian}/change",
            manage,
            guardian::change_form,
        )
        .post(
            "/pupils/{pupil}/guardians/{guardian}/change",
            manage,
            guardian::change,
        )
        .get(
            "/pupils/{pupil}/guardians/{guardian}/remove",
            manage,
            guardian::confirm,
        )
        .post(
            "/pupils/{pupil}/guardians/{guardian}/remove",
            manage,
            guardian::remove,
        )
        .get("/pupils/{pupil}/erase", erase, erasing::confirm)
        .post("/pupils/{pupil}/erase", erase, erasing::save)
}

/// What was just done, told once on the page that follows.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Done {
    Added,
    Changed,
    Left,
    Guardian,
    GuardianRemoved,
    Erased,
}

/// The query of a page that may follow an action.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct After {
    done: Option<Done>,
}

impl After {
    const fn says(&self) -> &'static str {
        match self.done {
            None => "",
            Some(Done::Added) => "The pupil was added",
            Some(Done::Changed) => "The change was saved",
            Some(Done::Left) => "The last day was saved",
            Some(Done::Guardian) => "The parent or carer was saved",
            Some(Done::GuardianRemoved) => "The parent or carer was removed",
            Some(Done::Erased) => "What was held of the pupil was erased",
        }
    }
}

fn to_pupil(id: &PupilId, done: &str) -> Redirect {
    Redirect::to(&format!("/pupils/{id}?done={done}"))
}

/// What somebody reads whose change was overtaken.
const OVERTAKEN: &str = "Somebody else changed this while you did. Look at what is there now, \
                         shown below, and make your change again.";

/// What came of a form that was sent.
enum Saved<T> {
    /// It is done.
    Done(T),
    /// There was nothing to change.
    Unchanged,
    /// Somebody else was faster; the form says so.
    Overtaken,
    /// Something typed is wrong; the form says so.
    Faulty,
}

/// Keeps what was done, or says on the form why it was not; any other error is a problem.
async fn saved<T>(
    tx: Tx,
    result: Result<T, PupilsError>,
    faults: &mut Faults,
) -> Result<Saved<T>, Problem> {
    match result {
        Ok(done) => {
            tx.commit().await?;
            Ok(Saved::Done(done))
        }
        Err(PupilsError::Same) => Ok(Saved::Unchanged),
        Err(PupilsError::Store(StoreError::Changed)) => {
            faults.add("", OVERTAKEN);
            Ok(Saved::Overtaken)
        }
        Err(error) => {
            let (field, what) = fault(error)?;
            faults.add(field, what);
            Ok(Saved::Faulty)
        }
    }
}

/// The field of a form to which an error belongs and what it says; any other error is a problem.
fn fault(error: PupilsError) -> Result<(&'static str, String), Problem> {
    let PupilsError::Refused(refusal) = error else {
        return Err(error.into());
    };
    let field = match refusal {
        Refusal::Group => "class",
        Refusal::Born => "born",
        Refusal::LeftOn => "left",
        Refusal::Phone => "phone",
        Refusal::NoSuchSchool => "school",
        Refusal::NoReason => "reason",
    };
    Ok((field, refusal.to_string()))
}
