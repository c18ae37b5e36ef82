//! The API's document against a running server: the document is valid, its examples run, and whatever is sent, each role gets
//! documented answers only.
//!
//! `SLUICE_PYTHON` names a Python that has what `requirements.txt` says; `cargo xtask test` makes one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test that cannot go on has failed"
)]

mod calls;
mod demo;
mod page;
mod samples;
mod stage;
mod valid;

use std::ffi::OsString;

fn python() -> OsString {
    std::env::var_os("SLUICE_PYTHON").expect(
        "SLUICE_PYTHON names a Python with crates/server/tests/requirements.txt installed \
         (python3 -m venv V && V/bin/pip install -r …; SLUICE_PYTHON=V/bin/python)",
    )
}
