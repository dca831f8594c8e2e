//! Probity's application: the web server and the command line over the policy engine.

pub mod cli;
pub mod policies;
pub mod web;
