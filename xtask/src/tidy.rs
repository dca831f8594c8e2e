//! What no compiler checks: file sizes, links between documents, a reason for every dependency.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{Done, root};

/// A file longer than this holds a second idea.
const LINES_AT_MOST: usize = 450;

pub(crate) fn tidy() -> Done {
    let files = tracked()?;
    let mut faults = Vec::new();
    for file in &files {
        let Ok(text) = fs::read_to_string(root().join(file)) else {
            continue;
        };
        match file.extension().and_then(|e| e.to_str()) {
            Some("rs") => long(file, &text, &mut faults),
            Some("md") => links(file, &text, &mut faults),
            _ => {}
        }
    }
    dependencies(&files, &mut faults)?;
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n"))
    }
}

fn tracked() -> Result<Vec<PathBuf>, String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output();
    let listed = listed.map_err(|e| format!("git could not be started: {e}"))?;
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    Ok(names
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(PathBuf::from)
        .collect())
}

fn long(file: &Path, text: &str, faults: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > LINES_AT_MOST {
        faults.push(format!(
            "{}: {lines} lines; more than {LINES_AT_MOST} hold a second idea.",
            file.display()
        ));
    }
}

/// Every link to a file of the project leads somewhere.
fn links(file: &Path, text: &str, faults: &mut Vec<String>) {
    let folder = root().join(file.parent().unwrap_or(Path::new("")));
    for after in text.split("](").skip(1) {
        let target = after.split([')', '#']).next().unwrap_or_default();
        let local = !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
        if local && !folder.join(target).exists() {
            faults.push(format!(
                "{}: the link to '{target}' leads nowhere.",
                file.display()
            ));
        }
    }
}

/// Every direct dependency has its line in docs/DEPENDENCIES.md.
fn dependencies(files: &[PathBuf], faults: &mut Vec<String>) -> Done {
    let list = root().join("docs/DEPENDENCIES.md");
    let reasons =
        fs::read_to_string(&list).map_err(|e| format!("cannot read {}: {e}", list.display()))?;
    let manifests: Vec<&PathBuf> = files.iter().filter(|f| f.ends_with("Cargo.toml")).collect();
    let read = |manifest: &Path| fs::read_to_string(root().join(manifest)).unwrap_or_default();
    let own: Vec<String> = manifests.iter().filter_map(|m| package(&read(m))).collect();
    for manifest in manifests {
        for name in direct(&read(manifest)) {
            if !own.contains(&name) && !reasons.contains(&format!("`{name}`")) {
                faults.push(format!(
                    "{}: docs/DEPENDENCIES.md gives no reason for `{name}`.",
                    manifest.display()
                ));
            }
        }
    }
    Ok(())
}

fn direct(manifest: &str) -> Vec<String> {
    let Ok(table) = toml::de::DeTable::parse(manifest) else {
        return Vec::new();
    };
    let sections = ["dependencies", "dev-dependencies", "build-dependencies"];
    let sections = sections
        .iter()
        .filter_map(|s| table.get_ref().get(*s)?.get_ref().as_table());
    sections
        .flat_map(|section| section.keys())
        .map(|name| name.get_ref().to_string())
        .collect()
}

/// The name of the package that a manifest describes.
fn package(manifest: &str) -> Option<String> {
    let table = toml::de::DeTable::parse(manifest).ok()?;
    let package = table.get_ref().get("package")?.get_ref().as_table()?;
    Some(package.get("name")?.get_ref().as_str()?.to_owned())
}
