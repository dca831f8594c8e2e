//! Reads a register's file; every fault is kept, with line and column.

mod parts;
mod retention;
mod step;

use policy::fields::{Fields, Reader};
use policy::source::{Faults, Source};
use policy::vocabulary::Vocabulary;

use crate::check;
use crate::definition::{Beside, Door, Register, Sensitivity, Subject};

/// The names that a register may use.
#[derive(Debug, Clone, Copy)]
pub struct Names<'n> {
    /// The roles.
    pub roles: &'n [&'n str],
    /// The vocabulary, whose attributes lend choices their values.
    pub vocabulary: &'n Vocabulary,
    /// The clauses of each policy.
    pub policies: &'n [PolicyClauses<'n>],
}

/// The clauses of a policy.
#[derive(Debug, Clone)]
pub struct PolicyClauses<'n> {
    /// The policy.
    pub id: &'n str,
    /// The references of its clauses.
    pub clauses: Vec<&'n str>,
}

const DOORS: &[(&str, Door)] = &[
    ("ask", Door::Ask),
    ("report", Door::Report),
    ("declare", Door::Declare),
    ("request", Door::Request),
    ("keep", Door::Keep),
];
const SENSITIVITIES: &[(&str, Sensitivity)] = &[
    ("ordinary", Sensitivity::Ordinary),
    ("personal", Sensitivity::Personal),
    ("sensitive", Sensitivity::Sensitive),
];

impl Register {
    /// Reads a register and checks that it can work.
    ///
    /// # Errors
    /// Every fault at once: what is not TOML, unknown names, states that cannot be left or reached.
    pub fn load(source: Source<'_>, names: &Names<'_>) -> Result<Self, Faults> {
        let reader = Reader::new(source);
        let table = reader.parse();
        let register = table.as_ref().map(|table| {
            let fields = Fields::new(&reader, table);
            let register = register(&fields, names);
            check::file_name(&fields, source.name, &register);
            check::check(&fields, &register, names);
            fields.finish();
            register
        });
        reader.finish(register)
    }
}

fn register(fields: &Fields<'_, '_, '_>, names: &Names<'_>) -> Register {
    let own = |key| parts::required(fields, key);
    let (particular_retentions, retention) = retention::retentions(fields);
    Register {
        id: own("id"),
        name: own("name"),
        plural: own("plural"),
        reference: own("reference"),
        purpose: own("purpose"),
        before: parts::strings(fields, "before"),
        door: fields.one_of("door", DOORS),
        opened_by: parts::parties(fields, "opened_by"),
        subject: subject(fields),
        undisclosed: fields.flag("undisclosed"),
        sensitivity: fields
            .one_of("sensitivity", SENSITIVITIES)
            .unwrap_or(Sensitivity::Personal),
        joins: parts::optional(fields, "joins"),
        beside: beside(fields),
        fields: parts::each(fields, "field", |f| parts::field(f, names)),
        states: parts::each(fields, "state", parts::state),
        steps: parts::each(fields, "step", |f| step::step(f, names)),
        deadlines: parts::each(fields, "deadline", parts::deadline),
        effects: step::effects(fields),
        seen_by: parts::each(fields, "sees", parts::sight),
        settings: parts::each(fields, "setting", parts::setting),
        particular_retentions,
        retention,
        clauses: parts::clauses(fields),
    }
}

fn beside(fields: &Fields<'_, '_, '_>) -> Option<Beside> {
    let tables = fields.tables("beside");
    let own = tables.first()?;
    let (says, page) = (parts::required(own, "says"), own.required("page"));
    own.finish();
    let page = page?;
    let field = page
        .is
        .split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'));
    let Some((field, _)) = field.filter(|_| page.is.starts_with('/')) else {
        let what =
            "'page' is an address with a field of the opening in it, such as '/policies/{policy}'.";
        own.reader.fault(page.at, what);
        return None;
    };
    let known = fields.tables("field");
    let known = known.iter().filter_map(|f| f.text("id").map(|id| id.is));
    if !known.clone().any(|id| id == field) {
        let what = format!("There is no field '{field}'.");
        own.reader.unknown(page.at, what, field, known);
    }
    Some(Beside {
        says,
        page: page.is.to_owned(),
        field: field.to_owned(),
    })
}

fn subject(fields: &Fields<'_, '_, '_>) -> Subject {
    let Some(text) = fields.required("subject") else {
        return Subject::Nobody;
    };
    match (text.is, text.is.strip_prefix("field:")) {
        (_, Some(field)) => Subject::Field(field.to_owned()),
        ("opener", _) => Subject::Opener,
        ("nobody", _) => Subject::Nobody,
        (other, _) => {
            let what = format!("'subject' is opener, nobody or field:NAME, not '{other}'.");
            fields.reader.fault(text.at, what);
            Subject::Nobody
        }
    }
}
