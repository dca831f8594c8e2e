//! `probity decide`: full situations to decisions.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use policy::library::Library;
use serde_json::{Value as Json, json};

use super::{Format, PolicyFolder};

/// Decide situations given as JSON lines: {"id": "...", "given": {"attribute": value, a list, or true}}
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
    folder: PolicyFolder,
}

impl Decide {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let policies = self.folder.load()?;
        let library = policies.library();
        let input: Box<dyn BufRead> = match self.situations.as_deref() {
            Some(path) if path.as_os_str() != "-" => {
                let file =
                    File::open(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
                Box::new(BufReader::new(file))
            }
            _ => Box::new(io::stdin().lock()),
        };
        let mut out = BufWriter::new(io::stdout().lock());
        for (number, line) in input.lines().enumerate() {
            let line = line?;
            if !line.trim().is_empty() {
                let decided = decide(&library, &self.policy, &line);
                let decided = decided.map_err(|e| format!("line {}: {e}", number + 1))?;
                writeln!(out, "{decided}")?;
            }
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

fn decide(library: &Library, policy: &str, line: &str) -> Result<Json, Box<dyn Error>> {
    let row: Json = serde_json::from_str(line)?;
    let table = library
        .table(policy)
        .ok_or_else(|| format!("there is no policy '{policy}'"))?;
    let given = row.get("given").ok_or("'given' is missing")?;
    let vocabulary = library.vocabulary();
    let given = policy::situation::Given::from_json(vocabulary, given)?;
    let situation = given
        .situation(vocabulary)
        .ok_or("lists of values are not decided yet")?;
    let decision = table.decide(vocabulary, &situation, &given.assumed(vocabulary));
    let mut answer = json!({ "id": row.get("id") });
    if let (Some(answer), Json::Object(fields)) =
        (answer.as_object_mut(), serde_json::to_value(&decision)?)
    {
        answer.extend(fields);
    }
    Ok(answer)
}
