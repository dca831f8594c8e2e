//! Signing in through the whole site, on both engines.

mod desk;
mod factors;
mod links;
mod passwords;
mod sessions;
mod site;
