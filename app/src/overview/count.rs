//! Counting, in the database.

use std::collections::BTreeMap;

use crate::store::{PersonId, Query, Row, StoreError};
use crate::values;

/// How many, by a name (a register, or a register and a state) and a school; the trust itself has the empty name.
pub(super) type Counts = BTreeMap<String, BTreeMap<String, u64>>;

fn add(counts: &mut Counts, row: &Row, name: String) -> Result<(), StoreError> {
    let (school, n): (String, i64) = (row.get("school")?, row.get("n")?);
    let count = counts.entry(name).or_default().entry(school).or_default();
    *count += u64::try_from(n).unwrap_or_default();
    Ok(())
}

fn gathered(rows: &[Row]) -> Result<Counts, StoreError> {
    let mut counts = Counts::new();
    for row in rows {
        add(&mut counts, row, row.get("register")?)?;
    }
    Ok(counts)
}

/// Cases opened in a time, by register.
pub(super) async fn opened(
    query: &mut impl Query,
    (from, until): (i64, i64),
) -> Result<Counts, StoreError> {
    let rows = query
        .all(
            "SELECT register, COALESCE(school, '') AS school, COUNT(*) AS n FROM case_file \
             WHERE trust = $1 AND opened_at >= $2 AND opened_at < $3 GROUP BY register, COALESCE(school, '')",
            values![from, until],
        )
        .await?;
    gathered(&rows)
}

/// Cases about somebody else than this person that were opened in a time, by register.
pub(super) async fn opened_about_others(
    query: &mut impl Query,
    (from, until): (i64, i64),
    me: Option<&PersonId>,
) -> Result<Counts, StoreError> {
    let rows = query
        .all(
            "SELECT register, COALESCE(school, '') AS school, COUNT(*) AS n FROM case_file \
             WHERE trust = $1 AND opened_at >= $2 AND opened_at < $3 AND (subject IS NULL OR subject <> $4) \
             GROUP BY register, COALESCE(school, '')",
            values![from, until, me.map_or("", PersonId::as_str)],
        )
        .await?;
    gathered(&rows)
}

/// Cases closed in a time, by register and state: `REGISTER/STATE`.
pub(super) async fn outcomes(
    query: &mut impl Query,
    (from, until): (i64, i64),
) -> Result<Counts, StoreError> {
    let rows = query
        .all(
            "SELECT register, state, COALESCE(school, '') AS school, COUNT(*) AS n FROM case_file \
             WHERE trust = $1 AND closed_at >= $2 AND closed_at < $3 GROUP BY register, state, COALESCE(school, '')",
            values![from, until],
        )
        .await?;
    let mut counts = Counts::new();
    for row in &rows {
        let (register, state): (String, String) = (row.get("register")?, row.get("state")?);
        add(&mut counts, row, format!("{register}/{state}"))?;
    }
    Ok(counts)
}

/// The name in counts of people whose contract type nobody has said.
pub(super) const NOT_SAID: &str = "not-said";

/// Cases about people that were closed in a time, by the contract type of whom they are about, register and state:
/// `CONTRACT/REGISTER/STATE`.
pub(super) async fn outcomes_by_contract(
    query: &mut impl Query,
    (from, until): (i64, i64),
) -> Result<Counts, StoreError> {
    let rows = query
        .all(
            "SELECT COALESCE(p.contract, 'not-said') AS contract, c.register, c.state, \
               COALESCE(c.school, '') AS school, COUNT(*) AS n \
             FROM case_file c JOIN person p ON p.trust = c.trust AND p.id = c.subject \
             WHERE c.trust = $1 AND c.closed_at >= $2 AND c.closed_at < $3 AND c.subject_kind = 'person' \
             GROUP BY COALESCE(p.contract, 'not-said'), c.register, c.state, COALESCE(c.school, '')",
            values![from, until],
        )
        .await?;
    let mut counts = Counts::new();
    for row in &rows {
        let [contract, register, state] =
            ["contract", "register", "state"].map(|name| row.get::<String>(name));
        add(
            &mut counts,
            row,
            format!("{}/{}/{}", contract?, register?, state?),
        )?;
    }
    Ok(counts)
}

/// Cases about people that were closed in a time, by the role that whom they are about held at the school on a day,
/// register and state: `ROLE/REGISTER/STATE`. Whoever held several counts in each.
pub(super) async fn outcomes_by_role(
    query: &mut impl Query,
    (from, until): (i64, i64),
    day: jiff::civil::Date,
) -> Result<Counts, StoreError> {
    let rows = query
        .all(
            "SELECT h.role, c.register, c.state, COALESCE(c.school, '') AS school, COUNT(DISTINCT c.id) AS n \
             FROM case_file c JOIN held_role h ON h.trust = c.trust AND h.person = c.subject \
               AND (h.school IS NULL OR h.school = c.school) \
             WHERE c.trust = $1 AND c.closed_at >= $2 AND c.closed_at < $3 AND c.subject_kind = 'person' \
               AND (h.ends_on IS NULL OR h.ends_on >= $4) \
             GROUP BY h.role, c.register, c.state, COALESCE(c.school, '')",
            values![from, until, day],
        )
        .await?;
    let mut counts = Counts::new();
    for row in &rows {
        let [role, register, state] =
            ["role", "register", "state"].map(|name| row.get::<String>(name));
        add(
            &mut counts,
            row,
            format!("{}/{}/{}", role?, register?, state?),
        )?;
    }
    Ok(counts)
}

/// Cases that are open, by register.
pub(super) async fn open(query: &mut impl Query) -> Result<Counts, StoreError> {
    let rows = query
        .all(
            "SELECT register, COALESCE(school, '') AS school, COUNT(*) AS n FROM case_file \
             WHERE trust = $1 AND closed_at IS NULL GROUP BY register, COALESCE(school, '')",
            values![],
        )
        .await?;
    gathered(&rows)
}

/// Open cases with a deadline that has passed, by register.
pub(super) async fn overdue(query: &mut impl Query, now: i64) -> Result<Counts, StoreError> {
    let rows = query
        .all(
            "SELECT c.register, COALESCE(c.school, '') AS school, COUNT(DISTINCT c.id) AS n \
             FROM case_deadline d JOIN case_file c ON c.trust = d.trust AND c.id = d.case_id \
             WHERE d.trust = $1 AND d.ended_at IS NULL AND d.due_at < $2 AND c.closed_at IS NULL \
             GROUP BY c.register, COALESCE(c.school, '')",
            values![now],
        )
        .await?;
    gathered(&rows)
}

/// How long the cases closed in a time took, by register, at one school or (empty) all: the median, in milliseconds.
pub(super) async fn medians(
    query: &mut impl Query,
    (from, until): (i64, i64),
    school: &str,
) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows = query
        .all(
            "WITH took AS ( \
               SELECT register, closed_at - opened_at AS took, \
                 ROW_NUMBER() OVER (PARTITION BY register ORDER BY closed_at - opened_at) AS place, \
                 COUNT(*) OVER (PARTITION BY register) AS n \
               FROM case_file WHERE trust = $1 AND closed_at >= $2 AND closed_at < $3 AND paper = 0 \
                 AND ($4 = '' OR school = $4)) \
             SELECT register, MIN(took) AS low, MAX(took) AS high FROM took \
             WHERE place IN ((n + 1) / 2, (n + 2) / 2) GROUP BY register",
            values![from, until, school],
        )
        .await?;
    let median = |row: &Row| {
        let (low, high): (i64, i64) = (row.get("low")?, row.get("high")?);
        Ok((row.get("register")?, low.midpoint(high)))
    };
    rows.iter().map(median).collect()
}

/// How long the cases of some registers (`,REGISTER,REGISTER,`) that were closed in a time took, by school and, under the
/// name `*`, all together: the median, in milliseconds.
pub(super) async fn medians_by_school(
    query: &mut impl Query,
    (from, until): (i64, i64),
    registers: &str,
) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows = query
        .all(
            "WITH took AS ( \
               SELECT COALESCE(school, '') AS place, closed_at - opened_at AS took FROM case_file \
               WHERE trust = $1 AND closed_at >= $2 AND closed_at < $3 AND paper = 0 \
                 AND $4 LIKE '%,' || register || ',%' \
               UNION ALL \
               SELECT '*' AS place, closed_at - opened_at AS took FROM case_file \
               WHERE trust = $1 AND closed_at >= $2 AND closed_at < $3 AND paper = 0 \
                 AND $4 LIKE '%,' || register || ',%'), \
             numbered AS ( \
               SELECT place, took, ROW_NUMBER() OVER (PARTITION BY place ORDER BY took) AS number, \
                 COUNT(*) OVER (PARTITION BY place) AS n FROM took) \
             SELECT place, MIN(took) AS low, MAX(took) AS high FROM numbered \
             WHERE number IN ((n + 1) / 2, (n + 2) / 2) GROUP BY place",
            values![from, until, registers],
        )
        .await?;
    let median = |row: &Row| {
        let (low, high): (i64, i64) = (row.get("low")?, row.get("high")?);
        Ok((row.get("place")?, low.midpoint(high)))
    };
    rows.iter().map(median).collect()
}

/// Those who hold a role at a school today, and how many of them have something: by role, by contract type
/// (`contract:NAME`), or any (empty), each person once at each school.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    pub(super) all: Counts,
    pub(super) attested: Counts,
    pub(super) trained: Counts,
}

/// Who is there today, as the statements count them.
macro_rules! staff {
    ($of:literal, $($who:tt)*) => {
        concat!(
            "SELECT ",
            $of,
            " AS register, COALESCE(h.school, '') AS school, COUNT(DISTINCT h.person) AS n \
             FROM held_role h JOIN person p ON p.trust = h.trust AND p.id = h.person \
             WHERE h.trust = $1 AND (h.starts_on IS NULL OR h.starts_on <= $2) AND (h.ends_on IS NULL OR h.ends_on >= $2) \
               AND (p.starts_on IS NULL OR p.starts_on <= $2) AND (p.ends_on IS NULL OR p.ends_on >= $2) ",
            $($who)*
        )
    };
}

macro_rules! of_staff {
    ($query:expr, $today:expr, $who:literal) => {{
        let by_role = $query
            .all(
                staff!(
                    "h.role",
                    concat!($who, " GROUP BY h.role, COALESCE(h.school, '')")
                ),
                values![$today],
            )
            .await?;
        let any = $query
            .all(
                staff!("''", concat!($who, " GROUP BY COALESCE(h.school, '')")),
                values![$today],
            )
            .await?;
        let by_contract = $query
            .all(
                staff!(
                    "'contract:' || COALESCE(p.contract, 'not-said')",
                    concat!(
                        $who,
                        " GROUP BY COALESCE(p.contract, 'not-said'), COALESCE(h.school, '')"
                    )
                ),
                values![$today],
            )
            .await?;
        let mut counts = gathered(&by_role)?;
        counts.extend(gathered(&by_contract)?);
        counts.extend(gathered(&any)?);
        counts
    }};
}

/// Counts who has signed the policy, and who has training in force.
pub(super) async fn coverage(
    query: &mut impl Query,
    today: jiff::civil::Date,
) -> Result<Coverage, StoreError> {
    Ok(Coverage {
        all: of_staff!(query, today, ""),
        attested: of_staff!(
            query,
            today,
            "AND EXISTS (SELECT 1 FROM case_file c WHERE c.trust = h.trust AND c.subject = h.person \
               AND c.register = 'attestation' AND c.state IN ('signed', 'signed-on-paper'))"
        ),
        trained: of_staff!(
            query,
            today,
            "AND EXISTS (SELECT 1 FROM case_file c WHERE c.trust = h.trust AND c.subject = h.person \
               AND c.register = 'training' AND c.in_force = 1)"
        ),
    })
}
