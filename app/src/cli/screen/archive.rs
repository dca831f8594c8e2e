//! Old posts from a file, one by one: CSV, JSON lines, or one JSON list, as platforms give people their own posts.

mod post;
mod words;

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde_json::Value as Json;

pub(super) use post::Post;
use post::{ALT, ID, LINK, TEXT, read};

type Posts = Box<dyn Iterator<Item = Result<Post, String>>>;

/// The posts of a file, whose ending says how it is read.
pub(super) fn open(path: &Path) -> Result<Posts, String> {
    let shown = path.display();
    let file = File::open(path).map_err(|e| format!("cannot read {shown}: {e}"))?;
    let file = BufReader::new(file);
    let ending = path
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "csv" => table(file).map_err(|why| format!("{shown}: {why}")),
        "jsonl" | "ndjson" => Ok(lines(file)),
        "json" | "js" => list(file).map_err(|why| format!("{shown}: {why}")),
        _ => Err(format!(
            "{shown}: the ending says how a file is read; give .csv, .jsonl, .ndjson, .json or .js"
        )),
    }
}

fn table(file: impl Read + 'static) -> Result<Posts, String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let headers = reader.headers().map_err(|e| e.to_string())?;
    let headers: HashMap<String, usize> = headers
        .iter()
        .enumerate()
        .map(|(at, name)| (name.trim().to_lowercase(), at))
        .collect();
    let column = |names: &[&str]| names.iter().find_map(|name| headers.get(*name).copied());
    let text = column(TEXT).ok_or_else(|| {
        let names = TEXT.join(", ");
        format!("no column holds what posts say: call it 'text' (or one of {names})")
    })?;
    let (alt, link, id) = (column(ALT), column(LINK), column(ID));
    let posts = reader.into_records().map(move |record| {
        let record = record.map_err(|e| e.to_string())?;
        let cell = |at: Option<usize>| {
            let cell = at.and_then(|at| record.get(at));
            cell.filter(|cell| !cell.is_empty()).map(str::to_owned)
        };
        Ok(Post {
            id: cell(id),
            text: cell(Some(text)).unwrap_or_default(),
            alts: cell(alt).into_iter().collect(),
            links: cell(link).into_iter().collect(),
            audience: None,
        })
    });
    Ok(Box::new(posts))
}

fn lines(file: impl BufRead + 'static) -> Posts {
    let lines = file.lines().filter(|line| {
        let blank = line.as_ref().is_ok_and(|line| line.trim().is_empty());
        !blank
    });
    Box::new(lines.map(|line| {
        let line = line.map_err(|e| e.to_string())?;
        let post: Json = serde_json::from_str(&line).map_err(|e| format!("no JSON: {e}"))?;
        read(&post)
    }))
}

/// A list, alone, after an assignment or inside an object, as platforms' exports have it.
fn list(mut file: impl Read) -> Result<Posts, String> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8: save it as UTF-8")?;
    let start = text.find(['[', '{']).ok_or("no JSON list stands in it")?;
    let json = text.get(start..).unwrap_or_default();
    let json = json.trim_end().trim_end_matches(';');
    let json: Json = serde_json::from_str(json).map_err(|e| format!("no JSON list: {e}"))?;
    drop(text);
    let posts = of(json).ok_or("no list of posts stands in it")?;
    Ok(Box::new(posts.into_iter().map(|post| read(&post))))
}

/// The list itself, or the longest in the object.
fn of(json: Json) -> Option<Vec<Json>> {
    match json {
        Json::Array(posts) => Some(posts),
        Json::Object(fields) => {
            let lists = fields.into_iter().filter_map(|(name, value)| match value {
                // What the words of the file mean, not its posts.
                Json::Array(list) if name != "@context" => Some(list),
                _ => None,
            });
            lists.max_by_key(Vec::len)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{Posts, lines, list, table};

    fn texts(posts: Posts) -> Vec<Result<String, String>> {
        posts.map(|post| post.map(|post| post.text)).collect()
    }

    #[test]
    fn posts_are_read_from_every_kind_of_file() {
        let csv = "Id,Text\n7,\"one, two\"\n8,three\n";
        let read = texts(table(Cursor::new(csv)).unwrap());
        assert_eq!(read, [Ok("one, two".to_owned()), Ok("three".to_owned())]);
        let json = "{\"message\": \"one\"}\n\n{\"full_text\": \"two\", \"id\": 3}\nno\n";
        let read = texts(lines(Cursor::new(json)));
        assert_eq!(read[..2], [Ok("one".to_owned()), Ok("two".to_owned())]);
        assert!(read[2].is_err() && read.len() == 3);
        let export = "window.part0 = [{\"tweet\": {\"full_text\": \"one\"}}, {\"data\": [{\"post\": \"two\"}]}];\n";
        let read = texts(list(Cursor::new(export)).unwrap());
        assert_eq!(read, [Ok("one".to_owned()), Ok("two".to_owned())]);
    }

    #[test]
    fn a_list_inside_an_object_is_found() {
        let outbox = "\u{feff}{\"@context\": [\"a\", \"b\", \"c\"], \"totalItems\": 1, \"orderedItems\": \
                      [{\"object\": {\"content\": \"<p>one</p>\"}}]}";
        let read = texts(list(Cursor::new(outbox)).unwrap());
        assert_eq!(read, [Ok("one".to_owned())]);
    }

    #[test]
    fn what_is_no_archive_says_why() {
        let deep = "[".repeat(100_000);
        let broken: [(&[u8], &str); 6] = [
            (b"", "no JSON list"),
            (b"hello", "no JSON list"),
            (b"{\"a\": 1}", "no list of posts"),
            (b"[{\"text\": \"one\"}", "no JSON list"),
            (b"[\"\xff\"]", "not UTF-8"),
            (deep.as_bytes(), "no JSON list"),
        ];
        for (bytes, told) in broken {
            let Err(why) = list(Cursor::new(bytes)) else {
                panic!("{told} was read");
            };
            assert!(why.contains(told), "{why}");
        }
    }

    #[test]
    fn a_table_without_a_text_says_what_to_call_it() {
        let Err(why) = table(Cursor::new("a,b\n1,2\n")) else {
            panic!("a text was found");
        };
        assert!(why.contains("call it 'text'"), "{why}");
    }
}
