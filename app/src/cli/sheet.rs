//! Text for people at a terminal: wrapped to its width, coloured where it may be.

use std::io::{self, StdoutLock, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use policy::policy_file::Standing;
use textwrap::Options;

/// Wider lines are hard to read.
const WIDTH_AT_MOST: usize = 100;

/// Bold.
pub(super) const STRONG: Style = Style::new().bold();
/// Dimmed.
pub(super) const FAINT: Style = Style::new().dimmed();
/// What must be mended or must not be done.
pub(super) const RED: Style = AnsiColor::Red.on_default().bold();
/// What wants a look.
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
/// What is well.
pub(super) const GREEN: Style = AnsiColor::Green.on_default().bold();

/// Standard output for people. Colours are left out where `NO_COLOR` is set or nobody looks on.
pub(super) struct Sheet {
    out: AutoStream<StdoutLock<'static>>,
    width: usize,
}

impl Sheet {
    pub(super) fn new() -> Self {
        let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self {
            out: AutoStream::auto(io::stdout()).lock(),
            width: terminal.unwrap_or(WIDTH_AT_MOST).min(WIDTH_AT_MOST),
        }
    }

    /// A heading with an empty line above it.
    pub(super) fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out)?;
        self.text(0, &paint(STRONG, text))
    }

    /// A paragraph that begins `indent` columns in.
    pub(super) fn text(&mut self, indent: usize, text: &str) -> io::Result<()> {
        self.hanging(indent, indent, text)
    }

    /// A paragraph whose later lines begin further in than its first.
    pub(super) fn hanging(&mut self, first: usize, rest: usize, text: &str) -> io::Result<()> {
        let (first, rest) = (" ".repeat(first), " ".repeat(rest));
        let options = Options::new(self.width)
            .initial_indent(&first)
            .subsequent_indent(&rest)
            .break_words(false);
        writeln!(self.out, "{}", textwrap::fill(text, options))
    }

    /// The beginning of a line that a person goes on with.
    pub(super) fn prompt(&mut self, text: &str) -> io::Result<()> {
        write!(self.out, "{text}")?;
        self.out.flush()
    }

    /// A line as it stands.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }
}

/// The text in a style; the sheet takes the style out again where it may not be.
pub(super) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The colour of a standing, read from a headline.
pub(super) fn headline_style(headline: &str) -> Style {
    let word = headline.trim_end_matches(['*', '~']);
    match Standing::ALL.into_iter().find(|s| s.id() == word) {
        Some(Standing::Prohibited) => RED,
        Some(Standing::PermissionNeeded | Standing::AdvisedAgainst) => YELLOW,
        Some(Standing::PermittedWithConditions | Standing::Permitted) => GREEN,
        Some(Standing::Silent) => FAINT,
        None => STRONG,
    }
}

/// A value as JSON on standard output.
pub(super) fn print_json(value: &impl serde::Serialize) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)
}
