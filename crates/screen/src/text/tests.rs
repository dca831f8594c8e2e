use super::{Casing, Text, gap, like};

fn words(text: &str) -> Vec<String> {
    let read = Text::read(text);
    (0..read.words.len())
        .map(|at| read.word(at).to_owned())
        .collect()
}

#[test]
fn words_are_folded_and_possessives_dropped() {
    assert_eq!(
        words("Ella Khan's goal, O'Brien's too"),
        ["ella", "khan", "goal", "obrien", "too"]
    );
    assert_eq!(
        words("don't #EllaKhan @ella_khan"),
        ["dont", "ellakhan", "ella", "khan"]
    );
    assert_eq!(words("E\u{200b}lla \u{202e}Khan\u{202c}"), ["ella", "khan"]);
    assert_eq!(words("Zoe\u{308}"), ["zoe"]);
}

#[test]
fn places_and_gaps_are_kept() {
    let text = "Hi @ella_khan. E. Khan said";
    let read = Text::read(text);
    let ella = read.words[1];
    assert_eq!(text.get(ella.start..ella.end), Some("ella"));
    assert!(ella.is(like::TAG) && read.words[2].is(like::TAG));
    assert!(read.words[3].is(like::FIRST) && !read.words[4].is(like::FIRST));
    assert_eq!(read.words[4].gap, gap::DOT | gap::SPACE);
    assert_eq!(read.sentence(4), 3..6);
}

#[test]
fn capitals_say_nothing_where_all_letters_are() {
    assert_eq!(Text::read("WELL DONE ELLA").casing, Casing::Capital);
    assert_eq!(Text::read("well done ella").casing, Casing::Small);
    assert_eq!(Text::read("Well done Ella").casing, Casing::Mixed);
}
