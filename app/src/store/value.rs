//! What goes into a statement and what comes out of a row, alike for both engines.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, Row as _};

use super::StoreError;

/// A value for a placeholder. The type is told even where there is no value, because PostgreSQL
/// asks for it.
#[derive(Clone, Debug)]
pub enum Value {
    /// Text, and everything that is stored as text: ids, dates.
    Text(Option<String>),
    /// A number, a moment in milliseconds, yes (1) or no (0).
    Integer(Option<i64>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

/// The values for `$2`, `$3` and so on; `$1` is always the trust, and is filled in by the store.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::Value::from($value)),*] };
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}
impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}
impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}
impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}
impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}
impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Integer(Some(i64::from(yes)))
    }
}
impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Some(bytes))
    }
}
impl From<Option<Vec<u8>>> for Value {
    fn from(bytes: Option<Vec<u8>>) -> Self {
        Self::Bytes(bytes)
    }
}
impl From<Timestamp> for Value {
    fn from(moment: Timestamp) -> Self {
        Self::Integer(Some(moment.as_millisecond()))
    }
}
impl From<Option<Timestamp>> for Value {
    fn from(moment: Option<Timestamp>) -> Self {
        Self::Integer(moment.map(Timestamp::as_millisecond))
    }
}
impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Text(Some(date.to_string()))
    }
}
impl From<Option<Date>> for Value {
    fn from(date: Option<Date>) -> Self {
        Self::Text(date.map(|date| date.to_string()))
    }
}

/// The values as an engine's own arguments.
macro_rules! arguments {
    ($engine:ident, $arguments:ty) => {
        pub(super) fn $engine(values: Vec<Value>) -> Result<$arguments, StoreError> {
            let mut arguments = <$arguments>::default();
            for value in values {
                match value {
                    Value::Text(value) => arguments.add(value),
                    Value::Integer(value) => arguments.add(value),
                    Value::Bytes(value) => arguments.add(value),
                }
                .map_err(sqlx::Error::Encode)?;
            }
            Ok(arguments)
        }
    };
}

arguments!(sqlite, SqliteArguments);
arguments!(postgres, PgArguments);

/// A row of a result.
#[derive(Debug)]
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

impl Row {
    /// The value of a column. An expression is best given a name and, where it is a number,
    /// `CAST(... AS BIGINT)`.
    pub fn get<T: Column>(&self, column: &str) -> Result<T, StoreError> {
        T::read(self, column)
    }

    pub(crate) fn text(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn integer(&self, column: &str) -> Result<Option<i64>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn bytes(&self, column: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn unreadable(column: &str) -> StoreError {
        StoreError::Unreadable {
            column: column.to_owned(),
        }
    }
}

/// A type that a column can be read as.
pub trait Column: Sized {
    /// Reads it, or says that the column holds something else.
    fn read(row: &Row, column: &str) -> Result<Self, StoreError>;
}

/// Makes a type readable from columns, by `text`, `integer` or `bytes` and a function to an
/// `Option`. Only its optional form may be empty.
macro_rules! column {
    ($type:ty, $reader:ident, $convert:expr) => {
        impl $crate::store::Column for Option<$type> {
            fn read(
                row: &$crate::store::Row,
                column: &str,
            ) -> Result<Self, $crate::store::StoreError> {
                let convert = $convert;
                match row.$reader(column)? {
                    None => Ok(None),
                    Some(value) => convert(value)
                        .map(Some)
                        .ok_or_else(|| $crate::store::Row::unreadable(column)),
                }
            }
        }
        impl $crate::store::Column for $type {
            fn read(
                row: &$crate::store::Row,
                column: &str,
            ) -> Result<Self, $crate::store::StoreError> {
                Option::<Self>::read(row, column)?
                    .ok_or_else(|| $crate::store::Row::unreadable(column))
            }
        }
    };
}

column!(String, text, Some);
column!(i64, integer, Some);
column!(u64, integer, |number: i64| u64::try_from(number).ok());
column!(bool, integer, |number: i64| Some(number != 0));
column!(Vec<u8>, bytes, Some);
column!(Date, text, |text: String| text.parse::<Date>().ok());
column!(Timestamp, integer, |number: i64| {
    Timestamp::from_millisecond(number).ok()
});
pub(crate) use column;
