//! The text form of a plan: its steps with type, decimals, range, and whether they can be unknown; rules and items briefly.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{
    Anchor, Item, ItemKind, LineKind, Op, Plan, Rule, Scope, Seat, Signed, Silence, Step, StepId, Take,
    WordsId,
};
use crate::base::{Lang, Str};
use crate::check::hir;
use crate::value::{FieldType, MonthEnd, Number, Precision, Rounding, Type, Value};

/// The text form of a plan, for people who want to see how a policy runs, and for tests.
///
/// ```text
///    7  add 3 5                 working_capital   money      2 decimals  -1000000000000000..2000000000000000
/// ```
#[must_use]
pub fn text(plan: &Plan) -> String {
    let mut names: BTreeMap<StepId, Vec<&Str>> = BTreeMap::new();
    for (name, step) in &plan.names {
        names.entry(*step).or_default().push(name);
    }
    let mut out = String::new();
    for it in &plan.series {
        let periods: Vec<String> = it
            .periods
            .iter()
            .map(|period| format!("from {} : {}", period.from, value_text(&period.value)))
            .collect();
        let until = it.until.map(|until| format!("; until {until}")).unwrap_or_default();
        let _ = writeln!(out, "BY DATE {}: {}{until}", it.name, periods.join("; "));
    }
    for it in &plan.references {
        let _ =
            writeln!(out, "REFERENCE {} from {:?}: {} rows, {}", it.name, it.file, it.rows.len(), it.digest);
    }
    out.push_str("STEPS\n");
    for (id, step) in plan.steps.iter_enumerated() {
        let name = names.get(&id).and_then(|names| names.first()).map_or("", |name| name);
        let row = format!(
            "{:>4}  {:<44} {:<28} {:<12} {}",
            id.0,
            shown(plan, &step.op),
            name,
            step.ty.describe(&plan.schema.enums, Lang::En),
            figures(step),
        );
        let _ = writeln!(out, "{}{}", row.trim_end(), scope(plan, step.scope));
    }
    if !plan.rules.is_empty() {
        out.push_str("RULES\n");
        for (id, rule) in plan.rules.iter_enumerated() {
            let _ = writeln!(out, "{:>4}  {}", id.0, rule_text(plan, rule));
        }
    }
    for (number, stratum) in plan.strata.iter().enumerate() {
        let gives: Vec<&str> =
            stratum.gives.iter().filter_map(|id| Some(&*plan.book.get(*id)?.name)).collect();
        let _ = writeln!(out, "STRATUM {number}  {} steps, gives {}", stratum.steps.len(), gives.join(", "));
    }
    for (id, entry) in plan.book.iter_enumerated() {
        let _ = writeln!(out, "BOOK {}  {}", id.0, super::book::canonical(entry, &|step| step.0.to_string()));
    }
    out.push_str("ITEMS\n");
    for item in &plan.items {
        let _ = writeln!(out, "      {}", item_text(item));
    }
    for decision in &plan.decisions {
        let outputs: Vec<String> = decision
            .outputs
            .iter()
            .map(|output| {
                let clause = |said: bool, word: &'static str| if said { word } else { "" };
                let (optional, internal) =
                    (clause(output.optional, " optional"), clause(output.internal, " internal"));
                format!("{} {}{optional}{internal}", output.name, output.step.0)
            })
            .collect();
        let _ = writeln!(out, "      decision {}: {}", decision.name, outputs.join(", "));
    }
    for always in &plan.always {
        let _ = writeln!(out, "      {}: {}", always.address, always.holds.0);
    }
    out
}

/// Decimals, range, and `?` where it can be unknown.
fn figures(step: &Step) -> String {
    let mut parts = Vec::new();
    if matches!(step.ty, Type::Number(_)) {
        parts.push(match step.bounds.decimals {
            Some(0) => String::from("whole"),
            Some(1) => String::from("1 decimal"),
            Some(decimals) => format!("{decimals} decimals"),
            None => String::from("endless"),
        });
        parts.push(match &step.bounds.range {
            Some((least, most)) if least == most => least.to_string(),
            Some((least, most)) => format!("{least}..{most}"),
            None => String::from("unbounded"),
        });
    }
    if step.bounds.unknown {
        parts.push(String::from("?"));
    }
    parts.join("  ")
}

fn scope(plan: &Plan, scope: Scope) -> String {
    match scope {
        Scope::Customer => String::new(),
        Scope::Items(list) => {
            let name = plan.schema.fields.get(list).map_or("?", |field| &field.name);
            format!("  each of {name}")
        }
    }
}

/// An operation as people read it: facts and parameters by name.
fn shown(plan: &Plan, op: &Op) -> String {
    let fact = |field: crate::value::FieldId| plan.schema.fields.get(field);
    match op {
        Op::Fact(field) => format!("fact {}", fact(*field).map_or("?", |it| &it.name)),
        Op::Field(list, place) => match fact(*list).map(|it| (&it.name, &it.ty)) {
            Some((name, FieldType::Records(fields))) => {
                format!("field {name}.{}", fields.get(*place as usize).map_or("?", |it| &it.name))
            }
            _ => canonical(op),
        },
        Op::Param(param) => {
            format!("param {}", plan.params.get(*param as usize).map_or("?", |it| &it.name))
        }
        Op::ByDate(series, day) => {
            format!("{} on {}", plan.series.get(*series as usize).map_or("?", |it| &it.name), day.0)
        }
        Op::Reference { table, column, keys } => {
            let table = plan.references.get(*table as usize);
            let column = table.and_then(|it| it.columns.get(*column as usize));
            let keys: Vec<String> = keys.iter().map(|key| key.0.to_string()).collect();
            format!(
                "{}[{}].{}",
                table.map_or("?", |it| &it.name),
                keys.join(" "),
                column.map_or("?", |it| &it.name)
            )
        }
        _ => canonical(op),
    }
}

fn rule_text(plan: &Plan, rule: &Rule) -> String {
    let mut out = format!("{:?} {}", rule.kind, rule.address);
    match (rule.condition, rule.applies) {
        (Some(condition), Some(applies)) if condition == applies => {
            let _ = write!(out, "  when {}", condition.0);
        }
        (Some(condition), Some(applies)) => {
            let _ = write!(out, "  when {}, applies {}", condition.0, applies.0);
        }
        _ => {}
    }
    if let Some(if_unknown) = &rule.if_unknown {
        let _ = write!(out, "  if unknown {}", unknown_text(if_unknown));
    }
    let reason = &rule.reason;
    let words = |id: WordsId| {
        Str::from(plan.words(id).map(|it| it.written(&|step| step.0.to_string())).unwrap_or_default())
    };
    let because = reason.because.map(words);
    for (word, text) in [("code", &reason.code), ("because", &because), ("cite", &reason.cite)] {
        if let Some(text) = text {
            let _ = write!(out, "  {word} {text:?}");
        }
    }
    if reason.internal {
        out.push_str("  internal");
    }
    if let Some(text) = reason.customer.map(words) {
        let _ = write!(out, "  customer says {text:?}");
    }
    for (role, note) in &reason.notes {
        let _ = write!(out, "  note to {role} {:?}", words(*note));
    }
    out
}

/// `applies`, `refer to credit_manager "…"`.
pub(super) fn unknown_text(if_unknown: &hir::IfUnknown) -> String {
    match if_unknown {
        hir::IfUnknown::Applies => String::from("applies"),
        hir::IfUnknown::DoesNotApply => String::from("does not apply"),
        hir::IfUnknown::Refer { role, question } => {
            // The same words for all readers are written once.
            match question {
                Some(text) if text.en != text.zh => {
                    format!("refer to {role} zh {:?} en {:?}", text.zh, text.en)
                }
                Some(text) => format!("refer to {role} {:?}", text.en),
                None => format!("refer to {role} \"\""),
            }
        }
        hir::IfUnknown::Refuse => String::from("refuse"),
    }
}

/// What kind of construct it is.
pub(super) fn kind_name(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Let => "let",
        ItemKind::Table(_) => "table",
        ItemKind::Scorecard(_) => "scorecard",
        ItemKind::Grades(_) => "grades",
        ItemKind::Correction(_) => "correction",
        ItemKind::Limit(_) => "limit",
        ItemKind::Triggers(_) => "triggers",
        ItemKind::Escalation(_) => "escalation",
        ItemKind::Total(_) => "total",
        ItemKind::Allocation(_) => "allocation",
        ItemKind::Checks(_) => "checks",
        ItemKind::Judgement(_) => "judgement",
        ItemKind::Override(_) => "override",
        ItemKind::Book(_) => "book",
        ItemKind::Authority(_) => "authority",
        ItemKind::Checklist(_) => "checklist",
    }
}

fn item_text(item: &Item) -> String {
    let steps = |steps: &[(&str, StepId)]| {
        steps.iter().map(|(name, step)| format!("{name} {}", step.0)).collect::<Vec<_>>().join(", ")
    };
    let more = match &item.kind {
        ItemKind::Let | ItemKind::Triggers(_) => String::new(),
        ItemKind::Table(table) => {
            let keys: Vec<String> = table.keys.iter().map(|step| step.0.to_string()).collect();
            format!("{:?} of {} rows by {}", table.mode, table.rows.len(), keys.join(", "))
        }
        ItemKind::Correction(it) => format!("{} rows, row {}", it.rows.len(), it.chosen.0),
        ItemKind::Scorecard(card) => {
            let factors: Vec<String> =
                card.factors.iter().map(|it| format!("{}×{} {}", it.name, it.weight, it.counted.0)).collect();
            format!("{}; {}", steps(&[("raw", card.raw), ("known", card.known)]), factors.join(", "))
        }
        ItemKind::Grades(it) => steps(&[
            ("score", it.score),
            ("band", it.by_band),
            ("needs", it.after_needs),
            ("notches", it.after_notches),
            ("caps", it.after_caps),
        ]),
        ItemKind::Limit(limit) => {
            let lines: Vec<String> = limit
                .lines
                .iter()
                .map(|line| format!("{} {}", line_text(&line.kind), line.after.0))
                .collect();
            let layers: Vec<String> =
                limit.layers.iter().map(|layer| format!("{} {}", layer.name, layer.bears.0)).collect();
            let layers =
                if layers.is_empty() { String::new() } else { format!("layers {}; ", layers.join(", ")) };
            format!("{layers}taken {}; {}", limit.taken.0, lines.join(", "))
        }
        ItemKind::Total(total) => {
            let lines: Vec<String> = total
                .lines
                .iter()
                .map(|line| format!("{}{} {}", if line.minus { "−" } else { "+" }, line.name, line.counted.0))
                .collect();
            lines.join(" ")
        }
        ItemKind::Allocation(it) => steps(&[("amount", it.amount), ("up to", it.up_to), ("left", it.left)]),
        ItemKind::Checks(checks) => {
            let holds: Vec<String> =
                checks.holds.iter().map(|hold| format!("{} {}", hold.name, hold.status.0)).collect();
            let of = steps(&[("standing", checks.standing), ("worst", checks.worst)]);
            format!("{of}; {}", holds.join(", "))
        }
        ItemKind::Authority(it) => steps(&[
            ("needed", it.needed),
            ("given", it.given),
            ("missing", it.missing),
            ("granted", it.granted),
        ]),
        ItemKind::Escalation(ladder) => {
            steps(&[("step", ladder.step), ("in force", ladder.in_force), ("act", ladder.act)])
        }
        ItemKind::Judgement(it) => steps(&[
            ("counts", it.answers.counts),
            ("answer", it.answers.granted),
            ("conflict", it.answers.conflict),
            ("stand-in", it.stand_in),
        ]),
        ItemKind::Override(it) => steps(&[
            ("computed", it.computed),
            ("counts", it.exceptions.counts),
            ("granted", it.exceptions.granted),
            ("conflict", it.exceptions.conflict),
            ("ends", it.ends),
        ]),
        ItemKind::Book(book) => format!("value {} of the book", book.entry.0),
        ItemKind::Checklist(it) => {
            let papers: Vec<String> =
                it.papers.iter().map(|it| format!("{} holds {}", it.required.0, it.holds.0)).collect();
            format!("required {}", papers.join(", required "))
        }
    };
    format!("{} {} = {}  {more}", kind_name(&item.kind), item.name, item.value.0).trim_end().to_owned()
}

/// An operation in words that are the same for the same operation and for no other; operands by their numbers.
#[must_use]
pub(super) fn canonical(op: &Op) -> String {
    canonical_with(op, &|step| step.0.to_string())
}

/// The same, its operands named by the caller.
pub(super) fn canonical_with(op: &Op, name: &dyn Fn(StepId) -> String) -> String {
    let n = |step: &StepId| name(*step);
    let all = |steps: &[StepId]| steps.iter().map(|step| name(*step)).collect::<Vec<_>>().join(" ");
    let terms = |terms: &[(Number, StepId)]| {
        terms.iter().map(|(weight, step)| format!("{weight}×{}", name(*step))).collect::<Vec<_>>().join(" ")
    };
    match op {
        Op::Const(value) => value_text(value),
        Op::Fact(field) => format!("fact {}", field.0),
        Op::Field(list, place) => format!("field {} {place}", list.0),
        Op::Param(param) => format!("param {param}"),
        Op::Today => String::from("today"),
        Op::Same(a) => format!("same {}", n(a)),
        Op::Add(a, b) => format!("add {} {}", n(a), n(b)),
        Op::Subtract(a, b) => format!("subtract {} {}", n(a), n(b)),
        Op::Multiply(a, b) => format!("multiply {} {}", n(a), n(b)),
        Op::Divide(a, b) => format!("divide {} {}", n(a), n(b)),
        Op::Negate(a) => format!("negate {}", n(a)),
        Op::Power(a, exponent) => format!("power {} ^{exponent}", n(a)),
        Op::Round(a, rounding) => format!("round {} {}", n(a), rounding_text(rounding)),
        Op::Floor(a) => format!("floor {}", n(a)),
        Op::Pick { take, of, skip_unknown } => {
            format!("{}{} {}", take_text(*take), if *skip_unknown { " known" } else { "" }, all(of))
        }
        Op::WeightedMean(of) => format!("weighted mean {}", terms(of)),
        Op::WeightedSum(of) => format!("weighted sum {}", terms(of)),
        Op::KnownWeight(of) => format!("known weight {}", terms(of)),
        Op::Compare(how, a, b) => format!("{} {} {}", n(a), compare_text(*how), n(b)),
        Op::Equal(a, b) => format!("{} = {}", n(a), n(b)),
        Op::OneOf(a, codes) => format!("{} one of {codes:?}", n(a)),
        Op::Has(a, code) => format!("{} has {code}", n(a)),
        Op::And(of) => format!("and {}", all(of)),
        Op::Or(of) => format!("or {}", all(of)),
        Op::Not(a) => format!("not {}", n(a)),
        Op::AtLeast(least, of) => format!("at least {least} of {}", all(of)),
        Op::IsKnown(a) => format!("known {}", n(a)),
        Op::IfUnknown(a, b) => format!("{} if unknown {}", n(a), n(b)),
        Op::If(c, a, b) => format!("if {} then {} else {}", n(c), n(a), n(b)),
        Op::FirstTrue(of) => format!("first true {}", all(of)),
        Op::Choose(place, of) => format!("choose {} of {}", n(place), all(of)),
        Op::Collect(of) => {
            let rows: Vec<String> = of.iter().map(|(step, code)| format!("{}→{code}", n(step))).collect();
            format!("collect {}", rows.join(" "))
        }
        Op::Unknown(silence) => String::from(match silence {
            Silence::Unknown => "unknown",
            Silence::Withheld => "withheld",
            Silence::Referred => "referred",
            Silence::Refused => "refused",
            Silence::TooLittleKnown => "too little known",
        }),
        Op::NameOfItem(name, a) => format!("name {name}[{}]", n(a)),
        Op::SignedOn(signed) => {
            let ways = signed.ways.iter().map(|way| format!("{way:?}")).collect::<Vec<_>>().join(" ");
            let least = signed.amount.as_ref().map(|amount| format!(" for {}", n(amount)));
            let subject = n(&signed.subject);
            format!("signed {} {subject} {ways}{}", signed.list.0, least.unwrap_or_default())
        }
        Op::Rank(a, kind) => format!("rank {} in {}", n(a), kind.0),
        Op::OfRank(a, kind) => format!("of rank {} in {}", n(a), kind.0),
        Op::AddDays(a, b) => format!("add days {} {}", n(a), n(b)),
        Op::AddBusinessDays(a, b, calendar) => format!("add business days {} {} by {calendar}", n(a), n(b)),
        Op::ToBusinessDay(a, holiday, calendar) => {
            let how = match holiday {
                hir::Holiday::Next => "next",
                hir::Holiday::Previous => "previous",
                hir::Holiday::AsItIs => "as it is",
            };
            format!("business day {} {how} by {calendar}", n(a))
        }
        Op::AddMonths(a, b, end) => format!(
            "add months {} {} or {}",
            n(a),
            n(b),
            match end {
                MonthEnd::Last => "last",
                MonthEnd::Next => "next",
            }
        ),
        Op::DaysBetween(a, b) => format!("days {} from {}", n(a), n(b)),
        Op::Anchor(a, Anchor::DayAfter(day)) => format!("day {day} after {}", n(a)),
        Op::Anchor(a, Anchor::OfYear(month, day)) => format!("{month:02}-{day:02} of year of {}", n(a)),
        Op::EndOfMonth(a) => format!("end of month {}", n(a)),
        Op::PeriodStart(a, period, later) => format!("start of {} {} {later}", period_text(*period), n(a)),
        Op::Aggregate { function, known, list, operand, filter } => {
            let mut out = format!("{}{} over {}", function_text(*function), known_text(*known), list.0);
            if let Some(operand) = operand {
                let _ = write!(out, " of {}", n(operand));
            }
            if let Some(filter) = filter {
                let _ = write!(out, " where {}", n(filter));
            }
            out
        }
        Op::ListAggregate { function, known, list } => {
            format!("{}{} in {}", function_text(*function), known_text(*known), n(list))
        }
        Op::ListWeightedMean(list, weights) => {
            let weights: Vec<String> = weights.iter().map(ToString::to_string).collect();
            format!("weighted average {} by {}", n(list), weights.join(" "))
        }
        Op::Running { list, of, keys } => {
            format!("running sum over {} of {} by {}", list.0, n(of), all(keys))
        }
        Op::Latest { list, of, keys, filter } => {
            let mut out = format!("latest over {} of {} by {}", list.0, n(of), all(keys));
            if let Some(filter) = filter {
                let _ = write!(out, " where {}", n(filter));
            }
            out
        }
        Op::Recent { list, count, oldest_first } => {
            format!("{} {count}× of {}", if *oldest_first { "last" } else { "first" }, n(list))
        }
        Op::InARow { list, rises, steps, oldest_first } => format!(
            "{} {} {steps}× from the {}",
            n(list),
            if *rises { "rises" } else { "falls" },
            if *oldest_first { "end" } else { "front" }
        ),
        Op::List(of) => format!("list {}", all(of)),
        Op::Lookup { list, key, field } => match key {
            Some((at, step)) => format!("look up {}.{field} where {at} is {}", list.0, n(step)),
            None => format!("look up {}.{field}", list.0),
        },
        Op::Signed(it) => signed_text(it, &|step| n(&step)),
        Op::Script(function, of) => format!("script {function} {}", all(of)),
        Op::ByDate(series, a) => format!("by date {series} on {}", n(a)),
        Op::Reference { table, column, keys } => format!("reference {table} {column} at {}", all(keys)),
        Op::Interest(it) => {
            let rates: Vec<String> =
                it.rates.iter().map(|(from, rate)| format!("{from}:{}", n(rate))).collect();
            let day = |counts: bool| if counts { "in" } else { "out" };
            format!(
                "interest on {} from {} {} to {} {} at {} until {} over {}",
                n(&it.principal),
                n(&it.from),
                day(it.first_day),
                n(&it.to),
                day(it.last_day),
                rates.join(" "),
                it.until.map_or_else(|| String::from("ever"), |until| until.to_string()),
                it.basis.map_or_else(|| String::from("actual"), |basis| basis.to_string()),
            )
        }
        Op::Instalment(a, b, c) => format!("instalment {} {} {}", n(a), n(b), n(c)),
        Op::Book(entry, part, key) => match key {
            Some(key) => format!("book {} {} of {}", entry.0, part.name(), n(key)),
            None => format!("book {} {}", entry.0, part.name()),
        },
    }
}

/// What signatures are asked for, and which of their results.
fn signed_text(it: &Signed, n: &dyn Fn(StepId) -> String) -> String {
    let fields: Vec<String> = it.fields.iter().map(|step| n(*step)).collect();
    let bounds: Vec<String> =
        it.bounds.iter().map(|(amount, needed)| format!("{} {}", n(*amount), n(*needed))).collect();
    let seat = |seat: &Seat| format!("{}/{:b}", seat.role, seat.may);
    let way = |way: &Vec<Seat>| way.iter().map(seat).collect::<Vec<_>>().join("+");
    let ways: Vec<String> =
        it.ways.iter().map(|ways| ways.iter().map(way).collect::<Vec<_>>().join("|")).collect();
    format!(
        "signed {:?} for {} of {:?} by {} in {} from {} at {} for {}; ends {}; ways {}; arbiter {:?} carries {:?}",
        it.result,
        n(it.value),
        it.subject,
        n(it.needed),
        it.list.0,
        fields.join(" "),
        n(it.today),
        n(it.needed_of),
        bounds.join(", "),
        ways.join("; "),
        it.arbiter.as_ref().map(seat),
        it.carries.as_ref().map(ToString::to_string)
    )
}

/// What a line of a limit does.
pub(super) fn line_text(kind: &LineKind) -> String {
    match kind {
        LineKind::Correct => String::from("correct"),
        LineKind::Times => String::from("times"),
        LineKind::Cap => String::from("cap"),
        LineKind::Floor => String::from("floor"),
        LineKind::Round(rounding) => rounding_text(rounding),
    }
}

/// A value; texts in quotes, so that no two values look alike.
#[must_use]
pub fn value_text(value: &Value) -> String {
    match value {
        Value::Unknown(_) => String::from("unknown"),
        Value::Bool(yes) => String::from(if *yes { "yes" } else { "no" }),
        Value::Number(number) => number.fraction_string(),
        Value::Date(day) => day.to_string(),
        Value::Code(code) => format!("#{code}"),
        Value::Set(set) => format!("#{{{set:x}}}"),
        Value::Text(text) => format!("{text:?}"),
        Value::List(values) => {
            format!("[{}]", values.iter().map(value_text).collect::<Vec<_>>().join(", "))
        }
    }
}

/// `half_up 2`, `down ×1000`.
pub(super) fn rounding_text(rounding: &Rounding) -> String {
    let mode = rounding.mode.name();
    match &rounding.precision {
        Precision::Decimals(decimals) => format!("{mode} {decimals}"),
        Precision::Multiples(step) => format!("{mode} ×{}", step.fraction_string()),
    }
}

/// `lowest`, `first`.
pub(super) fn take_text(take: Take) -> &'static str {
    match take {
        Take::Lowest => "lowest",
        Take::Highest => "highest",
        Take::Average => "average",
        Take::Middle => "middle",
        Take::First => "first",
    }
}

fn compare_text(how: hir::Compare) -> &'static str {
    match how {
        hir::Compare::Less => "<",
        hir::Compare::LessOrEqual => "<=",
        hir::Compare::Greater => ">",
        hir::Compare::GreaterOrEqual => ">=",
    }
}

fn known_text(known: bool) -> &'static str {
    if known { " known" } else { "" }
}

fn period_text(period: hir::Period) -> &'static str {
    match period {
        hir::Period::Month => "month",
        hir::Period::Quarter => "quarter",
        hir::Period::Year => "year",
    }
}

fn function_text(function: hir::AggregateFunction) -> &'static str {
    match function {
        hir::AggregateFunction::Sum => "sum",
        hir::AggregateFunction::Count => "count",
        hir::AggregateFunction::Lowest => "lowest",
        hir::AggregateFunction::Highest => "highest",
        hir::AggregateFunction::Average => "average",
        hir::AggregateFunction::Share => "share",
        hir::AggregateFunction::Any => "any",
        hir::AggregateFunction::All => "all",
    }
}
