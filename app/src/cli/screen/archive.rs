//! Old posts from a file, one by one: CSV, JSON lines, or one JSON list, as platforms give people their own posts.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use screen::Draft;
use serde_json::Value as Json;

/// What the text of a post is called, by those who export posts.
const TEXT: &[&str] = &[
    "text",
    "full_text",
    "content",
    "message",
    "body",
    "caption",
    "post",
    "tweet",
    "title",
];
const ALT: &[&str] = &["alt", "alt_text", "description"];
const LINK: &[&str] = &["link", "url"];
const ID: &[&str] = &["id", "id_str", "uri"];
/// What a post is wrapped in.
const WRAPPED: &[&str] = &["tweet", "data", "object"];

/// One post of an archive.
#[derive(Debug, Default)]
pub(super) struct Post {
    id: Option<String>,
    text: String,
    alt: Option<String>,
    link: Option<String>,
}

type Posts = Box<dyn Iterator<Item = Result<Post, String>>>;

impl Post {
    /// As it was posted, on an account like that of another draft.
    pub(super) fn draft(&self, like: &Draft) -> Draft {
        Draft {
            text: self.text.clone(),
            alts: self.alt.iter().cloned().collect(),
            links: self.link.iter().cloned().collect(),
            ..like.clone()
        }
    }

    /// Its own name, or its number.
    pub(super) fn id(&self, number: usize) -> String {
        self.id.clone().unwrap_or_else(|| number.to_string())
    }
}

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
            alt: cell(alt),
            link: cell(link),
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

/// A list, alone or after an assignment, as one platform's export has it.
fn list(mut file: impl Read) -> Result<Posts, String> {
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(|e| e.to_string())?;
    let start = text.find('[').ok_or("no JSON list stands in it")?;
    let list = text
        .get(start..)
        .unwrap_or_default()
        .trim_end()
        .trim_end_matches(';');
    let posts: Vec<Json> = serde_json::from_str(list).map_err(|e| format!("no JSON list: {e}"))?;
    let posts = posts.into_iter().map(|post| read(&post));
    Ok(Box::new(posts))
}

fn read(post: &Json) -> Result<Post, String> {
    if let Some(text) = post.as_str() {
        return Ok(Post {
            text: text.to_owned(),
            ..Post::default()
        });
    }
    let inner = WRAPPED.iter().find_map(|name| {
        let inner = post.get(*name)?;
        let first = inner.get(0).unwrap_or(inner);
        first.is_object().then_some(first)
    });
    let find = |names: &[&str]| {
        let places = [Some(post), inner].into_iter().flatten();
        let mut found = places.flat_map(|place| names.iter().filter_map(|name| place.get(*name)));
        found.find_map(|value| match value {
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        })
    };
    Ok(Post {
        id: find(ID),
        text: find(TEXT).ok_or("nothing says what the post says: call it 'text'")?,
        alt: find(ALT),
        link: find(LINK),
    })
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
    fn a_table_without_a_text_says_what_to_call_it() {
        let Err(why) = table(Cursor::new("a,b\n1,2\n")) else {
            panic!("a text was found");
        };
        assert!(why.contains("call it 'text'"), "{why}");
    }
}
