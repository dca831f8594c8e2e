//! The code that shows on the console of a server that is not set up yet: whoever can read it is
//! the one who started the server.

use std::fmt;
use std::sync::Arc;

use data_encoding::BASE32_NOPAD;
use sha2::{Digest as _, Sha256};

use crate::randomness::{NoRandomness, Randomness};

/// The code of one run of the server.
#[derive(Clone)]
pub(crate) struct SetupCode(Arc<str>);

impl SetupCode {
    /// A new one: sixteen letters and digits, 80 bits.
    pub(crate) fn new(randomness: &Randomness) -> Result<Self, NoRandomness> {
        let code = BASE32_NOPAD.encode(&randomness.bytes::<10>()?);
        Ok(Self(code.into()))
    }

    /// The code in groups of four, as it is printed.
    pub(crate) fn printed(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        let groups = letters.chunks(4).map(|group| group.iter().collect());
        groups.collect::<Vec<String>>().join("-")
    }

    /// Whether somebody has typed it, however they wrote hyphens, spaces and capitals. Hashes are
    /// compared, so that the time taken tells nothing of the code.
    pub(crate) fn is(&self, typed: &str) -> bool {
        let typed: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
        let hash = |text: &str| Sha256::digest(text.as_bytes());
        hash(&typed.to_ascii_uppercase()) == hash(&self.0)
    }
}

impl fmt::Debug for SetupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SetupCode")
    }
}

#[cfg(test)]
mod tests {
    use super::SetupCode;
    use crate::randomness::Randomness;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = SetupCode::new(&Randomness::repeatable(1)).unwrap();
        let printed = code.printed();
        assert_eq!(printed.len(), 19);
        assert!(code.is(&printed));
        assert!(code.is(&printed.to_lowercase().replace('-', " ")));
        assert!(!code.is(""));
        assert!(!code.is(printed.get(1..).unwrap()));
        assert!(!format!("{code:?}").contains(&printed));
    }
}
