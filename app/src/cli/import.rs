//! `probity import`: a school roster (see `roster.rs`), or a policy document to a tree of its clauses, or to a draft of a policy file.

use std::error::Error;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, str};

use clap::{Args, Subcommand, ValueEnum};
use policy::import::{self, Document, LIMIT_BYTES};

use super::roster::ImportRoster;
use super::sheet::{FAINT, STRONG, Sheet, paint, print_json};

/// Read a policy document (plain text or Markdown) into its clauses; or import a school roster
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Import {
    #[command(subcommand)]
    what: Option<What>,

    #[command(flatten)]
    paper: Option<Paper>,
}

#[derive(Debug, Subcommand)]
enum What {
    Roster(ImportRoster),
}

/// A policy document.
#[derive(Debug, Args)]
struct Paper {
    /// The document; '-' reads standard input
    file: PathBuf,

    /// What to print
    #[arg(long, value_enum, default_value_t)]
    format: Shape,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Shape {
    /// The clauses with their lines, for people.
    #[default]
    Text,
    /// The whole tree, for programs.
    Json,
    /// A draft of a policy file, to put into your own words and rules.
    Toml,
}

impl Import {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        match (self.what, self.paper) {
            (Some(What::Roster(roster)), _) => roster.run(),
            (None, Some(paper)) => paper.run(),
            (None, None) => Err("name the document to read".into()),
        }
    }
}

impl Paper {
    fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let shown = self.file.display();
        let bytes = read(&self.file).map_err(|e| format!("cannot read {shown}: {e}"))?;
        let text = str::from_utf8(&bytes).map_err(|_| {
            format!("{shown} is not text. Save the document as plain text (UTF-8) or Markdown, then import that")
        })?;
        let document = import::import(text).map_err(|e| format!("{shown}: {e}"))?;
        match self.format {
            Shape::Text => tell(&document)?,
            Shape::Json => print_json(&document)?,
            Shape::Toml => io::stdout()
                .lock()
                .write_all(document.to_draft_toml().as_bytes())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// No more than the import would take, and one byte, so that it can say so.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(LIMIT_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    if file.as_os_str() == "-" {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        fs::File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn tell(document: &Document) -> io::Result<()> {
    let mut sheet = Sheet::new();
    let title = document
        .title
        .as_deref()
        .unwrap_or("A document without a title");
    sheet.line(&paint(STRONG, title))?;
    sheet.line(
        document
            .organisation
            .as_deref()
            .unwrap_or("No organisation is named."),
    )?;
    let mut headings: &[String] = &[];
    for clause in document.clauses() {
        if clause.headings != headings {
            headings = &clause.headings;
            sheet.heading(&headings.join(" / "))?;
        }
        for sentence in &clause.sentences {
            let modality = serde_json::to_value(sentence.modality)?;
            let modality = modality.as_str().unwrap_or_default();
            let about = format!("(line {}, {modality})", sentence.line);
            let told = format!(
                "{} {} {}",
                paint(STRONG, &clause.printed),
                sentence.text,
                paint(FAINT, &about)
            );
            sheet.hanging(2, 4, &told)?;
        }
    }
    Ok(())
}
