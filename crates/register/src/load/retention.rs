//! Reads how long cases are kept: in one way, or by their kind or end in several.

use policy::fields::{Fields, Text};

use crate::definition::{Disposal, Keep, ParticularRetention, Retention, RetentionStart, Span};

use super::parts;

const DISPOSALS: &[(&str, Disposal)] = &[("erase", Disposal::Erase), ("review", Disposal::Review)];

/// Those for some cases in their order, and the last one, for all others.
pub(super) fn retentions(fields: &Fields<'_, '_, '_>) -> (Vec<ParticularRetention>, Retention) {
    let tables = fields.tables("retention");
    let Some((last, others)) = tables.split_last() else {
        let what = "'[retention]' is missing: how long a case is kept, and from when.";
        fields.reader.fault(fields.at(), what);
        return (Vec::new(), unread());
    };
    let particular = others.iter().map(|own| {
        let found = particular(own);
        if found.when.is_empty() && found.states.is_empty() {
            let what = "this fits every case, so that those after it never count: give it 'when' or 'states', or put it last.";
            own.reader.fault(own.at(), what);
        }
        found
    });
    let particular = particular.collect();
    let found = self::particular(last);
    if !(found.when.is_empty() && found.states.is_empty()) {
        let what = "the last '[[retention]]' is for all cases that none before it fits: it has neither 'when' nor 'states'.";
        last.reader.fault(last.at(), what);
    }
    (particular, found.retention)
}

fn particular(own: &Fields<'_, '_, '_>) -> ParticularRetention {
    let found = ParticularRetention {
        when: parts::conditions(own, "when"),
        states: parts::strings(own, "states"),
        retention: Retention {
            from: from(own),
            keep: keep(own.required("keep"), own),
            then: own.one_of("then", DISPOSALS).unwrap_or(Disposal::Review),
            source: parts::required(own, "source"),
        },
    };
    own.finish();
    found
}

fn from(own: &Fields<'_, '_, '_>) -> RetentionStart {
    match parts::required(own, "from").as_str() {
        "closed" => RetentionStart::Closed,
        "left" => RetentionStart::Left,
        "born" => RetentionStart::Born,
        other => match (other.strip_prefix("field:"), other.strip_prefix("born:")) {
            (Some(field), _) => RetentionStart::Field(field.to_owned()),
            (_, Some(field)) => RetentionStart::BornOf(field.to_owned()),
            (None, None) => {
                let what = "'from' is closed, left, born, born:NAME or field:NAME.";
                own.reader.fault(own.at(), what);
                RetentionStart::Closed
            }
        },
    }
}

fn keep(keep: Option<Text<'_>>, own: &Fields<'_, '_, '_>) -> Keep {
    match keep {
        Some(text) if text.is == "retirement age or 10 years" => Keep::RetirementOrTenYears,
        Some(text) => Keep::Span(parts::span(own, &text).unwrap_or(Span::Years(6))),
        None => Keep::Span(Span::Years(6)),
    }
}

/// Stands in a register that is refused.
fn unread() -> Retention {
    Retention {
        from: RetentionStart::Closed,
        keep: Keep::Span(Span::Years(6)),
        then: Disposal::Review,
        source: String::new(),
    }
}
