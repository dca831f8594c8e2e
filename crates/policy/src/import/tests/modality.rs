//! How strongly sentences speak.

use super::read;
use crate::policy_file::Modality::{
    self, DutyOfSchool, Inform, May, Must, MustNot, Right, Should, ShouldNot,
};

fn modality(sentence: &str) -> Modality {
    // The last sentence only lets the document count as one.
    let document = read(&format!("1.1 {sentence}\n\n1.2 Staff must ask.\n"));
    let first = document
        .clauses()
        .next()
        .and_then(|clause| clause.sentences.first());
    first.map_or_else(
        || panic!("no sentence: {sentence}"),
        |sentence| sentence.modality,
    )
}

#[test]
fn sentences_speak_by_their_verbs() {
    for (sentence, expected) in [
        ("Staff must lock their phones.", Must),
        ("Staff are required to lock their phones.", Must),
        ("All staff have to know where visitors sign in.", Must),
        ("Visitors are to sign in.", Must),
        ("Report every worry to the head.", Must),
        ("Staff must never share a log-in.", MustNot),
        ("Teachers may not post during lessons.", MustNot),
        ("Pupils are not allowed to film lessons.", MustNot),
        ("Staff can only use the staff room computer.", MustNot),
        ("Pictures may only be used where we hold consent.", MustNot),
        ("Never give a pupil your number.", MustNot),
        ("Staff should never lend a phone.", MustNot),
        ("Staff must avoid quarrels online.", MustNot),
        ("Staff must make sure that they do not name a pupil.", Must),
        (
            "Posters must ensure that captions do not name a pupil.",
            MustNot,
        ),
        ("Staff should think first.", Should),
        ("Staff are advised to lock their profile.", Should),
        ("Parents will be expected to help.", Should),
        ("Staff should not post in anger.", ShouldNot),
        ("Nor should they answer in anger.", ShouldNot),
        ("Staff are strongly advised not to answer.", ShouldNot),
        ("Staff should avoid quarrels.", ShouldNot),
        ("Staff may use their phones at lunch.", May),
        ("Phones are permitted at lunch.", May),
        ("We accept that staff may have accounts.", Inform),
        ("We accept that staff may open accounts.", May),
        ("Posts may be seen by anybody.", Inform),
        ("We reserve the right to read our own mail.", Right),
        ("A breach may lead to disciplinary action.", Right),
        (
            "Staff should note that a breach could end in dismissal.",
            Right,
        ),
        ("You may be asked to delete a post.", Right),
        ("The school will keep a record.", DutyOfSchool),
        ("The governors have responsibility for this.", DutyOfSchool),
        ("Reports will be kept for a year.", DutyOfSchool),
        ("We are committed to kindness.", DutyOfSchool),
        ("If pupils must be told, staff should ask the head.", Should),
        (
            "The head must take advice before disciplinary action can begin.",
            Must,
        ),
        ("Posts which staff can read are public.", Inform),
        ("This was agreed in May 2024.", Inform),
        ("Use of phones is common.", Inform),
    ] {
        assert_eq!(modality(sentence), expected, "{sentence}");
    }
}

#[test]
fn items_speak_as_their_stem_does() {
    let document = read(
        "1.1 Staff must not:\n- shout;\n- post what others may dislike.\n\n1.2 The following must \
         be observed:\n- posts should be kind;\n- posts should not be long.\n\n1.3 The purpose of \
         this is to:\n- say what staff must do.\n\n1.4 We encourage pupils to think:\n- Do not \
         answer.\n",
    );
    let items: Vec<_> = document
        .clauses()
        .filter(|clause| clause.number.is_none())
        .flat_map(|clause| &clause.sentences)
        .map(|sentence| sentence.modality)
        .collect();
    assert_eq!(items, [MustNot, MustNot, Must, MustNot, Inform, ShouldNot]);
}
