//! All integration tests, one binary.
#![expect(missing_docs, reason = "tests explain themselves by their names")]
