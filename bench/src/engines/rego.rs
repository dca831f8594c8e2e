//! regorus: Rego compiled to its register machine, one partial set of the rules that hold.

use std::fmt::Write;
use std::hint::black_box;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::RegoVM;
use regorus::{Rc, Value};

use super::{Answer, Engine, Entrant, number};
use crate::Outcome;
use crate::made::{FIELDS, Made, Rule, Values, named};

pub(super) const ENTRANT: Entrant = Entrant {
    name: "regorus (RVM)",
    write,
    load,
};

const ENTRY: &str = "data.bench.matching";

fn write(made: &Made) -> Vec<String> {
    let rules: String = made.rules.iter().map(rule).collect();
    vec![format!("package bench\n\nimport rego.v1\n\n{rules}")]
}

fn rule(rule: &Rule) -> String {
    let mut text = format!("matching contains \"{}\" if {{\n", rule.id());
    for (at, allowed) in &rule.when {
        let Some(field) = FIELDS.get(*at) else {
            continue;
        };
        let names: Vec<&str> = allowed
            .iter()
            .filter_map(|v| field.values.get(usize::from(*v)).copied())
            .collect();
        let name = field.name;
        let _ = match names.as_slice() {
            ["yes"] => writeln!(text, "\tinput.{name}"),
            ["no"] => writeln!(text, "\tinput.{name} == false"),
            [only] => writeln!(text, "\tinput.{name} == \"{only}\""),
            _ => {
                let quoted: Vec<String> = names.iter().map(|n| format!("{n:?}")).collect();
                writeln!(text, "\tinput.{name} in {{{}}}", quoted.join(", "))
            }
        };
    }
    text.push_str("}\n\n");
    text
}

struct Rego {
    rules: Vec<Rule>,
    machine: RegoVM,
    prepared: Vec<Value>,
}

fn load(texts: &[String], made: &Made) -> Outcome<Box<dyn Engine>> {
    let mut engine = regorus::Engine::new();
    for text in texts {
        engine.add_policy("rules.rego".to_owned(), text.clone())?;
    }
    let compiled = engine.compile_with_entrypoint(&Rc::from(ENTRY))?;
    let program = Compiler::compile_from_policy(&compiled, &[ENTRY])?;
    let mut machine = RegoVM::new();
    machine.load_program(program);
    machine.set_max_instructions(usize::MAX);
    Ok(Box::new(Rego {
        rules: made.rules.clone(),
        machine,
        prepared: Vec::new(),
    }))
}

impl Rego {
    fn numbers(&mut self, input: Value) -> Outcome<Vec<usize>> {
        self.machine.set_input(input);
        let found = self.machine.execute()?;
        let ids = found.as_set()?.iter();
        ids.map(|id| number(id.as_string()?)).collect()
    }
}

impl Engine for Rego {
    fn prepare(&mut self, situations: &[Values]) -> Outcome<()> {
        let value = |values: &Values| {
            let mut input = Value::new_object();
            for (field, value) in named(values) {
                let value = match field.is_yes_no() {
                    true => Value::from(value == "yes"),
                    false => Value::from(value),
                };
                input
                    .as_object_mut()?
                    .insert(Value::from(field.name), value);
            }
            Ok(input)
        };
        self.prepared = situations.iter().map(value).collect::<Outcome<_>>()?;
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
            self.machine.set_input(input.clone());
            let _ = black_box(self.machine.execute());
        }
    }

    fn answer(&mut self, text: &str) -> Outcome<Answer> {
        let numbers = self.numbers(Value::from_json_str(text)?)?;
        Ok(Answer::of(&self.rules, &numbers))
    }

    fn answer_all(&mut self, texts: &[String]) {
        for text in texts {
            let _ = black_box(self.answer(text));
        }
    }
}
