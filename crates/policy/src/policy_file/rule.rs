//! Reads one `[[clause.rule]]`.

use crate::fields::Fields;
use crate::vocabulary::{AUTHORISED, IN_WRITING, Vocabulary};
use crate::when::{self, read_cubes};

use super::{Duty, Grant, Rule, RuleEffect, Standing, Strength};

pub(super) const STANDINGS: &[(&str, Standing)] = &[
    ("prohibited", Standing::Prohibited),
    ("permission-needed", Standing::PermissionNeeded),
    ("advised-against", Standing::AdvisedAgainst),
    (
        "permitted-with-conditions",
        Standing::PermittedWithConditions,
    ),
    ("permitted", Standing::Permitted),
];
pub(super) const STRENGTHS: &[(&str, Strength)] = &[
    ("must", Strength::Must),
    ("should", Strength::Should),
    ("consider", Strength::Consider),
];

pub(super) fn rule(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Rule {
    let effect = match (fields.flag("near"), fields.flag("notice")) {
        (true, _) => RuleEffect::Near,
        (false, true) => RuleEffect::Notice,
        (false, false) => RuleEffect::Decides,
    };
    let rule = Rule {
        effect,
        standing: fields.one_of("standing", STANDINGS),
        strength: fields
            .one_of("strength", STRENGTHS)
            .unwrap_or(Strength::Must),
        cubes: read_cubes(fields, vocabulary),
        conditions: sentences(fields, "conditions"),
        duties: fields
            .tables("duties")
            .iter()
            .filter_map(|f| duty(f, vocabulary))
            .collect(),
        grant: fields
            .tables("grant")
            .first()
            .and_then(|f| grant(f, vocabulary)),
        lifts: Vec::new(),
        line: fields.line(),
    };
    fields.texts("lifts");
    fields.finish();
    consistent(fields, &rule);
    rule
}

/// Refuses rules that say nothing, or say what they cannot.
fn consistent(fields: &Fields<'_, '_, '_>, rule: &Rule) {
    let fault = |what: &str| fields.reader.fault(fields.at(), what);
    let decides = rule.standing.is_some() || !rule.duties.is_empty();
    match rule.effect {
        RuleEffect::Decides if !decides => {
            fault(
                "This rule does nothing: give it 'standing', 'duties', 'near = true' or 'notice = true'.",
            );
        }
        RuleEffect::Near | RuleEffect::Notice if decides => {
            fault(
                "A rule that comes near or is a notice decides nothing: take 'standing' and 'duties' away.",
            );
        }
        _ => {}
    }
    if rule.grant.is_some() && rule.standing != Some(Standing::PermissionNeeded) {
        fault("'grant' goes with standing \"permission-needed\" only.");
    }
}

fn sentences(fields: &Fields<'_, '_, '_>, key: &'static str) -> Vec<String> {
    fields
        .texts(key)
        .unwrap_or_default()
        .iter()
        .map(|t| t.is.to_owned())
        .collect()
}

fn duty(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Option<Duty> {
    let kind = fields.required("do");
    if let Some(kind) = kind.as_ref().filter(|k| vocabulary.duty(k.is).is_none()) {
        let known = vocabulary.duties().iter().map(|d| d.id.as_str());
        let what = format!("'{}' is not a kind of duty.", kind.is);
        fields.reader.unknown(kind.at.clone(), what, kind.is, known);
    }
    let duty = Duty {
        kind: kind.map(|k| k.is.to_owned()).unwrap_or_default(),
        to: fields
            .value("to")
            .and_then(|_| role(fields, "to", vocabulary)),
        by: fields.text("by").map(|t| t.is.to_owned()),
        strength: fields
            .one_of("strength", STRENGTHS)
            .unwrap_or(Strength::Must),
        says: fields.text("says").map(|t| t.is.to_owned()),
    };
    fields.finish();
    (!duty.kind.is_empty()).then_some(duty)
}

/// A role of the vocabulary; a fault where it is none.
pub(super) fn role(
    fields: &Fields<'_, '_, '_>,
    key: &'static str,
    vocabulary: &Vocabulary,
) -> Option<String> {
    let name = fields.required(key)?;
    if vocabulary.role(name.is).is_none() {
        let known = vocabulary.roles().iter().map(|r| r.id.as_str());
        fields.reader.unknown(
            name.at,
            format!("'{}' is not a role.", name.is),
            name.is,
            known,
        );
    }
    Some(name.is.to_owned())
}

fn grant(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Option<Grant> {
    let names = fields.texts("by").unwrap_or_default();
    let written = fields.flag("written");
    let conditions = sentences(fields, "conditions");
    fields.finish();
    if names.is_empty() {
        fields
            .reader
            .fault(fields.at(), "'by' is missing here: who may grant it.");
    }
    let missing = |name: &str| {
        fields
            .reader
            .fault(fields.at(), format!("The vocabulary has no '{name}'."))
    };
    if written && vocabulary.attribute(IN_WRITING).is_none() {
        missing(IN_WRITING);
    }
    let Some((_, authorised)) = vocabulary.attribute(AUTHORISED) else {
        missing(AUTHORISED);
        return None;
    };
    let by = when::values(fields.reader, authorised, &names);
    let by_ids = by
        .iter()
        .map(|v| authorised.value_id(v).to_owned())
        .collect();
    Some(Grant {
        by,
        by_ids,
        written,
        conditions,
    })
}
