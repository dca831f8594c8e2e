//! Signing in through the whole site, on both engines.

mod again;
mod claims;
mod desk;
mod factors;
mod links;
mod local;
mod passwords;
mod providers;
mod refusals;
mod sessions;
mod site;
