//! Passwords: judged before they are taken, kept as Argon2id, and hashed a few at a time.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

use crate::randomness::Randomness;
use crate::web::problem::{Kind, Problem};

/// How long a password must be where the trust says nothing.
pub(super) const SHORTEST: usize = 12;
/// The longest that is read.
pub(super) const LONGEST: usize = 128;

/// How many passwords are hashed at a time: each takes 19 MiB and a core.
static TURNS: Semaphore = Semaphore::const_new(2);
/// How many wait for their turn.
static WAITING: AtomicUsize = AtomicUsize::new(0);
/// How many may wait; whoever comes after them is asked to come back.
const MAY_WAIT: usize = 40;

/// Runs slow work off the request threads, when its turn comes.
async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    struct Place;
    impl Drop for Place {
        fn drop(&mut self) {
            WAITING.fetch_sub(1, Ordering::SeqCst);
        }
    }
    let before = WAITING.fetch_add(1, Ordering::SeqCst);
    let place = Place;
    if before >= MAY_WAIT {
        return Err(Problem::new(Kind::TooManyRequests)
            .detail("Many people are signing in at this moment.")
            .retry_after(Duration::from_secs(5)));
    }
    let turn = TURNS.acquire().await;
    let turn = turn.map_err(|error| Problem::internal(&error))?;
    drop(place);
    let done = spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    done.await.map_err(|error| Problem::internal(&error))
}

/// Why a password is not taken, in words for whoever chose it.
pub(super) fn refusal(
    password: &str,
    again: &str,
    about: &[&str],
    shortest: usize,
) -> Option<String> {
    let length = password.chars().count();
    if length == 0 {
        return Some("Enter a new password".to_owned());
    }
    if length < shortest {
        return Some(format!(
            "Your password must have {shortest} characters or more"
        ));
    }
    if length > LONGEST {
        return Some(format!(
            "Your password must have {LONGEST} characters or fewer"
        ));
    }
    if password != again {
        return Some("The two passwords are not the same".to_owned());
    }
    let mut about: Vec<&str> = about
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() > 2)
        .collect();
    about.push("probity");
    (zxcvbn(password, &about).score() < Score::Three).then(|| {
        "That password is easy to guess. Use three or more words that do not belong together, \
         and nothing about yourself or your school"
            .to_owned()
    })
}

/// Judges a new password and hashes it; or says why it is not taken.
pub(super) async fn take(
    password: Zeroizing<String>,
    again: Zeroizing<String>,
    about: Vec<String>,
    shortest: usize,
    randomness: &Randomness,
) -> Result<Result<String, String>, Problem> {
    let salt: [u8; 16] = randomness
        .bytes()
        .map_err(|error| Problem::internal(&error))?;
    let taken = in_turn(move || {
        let about: Vec<&str> = about.iter().map(String::as_str).collect();
        match refusal(&password, &again, &about, shortest) {
            Some(refusal) => Ok(Err(refusal)),
            None => hash(password.as_bytes(), &salt).map(Ok),
        }
    });
    taken.await?.map_err(|error| Problem::internal(&error))
}

/// Hashes a code that the school issues.
pub(super) async fn hash_code(code: String, randomness: &Randomness) -> Result<String, Problem> {
    let salt: [u8; 16] = randomness
        .bytes()
        .map_err(|error| Problem::internal(&error))?;
    let hashed = in_turn(move || hash(code.as_bytes(), &salt)).await?;
    hashed.map_err(|error| Problem::internal(&error))
}

/// Whether it is the password. Where there is none, that takes as long and says no.
pub(super) async fn is(password: Zeroizing<String>, hash: Option<String>) -> Result<bool, Problem> {
    in_turn(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| stand_in().to_owned());
        known & verify(password.as_bytes(), &hash)
    })
    .await
}

/// Argon2id with 19 MiB, two passes and one lane, as OWASP advises: the crate's own default.
fn hash(password: &[u8], salt: &[u8]) -> Result<String, Error> {
    let hash: PasswordHash = Argon2::default().hash_password_with_salt(password, salt)?;
    Ok(hash.to_string())
}

/// The comparison takes the same time wherever the difference lies.
fn verify(password: &[u8], hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password, &hash).is_ok())
}

/// What is compared with where somebody has no password.
fn stand_in() -> &'static str {
    static STAND_IN: OnceLock<String> = OnceLock::new();
    STAND_IN.get_or_init(|| hash(b"nobody has this password", &[0; 16]).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_kept_as_owasp_advises() {
        let kept = hash(b"correct horse", &[7; 16]).unwrap();
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        assert!(verify(b"correct horse", &kept));
        assert!(!verify(b"correct horsf", &kept));
        assert!(!verify(b"correct horse", "nonsense"));
        assert!(stand_in().starts_with("$argon2id$"));
    }

    #[test]
    fn weak_passwords_are_refused_with_a_reason() {
        let about = ["Katherine Adeyemi", "k.adeyemi@ash.example", "Ash Primary"];
        let judged = |password: &str| refusal(password, password, &about, SHORTEST);
        assert!(judged("").unwrap().contains("Enter"));
        assert!(judged("short7x").unwrap().contains("12 characters"));
        assert!(judged(&"long".repeat(40)).unwrap().contains("fewer"));
        for weak in [
            "password1234",
            "aaaaaaaaaaaa",
            "qwertyuiop12",
            "katherineadeyemi",
        ] {
            assert!(judged(weak).unwrap_or_default().contains("guess"), "{weak}");
        }
        assert_eq!(judged("marmalade tractor oboe"), None);
        let differing = refusal("marmalade tractor oboe", "marmalade", &about, SHORTEST);
        assert!(differing.unwrap().contains("not the same"));
    }
}
