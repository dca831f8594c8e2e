//! Signing in through the whole site, on both engines.

mod desk;
mod factors;
mod links;
mod passwords;
mod providers;
mod sessions;
mod site;
