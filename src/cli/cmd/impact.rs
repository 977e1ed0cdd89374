//! `impact A B --facts BOOK`: what a change of a policy does to a book.

use crate::base::document;
use crate::cli::Exit;
use crate::cli::args::{Facts, Format, Rules};
use crate::cli::impact::{self, text};
use crate::cli::session::{Failure, Session};
use crate::diag::Diagnostic;
use crate::interop;
use crate::review::impact::{Report, html, json, md, sheets};

/// Tells what a change of a policy does to a book: who moves, by how much, and because of which edit
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is, and what is proposed: files or folders of rules, `trade_credit@2026.3`, a git revision `main:rules`; the second is left out where `--set` or `--sweep` says what is proposed
    #[arg(value_name = "SIDE", num_args = 1..=2, required = true)]
    pub sides: Vec<String>,
    /// The book and how its files are written.
    #[command(flatten)]
    pub facts: Facts,
    /// The policies.
    #[command(flatten)]
    pub rules: Rules,
    /// Turn a parameter and draw what it does: `new_customer_limit=20万..100万 step 10万`
    #[arg(long, value_name = "PARAM=A..B")]
    pub sweep: Option<String>,
    /// What a customer owes: a fact or a value in money; without it, the policy's own total
    #[arg(long, value_name = "NAME")]
    pub exposure: Option<String>,
    /// By what the limits won and lost are told apart: a fact or a value; without it, the grade before
    #[arg(long, value_name = "NAME")]
    pub segment: Option<String>,
    /// The grade that counts who is downgraded; without it, the first that the decisions list
    #[arg(long, value_name = "NAME")]
    pub grade: Option<String>,
    /// The limit that is added up; without it, the first that the decisions list
    #[arg(long, value_name = "NAME")]
    pub limit: Option<String>,
    /// A budget against which the total is told: `credit_limit<=5亿`
    #[arg(long = "budget", value_name = "NAME<=AMOUNT")]
    pub budgets: Vec<String>,
    /// End with 1 where this holds: `downgraded > 5%`, `limits_lost > 5000万 or newly_held >= 10`
    #[arg(long, value_name = "CONDITION")]
    pub fail_if: Vec<String>,
    /// How many movers are told by name
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub movers: usize,
    /// How many pairs of edits are tried; of more, so many are drawn
    #[arg(long, value_name = "N", default_value_t = crate::review::impact::attribute::MOST_PAIRS)]
    pub pairs: usize,
    /// How to print the comparison
    #[arg(long, value_name = "FORMAT", value_parser = Format::among(&[Format::Pretty, Format::Plain, Format::Json, Format::Md, Format::Xlsx, Format::Html]))]
    pub format: Option<Format>,
    /// How many threads decide; without it, all cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let report = impact::report(args, session)?;
    write(&report, args.format.unwrap_or(Format::Pretty), session)?;
    let fails = report.judged.iter().any(|judged| judged.holds);
    Ok(if fails { Exit::Found } else { Exit::Done })
}

fn write(report: &Report, format: Format, session: &mut Session<'_>) -> Result<(), Failure> {
    let lang = session.lang();
    match format {
        Format::Json => session.write(&document(&json::json(report))),
        Format::Md => session.write(&md::md(report, lang)),
        Format::Html => session.write(&html::html(report, lang)),
        Format::Xlsx => {
            let bytes = interop::workbook(&sheets::sheets(report, lang)).map_err(|error| {
                Failure::from(Diagnostic::nowhere("E907").arg("path", "-").arg("reason", error))
            })?;
            session.write_bytes(&bytes)
        }
        Format::Pretty
        | Format::Plain
        | Format::Concise
        | Format::Jsonl
        | Format::Csv
        | Format::Sarif
        | Format::Github
        | Format::Junit => session.write(&text::text(report, lang)),
    }
}
