//! What a command works with: the world, the settings, the texts read so far, and the two streams.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::Exit;
use super::args::{ColorChoice, Global, LangChoice};
use crate::base::{Lang, SourceMap};
use crate::diag::render::{Colour, full};
use crate::diag::{Diagnostic, Severity};
use crate::review::approval::Password;
use crate::store::settings::{self, LangSetting};
use crate::store::{self, Settings, World, shown};
use crate::value::Date;

/// What was found about the terminal and the machine before the command began.
#[derive(Clone, Debug, Default)]
pub struct Terminal {
    /// stdout is one.
    pub stdout: bool,
    /// stderr is one.
    pub stderr: bool,
    /// `NO_COLOR` is set.
    pub no_color: bool,
    /// stdin is one.
    pub stdin: bool,
    /// `CI` is set: nobody is there to review what would be written.
    pub ci: bool,
    /// This is a job on GitHub.
    pub github: bool,
    /// The file to which a job on GitHub adds its summary.
    pub summary: Option<String>,
    /// How many folders stand above the one where the command was started.
    pub depth: usize,
    /// The password of a key that signs: it comes by the environment or is typed, and never stands in an argument.
    pub key_password: Option<Password>,
}

/// Why a command could not do its work; it ends with [`Exit::Failed`].
#[derive(Clone, PartialEq, Debug)]
pub struct Failure(pub Vec<Diagnostic>);

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Failure(vec![diagnostic])
    }
}

impl From<Box<Diagnostic>> for Failure {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Failure(vec![*diagnostic])
    }
}

/// What a command works with.
pub struct Session<'a> {
    /// The door to files and to the day's date.
    pub world: &'a dyn World,
    /// The settings of the project.
    pub settings: Settings,
    /// All texts read so far, for diagnostics to point into.
    pub sources: SourceMap,
    /// The terminal and the machine.
    pub terminal: Terminal,
    lang: Lang,
    lang_of_the_command_line: Option<Lang>,
    color: ColorChoice,
    quiet: bool,
    verbose: u8,
    config: Option<PathBuf>,
    target: Option<PathBuf>,
    held: Vec<u8>,
    closed: bool,
}

impl<'a> Session<'a> {
    /// A session that has read no settings yet.
    #[must_use]
    pub fn new(world: &'a dyn World, terminal: Terminal, lang: Lang) -> Self {
        Session {
            world,
            settings: Settings::default(),
            sources: SourceMap::new(),
            terminal,
            lang,
            lang_of_the_command_line: None,
            color: ColorChoice::Auto,
            quiet: false,
            verbose: 0,
            config: None,
            target: None,
            held: Vec::new(),
            closed: false,
        }
    }

    /// Takes the language that the command line itself asks for.
    pub fn hear(&mut self, lang: Option<Lang>) {
        self.lang_of_the_command_line = lang;
    }

    /// Takes the language that the settings ask for, before the arguments are read: help and what is wrong with the arguments are
    /// told in it. What is wrong with the settings is told when they are read for the command.
    pub fn foresee(&mut self, config: Option<&Path>) {
        let found = settings::find(self.world, config, self.terminal.depth, &mut SourceMap::new());
        match found.map(|settings| settings.project.lang) {
            Ok(Some(LangSetting::Zh)) => self.lang = Lang::Zh,
            Ok(Some(LangSetting::En)) => self.lang = Lang::En,
            Ok(Some(LangSetting::Auto) | None) | Err(_) => {}
        }
    }

    /// Takes the options that all commands have, and reads the settings.
    ///
    /// # Errors
    /// The settings cannot be read.
    pub fn begin(&mut self, global: &Global) -> Result<(), Failure> {
        self.color = global.color;
        self.quiet = global.quiet;
        self.verbose = global.verbose;
        self.target = global.output.clone().filter(|path| path.as_os_str() != "-");
        self.config = global.config.clone();
        self.read_settings()?;
        match (global.lang, self.settings.project.lang) {
            (None, Some(LangSetting::Zh)) | (Some(LangChoice::Zh), _) => self.lang = Lang::Zh,
            (None, Some(LangSetting::En)) | (Some(LangChoice::En), _) => self.lang = Lang::En,
            (None, None | Some(LangSetting::Auto)) | (Some(LangChoice::Auto), _) => {}
        }
        Ok(())
    }

    /// Reads the settings, and forgets all texts read before: they may have changed.
    ///
    /// # Errors
    /// The settings cannot be read.
    pub fn read_settings(&mut self) -> Result<(), Failure> {
        self.sources = SourceMap::new();
        self.settings =
            settings::find(self.world, self.config.as_deref(), self.terminal.depth, &mut self.sources)?;
        Ok(())
    }

    /// The language of people.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The language that the command line itself asks for, whatever the variables and the settings say.
    #[must_use]
    pub fn lang_of_the_command_line(&self) -> Option<Lang> {
        self.lang_of_the_command_line
    }

    /// Whether text on stdout is coloured.
    #[must_use]
    pub fn colour(&self) -> Colour {
        self.colour_on(self.terminal.stdout && self.target.is_none())
    }

    fn colour_on(&self, terminal: bool) -> Colour {
        let with = match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !self.terminal.no_color,
        };
        if with { Colour::With } else { Colour::Without }
    }

    /// Says only what went wrong from here on, or not; gives how it was before.
    pub fn hush(&mut self, quiet: bool) -> bool {
        std::mem::replace(&mut self.quiet, quiet)
    }

    /// Whether progress may be drawn: stderr is a terminal and nobody asked for quiet.
    #[must_use]
    pub fn shows_progress(&self) -> bool {
        self.terminal.stderr && !self.quiet
    }

    /// How much more than usual is to be told on stderr: the number of `-v`.
    #[must_use]
    pub fn verbose(&self) -> u8 {
        self.verbose
    }

    /// The day for which is decided: the one given, or today, taken once here.
    #[must_use]
    pub fn as_of(&self, given: Option<Date>) -> Date {
        given.unwrap_or_else(|| self.world.today())
    }

    /// Writes a piece of the result, to stdout or (at the end, as a whole) to the file of `-o`.
    ///
    /// # Errors
    /// stdout cannot be written. A closed pipe is no error: who closed it has read enough.
    pub fn write(&mut self, text: &str) -> Result<(), Failure> {
        self.write_bytes(text.as_bytes())
    }

    /// The same for bytes: a workbook.
    ///
    /// # Errors
    /// As [`Session::write`].
    pub fn write_bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if self.target.is_some() {
            self.held.extend_from_slice(bytes);
            return Ok(());
        }
        if self.closed {
            return Ok(());
        }
        let mut stdout = std::io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(error) => Err(unwritable(Path::new("-"), &error)),
        }
    }

    /// What `-o` names, for a command that writes several files: it is no longer the file of the result.
    pub fn take_target(&mut self) -> Option<PathBuf> {
        self.target.take()
    }

    /// Whether nobody reads the result any more, so that work on it may stop.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// The bytes of a file; `-` is standard input.
    ///
    /// # Errors
    /// The file is not there, is a folder, or may not be read.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, Failure> {
        if path.as_os_str() != "-" {
            return Ok(store::read(self.world, path)?);
        }
        let mut bytes = Vec::new();
        let read = std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes);
        read.map(|_| bytes)
            .map_err(|error| Diagnostic::nowhere("E906").arg("path", "-").arg("reason", error).into())
    }

    /// Writes a file beside the result: the rejects.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_file(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        self.world.write(path, bytes).map_err(|error| unwritable(path, &error))
    }

    /// Makes the folder in which files are written.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn make_folder(&self, path: &Path) -> Result<(), Failure> {
        self.world.make_folder(path).map_err(|error| unwritable(path, &error))
    }

    /// The password of the key that signs: that of the environment, or what somebody types unseen; none where nobody is there.
    #[must_use]
    pub fn password(&self) -> Option<Password> {
        if self.terminal.key_password.is_some() || !(self.terminal.stdin && self.terminal.stderr) {
            return self.terminal.key_password.clone();
        }
        self.say(self.lang.pick("password of the key:", "密钥口令："));
        console::Term::stderr().read_secure_line().ok().map(Password)
    }

    /// Adds to the summary of a job on GitHub, where there is one.
    ///
    /// # Errors
    /// The summary cannot be written.
    pub fn job_summary(&self, text: &str) -> Result<(), Failure> {
        let Some(path) = self.terminal.summary.as_deref().map(Path::new) else { return Ok(()) };
        let mut bytes = self.world.read(path).unwrap_or_default();
        bytes.extend_from_slice(text.as_bytes());
        self.write_file(path, &bytes)
    }

    /// Says something to people on stderr, unless they asked for quiet.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.say(text);
        }
    }

    /// Shows diagnostics on stderr; `-q` leaves only the errors.
    pub fn tell(&self, diagnostics: &[Diagnostic]) {
        let shown: Vec<Diagnostic> = diagnostics
            .iter()
            .filter(|diagnostic| !self.quiet || diagnostic.severity() == Severity::Error)
            .cloned()
            .collect();
        let colour = self.colour_on(self.terminal.stderr);
        let text = full(&shown, &self.sources, self.lang, colour);
        // One line end is written behind: a blank line parts them from what is said next.
        self.say(text.strip_suffix('\n').unwrap_or(&text));
    }

    fn say(&self, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut stderr = std::io::stderr().lock();
        // Where nobody can hear, nothing more can be said.
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.write_all(b"\n"));
    }

    /// Tells why a command could not do its work.
    pub fn fail(&mut self, failure: &Failure) -> Exit {
        self.target = None;
        self.tell(&failure.0);
        Exit::Failed
    }

    /// Writes what `-o` held back.
    pub fn finish(mut self, exit: Exit) -> Exit {
        let Some(target) = self.target.take() else { return exit };
        match self.write_file(&target, &self.held) {
            Ok(()) => exit,
            Err(failure) => self.fail(&failure),
        }
    }
}

/// The commonest reasons are told in the reader's language; of the others the system's own words are all there is.
fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let (variant, help) = match error.kind() {
        ErrorKind::NotFound => ("missing", "folder"),
        ErrorKind::IsADirectory => ("folder", "other"),
        ErrorKind::PermissionDenied => ("denied", "other"),
        _ => ("", "other"),
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let told = Diagnostic::nowhere("E907").variant(variant).arg("path", shown(path)).arg("reason", error);
    told.arg("folder", shown(folder)).help(help).into()
}
