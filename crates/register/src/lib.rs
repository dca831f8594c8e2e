//! Registers as data: what a case of each kind holds, how it lives, who may do what, and how long it is kept.
//!
//! A register is one file. [`Register::load`] reads it and refuses, with line and column, whatever cannot work: a
//! state that nobody can leave or reach, an unknown role or clause. [`Catalogue`] loads them together and checks
//! what one says of another. [`life`] says which steps are open to whom and what a step does. Nothing here does I/O:
//! the program keeps the cases and carries the effects out.

mod catalogue;
mod check;
mod definition;
pub mod life;
mod load;
pub mod settings;
pub mod value;

pub use catalogue::Catalogue;
pub use definition::{
    Advice, Amount, Beside, Carried, ChoiceValue, ClauseRef, Condition, Deadline, Disposal, Door,
    Due, Effect, Field, FieldKind, Given, Keep, Need, ParticularRetention, Party, Register,
    Retention, RetentionStart, Sensitivity, Setting, SettingKind, SettingValue, Sight, Span, Start,
    State, Step, Subject,
};
pub use load::{Names, PolicyClauses};
