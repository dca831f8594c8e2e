//! `probity screen`: one draft, or an archive of posts, by a school's policy.

mod archive;
mod tell;

use std::error::Error;
use std::fs;
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use screen::{Account, Asking, Audience, Draft, Index, Judged, Known, Lists, Screening, Sure};
use serde_json::{Map, Value as Json, json};

use super::{Format, PolicyFolder};
use crate::screening;

/// Screen a draft before it is posted, or an archive of old posts: what is found, where, how sure, which clause, how to mend it
#[derive(Debug, Args)]
pub(super) struct Screen {
    /// The draft; '-' or nothing reads standard input
    #[arg(conflicts_with = "archive")]
    text: Option<String>,

    /// Old posts: CSV with a column 'text', JSON lines, or a JSON list such as a platform's own export
    #[arg(long, value_name = "FILE")]
    archive: Option<PathBuf>,

    /// The policy to decide by; see 'probity policy list'
    #[arg(long, value_name = "ID")]
    policy: String,

    /// Whose account it is
    #[arg(long, value_enum, default_value_t)]
    account: Whose,

    /// Who would see it
    #[arg(long, value_enum, default_value_t)]
    audience: Who,

    /// The description of a picture; once for each picture, empty where it has none
    #[arg(long = "alt", value_name = "TEXT")]
    alts: Vec<String>,

    /// An address that is attached
    #[arg(long = "link", value_name = "ADDRESS")]
    links: Vec<String>,

    /// The account's name
    #[arg(long, default_value_t)]
    handle: String,

    /// What the account's profile says
    #[arg(long, default_value_t)]
    profile: String,

    /// Who is at the school, as JSON: {"pupils": [{"given": [], "family": [], "year": 4}], "staff": [], "schools": []}
    #[arg(long, value_name = "FILE")]
    roll: Option<PathBuf>,

    /// What is known besides, as JSON: {"attribute": value}
    #[arg(long, value_name = "JSON", default_value = "{}")]
    given: String,

    /// Say only what is at least this sure
    #[arg(long, value_enum, default_value_t)]
    sure: AtLeast,

    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    #[command(flatten)]
    folder: PolicyFolder,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Whose {
    /// A person's own.
    #[default]
    Personal,
    /// The school's.
    Official,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Who {
    /// Anybody.
    #[default]
    Public,
    /// Followers or friends.
    Followers,
    /// A closed group.
    Group,
    /// One person or a few, privately.
    Direct,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum AtLeast {
    /// Everything.
    #[default]
    Possible,
    /// What is more likely than not.
    Likely,
    /// What is hardly anything else.
    Certain,
}

/// What every draft is screened with.
struct Desk<'d> {
    index: &'d Index,
    lists: &'d Lists,
    vocabulary: &'d Vocabulary,
    table: &'d Table,
    known: &'d Map<String, Json>,
    least: Sure,
}

impl<'d> Desk<'d> {
    /// A draft screened and decided.
    fn look(&self, draft: &Draft) -> Result<(Screening, Judged<'d>), Box<dyn Error>> {
        let mut screening = screen::screen(draft, self.index, self.lists);
        screening
            .findings
            .retain(|finding| finding.sure >= self.least);
        let asking = Asking {
            draft,
            lists: self.lists,
            vocabulary: self.vocabulary,
            known: self.known,
        };
        // What is decided lives as long as the policy, not as the draft.
        let judged = asking.judge(&screening, self.table)?;
        Ok((screening, judged))
    }
}

impl Screen {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let policies = self.folder.load()?;
        let library = policies.library();
        let vocabulary = library.vocabulary();
        let lists = screening::lists(vocabulary)?;
        let roll = self.roll.as_deref().map(roll).transpose()?;
        let index = Index::new(&roll.unwrap_or_default(), lists);
        let given: Json =
            serde_json::from_str(&self.given).map_err(|e| format!("--given is no JSON: {e}"))?;
        let known = given
            .as_object()
            .ok_or("--given is no JSON object: give {\"attribute\": value}")?;
        let desk = Desk {
            index: &index,
            lists,
            vocabulary,
            table: super::table(&library, &self.policy)?,
            known,
            least: match self.sure {
                AtLeast::Possible => Sure::Possible,
                AtLeast::Likely => Sure::Likely,
                AtLeast::Certain => Sure::Certain,
            },
        };
        let draft = Draft {
            text: String::new(),
            alts: self.alts,
            links: self.links,
            handle: self.handle,
            profile: self.profile,
            account: match self.account {
                Whose::Personal => Account::Personal,
                Whose::Official => Account::Official,
            },
            audience: match self.audience {
                Who::Public => Audience::Public,
                Who::Followers => Audience::Followers,
                Who::Group => Audience::Group,
                Who::Direct => Audience::Direct,
            },
        };
        match &self.archive {
            Some(path) => through(path, &draft, &desk, self.format),
            None => one(text(self.text)?, draft, &desk, self.format),
        }
    }
}

fn roll(path: &Path) -> Result<Known, String> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|e| format!("cannot read {shown}: {e}"))?;
    serde_json::from_str(&text).map_err(|e| format!("{shown} is no roll: {e}"))
}

fn text(argument: Option<String>) -> io::Result<String> {
    match argument {
        Some(text) if text != "-" => Ok(text),
        _ => {
            let mut text = String::new();
            io::stdin().lock().read_to_string(&mut text)?;
            Ok(text)
        }
    }
}

fn one(
    text: String,
    draft: Draft,
    desk: &Desk<'_>,
    format: Format,
) -> Result<ExitCode, Box<dyn Error>> {
    let draft = Draft { text, ..draft };
    let (screening, judged) = desk.look(&draft)?;
    match format {
        Format::Json => super::sheet::print_json(&as_json(&screening, &judged))?,
        Format::Text => tell::tell(&draft, &screening, &judged, desk.lists)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Every post of an archive, one a line; what is not read is said, and counts.
fn through(
    path: &Path,
    like: &Draft,
    desk: &Desk<'_>,
    format: Format,
) -> Result<ExitCode, Box<dyn Error>> {
    const EVERY: usize = 1_000;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let watched = io::stderr().is_terminal();
    let (mut posts, mut with, mut unread) = (0, 0, 0);
    for post in archive::open(path)? {
        posts += 1;
        if watched && posts % EVERY == 0 {
            eprint!("\r{posts} posts, {with} with findings");
        }
        let post = match post {
            Ok(post) => post,
            Err(why) => {
                unread += 1;
                eprintln!("{}: post {posts}: {why}", path.display());
                continue;
            }
        };
        let draft = post.draft(like);
        let (screening, judged) = desk.look(&draft)?;
        if screening.findings.is_empty() {
            continue;
        }
        with += 1;
        match format {
            Format::Json => {
                let mut line = as_json(&screening, &judged);
                if let Some(line) = line.as_object_mut() {
                    line.insert("post".to_owned(), json!(post.id(posts)));
                }
                writeln!(out, "{line}")?;
            }
            Format::Text => tell::line(&mut out, &post.id(posts), &draft, &screening, &judged)?,
        }
    }
    out.flush()?;
    let line = if watched { "\r" } else { "" };
    eprintln!("{line}{posts} posts, {with} with findings, {unread} not read");
    Ok(if unread == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Findings, each with the clauses that it brings; questions; the standing of the whole.
fn as_json(screening: &Screening, judged: &Judged<'_>) -> Json {
    let findings = screening.findings.iter().zip(&judged.each);
    let findings = findings.map(|(finding, decision)| {
        let clauses = decision.iter().flat_map(|decision| &decision.decided_by);
        let clauses: Vec<&str> = clauses.map(|clause| clause.reference.as_str()).collect();
        json!({
            "finding": finding,
            "standing": decision.as_ref().map(|decision| decision.standing),
            "clauses": clauses,
        })
    });
    json!({
        "findings": findings.collect::<Vec<_>>(),
        "questions": screening.questions,
        "decision": judged.whole,
    })
}
