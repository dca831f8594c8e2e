//! Social media policies as data: decide, ask, explain, compare, check and import them. No I/O.
