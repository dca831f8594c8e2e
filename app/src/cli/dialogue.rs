//! Asking at a terminal: numbered choices, back, and the answer.

use std::error::Error;
use std::io::{self, BufRead};
use std::process::ExitCode;

use policy::ask::{self, Answering, Chosen, Question, QuestionTold};
use policy::language::Understood;
use policy::library::Library;
use policy::situation::Given;
use policy::table::Table;

use super::ask::{Honours, settled, with};
use super::sheet::{FAINT, STRONG, Sheet, paint};

/// What a person typed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reply {
    /// The places of the chosen options, from 0.
    Chosen(Vec<usize>),
    /// The question before.
    Back,
    /// No more.
    Quit,
    /// Nothing of the kind.
    Unclear,
}

/// A conversation about one policy.
pub(super) struct Dialogue<'l, R> {
    library: &'l Library,
    honours: Option<Honours<'l>>,
    replies: R,
    sheet: Sheet,
}

impl<'l, R: BufRead> Dialogue<'l, R> {
    pub(super) fn new(library: &'l Library, honours: Option<Honours<'l>>, replies: R) -> Self {
        Self {
            library,
            honours,
            replies,
            sheet: Sheet::new(),
        }
    }

    /// Asks until the verdict is settled, and answers.
    pub(super) fn run(
        &mut self,
        policy: Option<&str>,
        stated: Given,
        understood: &[Understood],
    ) -> Result<ExitCode, Box<dyn Error>> {
        let table = match policy {
            Some(id) => super::table(self.library, id)?,
            None => match self.school()? {
                Some(table) => table,
                None => return self.stopped(),
            },
        };
        let Some(facts) = self.confirmed(understood)? else {
            return self.stopped();
        };
        let vocabulary = self.library.vocabulary();
        let mut before: Vec<Given> = Vec::new();
        let mut known = with(stated, &facts);
        loop {
            let step = ask::next(table, vocabulary, &known)?;
            if let Some(situation) = &step.situation {
                let asked = (situation, &step.known);
                settled(&mut self.sheet, self.library, self.honours, table, asked)?;
                return Ok(ExitCode::SUCCESS);
            }
            let told = step.question.as_ref().and_then(|q| q.told(vocabulary));
            let Some((question, told)) = step.question.as_ref().zip(told) else {
                return self.stopped();
            };
            match self.put(&told)? {
                Reply::Chosen(places) => {
                    let next = ask::answer(&known, question, &chosen(question, &places))?;
                    before.push(std::mem::replace(&mut known, next));
                }
                Reply::Back => match before.pop() {
                    Some(earlier) => known = earlier,
                    None => self.sheet.text(0, "This is the first question.")?,
                },
                Reply::Quit | Reply::Unclear => return self.stopped(),
            }
        }
    }

    /// Which school it is about.
    fn school(&mut self) -> io::Result<Option<&'l Table>> {
        let library = self.library;
        let tables = library.tables();
        let names: Vec<&str> = tables.iter().map(|t| &*t.policy().organisation).collect();
        self.sheet.heading("Which school's policy?")?;
        for (at, name) in names.iter().enumerate() {
            self.sheet
                .hanging(2, 6, &format!("{:>2}  {name}", at + 1))?;
        }
        let reply = self.reply(names.len(), Answering::One)?;
        Ok(match reply {
            Reply::Chosen(places) => places.first().and_then(|at| tables.get(*at)),
            _ => None,
        })
    }

    /// What was understood, less what the person takes back; `None` where they stop.
    fn confirmed(&mut self, understood: &[Understood]) -> io::Result<Option<Vec<Understood>>> {
        if understood.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let vocabulary = self.library.vocabulary();
        self.sheet.heading("This is how I understood you")?;
        for (at, fact) in understood.iter().enumerate() {
            let attribute = vocabulary.at(fact.attribute);
            let says = attribute.map_or("", |a| a.value_says(fact.value));
            let label = attribute.map_or("", |a| a.label.as_str());
            let words = paint(FAINT, &format!("(\"{}\")", fact.words));
            let line = format!("{:>2}  {label}: {says} {words}", at + 1);
            self.sheet.hanging(2, 6, &line)?;
        }
        self.sheet.text(
            0,
            "Press Enter if this is right, or type the numbers of what is wrong.",
        )?;
        let reply = self.reply(understood.len(), Answering::Any)?;
        let right = |wrong: Vec<usize>| {
            let kept = understood.iter().enumerate();
            kept.filter(|(at, _)| !wrong.contains(at))
                .map(|(_, fact)| fact.clone())
                .collect()
        };
        Ok(match reply {
            Reply::Chosen(wrong) => Some(right(wrong)),
            _ => None,
        })
    }

    /// Puts a question until it is answered.
    fn put(&mut self, question: &QuestionTold<'_>) -> io::Result<Reply> {
        self.sheet.heading(question.question)?;
        if let Some(help) = question.help {
            self.sheet.text(0, &paint(FAINT, help))?;
        }
        let mut heading = None;
        for (at, option) in question.options.iter().enumerate() {
            if option.heading != heading {
                heading = option.heading;
                let heading = heading.unwrap_or_default();
                self.sheet.text(1, &paint(STRONG, heading))?;
            }
            self.sheet
                .hanging(2, 6, &format!("{:>2}  {}", at + 1, option.says))?;
        }
        let how = match question.answer {
            Answering::One => "Type a number",
            Answering::Any => "Type the numbers of all that hold, or press Enter for none of these",
        };
        self.sheet
            .text(0, &format!("{how}; b goes back, q stops."))?;
        self.reply(question.options.len(), question.answer)
    }

    /// Reads until a reply is clear; the end of the input stops.
    fn reply(&mut self, options: usize, answer: Answering) -> io::Result<Reply> {
        loop {
            self.sheet.prompt("> ")?;
            let mut line = String::new();
            if self.replies.read_line(&mut line)? == 0 {
                return Ok(Reply::Quit);
            }
            match reply(&line, options, answer) {
                Reply::Unclear => {
                    let what =
                        format!("That is no answer here: type a number from 1 to {options}.");
                    self.sheet.text(0, &what)?;
                }
                clear => return Ok(clear),
            }
        }
    }

    fn stopped(&mut self) -> Result<ExitCode, Box<dyn Error>> {
        self.sheet.text(0, "Stopped. Nothing was stored.")?;
        Ok(ExitCode::SUCCESS)
    }
}

fn chosen(question: &Question, places: &[usize]) -> Chosen {
    match question {
        Question::Choice { values, .. } => {
            let place = places.first().copied().unwrap_or(usize::MAX);
            Chosen::Value(values.iter().nth(place).unwrap_or(u8::MAX))
        }
        Question::Group { members, .. } => {
            let member = |place: &usize| members.get(*place).copied();
            Chosen::Members(places.iter().filter_map(member).collect())
        }
    }
}

/// Reads what a person typed in reply to a question with so many options.
fn reply(line: &str, options: usize, answer: Answering) -> Reply {
    let line = line.trim();
    match line.to_lowercase().as_str() {
        "b" | "back" => return Reply::Back,
        "q" | "quit" => return Reply::Quit,
        "" | "0" | "none" if answer == Answering::Any => return Reply::Chosen(Vec::new()),
        _ => {}
    }
    let words = line.split(|c: char| c == ',' || c.is_whitespace());
    let place = |word: &str| {
        let number: usize = word.parse().ok()?;
        number.checked_sub(1).filter(|place| *place < options)
    };
    let places: Option<Vec<usize>> = words.filter(|w| !w.is_empty()).map(place).collect();
    match (places, answer) {
        (Some(places), Answering::Any) => Reply::Chosen(places),
        (Some(places), Answering::One) if places.len() == 1 => Reply::Chosen(places),
        _ => Reply::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_takes_one_number() {
        assert_eq!(reply(" 2\n", 3, Answering::One), Reply::Chosen(vec![1]));
        for unclear in ["", "0", "4", "1 2", "two", "-1", "99999999999999999999"] {
            assert_eq!(
                reply(unclear, 3, Answering::One),
                Reply::Unclear,
                "{unclear}"
            );
        }
    }

    #[test]
    fn a_group_takes_any_number_of_them() {
        assert_eq!(reply("1, 3", 3, Answering::Any), Reply::Chosen(vec![0, 2]));
        assert_eq!(reply("\n", 3, Answering::Any), Reply::Chosen(vec![]));
        assert_eq!(reply("none", 3, Answering::Any), Reply::Chosen(vec![]));
        assert_eq!(reply("1 4", 3, Answering::Any), Reply::Unclear);
    }

    #[test]
    fn a_person_may_go_back_or_stop() {
        assert_eq!(reply("B", 3, Answering::One), Reply::Back);
        assert_eq!(reply("quit", 3, Answering::Any), Reply::Quit);
    }
}
