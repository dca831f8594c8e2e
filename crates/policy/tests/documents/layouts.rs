//! The same document laid out in other ways, as other programs would have given it out.

/// A document's lines in another layout, each with the number of the line it came from, where it
/// came from one.
pub(crate) struct Layout {
    pub(crate) name: &'static str,
    lines: Vec<(String, Option<usize>)>,
}

impl Layout {
    pub(crate) fn text(&self) -> String {
        self.lines
            .iter()
            .map(|(line, _)| format!("{line}\n"))
            .collect()
    }

    /// The lines that a line of the original became, blank ones left out.
    pub(crate) fn lines_of(&self, original: usize) -> Vec<usize> {
        let numbered = (1..).zip(&self.lines);
        numbered
            .filter(|(_, (line, from))| *from == Some(original) && !line.trim().is_empty())
            .map(|(number, _)| number)
            .collect()
    }

    fn new(name: &'static str, text: &str, lay_out: impl Fn(&str) -> Vec<String>) -> Layout {
        let numbered = (1..).zip(text.lines());
        let lines = numbered
            .flat_map(|(number, line)| {
                lay_out(line)
                    .into_iter()
                    .map(move |line| (line, Some(number)))
            })
            .collect();
        Layout { name, lines }
    }

    /// Puts a page's foot and the next one's head in, wherever that falls.
    fn with_pages(name: &'static str, text: &str, lines_a_page: usize) -> Layout {
        let wrapped = Layout::new(name, text, |line| wrap(line, 90));
        let mut lines = Vec::new();
        let mut page = 1;
        for (at, line) in wrapped.lines.into_iter().enumerate() {
            if at > 0 && at % lines_a_page == 0 {
                let foot = format!("Page {page} of 20");
                let edge = ["", "Elm Grove | Online", &foot, "\u{c}Elm Grove School", ""];
                lines.extend(edge.map(|line| (line.to_owned(), None)));
                page += 1;
            }
            lines.push(line);
        }
        Layout { name, lines }
    }
}

/// Every layout of a document.
pub(crate) fn all(text: &str) -> Vec<Layout> {
    let one = |line: &str| vec![line.to_owned()];
    vec![
        Layout::new("as it is", text, one),
        Layout::new("wrapped at 80 characters", text, |line| wrap(line, 80)),
        Layout::with_pages("pages of 12 lines", text, 12),
        Layout::with_pages("pages of 23 lines", text, 23),
        Layout::new("numbers on their own lines", text, number_apart),
        Layout::new("no indents", text, |line| one(line.trim_start())),
        Layout::new("no Markdown", text, |line| {
            one(&line.trim_start_matches('#').replace('*', ""))
        }),
        Layout::new("other bullets", text, |line| {
            one(&line.replacen("- ", "\u{2022} ", 1))
        }),
        Layout::new("blank lines between", text, |line| {
            vec![line.to_owned(), String::new()]
        }),
        Layout::new("Windows line ends", text, |line| one(&format!("{line}\r"))),
        Layout::new("tabs behind numbers", text, |line| {
            match split_number(line) {
                Some((number, words)) => one(&format!("{number}\t{words}")),
                None => one(line),
            }
        }),
    ]
}

/// Lines with tabs are rows and stay whole.
fn wrap(line: &str, width: usize) -> Vec<String> {
    if line.contains('\t') || line.len() <= width {
        return vec![line.to_owned()];
    }
    let (indent, _) = line.split_at(line.len() - line.trim_start().len());
    let mut lines = Vec::new();
    let mut open = indent.to_owned();
    for word in line.split_whitespace() {
        if open.trim().len() + word.len() >= width {
            lines.push(std::mem::replace(&mut open, indent.to_owned()));
        }
        if !open.trim().is_empty() {
            open.push(' ');
        }
        open.push_str(word);
    }
    lines.push(open);
    lines
}

fn number_apart(line: &str) -> Vec<String> {
    match split_number(line) {
        Some((number, words)) => {
            let number = number.trim_start_matches(['-', '#', '*', ' ']);
            vec![number.to_owned(), words.to_owned()]
        }
        None => vec![line.to_owned()],
    }
}

/// '- 8.3 Staff ...' into its number, with what stands before it, and its words.
fn split_number(line: &str) -> Option<(&str, &str)> {
    let behind = line.trim_start_matches(['-', '#', '*', ' ']);
    let (number, words) = behind.split_once(' ')?;
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let letter = number.trim_matches(['(', ')', '.']);
    let is_letter = letter.len() == 1 && number.len() > 1;
    let with_number = line.strip_suffix(words)?.trim_end();
    (is_number || is_letter).then_some((with_number, words))
}
