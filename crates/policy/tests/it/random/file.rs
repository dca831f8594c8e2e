//! Writes sketches as the files that the loaders read.

use std::collections::BTreeSet;
use std::fmt::Write;

use policy::policy_file::{RuleEffect, Strength};

use super::{DUTIES, PolicySketch, Region, RuleSketch, VocabularySketch};

pub(super) fn vocabulary(sketch: &VocabularySketch) -> String {
    let mut out = String::from("version = 1\n");
    let when = |region: &Region| when(region, sketch);
    for attribute in &sketch.attributes {
        let id = &attribute.id;
        line(
            &mut out,
            format!("[[attribute]]\nid = \"{id}\"\nlabel = \"{id}\""),
        );
        line(
            &mut out,
            format!("question = \"{id}?\"\nchanged_by = \"asker\""),
        );
        if attribute.yes_no {
            line(
                &mut out,
                format!("kind = \"yes-no\"\nsays = \"{id} holds\""),
            );
        } else {
            let value = |v: &String| format!("{{ id = \"{v}\", says = \"{v}\" }}");
            let values: Vec<String> = attribute.values.iter().map(value).collect();
            let neutral = &attribute.values[usize::from(attribute.neutral)];
            line(&mut out, "kind = \"choice\"".into());
            line(
                &mut out,
                format!("values = [{}]\nneutral = \"{neutral}\"", values.join(", ")),
            );
        }
        if id == "asker" {
            line(
                &mut out,
                "groups = { bound = [\"teacher\", \"helper\"] }".into(),
            );
        }
        if let Some(group) = attribute.group {
            line(&mut out, format!("group = \"g{group}\""));
        }
        if !attribute.asked_when.is_empty() {
            let asked: Vec<String> = attribute.asked_when.iter().map(when).collect();
            line(&mut out, format!("asked_when = [{}]", asked.join(", ")));
        }
        if !attribute.implies.is_empty() {
            let implied: Vec<&str> = attribute
                .implies
                .iter()
                .map(|i| sketch.attributes[*i].id.as_str())
                .collect();
            line(&mut out, format!("implies = {implied:?}"));
        }
    }
    for (number, impossible) in sketch.impossible.iter().enumerate() {
        line(
            &mut out,
            format!("[[impossible]]\nname = \"i{number}\"\nwhy = \"It cannot be.\""),
        );
        line(&mut out, format!("when = {}", when(&impossible.when)));
        if let Some((a, value)) = impossible.otherwise {
            let attribute = &sketch.attributes[a];
            let value = &attribute.values[usize::from(value)];
            line(
                &mut out,
                format!("otherwise = {{ {} = \"{value}\" }}", attribute.id),
            );
        }
    }
    for group in 0..sketch.groups {
        line(
            &mut out,
            format!("[[group]]\nid = \"g{group}\"\nquestion = \"g{group}?\""),
        );
    }
    for (kind, headline) in DUTIES {
        line(
            &mut out,
            format!("[[duty]]\nid = \"{kind}\"\nsays = \"{kind}\""),
        );
        out.extend(headline.map(|h| format!("headline = \"{h}\"\n")));
    }
    out
}

pub(super) fn policy(policy: &PolicySketch, vocabulary: &VocabularySketch) -> String {
    let mut out = String::from(
        "id = \"random\"\ntitle = \"Random\"\norganisation = \"Random\"\nshort = \"Random\"\n",
    );
    out.push_str("kind = \"school\"\nnation = \"england\"\n");
    for (number, clause) in policy.iter().enumerate() {
        line(
            &mut out,
            format!("[[clause]]\nref = \"c{number}\"\nprinted = \"{number}\""),
        );
        line(
            &mut out,
            "says = \"It says so.\"\ncarried_by = [\"decide\"]".into(),
        );
        for cover in &clause.covers {
            let askers = names(cover.askers.iter(), &vocabulary.attributes[0].values);
            line(&mut out, format!("[[clause.covers]]\nasker = {askers}"));
            line(&mut out, format!("shown = {}", cover.shown));
            out.extend(
                cover
                    .strength
                    .map(|s| format!("strength = \"{}\"\n", strength(s))),
            );
        }
        for sketch in &clause.rules {
            rule(&mut out, sketch, vocabulary);
        }
    }
    out
}

fn rule(out: &mut String, rule: &RuleSketch, vocabulary: &VocabularySketch) {
    line(
        out,
        format!("[[clause.rule]]\nwhen = {}", when(&rule.when, vocabulary)),
    );
    if !rule.either.is_empty() {
        let lines: Vec<String> = rule.either.iter().map(|r| when(r, vocabulary)).collect();
        line(out, format!("either = [{}]", lines.join(", ")));
    }
    match rule.effect {
        RuleEffect::Near => line(out, "near = true".into()),
        RuleEffect::Notice => line(out, "notice = true".into()),
        RuleEffect::Decides => {}
    }
    if let Some(standing) = rule.standing {
        line(out, format!("standing = \"{}\"", standing.id()));
        line(out, format!("strength = \"{}\"", strength(rule.strength)));
    }
    if !rule.duties.is_empty() {
        let duty = |(kind, s): &(usize, Strength)| {
            format!(
                "{{ do = \"{}\", strength = \"{}\" }}",
                DUTIES[*kind].0,
                strength(*s)
            )
        };
        let duties: Vec<String> = rule.duties.iter().map(duty).collect();
        line(out, format!("duties = [{}]", duties.join(", ")));
    }
    if let Some(grant) = &rule.grant {
        let by = names(
            grant.by.iter(),
            &vocabulary.attributes[super::AUTHORISED].values,
        );
        line(
            out,
            format!("grant = {{ by = {by}, written = {} }}", grant.written),
        );
    }
    if !rule.lifts.is_empty() {
        let lifts: Vec<String> = rule.lifts.iter().map(|c| format!("c{c}")).collect();
        line(out, format!("lifts = {lifts:?}"));
    }
}

fn when(region: &Region, vocabulary: &VocabularySketch) -> String {
    let key = |(a, set): &(usize, BTreeSet<u8>)| {
        let attribute = &vocabulary.attributes[*a];
        format!(
            "{} = {}",
            attribute.id,
            names(set.iter(), &attribute.values)
        )
    };
    let keys: Vec<String> = region.iter().map(key).collect();
    format!("{{ {} }}", keys.join(", "))
}

fn names<'v>(set: impl Iterator<Item = &'v u8>, values: &[String]) -> String {
    let names: Vec<&String> = set.map(|v| &values[usize::from(*v)]).collect();
    format!("{names:?}")
}

fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "must",
        Strength::Should => "should",
        Strength::Consider => "consider",
    }
}

fn line(out: &mut String, text: String) {
    writeln!(out, "{text}").expect("writing to a string");
}
