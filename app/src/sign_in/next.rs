//! Where to go after signing in: only ever to a page of this site.

/// Where people land who wanted no page in particular.
const HOME: &str = "/home";

/// The page that was asked for, where it is a path of this site; otherwise the person's own page.
pub(super) fn own_path(asked: Option<&str>) -> &str {
    asked.filter(|path| is_own(path)).unwrap_or(HOME)
}

/// A browser takes `//host` and `/\host` for other sites, and drops tabs and line ends before it
/// looks.
fn is_own(path: &str) -> bool {
    let mut letters = path.chars();
    letters.next() == Some('/')
        && !matches!(letters.next(), Some('/' | '\\'))
        && !path.contains(|c: char| c.is_control() || c == '\\')
        && path.len() <= 2000
        && path.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for own in ["/", "/people?school=ash", "/policies/yes#c1"] {
            assert_eq!(own_path(Some(own)), own);
        }
        for other in [
            "",
            "people",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "/\t/elsewhere.example",
            "/\n//elsewhere.example",
            "https://elsewhere.example",
            "javascript:alert(1)",
            "/a\\b",
            "/\u{e9}",
        ] {
            assert_eq!(own_path(Some(other)), "/home", "{other:?}");
        }
        assert_eq!(own_path(None), "/home");
    }
}
