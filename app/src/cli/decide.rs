//! `probity decide`: situations to decisions, one a line.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use policy::answer::Answer;
use policy::library::Library;
use policy::situation::Given;
use policy::table::Table;
use serde_json::{Value as Json, json};

use super::Format;
use super::on_behalf::{OnBehalf, OnFile};

/// Decide situations given as JSON lines: {"id": "...", "given": {"attribute": value, a list, or true}}; with --as, "held" may name a permission
#[derive(Debug, Args)]
pub(super) struct Decide {
    /// The policy to decide by; see 'probity policy list'
    #[arg(long, value_name = "ID")]
    policy: String,

    /// The file of situations; '-' or nothing reads standard input
    #[arg(long, value_name = "FILE")]
    situations: Option<PathBuf>,

    /// How to print decisions
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    #[command(flatten)]
    behalf: OnBehalf,
}

impl Decide {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let (policies, on_file) = self.behalf.load()?;
        let library = policies.library();
        let input: Box<dyn BufRead> = match self.situations.as_deref() {
            Some(path) if path.as_os_str() != "-" => {
                let file =
                    File::open(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
                Box::new(BufReader::new(file))
            }
            _ => Box::new(io::stdin().lock()),
        };
        let table = library.table(&self.policy).ok_or_else(|| {
            let known: Vec<&str> = library
                .tables()
                .iter()
                .map(|t| t.policy().id.as_str())
                .collect();
            format!(
                "there is no policy '{}'; there are: {}",
                self.policy,
                known.join(", ")
            )
        })?;
        let mut out = BufWriter::new(io::stdout().lock());
        let mut sound = true;
        for (number, line) in input.lines().enumerate() {
            let line = line.map_err(Box::<dyn Error>::from);
            match line
                .and_then(|line| decide(&library, on_file.as_ref(), table, &line, self.format))
            {
                Ok(decided) if decided.is_empty() => {}
                Ok(decided) => writeln!(out, "{decided}")?,
                Err(error) => {
                    sound = false;
                    eprintln!("line {}: {error}", number + 1);
                }
            }
        }
        out.flush()?;
        Ok(if sound {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// One line's decision; nothing for an empty line.
fn decide(
    library: &Library,
    on_file: Option<&OnFile>,
    table: &Table,
    line: &str,
    format: Format,
) -> Result<String, Box<dyn Error>> {
    if line.trim().is_empty() {
        return Ok(String::new());
    }
    let row: Json = serde_json::from_str(line).map_err(|e| format!("this is no JSON: {e}"))?;
    let given = row
        .get("given")
        .ok_or("'given' is missing: the situation")?;
    let vocabulary = library.vocabulary();
    let given = Given::from_json(vocabulary, given)?;
    let mut answer = table.decide_given(vocabulary, &given)?;
    let mut on_record = None;
    if let (Some(on_file), Answer::Decided { decision, possible }) = (on_file, &answer) {
        let held = match row.get("held") {
            None | Some(Json::Null) => None,
            Some(Json::String(held)) => Some(held.as_str()),
            Some(_) => return Err("'held' must be the reference of a permission".into()),
        };
        on_file.check(held)?;
        let record = on_file.record();
        let (decision, honoured) =
            record.honour((table, vocabulary), &given, decision.clone(), held);
        on_record = Some(on_file.told(&honoured));
        let possible = possible.clone();
        answer = Answer::Decided { decision, possible };
    }
    let id = row.get("id").unwrap_or(&Json::Null);
    match format {
        Format::Text => {
            let permission = on_record.and_then(|told| told.permission);
            let by = permission.map(|line| format!(", by permission {}", line.reference));
            Ok(in_words(id, &answer) + &by.unwrap_or_default())
        }
        Format::Json => {
            let mut line = json!({ "id": id });
            if let (Some(line), Json::Object(fields)) =
                (line.as_object_mut(), serde_json::to_value(&answer)?)
            {
                line.extend(fields);
                if let Some(on_record) = &on_record {
                    line.insert("on_record".to_owned(), serde_json::to_value(on_record)?);
                }
            }
            Ok(line.to_string())
        }
    }
}

/// A line for people: the headline and the clauses, or what is possible.
fn in_words(id: &Json, answer: &Answer<'_>) -> String {
    let id = id
        .as_str()
        .map_or_else(|| id.to_string(), ToOwned::to_owned);
    match answer {
        Answer::Decided { decision, .. } => {
            let mut clauses: Vec<&str> = Vec::new();
            for clause in &decision.decided_by {
                if !clauses.contains(&clause.printed.as_str()) {
                    clauses.push(&clause.printed);
                }
            }
            let by = if clauses.is_empty() {
                String::new()
            } else {
                format!(" ({})", clauses.join("; "))
            };
            format!("{id}: {}{by}", decision.headline.join(", "))
        }
        Answer::Open(open) => {
            let possible: Vec<String> =
                open.possible.iter().map(|words| words.join(", ")).collect();
            format!("{id}: it depends: {}", possible.join(" | "))
        }
    }
}
