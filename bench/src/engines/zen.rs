//! zen-engine: one compiled decision table that collects every row that holds.

use std::hint::black_box;

use serde_json::{Map, Value as Json, json};
use zen_engine::model::GraphContent;
use zen_engine::{Decision, Variable};

use super::{Answer, Engine, Entrant, number};
use crate::Outcome;
use crate::made::{FIELDS, Made, Rule, Values, named};

pub(super) const ENTRANT: Entrant = Entrant {
    name: "zen-engine",
    write,
    load,
};

fn write(made: &Made) -> Vec<String> {
    let inputs: Vec<Json> = FIELDS
        .iter()
        .map(|f| json!({ "id": f.name, "name": f.name, "field": f.name }))
        .collect();
    let table = json!({
        "hitPolicy": "collect",
        "inputs": inputs,
        "outputs": [{ "id": "id", "name": "id", "field": "id" }],
        "rules": made.rules.iter().map(row).collect::<Vec<_>>(),
    });
    let graph = json!({
        "nodes": [
            { "id": "in", "name": "in", "type": "inputNode", "content": {} },
            { "id": "table", "name": "table", "type": "decisionTableNode", "content": table },
            { "id": "out", "name": "out", "type": "outputNode", "content": {} },
        ],
        "edges": [
            { "id": "e1", "sourceId": "in", "targetId": "table" },
            { "id": "e2", "sourceId": "table", "targetId": "out" },
        ],
    });
    vec![graph.to_string()]
}

fn row(rule: &Rule) -> Json {
    let mut row = Map::new();
    row.insert("_id".to_owned(), rule.id().into());
    row.insert("id".to_owned(), format!("'{}'", rule.id()).into());
    for (at, allowed) in &rule.when {
        let Some(field) = FIELDS.get(*at) else {
            continue;
        };
        let names = allowed
            .iter()
            .filter_map(|v| field.values.get(usize::from(*v)));
        let cell: Vec<String> = names
            .map(|name| match (field.is_yes_no(), *name) {
                (true, name) => (name == "yes").to_string(),
                (false, name) => format!("'{name}'"),
            })
            .collect();
        row.insert(field.name.to_owned(), cell.join(", ").into());
    }
    Json::Object(row)
}

struct Zen {
    rules: Vec<Rule>,
    decision: Decision,
    prepared: Vec<Variable>,
}

fn load(texts: &[String], made: &Made) -> Outcome<Box<dyn Engine>> {
    let graph: GraphContent = serde_json::from_str(&texts.concat())?;
    let mut decision = Decision::from(graph);
    decision.compile();
    Ok(Box::new(Zen {
        rules: made.rules.clone(),
        decision,
        prepared: Vec::new(),
    }))
}

impl Zen {
    fn found(&self, input: Variable) -> Outcome<Variable> {
        let response = pollster::block_on(self.decision.evaluate(input));
        Ok(response.map_err(|e| e.to_string())?.result)
    }

    fn numbers(&self, input: Variable) -> Outcome<Vec<usize>> {
        let found = self.found(input)?;
        let rows = found.as_array().ok_or("the table gives no list")?;
        let rows = rows.borrow();
        let ids = rows.iter().map(|row| {
            let id = row.dot("id").ok_or("a row without its name")?;
            number(id.as_str().ok_or("a row's name is a text")?)
        });
        ids.collect()
    }
}

impl Engine for Zen {
    fn prepare(&mut self, situations: &[Values]) -> Outcome<()> {
        let json = |values: &Values| {
            let pairs = named(values).map(|(field, value)| {
                let value = match field.is_yes_no() {
                    true => Json::Bool(value == "yes"),
                    false => Json::String(value.to_owned()),
                };
                (field.name.to_owned(), value)
            });
            Variable::from(Json::Object(pairs.collect()))
        };
        self.prepared = situations.iter().map(json).collect();
        Ok(())
    }

    fn matching(&mut self, at: usize) -> Outcome<Vec<usize>> {
        let input = self.prepared.get(at).ok_or("not prepared")?.clone();
        let mut numbers = self.numbers(input)?;
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn match_all(&mut self) {
        for input in &self.prepared {
            let _ = black_box(self.found(input.clone()));
        }
    }

    fn answer(&mut self, text: &str) -> Outcome<Answer> {
        let numbers = self.numbers(serde_json::from_str(text)?)?;
        Ok(Answer::of(&self.rules, &numbers))
    }

    fn answer_all(&mut self, texts: &[String]) {
        for text in texts {
            let _ = black_box(self.answer(text));
        }
    }
}
