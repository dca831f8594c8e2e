//! Small things that hang on a person: one statement each, and the words for its columns.

use jiff::Timestamp;
use jiff::civil::Date;

use super::AccessError;
use super::item::{Content, Part, Source};
use crate::authority::Role;
use crate::store::{PersonId, Query, Row, Store};
use crate::values;
use crate::web::dates::{day, moment};

/// How a column is read.
#[derive(Clone, Copy)]
enum As {
    Text,
    Moment,
    Day,
    Role,
}

/// One kind of thing.
struct Held {
    source: Source,
    title: &'static str,
    sql: &'static str,
    columns: &'static [(&'static str, &'static str, As)],
}

/// Everything that hangs on a person. Secrets are left out: they are hashes, and nobody's to read.
const HELD: &[Held] = &[
    Held {
        source: Source::Roles,
        title: "A role",
        sql: "SELECT h.role, s.name, h.starts_on, h.ends_on FROM held_role h \
              LEFT JOIN school s ON s.trust = h.trust AND s.id = h.school WHERE h.trust = $1 AND h.person = $2 ORDER BY h.id",
        columns: &[
            ("role", "Role", As::Role),
            ("name", "School", As::Text),
            ("starts_on", "From", As::Day),
            ("ends_on", "Until", As::Day),
        ],
    },
    Held {
        source: Source::Roles,
        title: "Standing in",
        sql: "SELECT d.starts_on, d.ends_on, s.name, o.given_name || ' ' || o.family_name AS by_name, \
                e.given_name || ' ' || e.family_name AS for_name FROM delegation d \
              JOIN school s ON s.trust = d.trust AND s.id = d.school \
              JOIN person o ON o.trust = d.trust AND o.id = d.delegate \
              JOIN person e ON e.trust = d.trust AND e.id = d.person \
              WHERE d.trust = $1 AND (d.person = $2 OR d.delegate = $2) ORDER BY d.id",
        columns: &[
            ("for_name", "For", As::Text),
            ("by_name", "By", As::Text),
            ("name", "School", As::Text),
            ("starts_on", "From", As::Day),
            ("ends_on", "Until", As::Day),
        ],
    },
    Held {
        source: Source::Roles,
        title: "An official account that they were named for",
        sql: "SELECT k.part, c.reference, k.named_at, k.ended_at FROM account_keeper k \
              JOIN case_file c ON c.trust = k.trust AND c.id = k.case_id WHERE k.trust = $1 AND k.person = $2 ORDER BY k.id",
        columns: &[
            ("reference", "Account", As::Text),
            ("part", "As", As::Text),
            ("named_at", "From", As::Moment),
            ("ended_at", "Until", As::Moment),
        ],
    },
    Held {
        source: Source::Roles,
        title: "A log-in of an official account that they saw",
        sql: "SELECT c.reference, v.at FROM credential_view v \
              JOIN case_file c ON c.trust = v.trust AND c.id = v.case_id WHERE v.trust = $1 AND v.person = $2 ORDER BY v.id",
        columns: &[
            ("reference", "Account", As::Text),
            ("at", "Seen", As::Moment),
        ],
    },
    Held {
        source: Source::SignIn,
        title: "How they sign in",
        sql: "SELECT username, password_at, factor_confirmed_at FROM sign_in_account WHERE trust = $1 AND person = $2",
        columns: &[
            ("username", "Name to sign in with", As::Text),
            ("password_at", "Password chosen", As::Moment),
            ("factor_confirmed_at", "Second factor since", As::Moment),
        ],
    },
    Held {
        source: Source::SignIn,
        title: "A sign-in with a provider",
        sql: "SELECT provider, subject FROM provider_account WHERE trust = $1 AND person = $2 ORDER BY provider, subject",
        columns: &[
            ("provider", "Provider", As::Text),
            ("subject", "The provider's name for them", As::Text),
        ],
    },
    Held {
        source: Source::SignIn,
        title: "A session",
        sql: "SELECT created_at, seen_at, expires_at, method, agent FROM session WHERE trust = $1 AND person = $2 ORDER BY created_at, id",
        columns: &[
            ("created_at", "Begun", As::Moment),
            ("seen_at", "Last used", As::Moment),
            ("expires_at", "Ends", As::Moment),
            ("method", "How", As::Text),
            ("agent", "Browser", As::Text),
        ],
    },
    Held {
        source: Source::SignIn,
        title: "A browser in which they signed in",
        sql: "SELECT seen_at FROM known_browser WHERE trust = $1 AND person = $2 ORDER BY seen_at, id",
        columns: &[("seen_at", "Last used", As::Moment)],
    },
    Held {
        source: Source::SignIn,
        title: "An API token",
        sql: "SELECT name, scope, created_at, expires_at, revoked_at, used_at FROM api_token WHERE trust = $1 AND person = $2 ORDER BY id",
        columns: &[
            ("name", "Name", As::Text),
            ("scope", "What it may do", As::Text),
            ("created_at", "Made", As::Moment),
            ("expires_at", "Ends", As::Moment),
            ("revoked_at", "Taken back", As::Moment),
            ("used_at", "Last used", As::Moment),
        ],
    },
    Held {
        source: Source::Record,
        title: "Asked to sign a policy",
        sql: "SELECT r.policy, r.version, r.started_at, s.name FROM attestation_asked a \
              JOIN attestation_round r ON r.trust = a.trust AND r.id = a.round \
              JOIN school s ON s.trust = r.trust AND s.id = r.school WHERE a.trust = $1 AND a.person = $2 ORDER BY r.started_at, r.id",
        columns: &[
            ("policy", "Policy", As::Text),
            ("version", "Version", As::Text),
            ("name", "School", As::Text),
            ("started_at", "Asked on", As::Moment),
        ],
    },
    Held {
        source: Source::Record,
        title: "A name in the school's other systems",
        sql: "SELECT external_id FROM roster_link WHERE trust = $1 AND record_kind = 'person' AND record = $2 ORDER BY external_id",
        columns: &[("external_id", "Name there", As::Text)],
    },
    Held {
        source: Source::Record,
        title: "How they are told by e-mail",
        sql: "SELECT by_mail FROM message_preference WHERE trust = $1 AND person = $2",
        columns: &[("by_mail", "By e-mail", As::Text)],
    },
    Held {
        source: Source::Record,
        title: "A saved view",
        sql: "SELECT name, query FROM case_view WHERE trust = $1 AND person = $2 ORDER BY name",
        columns: &[
            ("name", "Name", As::Text),
            ("query", "What it shows", As::Text),
        ],
    },
    Held {
        source: Source::Record,
        title: "A form that they have begun",
        sql: "SELECT register, changed_at FROM case_draft WHERE trust = $1 AND person = $2 ORDER BY changed_at, id",
        columns: &[
            ("register", "Form", As::Text),
            (
                "changed_at",
                "Last changed; what is in it they alone see, under Ask, report, declare, request",
                As::Moment,
            ),
        ],
    },
    Held {
        source: Source::Record,
        title: "An address of their calendar",
        sql: "SELECT made_at FROM calendar_feed WHERE trust = $1 AND person = $2",
        columns: &[("made_at", "Made", As::Moment)],
    },
];

/// What hangs on a person, kind by kind; those of one kind make one item.
pub(super) async fn of(
    query: &mut impl Query,
    store: &Store,
    person: &PersonId,
) -> Result<Vec<(Source, Content)>, AccessError> {
    let zone = store.clock().zoned().time_zone().clone();
    let mut all = Vec::new();
    for held in HELD {
        let rows = query.all(held.sql, values![person]).await?;
        let mut parts = Vec::new();
        for row in &rows {
            let mut told = Vec::new();
            for (column, label, read) in held.columns {
                let text = match read {
                    As::Text => row.get::<Option<String>>(column)?,
                    As::Role => Some(row.get::<Role>(column)?.label().to_owned()),
                    As::Day => row.get::<Option<Date>>(column)?.map(day),
                    As::Moment => {
                        let at = row.get::<Option<Timestamp>>(column)?;
                        at.map(|at| moment(at, &zone))
                    }
                };
                told.extend(text.map(|text| format!("{label}: {text}")));
            }
            parts.push(Part::new(held.title, told.join("\n")));
        }
        if !parts.is_empty() {
            all.push((
                held.source,
                Content::of(several(held.title, rows.as_slice()), parts),
            ));
        }
    }
    Ok(all)
}

/// `A session`, or `A session (3)`.
fn several(title: &str, rows: &[Row]) -> String {
    match rows.len() {
        1 => title.to_owned(),
        more => format!("{title} ({more})"),
    }
}

#[cfg(test)]
mod tests {
    use super::HELD;
    use crate::store::Query as _;
    use crate::store::testing::TestStore;
    use crate::values;

    /// Tables that refer to a person and are given another way, or hold nothing that can be read.
    const ELSEWHERE: &[&str] = &[
        "person",
        "message",
        "half_sign_in",
        "sign_in_link",
        "recovery_code",
        "mail_fault",
        "case_request",
        // Which cases the program opened for them: the cases themselves are given.
        "case_once",
        "roster_same",
    ];

    #[tokio::test]
    async fn every_table_that_refers_to_a_person_is_given_or_named_here() {
        let test = TestStore::sqlite().await;
        let sql = "SELECT DISTINCT m.name AS tab FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
             WHERE m.type = 'table' AND f.\"table\" = 'person'";
        let rows = test.store.installation().all(sql, values![]).await.unwrap();
        for row in &rows {
            let table: String = row.get("tab").unwrap();
            let given = HELD
                .iter()
                .any(|held| held.sql.contains(&format!(" {table} ")));
            assert!(
                given || ELSEWHERE.contains(&table.as_str()),
                "{table} holds something of people"
            );
        }
        assert!(rows.len() > ELSEWHERE.len());
    }
}
