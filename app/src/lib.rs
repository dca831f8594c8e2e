//! Probity's application: the web server and the command line over the policy engine.

mod administration;
mod api;
mod ask;
pub mod attachments;
pub mod authority;
pub mod backup;
pub mod cli;
pub mod clock;
mod compare;
mod demonstration;
pub mod jobs;
pub mod keys;
pub mod ledger;
pub mod people;
mod platforms;
pub mod policies;
pub mod protection;
pub mod pupils;
pub mod randomness;
pub mod schools;
pub mod settings;
mod setup;
pub mod sign_in;
pub mod store;
pub mod tokens;
pub mod web;
