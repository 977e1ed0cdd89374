//! The engine inside another program: a policy is loaded once, the facts come from a struct of that program, and the decision is
//! read back with its reasons. `cargo run --example embed --no-default-features` needs no command line, no files of facts, no scripts.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

use gradus::base::Lang;
use gradus::engine::Policy;
use gradus::eval::{Facts, Outcome, ReasonSource};
use gradus::store::Disk;
use gradus::value::display::{Show, show};
use gradus::value::{Date, Number, Value};

/// A customer as the other program knows it.
struct Customer {
    id: &'static str,
    /// In yuan.
    monthly_sales: i64,
    payment_record: i64,
    management: Option<i64>,
    net_assets: Option<i64>,
}

/// What is not set stays unknown, and the policy says what that means.
fn facts(policy: &Policy, customer: &Customer) -> Facts {
    let schema = &policy.plan().schema;
    let mut facts = Facts::unknown(customer.id, schema);
    for (name, figure) in [
        ("monthly_sales", Some(customer.monthly_sales)),
        ("payment_record", Some(customer.payment_record)),
        ("management", customer.management),
        ("net_assets", customer.net_assets),
    ] {
        if let (Some(field), Some(figure)) = (schema.find(name), figure) {
            facts.set(field, Value::Number(Number::from_i64(figure)));
        }
    }
    facts
}

/// Decides two customers, and tells what came of it.
pub fn told() -> Result<String, Box<dyn Error>> {
    let day = Date::parse("2026-11-16").ok_or("a day that exists")?;
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/first"));
    let policy = Policy::load(&Disk, &[folder], Some("first"), day)?;
    let plan = policy.plan();
    let how = Show::new(Lang::En);
    let customers = [
        Customer {
            id: "K01",
            monthly_sales: 100_500,
            payment_record: 8,
            management: Some(7),
            net_assets: Some(800_000),
        },
        Customer {
            id: "K02",
            monthly_sales: 64_000,
            payment_record: 9,
            management: Some(8),
            net_assets: None,
        },
    ];
    let mut text = String::new();
    for customer in &customers {
        let decision = policy.decide(None, &facts(&policy, customer), day).map_err(|it| it.code)?;
        writeln!(text, "{}: {}", customer.id, decision.status.name())?;
        let outputs = plan.decisions.get(decision.decision).map_or(&[][..], |made| &made.outputs);
        for (output, value) in outputs.iter().zip(&decision.values) {
            if let (Outcome::One(value), Some(step)) = (&value.outcome, plan.steps.get(output.step)) {
                writeln!(text, "  {} {}", output.name, show(value, &step.ty, &plan.schema.enums, &how))?;
            }
        }
        for reason in &decision.reasons {
            if let ReasonSource::Rule(rule) = reason.source
                && let Some(rule) = plan.rules.get(rule)
                && let Some(words) = reason.because(plan, Lang::En)
            {
                writeln!(text, "  because {words} ({})", rule.address)?;
            }
        }
    }
    Ok(text)
}

#[allow(
    dead_code,
    clippy::disallowed_macros,
    reason = "a test of this program asks for its text alone; a closed pipe may end it"
)]
fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", told()?);
    Ok(())
}
