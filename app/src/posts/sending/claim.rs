//! Taking a sending to be sent: everything that may stand in its way is looked at in the same transaction.

use jiff::{SignedDuration, Timestamp};

use super::super::{PostError, REGISTER, hold, may_go, pictures, told};
use super::row::{self, Copy, Sending, SendingId};
use super::settle::settle;
use super::state::State;
use crate::accounts;
use crate::authority::Actor;
use crate::cases::{self, Account, Case, CaseId, Engine};
use crate::credentials;
use crate::store::Tx;

/// How long a claim lasts: after that whoever has it is taken to be gone, and the post is looked for.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// What is to be done about a sending.
#[derive(Debug)]
pub(crate) enum Claim {
    /// Ask the platform to take it.
    Send(Box<Order>),
    /// It may be out already: look for it, and never send.
    LookFor(Box<Order>),
    /// Not before this moment.
    Later(Timestamp),
    /// Nothing.
    Nothing,
}

/// A post as a platform is to take it.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) sending: SendingId,
    /// Which attempt it is: what is recorded about another one does not count.
    pub(crate) attempt: i64,
    /// The case of the account, under which its token is lodged.
    pub(crate) account: CaseId,
    /// The same in every attempt.
    pub(crate) idempotency_key: String,
    /// What goes out, as it is kept.
    pub(crate) copy: Copy,
    /// When the platform was first asked under this key.
    pub(crate) first: Timestamp,
    /// Since when it may be out.
    pub(crate) since: Timestamp,
}

/// Takes a sending that is due, if nothing stands in its way. `can` are the platforms that whoever claims can send to,
/// where a token is lodged for the account; a person puts out what goes elsewhere.
///
/// # Errors
/// Where the store fails; nothing was changed then.
pub(crate) async fn claim(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    id: &SendingId,
    can: &[&str],
) -> Result<Claim, PostError> {
    let Some(found) = row::find(tx, id).await? else {
        return Ok(Claim::Nothing);
    };
    cases::hold_still(tx, &found.case).await?;
    let (store, trust) = (tx.store().clone(), program.trust.clone());
    let post = cases::one_of(tx, (&store, &trust), REGISTER, &found.case).await?;
    let (Some(post), Some(sending)) = (post, row::find(tx, id).await?) else {
        return Ok(Claim::Nothing);
    };
    match sending.state {
        State::Queued => queued(tx, engine, program, (&post, &sending), can).await,
        State::Sending => cut_off(tx, program, &sending).await,
        State::Unknown => look_for(tx, program, &sending).await,
        _ => Ok(Claim::Nothing),
    }
}

async fn queued(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    (post, sending): (&Case, &Sending),
    can: &[&str],
) -> Result<Claim, PostError> {
    let now = tx.now();
    let due = sending.due_at.unwrap_or(i64::MAX);
    if due > now.as_millisecond() {
        return Ok(Claim::Later(moment(due)));
    }
    let begun = match post.state.as_str() {
        "scheduled" => false,
        // Another account of it may be the one that a person is asked about.
        "publishing" | "published" | "ask-a-person" => true,
        "held" => return Ok(Claim::Nothing),
        // Whoever took the post out of the plan took its sendings along.
        _ => {
            let after = sending.become_(State::Planned, "")?;
            row::update(tx, program, "post.unscheduled", (sending, &after)).await?;
            return Ok(Claim::Nothing);
        }
    };
    if hold::over(tx, post.school.as_ref()).await?.is_some() {
        return Ok(Claim::Nothing);
    }
    let lacks = may_go::lacks(tx, engine, program, (post, &sending.account)).await?;
    if !lacks.is_empty() {
        return stopped(
            tx,
            engine,
            program,
            (post, sending),
            begun,
            &lacks.join(" "),
        )
        .await;
    }
    let account = may_go::account(tx, program, &sending.account).await?;
    let account = account.ok_or(PostError::NotFound)?;
    let copy = copy(tx, program, post, &account).await?;
    if !begun {
        let step = ("begin", "");
        cases::take_by_program(tx, engine, program, &post.id, step).await?;
    }
    let by_program = !sending.by_hand
        && can.contains(&copy.platform.as_str())
        && credentials::has_token(tx, &account.id).await?;
    if !by_program {
        return handed_over(tx, program, (post, sending), &copy).await;
    }
    let mut after = sending.become_(State::Sending, "")?;
    after.attempt += 1;
    after.claimed_at = Some(now.as_millisecond());
    after.first_at = after.first_at.or(after.claimed_at);
    let after = after.with_copy(tx, &copy).await?;
    row::update(tx, program, "post.being-sent", (sending, &after)).await?;
    Ok(Claim::Send(Box::new(order(&after, copy))))
}

/// Something stands in its way: the whole post is held, or this account alone where another has it already.
async fn stopped(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    (post, sending): (&Case, &Sending),
    begun: bool,
    why: &str,
) -> Result<Claim, PostError> {
    if !begun {
        cases::take_by_program(tx, engine, program, &post.id, ("hold", why)).await?;
        return Ok(Claim::Nothing);
    }
    let after = sending.become_(State::Failed, why)?;
    row::update(tx, program, "post.not-sent", (sending, &after)).await?;
    let told = ("A post was not sent to one of its accounts", why);
    told::keepers(tx, post, told).await?;
    settle(tx, engine, program, &post.id).await?;
    Ok(Claim::Nothing)
}

/// A person puts it out, and is told.
async fn handed_over(
    tx: &mut Tx,
    program: &Actor,
    (post, sending): (&Case, &Sending),
    copy: &Copy,
) -> Result<Claim, PostError> {
    let mut after = sending.become_(State::HandedOver, "")?;
    after.claimed_at = Some(tx.now().as_millisecond());
    let after = after.with_copy(tx, copy).await?;
    row::update(tx, program, "post.handed-over", (sending, &after)).await?;
    let told = (
        "A post is yours to put out",
        "It is due, and everything is in order. Its page has the text, the pictures and their descriptions to copy, and the \
         way to the platform. Give the address there once it is out.",
    );
    told::keepers(tx, post, told).await?;
    Ok(Claim::Nothing)
}

/// It was taken and never ended: whoever had it may still be at it, or was cut off.
async fn cut_off(tx: &mut Tx, program: &Actor, sending: &Sending) -> Result<Claim, PostError> {
    let claimed = moment(sending.claimed_at.unwrap_or(0));
    let ends = claimed.checked_add(LEASE).unwrap_or(Timestamp::MAX);
    if ends > tx.now() {
        return Ok(Claim::Later(ends));
    }
    let after = sending.become_(State::Unknown, "Whatever sent it was cut off.")?;
    row::update(tx, program, "post.outcome-unknown", (sending, &after)).await?;
    look_for(tx, program, &after).await
}

async fn look_for(tx: &mut Tx, program: &Actor, sending: &Sending) -> Result<Claim, PostError> {
    let store = tx.store().clone();
    let copy = sending.copy(tx, (&store, &program.trust)).await?;
    Ok(match copy {
        Some(copy) => Claim::LookFor(Box::new(order(sending, copy))),
        None => Claim::Nothing,
    })
}

fn order(sending: &Sending, copy: Copy) -> Order {
    Order {
        sending: sending.id.clone(),
        attempt: sending.attempt,
        account: sending.account.clone(),
        idempotency_key: sending.idempotency_key().to_owned(),
        copy,
        first: moment(sending.first_at.or(sending.claimed_at).unwrap_or(0)),
        since: moment(sending.claimed_at.unwrap_or(0)),
    }
}

/// What goes out, as the post and its account stand now.
async fn copy(
    tx: &mut Tx,
    program: &Actor,
    post: &Case,
    account: &Case,
) -> Result<Copy, PostError> {
    let store = tx.store().clone();
    let pictures = pictures::of_post(tx, (&store, &program.trust), &post.id).await?;
    let Account { platform, address } = Account::of(accounts::answer(account, "account"));
    Ok(Copy {
        platform,
        account: address,
        text: accounts::answer(post, "text").to_owned(),
        pictures: pictures::copied(&pictures),
    })
}

fn moment(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
}
