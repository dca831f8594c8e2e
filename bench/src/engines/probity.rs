//! Probity: a vocabulary and a policy file, compiled to a table.

use std::fmt::Write;
use std::hint::black_box;

use policy::decision::Decision;
use policy::policy_file::Policy;
use policy::situation::{Situation, Stated};
use policy::source::Source;
use policy::table::Table;
use policy::vocabulary::Vocabulary;

use super::{Answer, Engine, Entrant, number};
use crate::Outcome;
use crate::made::{Duty, FIELDS, Field, Made, Rule, STANDINGS, Values};

pub(super) const ENTRANT: Entrant = Entrant {
    name: "Probity",
    write,
    load,
};

fn write(made: &Made) -> Vec<String> {
    vec![vocabulary(), policy(made)]
}

/// The vocabulary file of the made rules.
pub(crate) fn vocabulary() -> String {
    let mut text: String = FIELDS.iter().map(attribute).collect();
    for (id, headline) in [
        ("report", "must-report"),
        ("ask-first", "must-report"),
        ("declare", "must-declare"),
        ("keep", ""),
    ] {
        let _ = writeln!(text, "[[duty]]\nid = \"{id}\"\nsays = \"You must {id}.\"");
        if !headline.is_empty() {
            let _ = writeln!(text, "headline = \"{headline}\"");
        }
    }
    for id in ["head", "line-manager", "safeguarding-lead"] {
        let _ = writeln!(text, "[[role]]\nid = \"{id}\"\nsays = \"the {id}\"");
    }
    text
}

fn attribute(field: &Field) -> String {
    let name = field.name;
    let mut text = format!("[[attribute]]\nid = \"{name}\"\nlabel = \"{name}\"\n");
    if field.is_yes_no() {
        let _ = writeln!(text, "kind = \"yes-no\"\nsays = \"{name}\"");
    } else {
        text.push_str("kind = \"choice\"\nvalues = [\n");
        for value in field.values {
            let _ = writeln!(text, "  {{ id = \"{value}\", says = \"{value}\" }},");
        }
        text.push_str("]\n");
    }
    text
}

/// The policy file of the made rules: one clause a rule.
pub(crate) fn policy(made: &Made) -> String {
    let head = "id = \"made\"\ntitle = \"Made\"\norganisation = \"Made\"\nshort = \"Made\"\n\
                kind = \"school\"\nnation = \"england\"\n";
    let clauses: String = made.rules.iter().map(clause).collect();
    format!("{head}\n{clauses}")
}

fn clause(rule: &Rule) -> String {
    let id = rule.id();
    let mut text = format!(
        "[[clause]]\nref = \"{id}\"\nprinted = \"{id}\"\nmodality = \"must\"\nsays = \"Clause {id}.\"\n\
         carried_by = [\"decide\"]\n[[clause.rule]]\n"
    );
    if let Some(standing) = rule.standing.and_then(|s| STANDINGS.get(s)) {
        let _ = writeln!(text, "standing = \"{standing}\"");
    }
    let when: Vec<String> = rule.when.iter().filter_map(test).collect();
    let _ = writeln!(text, "when = {{ {} }}", when.join(", "));
    if !rule.conditions.is_empty() {
        let _ = writeln!(text, "conditions = {:?}", rule.conditions);
    }
    let duty = |duty: &Duty| format!("{{ do = \"{}\", to = \"{}\" }}", duty.kind, duty.to);
    let duties: Vec<String> = rule.duties.iter().map(duty).collect();
    if !duties.is_empty() {
        let _ = writeln!(text, "duties = [{}]", duties.join(", "));
    }
    text
}

fn test((at, allowed): &(usize, Vec<u8>)) -> Option<String> {
    let field = FIELDS.get(*at)?;
    let names: Vec<&str> = allowed
        .iter()
        .filter_map(|v| field.values.get(usize::from(*v)).copied())
        .collect();
    Some(match names.as_slice() {
        ["yes"] => format!("{} = true", field.name),
        ["no"] => format!("{} = false", field.name),
        _ => format!("{} = {names:?}", field.name),
    })
}

struct Probity {
    vocabulary: Vocabulary,
    table: Table,
    prepared: Vec<Situation>,
}

fn load(texts: &[String], _: &Made) -> Outcome<Box<dyn Engine>> {
    let [vocabulary, policy] = texts else {
        return Err("a vocabulary and a policy are needed".into());
    };
    let vocabulary = Vocabulary::load(Source::new("vocabulary.toml", vocabulary))?;
    let policy = Policy::load(Source::new("made.toml", policy), &vocabulary)?;
    let table = Table::compile(policy, &vocabulary);
    Ok(Box::new(Probity {
        vocabulary,
        table,
        prepared: Vec::new(),
    }))
}

impl Probity {
    /// What a program that uses the engine does with a situation in JSON.
    fn decide(&self, text: &str) -> Outcome<Decision<'_>> {
        match Stated::read(&self.vocabulary, text)? {
            Stated::Full { situation, assumed } => {
                Ok(self.table.decide(&self.vocabulary, &situation, &assumed))
            }
            Stated::Open(_) => Err("a situation that leaves something open".into()),
        }
    }
}

impl Engine for Probity {
    fn prepare(&mut self, situations: &[Values]) -> Outcome<()> {
        self.prepared = situations
            .iter()
            .map(|values| Situation::new(values.clone()))
            .collect();
        Ok(())
    }

    fn matching(&mut self, at: usize) -> Outcome<Vec<usize>> {
        let situation = self.prepared.get(at).ok_or("not prepared")?;
        let rows = self.table.matches(situation);
        let rows = rows.iter().filter_map(|row| self.table.rows().get(row));
        let mut numbers: Vec<usize> = rows.map(|row| row.clause).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn match_all(&mut self) {
        for situation in &self.prepared {
            black_box(&self.table.matches(situation));
        }
    }

    fn answer(&mut self, text: &str) -> Outcome<Answer> {
        let decision = self.decide(text)?;
        let standing = STANDINGS.iter().position(|s| *s == decision.standing.id());
        let deciding = decision.decided_by.iter().map(|c| number(&c.reference));
        let mut answer = Answer {
            standing,
            decided_by: deciding.collect::<Outcome<_>>()?,
            ..Answer::default()
        };
        for due in &decision.conditions {
            let says = crate::made::condition(due.says).ok_or("a condition nobody made")?;
            answer
                .conditions
                .push((number(&due.clause.reference)?, says));
        }
        for due in &decision.duties {
            let duty = crate::made::duty(due.kind, due.to).ok_or("a duty nobody made")?;
            answer.duties.push((number(&due.clause.reference)?, duty));
        }
        Ok(answer)
    }

    fn answer_all(&mut self, texts: &[String]) {
        for text in texts {
            let _ = black_box(self.decide(text));
        }
    }
}
