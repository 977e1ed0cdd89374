//! How a command ends.

use std::process::{ExitCode, Termination};

/// How a command ended, as the shell learns it. docs/exit-codes.md is the page for people.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exit {
    /// 0: done, nothing to report.
    Done,
    /// 1: the tool worked and found something: a finding, a failed test, more rejected rows than allowed.
    Found,
    /// 2: it could not do its work: usage, settings, an unreadable file, a policy that does not check when it is to be run.
    Failed,
    /// 3: it worked, and the answer is neither yes nor no.
    Inconclusive,
    /// 130: interrupted by the user.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Found => 1,
            Exit::Failed => 2,
            Exit::Inconclusive => 3,
            Exit::Interrupted => 130,
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self.code())
    }
}
