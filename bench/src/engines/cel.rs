//! cel: one compiled expression a rule.

use std::hint::black_box;

use cel::{Context, Program, Value};
use serde_json::{Map, Value as Json};

use super::{Answer, Engine, Entrant};
use crate::Outcome;
use crate::made::{FIELDS, Made, Rule, Values, named};

pub(super) const ENTRANT: Entrant = Entrant {
    name: "cel",
    write,
    load,
};

fn write(made: &Made) -> Vec<String> {
    made.rules.iter().map(expression).collect()
}

fn expression(rule: &Rule) -> String {
    let mut tests = Vec::new();
    for (at, allowed) in &rule.when {
        let Some(field) = FIELDS.get(*at) else {
            continue;
        };
        let names: Vec<&str> = allowed
            .iter()
            .filter_map(|v| field.values.get(usize::from(*v)).copied())
            .collect();
        tests.push(match names.as_slice() {
            ["yes"] => field.name.to_owned(),
            ["no"] => format!("!{}", field.name),
            [only] => format!("{} == \"{only}\"", field.name),
            _ => format!("{} in {names:?}", field.name),
        });
    }
    tests.join(" && ")
}

struct Cel {
    rules: Vec<Rule>,
    programs: Vec<Program>,
    root: Context<'static, 'static>,
    prepared: Vec<Context<'static, 'static>>,
}

fn load(texts: &[String], made: &Made) -> Outcome<Box<dyn Engine>> {
    let programs = texts.iter().map(|text| Ok(Program::compile(text)?));
    Ok(Box::new(Cel {
        rules: made.rules.clone(),
        programs: programs.collect::<Outcome<_>>()?,
        root: Context::default(),
        prepared: Vec::new(),
    }))
}

impl Cel {
    fn numbers(&self, context: &Context<'_, '_>) -> Vec<usize> {
        let holds = |program: &Program| program.execute(context) == Ok(Value::Bool(true));
        let programs = self.programs.iter().enumerate();
        programs
            .filter(|(_, program)| holds(program))
            .map(|(number, _)| number)
            .collect()
    }
}

impl Engine for Cel {
    fn prepare(&mut self, situations: &[Values]) -> Outcome<()> {
        self.prepared.clear();
        for values in situations {
            let mut context = Context::default();
            for (field, value) in named(values) {
                let value = match field.is_yes_no() {
                    true => Value::Bool(value == "yes"),
                    false => Value::from(value),
                };
                context.add_variable_from_value(field.name, value);
            }
            self.prepared.push(context);
        }
        Ok(())
    }

    fn matching(&mut self, at: usize) -> Outcome<Vec<usize>> {
        let context = self.prepared.get(at).ok_or("not prepared")?;
        Ok(self.numbers(context))
    }

    fn match_all(&mut self) {
        for context in &self.prepared {
            black_box(self.numbers(context));
        }
    }

    fn answer(&mut self, text: &str) -> Outcome<Answer> {
        let fields: Map<String, Json> = serde_json::from_str(text)?;
        let mut context = self.root.new_inner_scope();
        for (name, value) in fields {
            let value = match value {
                Json::Bool(yes) => Value::Bool(yes),
                Json::String(text) => Value::from(text),
                _ => return Err("a field is a text, true or false".into()),
            };
            context.add_variable_from_value(name, value);
        }
        Ok(Answer::of(&self.rules, &self.numbers(&context)))
    }

    fn answer_all(&mut self, texts: &[String]) {
        for text in texts {
            let _ = black_box(self.answer(text));
        }
    }
}
