//! `--watch`: a command is run again whenever what it rests on was changed, until Ctrl-C.

use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use super::Exit;
use super::session::{Failure, Session};
use crate::base::Lang;
use crate::trial::Watch;

/// How long is waited between two looks at the files.
const PAUSE: Duration = Duration::from_millis(250);
/// Clears a terminal and what was scrolled away.
const CLEAR: &str = "\u{1b}[2J\u{1b}[3J\u{1b}[H";
/// So many changed files are named.
const MOST_NAMED: usize = 3;

/// Runs `once` for each state of the files; how one run ends does not end the watch.
///
/// # Errors
/// stdout cannot be written.
pub(super) fn watch(
    paths: &[PathBuf],
    session: &mut Session<'_>,
    mut once: impl FnMut(&mut Session<'_>) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let (tell, told) = mpsc::channel();
    let _open = tell.clone();
    // Where the system lets nobody hear of Ctrl-C it ends the process, and the shell says 130 as well. Where nobody waits for
    // the message, the watch has ended already.
    let _ = ctrlc::set_handler(move || {
        let _ = tell.send(());
    });
    let mut changed: Vec<String> = Vec::new();
    loop {
        if session.terminal.stdout {
            session.write(CLEAR)?;
        }
        if !changed.is_empty() {
            session.note(&named(&changed, session.lang()));
        }
        let mut files = Watch::new(session.world, paths, &session.settings);
        if let Err(failure) = session.read_settings().and_then(|()| once(session)) {
            session.tell(&failure.0);
        }
        session.note(&match session.lang() {
            Lang::En => format!(
                "watching {} {}; Ctrl-C ends",
                files.files(),
                if files.files() == 1 { "file" } else { "files" }
            ),
            Lang::Zh => format!("正在监视 {} 个文件; 按 Ctrl-C 结束", files.files()),
        });
        changed = loop {
            match told.recv_timeout(PAUSE) {
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(Exit::Interrupted),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let changed = files.changed(session.world);
            if !changed.is_empty() {
                break changed;
            }
        };
    }
}

/// `changed: rules/review.gradus`
fn named(changed: &[String], lang: Lang) -> String {
    let names: Vec<&str> = changed.iter().take(MOST_NAMED).map(String::as_str).collect();
    let more = match changed.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        Some(more) => lang.pick(format!(" and {more} more"), format!(" 等 {more} 个")),
        None => String::new(),
    };
    format!("{}{}{more}", lang.pick("changed: ", "已改动: "), names.join(", "))
}
