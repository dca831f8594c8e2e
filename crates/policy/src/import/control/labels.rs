//! What the label in front of a fact means.

use super::ControlKind;
use crate::import::dates;

/// The words behind 'by', up to a date.
pub(super) fn by_whom(text: &str) -> Option<String> {
    let mut words = text
        .split_whitespace()
        .skip_while(|word| !word.eq_ignore_ascii_case("by"));
    words.next()?;
    let is_date = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit())
            || dates::month(word).is_some()
            || matches!(
                word,
                "on" | "in" | "Spring" | "Summer" | "Autumn" | "Winter" | "-" | "–"
            )
    };
    let by: Vec<&str> = words.take_while(|word| !is_date(word)).collect();
    let by = by.join(" ");
    let by = by.trim_end_matches([',', ':', '.']);
    (!by.is_empty()).then(|| by.to_owned())
}

/// What a label tells, by the words in it.
pub(super) fn kind_of(label: &str) -> Option<ControlKind> {
    use ControlKind as Kind;
    const MOST_WORDS: usize = 9;
    let label = label.trim().to_lowercase();
    let words: Vec<&str> = label.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |word: &str| words.contains(&word);
    let has_any = |list: &[&str]| list.iter().any(|word| has(word));
    let says = |phrase: &str| label.contains(phrase);
    if label.is_empty() || label.split_whitespace().count() > MOST_WORDS {
        return None;
    }
    let is_by = has("by") && !has("date");
    Some(if has_any(&["signed", "signature", "signatures"]) {
        Kind::Signature
    } else if says("cross reference") || says("related") || says("linked") || says("see also") {
        Kind::Related
    } else if has("review") && has_any(&["period", "cycle", "frequency", "interval", "schedule"]) {
        Kind::ReviewPeriod
    } else if says("to be reviewed") || (has("review") && !has("reviewed")) {
        Kind::ReviewDue
    } else if has("reviewed") || (has_any(&["updated", "amended", "revised"]) && !has("by")) {
        if is_by {
            Kind::Reviewer
        } else {
            Kind::Reviewed
        }
    } else if says("approved for") || says("applies to") || says("applicable to") {
        Kind::AppliesTo
    } else if has_any(&["adopted", "accepted", "ratified", "adoption"]) {
        Kind::Adopted
    } else if has_any(&["approved", "approval", "approver", "authorised", "agreed"]) {
        if is_by || has("approver") {
            Kind::Approver
        } else {
            Kind::Approved
        }
    } else if says("effective")
        || says("in force")
        || says("implementation")
        || says("date of issue")
        || says("issue date")
        || says("date issued")
    {
        Kind::InForce
    } else if has_any(&["owner", "author", "officer"])
        || says("responsible")
        || says("policy lead")
        || says("written by")
        || says("prepared by")
    {
        Kind::Owner
    } else if has_any(&["version", "revision", "edition"]) {
        Kind::Version
    } else if label == "status" || label == "document status" || label == "policy status" {
        Kind::Status
    } else if says("summary of changes") || label == "changes" || label == "changes made" {
        Kind::Change
    } else if says("reference number")
        || says("document number")
        || says("policy number")
        || has("ref")
        || label == "reference"
    {
        Kind::Reference
    } else if label == "title" || says("policy title") || says("policy name") {
        Kind::Title
    } else if label == "committee" || says("governing body") || says("governors' committee") {
        Kind::Approver
    } else if label == "date"
        || says("date of policy")
        || says("policy date")
        || says("date completed")
        || says("date created")
        || says("date written")
    {
        Kind::Dated
    } else {
        return None;
    })
}
