//! The words of a post, as platforms write them into their exports.

/// Longer entities there are none.
const LONGEST_ENTITY: usize = 10;

/// The words of a piece of HTML, or of a text in which only signs were escaped.
pub(super) fn plain(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        words.push_str(before);
        rest = if from.starts_with('&') {
            entity(from, &mut words)
        } else {
            tag(from, &mut words)
        };
    }
    words.push_str(rest);
    words.trim().to_owned()
}

/// Leaves a tag out; the end of a paragraph or line is one.
fn tag<'t>(from: &'t str, words: &mut String) -> &'t str {
    let named = from.trim_start_matches(['<', '/']);
    let named = from.len() > named.len() && named.starts_with(|c: char| c.is_ascii_alphabetic());
    let Some((inside, after)) = from.split_once('>').filter(|_| named) else {
        // A sign that stands for itself.
        words.push('<');
        return from.get(1..).unwrap_or_default();
    };
    if inside.starts_with("<br") || inside.starts_with("</p") {
        words.push('\n');
    }
    after
}

fn entity<'t>(from: &'t str, words: &mut String) -> &'t str {
    let end = from.bytes().take(LONGEST_ENTITY).position(|b| b == b';');
    let name = end.and_then(|end| from.get(1..end));
    let sign = name.and_then(|name| match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        name => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)
        }
    });
    match (sign, end) {
        (Some(sign), Some(end)) => {
            words.push(sign);
            from.get(end + 1..).unwrap_or_default()
        }
        _ => {
            words.push('&');
            from.get(1..).unwrap_or_default()
        }
    }
}

/// Letters that were written byte by byte, as one company's exports have them: `Ã©` for `é`.
pub(super) fn letters(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    let whole = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    whole.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{letters, plain};

    #[test]
    fn tags_go_and_signs_come_back() {
        let html = "<p>Well done <a href=\"https://x.example\"><span>Ella</span></a> &amp; Sam</p><p>2 &lt; 3<br/>&#39;hi&#x27;</p>";
        assert_eq!(plain(html), "Well done Ella & Sam\n2 < 3\n'hi'");
        for text in [
            "1 < 2 & 3",
            "a <3 b",
            "<",
            "&",
            "&;",
            "&#xffffffff;",
            "R&D; <",
            "é&",
        ] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn letters_written_byte_by_byte_are_put_together() {
        assert_eq!(letters("Zo\u{c3}\u{ab} \u{e2}\u{80}\u{99}s"), "Zoë ’s");
        for text in ["plain", "Zoë", "Łukasz"] {
            assert_eq!(letters(text), text);
        }
    }
}
