//! cedar-policy: one permit a rule, so that every rule that holds is among the reasons.

use std::collections::HashMap;
use std::fmt::Write;
use std::hint::black_box;
use std::str::FromStr;

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Entities, EntityUid, PolicySet, Request,
};
use serde_json::{Map, Value as Json};

use super::{Answer, Engine, Entrant};
use crate::Outcome;
use crate::made::{FIELDS, Made, Rule, Values, named};

pub(super) const ENTRANT: Entrant = Entrant {
    name: "cedar-policy",
    write,
    load: |texts, made| load(texts, made, false),
};

pub(super) const SLICED: Entrant = Entrant {
    name: "cedar-policy, a set per action",
    write,
    load: |texts, made| load(texts, made, true),
};

fn write(made: &Made) -> Vec<String> {
    vec![made.rules.iter().map(policy).collect()]
}

fn policy(rule: &Rule) -> String {
    let mut action = "action".to_owned();
    let mut tests: Vec<String> = Vec::new();
    for (at, allowed) in &rule.when {
        let Some(field) = FIELDS.get(*at) else {
            continue;
        };
        let names: Vec<&str> = allowed
            .iter()
            .filter_map(|v| field.values.get(usize::from(*v)).copied())
            .collect();
        if *at == 0 {
            let acts: Vec<String> = names.iter().map(|n| format!("Action::\"{n}\"")).collect();
            action = format!("action in [{}]", acts.join(", "));
        } else if field.is_yes_no() {
            let not = if names == ["yes"] { "" } else { "!" };
            tests.push(format!("{not}context.{}", field.name));
        } else if let [only] = names.as_slice() {
            tests.push(format!("context.{} == \"{only}\"", field.name));
        } else {
            tests.push(format!("{names:?}.contains(context.{})", field.name));
        }
    }
    let mut text = format!("@id(\"{}\")\n", rule.id());
    if let Some(standing) = rule.standing {
        let _ = writeln!(text, "@standing(\"{standing}\")");
    }
    for (number, duty) in rule.duties.iter().enumerate() {
        let _ = writeln!(text, "@duty{number}(\"{} {}\")", duty.kind, duty.to);
    }
    let _ = writeln!(
        text,
        "permit(principal, {action}, resource) when {{ {} }};",
        tests.join(" && ")
    );
    text
}

struct Cedar {
    rules: Vec<Rule>,
    whole: PolicySet,
    /// By act; empty where there is one set for all.
    slices: HashMap<EntityUid, PolicySet>,
    authorizer: Authorizer,
    entities: Entities,
    asker: EntityUid,
    school: EntityUid,
    prepared: Vec<Request>,
}

fn load(texts: &[String], made: &Made, sliced: bool) -> Outcome<Box<dyn Engine>> {
    let whole = PolicySet::from_str(&texts.concat())?;
    let mut slices: HashMap<EntityUid, PolicySet> = HashMap::new();
    if sliced {
        let acts = FIELDS.first().ok_or("no fields")?.values;
        for act in acts {
            let act = entity("Action", act)?;
            let mut set = PolicySet::new();
            for policy in whole.policies() {
                let admits = match policy.action_constraint() {
                    ActionConstraint::Any => true,
                    ActionConstraint::In(acts) => acts.contains(&act),
                    ActionConstraint::Eq(only) => only == act,
                };
                if admits {
                    set.add(policy.clone())?;
                }
            }
            slices.insert(act, set);
        }
    }
    Ok(Box::new(Cedar {
        rules: made.rules.clone(),
        whole,
        slices,
        authorizer: Authorizer::new(),
        entities: Entities::empty(),
        asker: entity("User", "asker")?,
        school: entity("School", "school")?,
        prepared: Vec::new(),
    }))
}

fn entity(kind: &str, id: &str) -> Outcome<EntityUid> {
    Ok(EntityUid::from_str(&format!("{kind}::\"{id}\""))?)
}

impl Cedar {
    fn request(&self, mut fields: Map<String, Json>) -> Outcome<Request> {
        let act = fields.remove("act").ok_or("there is no act")?;
        let act = entity("Action", act.as_str().ok_or("the act is no text")?)?;
        let context = Context::from_json_value(Json::Object(fields), None)?;
        let (asker, school) = (self.asker.clone(), self.school.clone());
        Ok(Request::new(asker, act, school, context, None)?)
    }

    fn numbers(&self, request: &Request) -> Outcome<Vec<usize>> {
        let slice = request.action().and_then(|act| self.slices.get(act));
        let set = slice.unwrap_or(&self.whole);
        let response = self.authorizer.is_authorized(request, set, &self.entities);
        let reasons = response.diagnostics().reason();
        let ids = reasons.map(|id| {
            // A parsed set names its policies policy0, policy1 and so on, in the order of the text.
            let digits = AsRef::<str>::as_ref(id).trim_start_matches("policy");
            Ok(digits.parse()?)
        });
        ids.collect()
    }
}

impl Engine for Cedar {
    fn prepare(&mut self, situations: &[Values]) -> Outcome<()> {
        let json = |values: &Values| {
            named(values)
                .map(|(field, value)| {
                    let value = match field.is_yes_no() {
                        true => Json::Bool(value == "yes"),
                        false => Json::String(value.to_owned()),
                    };
                    (field.name.to_owned(), value)
                })
                .collect::<Map<String, Json>>()
        };
        let requests = situations.iter().map(|s| self.request(json(s)));
        self.prepared = requests.collect::<Outcome<_>>()?;
        Ok(())
    }

    fn matching(&mut self, at: usize) -> Outcome<Vec<usize>> {
        let request = self.prepared.get(at).ok_or("not prepared")?;
        let mut numbers = self.numbers(request)?;
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn match_all(&mut self) {
        for request in &self.prepared {
            let slice = request.action().and_then(|act| self.slices.get(act));
            let set = slice.unwrap_or(&self.whole);
            black_box(self.authorizer.is_authorized(request, set, &self.entities));
        }
    }

    fn answer(&mut self, text: &str) -> Outcome<Answer> {
        let request = self.request(serde_json::from_str(text)?)?;
        Ok(Answer::of(&self.rules, &self.numbers(&request)?))
    }

    fn answer_all(&mut self, texts: &[String]) {
        for text in texts {
            let _ = black_box(self.answer(text));
        }
    }
}
