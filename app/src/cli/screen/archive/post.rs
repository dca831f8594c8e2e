//! One post, as those who export posts write it: X (`tweets.js`), Facebook and Instagram, Mastodon (`outbox.json`), Bluesky's
//! records, and any list with a text.

use screen::{Audience, Draft};
use serde_json::Value as Json;

use super::words::{letters, plain};

/// What the text of a post is called.
pub(super) const TEXT: &[&str] = &[
    "text",
    "full_text",
    "content",
    "message",
    "body",
    "caption",
    "post",
    "comment",
    "tweet",
    "title",
];
pub(super) const ALT: &[&str] = &["alt", "alt_text", "description"];
pub(super) const LINK: &[&str] = &["link", "url"];
pub(super) const ID: &[&str] = &["id", "id_str", "uri"];
/// What a post is wrapped in.
const WRAPPED: &[&str] = &[
    "tweet", "data", "object", "media", "value", "record", "comment",
];
/// Posts may be wrapped this often.
const DEEPEST: usize = 3;
/// Everybody, as Mastodon and others name them (ActivityPub).
const EVERYBODY: &str = "https://www.w3.org/ns/activitystreams#Public";

/// One post of an archive.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::cli::screen) struct Post {
    pub(super) id: Option<String>,
    pub(super) text: String,
    pub(super) alts: Vec<String>,
    pub(super) links: Vec<String>,
    /// Who saw it, where the archive tells.
    pub(super) audience: Option<Audience>,
}

impl Post {
    /// As it was posted, on an account like that of another draft.
    pub(in crate::cli::screen) fn draft(&self, like: &Draft) -> Draft {
        Draft {
            text: self.text.clone(),
            alts: self.alts.clone(),
            links: self.links.clone(),
            audience: self.audience.unwrap_or(like.audience),
            ..like.clone()
        }
    }

    /// Its own name, or its number.
    pub(in crate::cli::screen) fn id(&self, number: usize) -> String {
        self.id.clone().unwrap_or_else(|| number.to_string())
    }
}

/// A post of a list.
pub(super) fn read(post: &Json) -> Result<Post, String> {
    if let Some(text) = post.as_str() {
        return Ok(Post {
            text: text.to_owned(),
            ..Post::default()
        });
    }
    let layers = layers(post);
    let words = |name: &&str| layers.iter().find_map(|layer| layer.get(*name)?.as_str());
    // Somebody else's post, shared on: its address is all that is known of it.
    let shared = post.get("type").and_then(Json::as_str) == Some("Announce");
    if let Some(address) = post.get("object").and_then(Json::as_str).filter(|_| shared) {
        return Ok(Post {
            id: id(&layers),
            links: vec![address.to_owned()],
            ..Post::default()
        });
    }
    let mut alts = Vec::new();
    let mut links = Vec::new();
    for layer in &layers {
        pictures(layer, &mut alts);
        addresses(layer, &mut links);
    }
    let text = TEXT.iter().find_map(words);
    if text.is_none() && alts.is_empty() && links.is_empty() {
        return Err("nothing says what the post says: call it 'text'".to_owned());
    }
    Ok(Post {
        id: id(&layers),
        text: plain(&letters(text.unwrap_or_default())),
        alts,
        links,
        audience: layers.iter().find_map(|layer| audience(layer)),
    })
}

/// A post and what it is wrapped in, from without; the first where there are several.
fn layers(post: &Json) -> Vec<&Json> {
    let mut layers = vec![post];
    let mut at = post;
    while layers.len() <= DEEPEST {
        let inner = WRAPPED.iter().find_map(|name| {
            let inner = at.get(*name)?;
            let inner = match inner.as_array() {
                // The data of a post holds its words in one of several.
                Some(list) => list.iter().find(|one| has_words(one)).or(list.first())?,
                None => inner,
            };
            inner.is_object().then_some(inner)
        });
        let Some(inner) = inner else { break };
        layers.push(inner);
        at = inner;
    }
    layers
}

fn has_words(json: &Json) -> bool {
    TEXT.iter()
        .any(|name| json.get(*name).is_some_and(Json::is_string))
}

fn id(layers: &[&Json]) -> Option<String> {
    let mut found = layers
        .iter()
        .flat_map(|layer| ID.iter().filter_map(|name| layer.get(*name)));
    found.find_map(|value| match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// The description of each picture; empty where there is none.
fn pictures(layer: &Json, to: &mut Vec<String>) {
    let described = |picture: &Json, names: &[&str]| {
        let words = names.iter().find_map(|name| picture.get(*name)?.as_str());
        letters(words.unwrap_or_default())
    };
    let list = |json: Option<&Json>| json.and_then(Json::as_array).cloned().unwrap_or_default();
    // X; extended entities hold those of the plain ones and more.
    let x = layer
        .get("extended_entities")
        .or_else(|| layer.get("entities"));
    for picture in list(x.and_then(|x| x.get("media"))) {
        to.push(described(&picture, &["ext_alt_text", "alt_text"]));
    }
    // Mastodon.
    for picture in list(layer.get("attachment")) {
        to.push(described(&picture, &["name", "summary"]));
    }
    // Facebook.
    for attachment in list(layer.get("attachments")) {
        for part in list(attachment.get("data")) {
            if let Some(picture) = part.get("media") {
                to.push(described(picture, &["description", "title"]));
            }
        }
    }
    // Bluesky.
    for picture in list(layer.get("embed").and_then(|embed| embed.get("images"))) {
        to.push(described(&picture, &["alt"]));
    }
    let alt = ALT.iter().find_map(|name| layer.get(*name)?.as_str());
    to.extend(alt.map(letters));
}

fn addresses(layer: &Json, to: &mut Vec<String>) {
    let list = |json: Option<&Json>| json.and_then(Json::as_array).cloned().unwrap_or_default();
    for link in list(
        layer
            .get("entities")
            .and_then(|entities| entities.get("urls")),
    ) {
        let address = link.get("expanded_url").and_then(Json::as_str);
        to.extend(address.map(str::to_owned));
    }
    for attachment in list(layer.get("attachments")) {
        for part in list(attachment.get("data")) {
            let address = part
                .get("external_context")
                .and_then(|link| link.get("url"));
            to.extend(address.and_then(Json::as_str).map(str::to_owned));
        }
    }
    let external = layer.get("embed").and_then(|embed| embed.get("external"));
    let external = external.and_then(|external| external.get("uri"));
    to.extend(external.and_then(Json::as_str).map(str::to_owned));
    // The address of a post itself is not one that it holds.
    let post = layer.get("attachment").is_some() || layer.get("attributedTo").is_some();
    let link = LINK.iter().find_map(|name| layer.get(*name)?.as_str());
    to.extend(link.filter(|_| !post).map(str::to_owned));
}

/// Who saw it, where the post names its readers as ActivityPub does.
fn audience(layer: &Json) -> Option<Audience> {
    let names = |key: &str| {
        let list = layer.get(key).and_then(Json::as_array);
        list.into_iter().flatten().filter_map(Json::as_str)
    };
    layer.get("to").and_then(Json::as_array)?;
    let mut all = names("to").chain(names("cc"));
    if all.any(|name| name == EVERYBODY) {
        return Some(Audience::Public);
    }
    let followers = names("to")
        .chain(names("cc"))
        .any(|name| name.ends_with("/followers"));
    Some(if followers {
        Audience::Followers
    } else {
        Audience::Direct
    })
}

#[cfg(test)]
mod tests {
    use screen::Audience;
    use serde_json::json;

    use super::{Post, read};

    #[test]
    fn a_post_of_x_has_its_signs_pictures_and_whole_addresses() {
        let tweet = json!({"tweet": {
            "id_str": "17", "full_text": "Ella &amp; Sam https://t.co/a",
            "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://a.example/b"}], "media": [{}]},
            "extended_entities": {"media": [{}, {}]},
        }});
        let post = Post {
            id: Some("17".to_owned()),
            text: "Ella & Sam https://t.co/a".to_owned(),
            alts: vec![String::new(); 2],
            links: vec!["https://a.example/b".to_owned()],
            audience: None,
        };
        assert_eq!(read(&tweet), Ok(post));
    }

    #[test]
    fn a_post_of_facebook_is_its_words_and_not_its_title() {
        let post = json!({
            "timestamp": 1, "title": "Jo updated her status.",
            "attachments": [{"data": [
                {"media": {"uri": "a.jpg", "description": "Zo\u{c3}\u{ab} with a cup"}},
                {"external_context": {"url": "https://a.example"}},
            ]}],
            "data": [{"update_timestamp": 1}, {"post": "Caf\u{c3}\u{a9} day"}],
        });
        let post = read(&post).unwrap();
        assert_eq!(post.text, "Café day");
        assert_eq!(post.alts, ["Zoë with a cup"]);
        assert_eq!(post.links, ["https://a.example"]);
    }

    #[test]
    fn a_caption_of_instagram_stands_with_its_picture() {
        let post =
            json!({"media": [{"uri": "a.jpg", "creation_timestamp": 1, "title": "Sports day"}]});
        assert_eq!(read(&post).unwrap().text, "Sports day");
    }

    #[test]
    fn a_post_of_mastodon_has_words_descriptions_and_readers() {
        let note = |to: &[&str], cc: &[&str]| {
            json!({"id": "https://m.example/1", "type": "Create", "to": to, "cc": cc, "object": {
                "type": "Note", "url": "https://m.example/@jo/1", "attributedTo": "https://m.example/jo",
                "content": "<p>Hi <b>all</b></p><p>two</p>",
                "attachment": [{"type": "Document", "url": "a.png", "name": "A heron"}],
            }})
        };
        let public = "https://www.w3.org/ns/activitystreams#Public";
        let post = read(&note(&["https://m.example/jo/followers"], &[public])).unwrap();
        assert_eq!(post.text, "Hi all\ntwo");
        assert_eq!(post.alts, ["A heron"]);
        assert_eq!(post.links, [] as [&str; 0]);
        assert_eq!(post.audience, Some(Audience::Public));
        let post = read(&note(&["https://m.example/ella"], &[])).unwrap();
        assert_eq!(post.audience, Some(Audience::Direct));
        let shared = json!({"type": "Announce", "to": [public], "object": "https://o.example/9"});
        assert_eq!(read(&shared).unwrap().links, ["https://o.example/9"]);
    }

    #[test]
    fn what_says_nothing_is_refused() {
        for post in [
            json!({}),
            json!([]),
            json!(3),
            json!({"data": [{}]}),
            json!({"media": []}),
        ] {
            assert!(
                read(&post).unwrap_err().contains("call it 'text'"),
                "{post}"
            );
        }
    }
}
