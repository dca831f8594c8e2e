//! Gathers what the program embeds: its templates, and its stylesheet and scripts, made from the
//! pinned `govuk-frontend` package and from `assets/`. Nothing of the package is ever committed.
//!
//! The package's typeface and emblem are licensed for gov.uk alone, so they are cut out here, and
//! the build stops if a trace of them is left.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// Installed on practically every machine, and near enough to each other in width.
const FONT_STACK: &str = "Arial,Helvetica,\"Liberation Sans\",sans-serif";
const PACKAGE_FONT_STACK: &str = "GDS Transport,arial,sans-serif";
/// What must not be left in the stylesheet: the typeface, the emblem, and any address at all.
const FORBIDDEN_IN_CSS: [&str; 4] = ["@font-face", "GDS Transport", "crest", "url("];

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<()> {
    let app = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for watched in [
        "build.rs",
        "assets",
        "templates",
        "package.json",
        "package-lock.json",
    ] {
        println!("cargo::rerun-if-changed={watched}");
    }
    fs::write(out.join("policies.rs"), embed_policies(&app.join(".."))?)?;
    fs::write(out.join("screening.rs"), embed_screening(&app.join(".."))?)?;
    fs::write(
        out.join("migrations.rs"),
        embed_migrations(&app.join("migrations"))?,
    )?;
    let package = package(&app)?;
    fs::write(
        out.join("templates.rs"),
        embed_templates(&app.join("templates"))?,
    )?;
    fs::write(
        out.join("assets.rs"),
        embed_assets(&app.join("assets"), &package, &out)?,
    )?;
    Ok(())
}

/// The steps of the schema, by the number that their file's name begins with: `0020_people.sql`.
fn embed_migrations(folder: &Path) -> Result<String> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut steps = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let (number, name) = name
            .and_then(|name| name.split_once('_'))
            .ok_or_else(|| format!("{} is not NUMBER_NAME.sql", path.display()))?;
        steps.push((number.parse::<i64>()?, name.to_owned(), path));
    }
    steps.sort();
    let lines = steps.iter().map(|(number, name, path)| {
        let path = path.display().to_string();
        format!("({number}, {name:?}, include_str!({path:?})),")
    });
    Ok(format!("&[{}]", lines.collect::<String>()))
}

/// The folder of the pinned package, installed first where it is missing or of another version.
fn package(app: &Path) -> Result<PathBuf> {
    let wanted = json(&app.join("package.json"))?;
    let version = wanted
        .pointer("/dependencies/govuk-frontend")
        .and_then(|version| version.as_str())
        .ok_or("app/package.json does not name govuk-frontend")?;
    let folder = app.join("node_modules/govuk-frontend");
    println!("cargo::rerun-if-changed=node_modules/govuk-frontend/package.json");
    if installed(&folder).as_deref() != Some(version) {
        let done = Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(app)
            .output();
        let why = match done {
            Ok(output) if output.status.success() => String::new(),
            Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
            Err(error) => format!("npm could not be started: {error}"),
        };
        if installed(&folder).as_deref() != Some(version) {
            return Err(format!(
                "govuk-frontend {version} is not installed in app/node_modules, and npm could not \
                 fetch it.\nRun this where the npm registry can be reached, with Node.js and npm \
                 installed: cd app && npm ci --ignore-scripts\n{why}"
            )
            .into());
        }
    }
    Ok(folder)
}

fn installed(folder: &Path) -> Option<String> {
    let manifest = json(&folder.join("package.json")).ok()?;
    Some(manifest.get("version")?.as_str()?.to_owned())
}

fn json(path: &Path) -> Result<serde_json::Value> {
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

/// A list of (name, text) of every template, named by its path below the folder.
fn embed_templates(folder: &Path) -> Result<String> {
    let mut names = Vec::new();
    collect(folder, "", &mut names)?;
    names.sort();
    let mut code = String::from("&[\n");
    for name in names {
        writeln!(
            code,
            "    ({name:?}, include_str!({:?})),",
            folder.join(&name)
        )?;
    }
    code.push(']');
    Ok(code)
}

fn collect(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), names)?;
        } else if name.ends_with(".html") {
            names.push(name);
        }
    }
    Ok(())
}

fn embed_assets(own: &Path, package: &Path, out: &Path) -> Result<String> {
    let dist = package.join("dist/govuk");
    let package_css = unbranded(&fs::read_to_string(dist.join("govuk-frontend.min.css"))?)?;
    let own_css = fs::read_to_string(own.join("probity.css"))?;
    let package_js = fs::read_to_string(dist.join("govuk-frontend.min.js"))?;
    let package_js = package_js
        .split("//# sourceMappingURL")
        .next()
        .unwrap_or_default();
    let start_js = fs::read_to_string(own.join("start.js"))?;

    let mut assets = Embedder {
        out,
        code: String::from("&[\n"),
    };
    assets.add(
        "probity.css",
        "text/css",
        &format!("{package_css}\n{own_css}"),
    )?;
    let module = assets.add("govuk-frontend.js", "text/javascript", package_js)?;
    let start_js = start_js.replace("./govuk-frontend.js", &format!("./{module}"));
    assets.add("start.js", "text/javascript", &start_js)?;
    for (name, kind) in [
        ("js-enabled.js", "text/javascript"),
        ("log-in.js", "text/javascript"),
        ("favicon.svg", "image/svg+xml"),
        ("LICENSE-govuk-frontend.txt", "text/plain"),
    ] {
        assets.add(name, kind, &fs::read_to_string(own.join(name))?)?;
    }
    assets.code.push(']');
    Ok(assets.code)
}

/// The package's stylesheet without its comments, typeface and emblem.
fn unbranded(css: &str) -> Result<String> {
    let css = without(css, "/*", "*/");
    let css = without(&css, "@font-face{", "}");
    let css = without(&css, "@supports ((-webkit-mask-position:initial)", "}}}");
    let css = without(&css, ".govuk-footer__copyright-logo:before{", "}");
    let css = css.replace(PACKAGE_FONT_STACK, FONT_STACK);
    let trace = FORBIDDEN_IN_CSS
        .into_iter()
        .find(|trace| css.contains(trace));
    let fault = match trace {
        Some(trace) => format!("still holds `{trace}` after cleaning"),
        None if css.matches('{').count() != css.matches('}').count() => {
            "was cut in the middle of a rule".to_owned()
        }
        None => return Ok(css),
    };
    Err(format!(
        "the stylesheet of govuk-frontend {fault}; app/build.rs must be brought up to date with \
         the package"
    )
    .into())
}

/// The text without every stretch from `start` to the next `end`, both included.
fn without(text: &str, start: &str, end: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(start) {
        kept.push_str(before);
        rest = after.split_once(end).map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

struct Embedder<'a> {
    out: &'a Path,
    code: String,
}

impl Embedder<'_> {
    /// Writes the file under a name that changes with its content, and returns that name.
    fn add(&mut self, name: &str, kind: &str, content: &str) -> Result<String> {
        let hash: String = Sha256::digest(content.as_bytes())
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let (stem, extension) = name.rsplit_once('.').ok_or("an asset needs an extension")?;
        let hashed = format!("{stem}.{hash}.{extension}");

        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(content.as_bytes())?;
        let (plain_path, gzip_path) = (
            self.out.join(&hashed),
            self.out.join(format!("{hashed}.gz")),
        );
        fs::write(&plain_path, content)?;
        fs::write(&gzip_path, gzip.finish()?)?;
        writeln!(
            self.code,
            "    Asset {{ name: {name:?}, file: {hashed:?}, path: \"/assets/{hashed}\", \
             content_type: \"{kind}; charset=utf-8\", \
             plain: include_bytes!({plain_path:?}), gzip: include_bytes!({gzip_path:?}) }},",
        )?;
        Ok(hashed)
    }
}

/// The vocabulary, every policy and every register, so that the program decides wherever it is run.
/// The lists that drafts are screened with; which clause is carried out by what is no list.
fn embed_screening(root: &Path) -> Result<String> {
    let files = embed_folder(&root.canonicalize()?, "screening", &["clauses"])?;
    Ok(format!(
        "pub(super) const SCREENING: &[(&str, &str)] = {files};\n"
    ))
}

fn embed_policies(root: &Path) -> Result<String> {
    let root = root.canonicalize()?;
    let vocabulary = root.join("vocabulary.toml");
    let law = root.join("policies/law.toml");
    let platforms = root.join("platforms.toml");
    Ok(format!(
        "pub(super) const VOCABULARY: &str = include_str!({vocabulary:?});\n\
         pub(super) const LAW: &str = include_str!({law:?});\n\
         pub(super) const PLATFORMS: &str = include_str!({platforms:?});\n\
         pub(super) const POLICIES: &[(&str, &str)] = {};\n\
         pub(super) const REGISTERS: &[(&str, &str)] = {};\n",
        embed_folder(&root, "policies", &["law"])?,
        embed_folder(&root, "registers", &[])?,
    ))
}

/// A list of (name, text) of every data file of a folder, but for some.
fn embed_folder(root: &Path, folder: &str, but: &[&str]) -> Result<String> {
    let path = root.join(folder);
    println!("cargo::rerun-if-changed={}", path.display());
    let mut files: Vec<PathBuf> = fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    files.retain(|file| {
        let stem = file
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        file.extension().is_some_and(|e| e == "toml") && !but.contains(&stem)
    });
    files.sort();
    let mut code = String::from("&[\n");
    for file in files {
        let name = file
            .file_name()
            .ok_or("a data file has no name")?
            .to_string_lossy();
        writeln!(
            code,
            "    ({:?}, include_str!({file:?})),",
            format!("{folder}/{name}")
        )?;
    }
    code.push(']');
    Ok(code)
}
