//! What is written, as plain text and as HTML.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, UndefinedBehavior, context};
use serde::{Deserialize, Serialize};

const NAME: &str = "letter.html";
const TEMPLATE: &str = include_str!("../../templates/mail/letter.html");
/// Columns of the plain text.
const WIDTH: usize = 72;

/// A letter to one person. It goes through servers that are not the school's: nothing in it that
/// the person could as well read after signing in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Letter {
    /// The subject line.
    pub subject: String,
    /// What it says, one paragraph each.
    pub paragraphs: Vec<String>,
    /// Where it leads.
    pub link: Option<Link>,
    /// Why the person gets it: "You get this because ...".
    pub reason: String,
}

/// A link to a page of this site.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Link {
    /// What the page is.
    pub text: String,
    /// Its path, as in `/home`.
    pub path: String,
}

/// The letter as it is sent.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) plain: String,
    pub(super) html: String,
}

impl Letter {
    /// Writes both forms from the one template; `site` comes before the link's path.
    pub(super) fn write(&self, site: &str) -> Result<Written, Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .build()?,
        );
        environment.add_template(NAME, TEMPLATE)?;
        let template = environment.get_template(NAME)?;
        let written = |html: bool| {
            template.render(context! { letter => Value::from(Serde(self)), site, html })
        };
        let (plain, html) = (written(false)?, written(true)?);
        Ok(Written {
            plain: wrapped(&plain),
            html,
        })
    }
}

/// Lines that fit, except that an address is never broken.
fn wrapped(text: &str) -> String {
    let options = textwrap::Options::new(WIDTH).break_words(false);
    let lines = text
        .trim()
        .lines()
        .map(|line| match line.starts_with("http") {
            true => line.to_owned(),
            false => textwrap::fill(line, &options),
        });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}
