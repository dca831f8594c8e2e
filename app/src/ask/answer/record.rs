//! What is on record for whoever asks, beside the answer.

use policy::vocabulary::Vocabulary;

use super::page::{Known, Perhaps};
use crate::ask::facts::Facts;
use crate::ask::on_record::{HELD, Leave, OnRecord, lines};
use crate::web::App;
use crate::web::problem::Problem;

/// The permission that the answer relies on, those that may cover it, and the ties that may be the ones asked about.
pub(super) async fn known(
    app: &App,
    (policy, vocabulary): (&str, &Vocabulary),
    facts: &Facts,
    (record, leave): (&OnRecord, &Leave<'_>),
) -> Result<Known, Problem> {
    let granted: Vec<_> = leave.granted.iter().map(|(held, _)| *held).collect();
    let perhaps = leave.perhaps.iter().zip(lines(app, &leave.perhaps).await?);
    let perhaps = perhaps.map(|(held, line)| {
        let query = facts.query(vocabulary, &[(HELD, &held.case.reference)]);
        Perhaps {
            line,
            href: format!("/ask/{policy}/answer?{query}"),
        }
    });
    let ties = record.ties(vocabulary, facts);
    let declared: Vec<_> = ties.iter().map(|(held, _)| *held).collect();
    let tie = |((_, filled), line): (&(_, Facts), _)| Perhaps {
        line,
        href: format!("/ask/{policy}/question?{}", filled.query(vocabulary, &[])),
    };
    Ok(Known {
        leave: lines(app, &granted).await?.pop(),
        perhaps: perhaps.collect(),
        ties: ties
            .iter()
            .zip(lines(app, &declared).await?)
            .map(tie)
            .collect(),
    })
}
