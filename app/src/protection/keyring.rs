//! The master keys at hand, and the record keys that they wrap.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

use super::ProtectionError;
use super::cipher::{self, KEY, OVERHEAD, Use};
use super::master_key::{KeyId, MasterKey};
use super::sealing::RecordKey;
use super::source::{MasterKeySource, SourceError};
use crate::randomness::Randomness;

/// The master keys at hand: the current one wraps, older ones still unwrap. Cheap to clone; clones share the keys.
#[derive(Clone)]
pub struct Keyring(Arc<RwLock<Keys>>);

struct Keys {
    current: MasterKey,
    older: Vec<MasterKey>,
    source: Option<MasterKeySource>,
    /// Keys that were looked for in the source and not found.
    missing: HashSet<KeyId>,
}

impl Keys {
    fn all(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.current).chain(&self.older)
    }
}

/// A record's key as it stands in the store: the name of the master key (8 bytes), then the key sealed by it.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey {
    master: KeyId,
    bytes: Vec<u8>,
}

impl Keyring {
    /// A keyring of these keys.
    #[must_use]
    pub fn new(current: MasterKey, older: Vec<MasterKey>) -> Self {
        Self::with(current, older, None)
    }

    /// Reads the keys of a source; the first is the current one. When a record names a key that is not among them, the
    /// source is read again: a key may have been added while the program runs.
    pub fn load(source: &MasterKeySource) -> Result<Self, SourceError> {
        let (current, older) = source.read()?;
        Ok(Self::with(current, older, Some(source.clone())))
    }

    fn with(current: MasterKey, older: Vec<MasterKey>, source: Option<MasterKeySource>) -> Self {
        Self(Arc::new(RwLock::new(Keys {
            current,
            older,
            source,
            missing: HashSet::new(),
        })))
    }

    /// Reads the source again, as after a new key was put into it. If it cannot be read, the keys stay as they were.
    pub fn reload(&self) -> Result<(), SourceError> {
        let Some(source) = self.read(|keys| keys.source.clone()) else {
            return Ok(());
        };
        let (current, older) = source.read()?;
        self.write(|keys| {
            keys.current = current;
            keys.older = older;
            keys.missing.clear();
        });
        Ok(())
    }

    /// Where the keys come from.
    #[must_use]
    pub fn source(&self) -> Option<MasterKeySource> {
        self.read(|keys| keys.source.clone())
    }

    /// Takes up a new current key; the one before it still reads.
    pub fn add(&self, current: MasterKey) {
        self.write(|keys| {
            let before = std::mem::replace(&mut keys.current, current);
            keys.older.insert(0, before);
        });
    }

    /// The key that wraps.
    #[must_use]
    pub fn current(&self) -> KeyId {
        self.read(|keys| keys.current.id())
    }

    /// All keys, the current one first.
    #[must_use]
    pub fn ids(&self) -> Vec<KeyId> {
        self.read(|keys| keys.all().map(MasterKey::id).collect())
    }

    /// A new key for a record, and what to keep of it in the store at `place`.
    pub fn new_record_key(
        &self,
        place: &str,
        randomness: &Randomness,
    ) -> Result<(RecordKey, WrappedKey), ProtectionError> {
        let key = RecordKey::generate(randomness)?;
        let wrapped = self.wrap((Use::RecordKey, place), key.bytes(), randomness)?;
        Ok((key, wrapped))
    }

    /// The record's key, unwrapped by the master key that the bytes name.
    pub fn unwrap(&self, wrapped: &WrappedKey, place: &str) -> Result<RecordKey, ProtectionError> {
        let plain = self.unwrapped((Use::RecordKey, place), wrapped)?;
        RecordKey::from_slice(&plain).ok_or_else(|| ProtectionError::Altered {
            place: place.to_owned(),
        })
    }

    /// The bytes of a key of some use.
    pub(super) fn unwrapped(
        &self,
        at: (Use, &str),
        wrapped: &WrappedKey,
    ) -> Result<Zeroizing<Vec<u8>>, ProtectionError> {
        match self.try_unwrap(wrapped, at) {
            Err(ProtectionError::UnknownMasterKey { id, .. }) if self.look_again(id) => {
                self.try_unwrap(wrapped, at)
            }
            tried => tried,
        }
    }

    fn try_unwrap(
        &self,
        wrapped: &WrappedKey,
        at: (Use, &str),
    ) -> Result<Zeroizing<Vec<u8>>, ProtectionError> {
        self.read(|keys| {
            let master = keys.all().find(|key| key.id() == wrapped.master);
            let master = master.ok_or_else(|| ProtectionError::UnknownMasterKey {
                id: wrapped.master,
                known: listed(keys.all().map(MasterKey::id)),
            })?;
            cipher::open(master.bytes(), at, wrapped.sealed())
        })
    }

    /// Looks for a key in the source, once: a lost key must not make every request read the source.
    fn look_again(&self, id: KeyId) -> bool {
        if self.read(|keys| keys.source.is_none() || keys.missing.contains(&id)) {
            return false;
        }
        let found = self.reload().is_ok() && self.ids().contains(&id);
        if !found {
            self.write(|keys| keys.missing.insert(id));
        }
        found
    }

    /// The same record key, wrapped by the current master key.
    pub fn rewrap(
        &self,
        wrapped: &WrappedKey,
        place: &str,
        randomness: &Randomness,
    ) -> Result<WrappedKey, ProtectionError> {
        let key = self.unwrap(wrapped, place)?;
        self.wrap((Use::RecordKey, place), key.bytes(), randomness)
    }

    /// A key of some use, wrapped by the current master key.
    pub(super) fn wrap(
        &self,
        at: (Use, &str),
        key: &[u8; KEY],
        randomness: &Randomness,
    ) -> Result<WrappedKey, ProtectionError> {
        self.read(|keys| {
            let master = keys.current.id();
            let mut bytes = master.0.to_vec();
            cipher::seal_onto(&mut bytes, keys.current.bytes(), at, key, randomness)?;
            Ok(WrappedKey { master, bytes })
        })
    }

    // A poisoned lock is taken all the same: the keys are replaced whole, so they are never half-written.
    fn read<T>(&self, with: impl FnOnce(&Keys) -> T) -> T {
        with(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, with: impl FnOnce(&mut Keys) -> T) -> T {
        with(&mut self.0.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl WrappedKey {
    /// The length of a wrapped key, in bytes.
    const LENGTH: usize = 8 + OVERHEAD + KEY;

    /// Takes the bytes as they stand in the store at `place`.
    pub fn from_bytes(bytes: Vec<u8>, place: &str) -> Result<Self, ProtectionError> {
        match bytes.first_chunk() {
            Some(id) if bytes.len() == Self::LENGTH => Ok(Self {
                master: KeyId(*id),
                bytes,
            }),
            _ => Err(ProtectionError::UnknownForm {
                place: place.to_owned(),
            }),
        }
    }

    /// The bytes to keep.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The master key that wrapped it.
    #[must_use]
    pub fn master_key(&self) -> KeyId {
        self.master
    }

    fn sealed(&self) -> &[u8] {
        self.bytes.get(8..).unwrap_or_default()
    }
}

fn listed(ids: impl Iterator<Item = KeyId>) -> String {
    let ids: Vec<_> = ids.map(|id| id.to_string()).collect();
    ids.join(", ")
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({})", listed(self.ids().into_iter()))
    }
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappedKey(by {})", self.master)
    }
}

#[cfg(test)]
mod tests;
