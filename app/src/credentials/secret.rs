//! The secrets themselves. None of them can be cloned, printed, compared or written as data, and each is wiped from
//! memory when it is dropped: what does not compile cannot leak.

use zeroize::Zeroizing;

use crate::randomness::{NoRandomness, Randomness};

/// Between the name and the password of a log-in, as they are sealed. No form sends it.
const BETWEEN: char = '\u{1f}';
/// What a made password is of: letters and digits that nobody takes for one another, and signs that every platform takes.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_.!";
/// The length of a made password: about 140 bits.
const LENGTH: usize = 24;
/// The most characters of a name and of a password.
pub(super) const LONGEST: usize = 300;

/// What a person signs in to an official account with.
pub(super) struct LogIn {
    name: Zeroizing<String>,
    password: Zeroizing<String>,
}

/// What the program publishes on an official account with: given by the platform, and revocable there. It is no log-in,
/// and the only secret that a job can open.
pub struct PublishingToken(Zeroizing<String>);

/// Which part of a log-in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Part {
    Name,
    Password,
}

/// What was typed is no log-in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unfit {
    NoName,
    NoPassword,
    TooLong,
}

impl LogIn {
    /// A log-in as it was typed.
    pub(super) fn typed(name: &str, password: Zeroizing<String>) -> Result<Self, Unfit> {
        let name = Zeroizing::new(name.trim().to_owned());
        let fits = |text: &str| text.chars().count() <= LONGEST && !text.contains(char::is_control);
        if name.is_empty() {
            return Err(Unfit::NoName);
        }
        if password.is_empty() {
            return Err(Unfit::NoPassword);
        }
        match fits(&name) && fits(&password) {
            true => Ok(Self { name, password }),
            false => Err(Unfit::TooLong),
        }
    }

    /// The same name with a new password that nobody can guess.
    pub(super) fn renewed(&self, randomness: &Randomness) -> Result<Self, NoRandomness> {
        Ok(Self {
            name: self.name.clone(),
            password: password(randomness)?,
        })
    }

    /// The bytes to seal.
    pub(super) fn plain(&self) -> Zeroizing<Vec<u8>> {
        let mut plain = Zeroizing::new(Vec::with_capacity(
            self.name.len() + self.password.len() + 1,
        ));
        plain.extend_from_slice(self.name.as_bytes());
        plain.extend_from_slice(BETWEEN.to_string().as_bytes());
        plain.extend_from_slice(self.password.as_bytes());
        plain
    }

    /// What was sealed; nothing where it is no log-in.
    pub(super) fn of(plain: &[u8]) -> Option<Self> {
        let (name, password) = str::from_utf8(plain).ok()?.split_once(BETWEEN)?;
        Some(Self {
            name: Zeroizing::new(name.to_owned()),
            password: Zeroizing::new(password.to_owned()),
        })
    }

    /// One part of it, for the person's clipboard.
    pub(super) fn part(&self, part: Part) -> &Zeroizing<String> {
        match part {
            Part::Name => &self.name,
            Part::Password => &self.password,
        }
    }
}

impl PublishingToken {
    /// A token as it was typed.
    pub(super) fn typed(token: &str) -> Option<Self> {
        let token = token.trim();
        let fits = !token.is_empty() && token.len() <= 4_000 && !token.contains(char::is_control);
        fits.then(|| Self(Zeroizing::new(token.to_owned())))
    }

    /// What was sealed; nothing where it is no text.
    pub(super) fn of(plain: &[u8]) -> Option<Self> {
        let token = str::from_utf8(plain).ok()?;
        Some(Self(Zeroizing::new(token.to_owned())))
    }

    /// The bytes to seal.
    pub(super) fn plain(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The token, to be sent to its platform and nowhere else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A new password: drawn evenly, with a small and a capital letter, a digit and a sign, as platforms want.
fn password(randomness: &Randomness) -> Result<Zeroizing<String>, NoRandomness> {
    loop {
        let mut password = Zeroizing::new(String::with_capacity(LENGTH));
        while password.len() < LENGTH {
            let [byte] = *Zeroizing::new(randomness.bytes::<1>()?);
            // A byte beyond the last whole multiple would favour the first letters.
            if let Some(letter) = ALPHABET.get(usize::from(byte & 63)) {
                password.push(char::from(*letter));
            }
        }
        let has = |kind: fn(&char) -> bool| password.chars().any(|c| kind(&c));
        let all = has(char::is_ascii_lowercase)
            && has(char::is_ascii_uppercase)
            && has(char::is_ascii_digit)
            && has(char::is_ascii_punctuation);
        if all {
            return Ok(password);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Whether a type has a trait, decided by the compiler.
    macro_rules! has {
        ($type:ty: $($bound:tt)+) => {{
            #[allow(dead_code, reason = "only where the bound does not hold")]
            trait Hasnt { const HAS: bool = false; }
            impl<T: ?Sized> Hasnt for T {}
            struct Asked<T: ?Sized>(std::marker::PhantomData<T>);
            impl<T: ?Sized + $($bound)+> Asked<T> {
                #[allow(dead_code, reason = "only where the bound holds")]
                const HAS: bool = true;
            }
            <Asked<$type>>::HAS
        }};
    }

    #[test]
    fn no_secret_can_be_copied_printed_or_written() {
        assert!(
            has!(String: Clone) && has!(String: serde::Serialize),
            "the question works"
        );
        assert!(!has!(LogIn: Clone) && !has!(PublishingToken: Clone));
        assert!(!has!(LogIn: std::fmt::Debug) && !has!(PublishingToken: std::fmt::Debug));
        assert!(!has!(LogIn: std::fmt::Display) && !has!(PublishingToken: std::fmt::Display));
        assert!(!has!(LogIn: serde::Serialize) && !has!(PublishingToken: serde::Serialize));
    }

    #[test]
    fn a_log_in_is_sealed_and_read_back() {
        let typed = LogIn::typed(
            " office@ash.example ",
            Zeroizing::new(" p: w\u{e9} ".to_owned()),
        )
        .ok()
        .unwrap();
        let again = LogIn::of(&typed.plain()).unwrap();
        assert_eq!(again.part(Part::Name).as_str(), "office@ash.example");
        assert_eq!(
            again.part(Part::Password).as_str(),
            " p: w\u{e9} ",
            "a password is kept as it is"
        );
        for (name, password, why) in [
            ("", "x", Unfit::NoName),
            ("a", "", Unfit::NoPassword),
            ("a", "b\u{1f}c", Unfit::TooLong),
        ] {
            assert_eq!(
                LogIn::typed(name, Zeroizing::new(password.to_owned())).err(),
                Some(why)
            );
        }
    }

    #[test]
    fn made_passwords_are_long_varied_and_never_the_same() {
        let randomness = Randomness::repeatable(5);
        let made: BTreeSet<String> = (0..200)
            .map(|_| password(&randomness).unwrap().to_string())
            .collect();
        assert_eq!(made.len(), 200);
        for one in &made {
            assert_eq!(one.len(), LENGTH);
            assert!(one.bytes().all(|b| ALPHABET.contains(&b)));
        }
        let letters: BTreeSet<u8> = made.iter().flat_map(|one| one.bytes()).collect();
        assert_eq!(letters.len(), ALPHABET.len(), "all are drawn");
    }
}
