//! Signing in through the whole site, on both engines.

mod links;
mod sessions;
mod site;
