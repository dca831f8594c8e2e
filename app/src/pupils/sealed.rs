//! Sealing and opening the columns that are sensitive.

use super::PupilsError;
use crate::protection::{RecordKey, Sealed, WrappedKey, place};
use crate::store::{Row, Store, StoreError, TrustId, Tx};

/// What is sealed of one record.
pub(super) struct Place<'a> {
    /// The table, which is the kind of record.
    pub(super) table: &'static str,
    pub(super) id: &'a str,
}

impl Place<'_> {
    pub(super) fn record(&self) -> String {
        format!("{}/{}", self.table, self.id)
    }

    fn column(&self, trust: &TrustId, column: &str) -> String {
        place(self.table, column, trust.as_str(), self.id)
    }

    /// Seals texts for columns of the record; what is not there is not sealed.
    pub(super) async fn seal<const N: usize>(
        &self,
        tx: &mut Tx,
        texts: [(&str, Option<String>); N],
    ) -> Result<[Option<Vec<u8>>; N], PupilsError> {
        let trust = tx.trust().cloned().ok_or(StoreError::Unrecorded)?;
        let key = tx.record_key(&self.record()).await?;
        let mut sealed = [const { None }; N];
        for ((column, text), sealed) in texts.into_iter().zip(&mut sealed) {
            if let Some(text) = text {
                let at = self.column(&trust, column);
                let bytes = key.seal_text(&at, &text, tx.store().randomness())?;
                *sealed = Some(bytes.0);
            }
        }
        Ok(sealed)
    }
}

/// The key of a row, from its column `wrapped`.
pub(super) fn key_of(
    store: &Store,
    trust: &TrustId,
    at: &Place<'_>,
    row: &Row,
) -> Result<Option<RecordKey>, PupilsError> {
    let Some(wrapped) = row.get::<Option<Vec<u8>>>("wrapped")? else {
        return Ok(None);
    };
    let place = place("record_key", "wrapped", trust.as_str(), &at.record());
    let wrapped = WrappedKey::from_bytes(wrapped, &place)?;
    Ok(Some(store.keyring().unwrap(&wrapped, &place)?))
}

/// A sealed column of a row, opened.
pub(super) fn opened(
    trust: &TrustId,
    at: &Place<'_>,
    key: Option<&RecordKey>,
    (row, column): (&Row, &str),
) -> Result<Option<String>, PupilsError> {
    let (Some(key), Some(sealed)) = (key, row.get::<Option<Vec<u8>>>(column)?) else {
        return Ok(None);
    };
    let text = key.open_text(&at.column(trust, column), &Sealed(sealed))?;
    Ok(Some(text.to_string()))
}
