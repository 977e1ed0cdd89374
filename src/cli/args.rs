//! What can be written on the command line.
//!
//! The texts here are the English help; words.rs holds the Chinese ones. Every option can be set by a variable, too:
//! `--max-rejects` by `GRADUS_MAX_REJECTS`.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, ArgAction, CommandFactory, Parser, Subcommand, ValueEnum};

use regex::Regex;

use super::{cmd, words};
use crate::base::Lang;
use crate::interop::Encoding;
use crate::trial::{Asked, Wanted};
use crate::value::Date;
use crate::value::office::{DatePattern, DateStyle, NumberStyle};

/// A policy language for trade credit: grade customers, set limits, chase invoices, and explain every figure
#[derive(Debug, Parser)]
#[command(
    name = "gradus",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The options of all commands.
    #[command(flatten)]
    pub global: Global,
}

/// The options of all commands.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// The language of messages; of `fmt` the language of keywords, of `new` that of the project, too
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<LangChoice>,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// Write the result to a file; `-` is standard output
    #[arg(short, long, global = true, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The settings; without it, the nearest gradus.toml upwards
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Say only what went wrong
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "quiet")]
    pub verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// `new`
    #[command(about = "Begins a project: a policy, customers, cases, accepted decisions, settings")]
    New(cmd::new::Args),
    /// `check`
    #[command(about = "Checks policies: all mistakes at once, each with its place and what to do")]
    Check(cmd::check::Args),
    /// `fmt`
    #[command(about = "Lays policies out: one layout, whoever typed them")]
    Fmt(cmd::fmt::Args),
    /// `lint`
    #[command(
        about = "Tells what a policy may say and should not: cliffs, caps that never bind, what nothing reads"
    )]
    Lint(cmd::lint::Args),
    /// `decide`
    #[command(about = "Decides customers: grade, limit, terms, each with its reasons")]
    Decide(cmd::decide::Args),
    /// `why`
    #[command(about = "Tells the whole story of one customer's decision")]
    Why(cmd::why::Args),
    /// `needs`
    #[command(
        about = "Lists the facts and papers still wanted of a customer, ordered by what they could change"
    )]
    Needs(cmd::needs::Args),
    /// `worklist`
    #[command(about = "Lists what to do today and next for each invoice")]
    Worklist(cmd::worklist::Args),
    /// `test`
    #[command(about = "Runs the cases in the policies and in case files")]
    Test(cmd::test::Args),
    /// `pending`
    #[command(about = "Lists the decisions that are not as accepted and wait for a verdict")]
    Pending(cmd::pending::Args),
    /// `review`
    #[command(about = "Goes through pending decisions one by one and asks for a verdict on each")]
    Review(cmd::review::Args),
    /// `accept`
    #[command(about = "Accepts pending decisions, and records who did and why")]
    Accept(cmd::accept::Args),
    /// `reject`
    #[command(about = "Rejects pending decisions: what was accepted before stays")]
    Reject(cmd::reject::Args),
    /// `mutants`
    #[command(about = "Changes policies, one mistake at a time, and tells which change no test notices")]
    Mutants(cmd::mutants::Args),
    /// `cases`
    #[command(about = "Writes customers at the thresholds of the policies, as case files")]
    Cases(cmd::cases::Args),
    /// `approve`
    #[command(about = "Approves a version: signs what it means, or shows who has and who is missing")]
    Approve(cmd::approve::Args),
    /// `diff`
    #[command(about = "Tells what changed in meaning between two sides, in policy words")]
    Diff(cmd::diff::Args),
    /// `impact`
    #[command(
        about = "Tells what a change of a policy does to a book: who moves, by how much, because of which edit"
    )]
    Impact(cmd::impact::Args),
    /// `versions`
    #[command(about = "Lists the versions of the policies and when each is in force")]
    Versions(cmd::versions::Args),
    /// `release`
    #[command(about = "Releases versions: what they mean is recorded, and `check` holds them to it")]
    Release(cmd::release::Args),
    /// `verify`
    #[command(about = "Checks a log of decisions: that nothing in it was changed, dropped or moved")]
    Verify(cmd::verify::Args),
    /// `replay`
    #[command(about = "Makes every decision of a log again and reports any that comes out otherwise")]
    Replay(cmd::replay::Args),
    /// `explain`
    #[command(about = "Tells what a diagnostic means: what, why, what to do, with an example")]
    Explain(cmd::explain::Args),
    /// `lsp`
    #[command(about = "Is started by an editor: diagnostics, hover, completion, rename, formatting")]
    Lsp(cmd::lsp::Args),
    /// `completions`
    #[command(about = "Prints a completion script for a shell")]
    Completions(cmd::completions::Args),
}

/// The customers and how their files are written: the options of all commands that read facts.
#[derive(Debug, clap::Args)]
pub struct Facts {
    /// The files of customers: csv, json, jsonl, toml, xlsx; `-` is standard input
    #[arg(value_name = "FACTS", required = true)]
    pub files: Vec<PathBuf>,
    /// The name under which standard input is read; its ending says the format
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
    /// A list fact from a file of its own, keyed by customer
    #[arg(long = "list", value_name = "FACT=FILE", value_parser = list)]
    pub lists: Vec<(String, PathBuf)>,
    /// Which heading means which fact, and how each column is written
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// What the last decisions said: the jsonl of an earlier run
    #[arg(long, value_name = "FILE")]
    pub last: Option<PathBuf>,
    /// The book of all customers that an earlier run wrote, for customers that are decided apart from the others
    #[arg(long, value_name = "FILE")]
    pub book: Option<PathBuf>,
    /// Take a column that is no fact as an error
    #[arg(long)]
    pub strict: bool,
    /// The sheet of a workbook; without it, the first
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// How text is encoded
    #[arg(long, value_name = "ENCODING", value_parser = encoding())]
    pub encoding: Option<Encoding>,
    /// How numbers are written, by the example of 1234.56: `1,234.56`, `1.234,56`, `1 234,56`
    #[arg(long, value_name = "SAMPLE", value_parser = numbers)]
    pub numbers: Option<NumberStyle>,
    /// How days are written, several joined by commas: yyyy-mm-dd, yyyy/mm/dd, dd.mm.yyyy
    #[arg(long, value_name = "PATTERNS", value_parser = dates)]
    pub dates: Option<DateStyle>,
}

/// The day that is asked about, and the day of what was known: the options of all commands that choose a version.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::Args)]
pub struct Moment {
    /// The day for which it is asked; without it, today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Date>,
    /// The day of what was known: versions that were not known yet do not exist; without it, all that stand there
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub known_at: Option<Date>,
}

/// Rules named by an option, and the day: the options of all commands that are given policies by their paths.
#[derive(Debug, clap::Args)]
pub struct Further {
    /// Further files and folders of rules, as the other commands take them
    #[arg(long = "rules", value_name = "PATH")]
    pub rules: Vec<PathBuf>,
    /// The days.
    #[command(flatten)]
    pub moment: Moment,
}

impl Further {
    /// All paths, those that were named first.
    #[must_use]
    pub fn with(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        paths.iter().chain(&self.rules).cloned().collect()
    }
}

/// Rules that are looked at, and what is mended in them: the options of `check` and `lint`.
#[derive(Debug, clap::Args)]
pub struct Looking {
    /// Files and folders of rules; `-` is standard input; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Concise, Format::Json, Format::Sarif, Format::Github]))]
    pub format: Option<Format>,
    /// Mend what has a fix that cannot be wrong; tell what is left
    #[arg(long, group = "mended")]
    pub fix: bool,
    /// Write nothing; show what would change
    #[arg(long, group = "mended")]
    pub diff: bool,
    /// With `--fix` or `--diff`: take the fixes, too, that may not be what was meant; look at every one
    #[arg(long, requires = "mended")]
    pub unsafe_fixes: bool,
    /// The name under which standard input (`-`) is shown
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
}

/// The policies and the cases that are tried: the options of all commands that run cases.
#[derive(Debug, clap::Args)]
pub struct Tried {
    /// Policies, case files, and folders of them; without any, those of gradus.toml, or the folder `rules`
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// The rules and the day.
    #[command(flatten)]
    pub further: Further,
    /// Only cases of whose `policy/name` this regular expression matches a part
    #[arg(long, value_name = "REGEX", value_parser = pattern)]
    pub run: Option<Regex>,
    /// How many threads try; without it, all cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

impl Tried {
    /// All paths, and how they are read.
    #[must_use]
    pub fn asked(&self) -> Asked {
        let Moment { as_of, known_at } = self.further.moment;
        Asked { paths: self.further.with(&self.paths), as_of, known_at, jobs: self.jobs }
    }

    /// Which cases are run.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        Wanted { run: self.run.clone(), as_of: self.further.moment.as_of }
    }
}

/// The policy that decides: the options of all commands that evaluate one.
#[derive(Debug, clap::Args)]
pub struct Rules {
    /// Files and folders of rules; without it, those of gradus.toml, or the folder `rules`
    #[arg(long = "rules", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The policy, by name or name@version; without a version, the one in force
    #[arg(long, value_name = "NAME")]
    pub policy: Option<String>,
    /// The decision of the policy
    #[arg(long, value_name = "NAME")]
    pub decision: Option<String>,
    /// The days.
    #[command(flatten)]
    pub moment: Moment,
    /// Decide with another value of a parameter of the policy; it is recorded with each decision
    #[arg(long = "set", value_name = "PARAM=VALUE", value_parser = setting)]
    pub settings: Vec<(String, String)>,
    /// Show personal facts, which are hidden otherwise
    #[arg(long)]
    pub show_personal: bool,
}

/// `--lang`
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum LangChoice {
    /// English.
    En,
    /// Chinese.
    Zh,
    /// As the environment says.
    Auto,
}

/// `--color`
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// `--for`
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Audience {
    /// What the customer may read.
    Customer,
    /// What the salesman needs.
    Sales,
    /// Everything.
    Auditor,
}

/// `--format`: the same names everywhere; each command takes those that make sense for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Format {
    /// For a terminal.
    Pretty,
    /// The same without colours.
    Plain,
    /// One line each.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// CSV, UTF-8 with a byte order mark, as Excel reads it.
    Csv,
    /// A workbook.
    Xlsx,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of a GitHub job.
    Github,
    /// Markdown, for the comment on a review.
    Md,
    /// JUnit XML, for build servers.
    Junit,
    /// One page that loads nothing from elsewhere.
    Html,
}

impl Format {
    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Pretty => "pretty",
            Format::Plain => "plain",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Md => "md",
            Format::Junit => "junit",
            Format::Html => "html",
        }
    }

    /// A parser that takes these formats and no other.
    #[must_use]
    pub fn among(formats: &'static [Format]) -> impl TypedValueParser<Value = Format> {
        PossibleValuesParser::new(formats.iter().map(|format| format.name())).map(|name| {
            let known = formats.iter().find(|format| format.name() == name);
            known.copied().unwrap_or(Format::Plain)
        })
    }
}

/// Why a value is refused, in both languages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Refusal {
    fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Refusal { en: en.into(), zh: zh.into() }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.en)
    }
}

impl std::error::Error for Refusal {}

/// A day: `2026-10-01`.
pub(super) fn day(written: &str) -> Result<Date, Refusal> {
    Date::parse(written).ok_or_else(|| {
        Refusal::new("a day is written 2026-10-01, and must exist", "日期写作 2026-10-01, 且须存在")
    })
}

/// A regular expression.
pub(super) fn pattern(written: &str) -> Result<Regex, Refusal> {
    Regex::new(written).map_err(|error| {
        // The library draws the pattern over several lines; its last line is what is wrong.
        let drawn = error.to_string();
        let reason = drawn.lines().last().unwrap_or_default().trim_start_matches("error: ");
        let known = PATTERN_REASONS.iter().find(|(en, _)| reason.starts_with(en));
        let zh = known.map_or(reason, |(_, zh)| zh);
        Refusal::new(
            format!("this is no regular expression: {reason}; `late|overdue`, `^trade_credit/` are"),
            format!("不是正则表达式: {zh}; 写法如 `逾期|账龄`、`^trade_credit/`"),
        )
    })
}

/// What is wrong with a regular expression, as its library says it, and in Chinese.
const PATTERN_REASONS: &[(&str, &str)] = &[
    ("unclosed group", "括号 ( 没有闭合"),
    ("unopened group", "多出括号 )"),
    ("unclosed character class", "方括号 [ 没有闭合"),
    ("repetition operator missing expression", "重复符号之前没有内容"),
    ("incomplete escape sequence", "末尾的 \\ 之后缺少字符"),
    ("unrecognized escape sequence", "不认识的 \\ 写法"),
    ("unclosed counted repetition", "花括号 { 没有闭合"),
    ("look-around", "不支持环视 (?=…)、(?!…)"),
    ("backreferences are not supported", "不支持反向引用"),
];

/// A stretch of time: `60s`, `5m`, `1h`.
pub(super) fn span_of_time(written: &str) -> Result<Duration, Refusal> {
    let end = written.find(|ch: char| !ch.is_ascii_digit()).unwrap_or(written.len());
    let factor = match written.get(end..) {
        Some("s") => Some(1u64),
        Some("m") => Some(60),
        Some("h") => Some(3_600),
        _ => None,
    };
    let count: Option<u64> = written.get(..end).and_then(|digits| digits.parse().ok());
    count
        .zip(factor)
        .and_then(|(count, factor)| count.checked_mul(factor))
        .map(Duration::from_secs)
        .ok_or_else(|| Refusal::new("a time is written 60s, 5m or 1h", "时间写作 60s、5m 或 1h"))
}

fn pair(written: &str) -> Option<(&str, &str)> {
    let (name, value) = written.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    (!name.is_empty() && !value.is_empty()).then_some((name, value))
}

fn setting(written: &str) -> Result<(String, String), Refusal> {
    pair(written).map(|(name, value)| (name.to_owned(), value.to_owned())).ok_or_else(|| {
        Refusal::new("it is written name=value: standard_term=45", "写作 名称=值: standard_term=45")
    })
}

fn list(written: &str) -> Result<(String, PathBuf), Refusal> {
    pair(written).map(|(name, file)| (name.to_owned(), PathBuf::from(file))).ok_or_else(|| {
        Refusal::new(
            "it is written fact=file: invoices=invoices.csv",
            "写作 事实=文件: invoices=invoices.csv",
        )
    })
}

fn encoding() -> impl TypedValueParser<Value = Encoding> {
    PossibleValuesParser::new(["utf-8", "gbk", "utf-16"])
        .map(|name| Encoding::of_name(&name).unwrap_or_default())
}

fn numbers(written: &str) -> Result<NumberStyle, Refusal> {
    NumberStyle::of_sample(written).ok_or_else(|| {
        Refusal::new(
            "it shows how 1234.56 is written: `1,234.56`, `1.234,56`, `1 234,56`, `1234,56`",
            "写出 1234.56 的写法: `1,234.56`、`1.234,56`、`1 234,56`、`1234,56`",
        )
    })
}

fn dates(written: &str) -> Result<DateStyle, Refusal> {
    let patterns: Option<Vec<DatePattern>> =
        written.split(',').map(|name| DatePattern::parse(name.trim())).collect();
    let known: Vec<&str> = DatePattern::ALL.iter().map(|pattern| pattern.name()).collect();
    let patterns = patterns.ok_or_else(|| {
        Refusal::new(format!("the patterns are {}", known.join(", ")), format!("写法有 {}", known.join("、")))
    })?;
    DateStyle::new(&patterns).ok_or_else(|| {
        Refusal::new(
            "dd/mm/yyyy and mm/dd/yyyy read one text as two days",
            "dd/mm/yyyy 与 mm/dd/yyyy 会把同一文字读成两个日期",
        )
    })
}

/// The command line in a language.
#[must_use]
pub fn command(lang: Lang) -> clap::Command {
    let command = Arguments::command()
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .global(true)
                .action(ArgAction::HelpShort)
                .help("Print help"),
        )
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help("Print the version"),
        );
    // Where two policies are compared, these stand as they are, and the book behind an option.
    let command = command.mut_subcommand("impact", |command| {
        command.mut_arg("files", |arg| {
            arg.long("facts").value_name("BOOK").num_args(1).action(ArgAction::Append).index(None)
        })
    });
    words::translated(with_variables(command), lang)
}

/// Every option may be set by a variable: flag over environment over file.
fn with_variables(command: clap::Command) -> clap::Command {
    command
        .mut_args(|arg| {
            let Some(long) = arg.get_long() else { return arg };
            if matches!(long, "help" | "version" | "verbose") {
                return arg;
            }
            let name = format!("GRADUS_{}", long.replace('-', "_").to_uppercase());
            arg.env(name).hide_env(true)
        })
        .mut_subcommands(with_variables)
}
