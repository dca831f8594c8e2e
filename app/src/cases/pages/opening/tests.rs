//! The pages of opening a case, driven as their readers drive them.
