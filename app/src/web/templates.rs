//! The embedded templates. Undefined names are errors, everything is escaped, and no macro marks
//! anything safe: markup reaches a component only as the result of another macro or `{% set %}`
//! block.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::assets;

/// Every file below `templates/`, by its path there.
const TEMPLATES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// A template that cannot be loaded or rendered.
#[derive(Debug, thiserror::Error)]
#[error("a page template is wrong: {0}")]
pub struct TemplateError(#[from] Error);

#[derive(Debug)]
pub(super) struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// All the program's templates.
    pub(super) fn embedded() -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .build()?,
        );
        environment.add_function("asset", asset);
        for (name, source) in TEMPLATES {
            environment.add_template(name, source)?;
        }
        Ok(Self { environment })
    }

    pub(super) fn render(&self, name: &str, context: Value) -> Result<String, TemplateError> {
        Ok(self.environment.get_template(name)?.render(context)?)
    }
}

/// `asset('probity.css')`: the address of an embedded file.
fn asset(name: &str) -> Result<&'static str, Error> {
    assets::path(name).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("no file `{name}` is embedded"),
        )
    })
}

#[cfg(test)]
impl Templates {
    /// Renders a text that is no file, as if it were one.
    pub(super) fn render_source(&self, source: &str, context: Value) -> Result<String, Error> {
        self.environment
            .template_from_named_str("source.html", source)?
            .render(context)
    }

    /// The names of all templates that are pages, not parts of pages and not letters.
    pub(super) fn pages() -> impl Iterator<Item = &'static str> {
        TEMPLATES
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| *name != "layout.html")
            .filter(|name| !name.starts_with("components/") && !name.starts_with("mail/"))
    }
}
