//! Any text as a policy document: it becomes a tree whose lines are lines of the text, or is refused.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = policy::import::import(text);
});
