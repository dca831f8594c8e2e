//! What stands in a post's way at the moment at which it goes out: looked at anew, whatever was so when it was approved.

use jiff::civil::Date;

use super::consent_at::{self, Consent};
use super::pupils::PostPupil;
use super::{PostError, faces, leave, pupils};
use crate::accounts::{self, REGISTER as ACCOUNT};
use crate::authority::Actor;
use crate::cases::{self, Case, CaseId, Done, Engine};
use crate::people;
use crate::pupils::known;
use crate::store::{PersonId, Tx};

/// The steps by which somebody has written a post.
const WRITING: [&str; 3] = ["open", "edit", "submit"];

/// Who answers for a post: whoever took it over, otherwise whoever wrote it.
pub(super) fn answers_for(post: &Case) -> Option<&PersonId> {
    post.handler.as_ref().or(post.opened_by.as_ref())
}

/// The account, where it is in use.
pub(super) async fn account(
    tx: &mut Tx,
    actor: &Actor,
    id: &CaseId,
) -> Result<Option<Case>, PostError> {
    let store = tx.store().clone();
    let account = cases::one_of(tx, (&store, &actor.trust), ACCOUNT, id).await?;
    Ok(account.filter(|account| account.in_force))
}

/// What stands in the way of a post's going out on an account now, in words for those who may see the post.
///
/// # Errors
/// Where the store fails.
pub(super) async fn lacks(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    (post, account): (&Case, &CaseId),
) -> Result<Vec<String>, PostError> {
    let today = tx.store().clock().today();
    let mut lacks = Vec::new();
    match self::account(tx, actor, account).await? {
        Some(account) => lacks.extend(authority(tx, post, &account, today).await?),
        None => lacks.push("The account is not in use any more.".to_owned()),
    }
    if !approved_by_somebody_else(post) {
        lacks.push("Nobody else has approved it as it stands.".to_owned());
    }
    lacks.extend(consent(tx, engine, post, today).await?);
    Ok(lacks)
}

/// What whoever answers for a post lacks to post on an account.
pub(super) async fn authority(
    tx: &mut Tx,
    post: &Case,
    account: &Case,
    today: Date,
) -> Result<Option<String>, PostError> {
    let Some(person) = answers_for(post) else {
        return Ok(Some("Nobody answers for it.".to_owned()));
    };
    if account.school != post.school && account.school.is_some() {
        return Ok(Some("The account is another school’s.".to_owned()));
    }
    if leave::may_post(tx, person, account, today).await? {
        return Ok(None);
    }
    let person = people::find(tx, person).await?;
    let name = person.map_or_else(|| "Whoever wrote it".to_owned(), |person| person.name());
    Ok(Some(format!(
        "{name} is not named as somebody who posts on {}, and holds no permission to.",
        cases::Account::of(accounts::answer(account, "account")).address
    )))
}

/// What is missing of the consent for each pupil whom it shows or names; a face of whom nobody has said who it is counts.
pub(super) async fn consent(
    tx: &mut Tx,
    engine: &Engine,
    post: &Case,
    today: Date,
) -> Result<Vec<String>, PostError> {
    let listed = pupils::of_post(tx, &post.id).await?;
    let mut lacks = Vec::new();
    if listed.is_empty() && accounts::answer(post, "people") == "some" {
        lacks.push("It shows or names a pupil, and none is listed with it.".to_owned());
    }
    lacks.extend(faces::lacks(tx, &post.id).await?);
    let answers = consent_at::of(tx, engine, post.school.as_ref(), &listed, today).await?;
    for (one, answer) in listed.iter().zip(answers) {
        if let Consent::MayNot(why) = answer {
            let name = name_of(tx, one).await?;
            lacks.push(format!("{name} is {} in it: {why}.", one.says()));
        }
    }
    Ok(lacks)
}

/// The name of a pupil in a post.
pub(super) async fn name_of(tx: &mut Tx, one: &PostPupil) -> Result<String, PostError> {
    let pupil = known(tx, &one.pupil).await?;
    Ok(pupil.map_or_else(|| "A pupil who was erased".to_owned(), |pupil| pupil.name))
}

/// Whether the text as it stands was approved, by somebody who wrote nothing of it.
fn approved_by_somebody_else(post: &Case) -> bool {
    let wrote = |done: &&Done| WRITING.contains(&done.step.as_str());
    let Some(at) = post.done.iter().rposition(|done| done.step == "approve") else {
        return false;
    };
    let approver = post.done.get(at).and_then(|done| done.person.as_ref());
    let (before, after) = post.done.split_at(at);
    approver.is_some()
        && !after.iter().any(|done| wrote(&done))
        && !before
            .iter()
            .filter(wrote)
            .any(|done| done.person.as_ref() == approver)
}

#[cfg(test)]
mod tests {
    use super::approved_by_somebody_else;
    use crate::cases::{Case, Done};
    use crate::store::PersonId;

    fn post(done: &[(&str, &str)]) -> Case {
        let done = done.iter().map(|(step, person)| Done {
            step: (*step).to_owned(),
            at: 0,
            person: Some(person.parse::<PersonId>().unwrap()),
            role: None,
            to: String::new(),
            note: String::new(),
            answers: Default::default(),
            decision: None,
        });
        Case {
            id: "c1".parse().unwrap(),
            register: "post".into(),
            rules: String::new(),
            reference: String::new(),
            school: None,
            state: String::new(),
            opened_by: None,
            subject: None,
            handler: None,
            opened_at: 0,
            changed_at: 0,
            closed_at: None,
            revision: 1,
            paper: false,
            filed: false,
            disclosed: false,
            in_force: false,
            in_force_until: None,
            answers: Default::default(),
            done: done.collect(),
        }
    }

    #[test]
    fn an_approval_counts_only_for_the_text_that_was_approved_and_from_somebody_else() {
        let cases: [(&[(&str, &str)], bool); 5] = [
            (
                &[("open", "ann"), ("submit", "ann"), ("approve", "hal")],
                true,
            ),
            (
                &[("open", "ann"), ("submit", "ann"), ("approve", "ann")],
                false,
            ),
            (
                &[("open", "ann"), ("edit", "hal"), ("approve", "hal")],
                false,
            ),
            (
                &[("open", "ann"), ("approve", "hal"), ("edit", "ann")],
                false,
            ),
            (&[("open", "ann"), ("submit", "ann")], false),
        ];
        for (done, right) in cases {
            assert_eq!(approved_by_somebody_else(&post(done)), right, "{done:?}");
        }
    }
}
