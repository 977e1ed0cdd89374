//! Decisions of plans made by hand: what a fault does, what is asked of whom, which rules are named.

use std::sync::Arc;

use gradus::base::{Label, Lang};
use gradus::eval::{
    CaseError, Decider, Env, Facts, Fault, Outcome, Program, ReasonSource, Status, Trace, decide, run_case,
};
use gradus::plan::{
    AlwaysItem, CaseItem, Compare, ExpectItem, ExpectValue, Given, GradesItem, IfUnknown, Item, ItemKind,
    LimitItem, LineItem, LineKind, MethodItem, Op, Plan, Reason, RuleKind, Scope, Silence, StepId, Take,
};
use gradus::value::{Cause, Date, Default, EnumId, FieldId, FieldType, LastField, Schema, Type, Unit, Value};

use crate::plans::{
    CNY, SPAN, constant, decision, fact, field, label, money, number, plan, rule, scale, step, yes_no,
};

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn env() -> Env<'static> {
    Env::on(day("2026-10-01"))
}

/// `limit credit_limit { method assets = working_assets; cap at net_assets because "…"; floor at 0 }`, and
/// `always credit_limit <= 1_000_000`.
fn limit() -> Plan {
    let mut schema = Schema::default();
    schema.fields.push(field("working_assets", FieldType::Money(CNY)));
    schema.fields.push(field("net_assets", FieldType::Money(CNY)));
    let mut plan = plan(schema);
    let assets = fact(&mut plan, FieldId(0));
    let net = fact(&mut plan, FieldId(1));
    let taken = money(&mut plan, Op::Pick { take: Take::Lowest, of: vec![assets], skip_unknown: false });
    let capped = money(&mut plan, Op::Pick { take: Take::Lowest, of: vec![taken, net], skip_unknown: false });
    let zero = constant(&mut plan, "0");
    let floored =
        money(&mut plan, Op::Pick { take: Take::Highest, of: vec![capped, zero], skip_unknown: false });
    let most = constant(&mut plan, "1000000");
    let holds = yes_no(&mut plan, Op::Compare(Compare::LessOrEqual, floored, most));
    let method = rule(&mut plan, RuleKind::Method, "hand_made/credit_limit/assets", None, "");
    let cap =
        rule(&mut plan, RuleKind::Line, "hand_made/credit_limit/line 1", None, "信用额度不应超出客户净资产");
    let floor = rule(&mut plan, RuleKind::Line, "hand_made/credit_limit/line 2", None, "no limit is below 0");
    let line = |kind: LineKind, operand: StepId, before: StepId, after: StepId, rule| LineItem {
        kind,
        operand: Some(operand),
        operand_name: None,
        before,
        after,
        skip_unknown: false,
        rule,
    };
    let lines = vec![
        line(LineKind::Cap, net, taken, capped, cap),
        line(LineKind::Floor, zero, capped, floored, floor),
    ];
    let methods = vec![MethodItem {
        name: "assets".into(),
        label: label("assets"),
        value: assets,
        rounding: None,
        rule: method,
        span: SPAN,
    }];
    let limit = LimitItem {
        take_rule: None,
        methods,
        layers: Vec::new(),
        layers_for: None,
        take: Take::Lowest,
        skip_unknown: false,
        taken,
        lines,
    };
    item(&mut plan, "credit_limit", floored, ItemKind::Limit(limit));
    plan.always.push(AlwaysItem { holds, address: "hand_made/always 1".into(), span: SPAN });
    decision(&mut plan, &[("credit_limit", floored)]);
    plan
}

fn item(plan: &mut Plan, name: &str, value: StepId, kind: ItemKind) {
    plan.items.push(Item {
        name: name.into(),
        label: label(name),
        address: format!("hand_made/{name}").into(),
        policy: 0,
        scope: Scope::Customer,
        value,
        rounding: None,
        reason: Reason::default(),
        kind,
        span: SPAN,
    });
}

fn customer(plan: &Plan, values: &[(u32, Value)]) -> Facts {
    let mut facts = Facts::unknown("甲公司", &plan.schema);
    for (field, value) in values {
        facts.set(FieldId(*field), value.clone());
    }
    facts
}

/// The words of the reasons that rules gave.
fn words(plan: &Plan, decision: &gradus::eval::Decision) -> Vec<String> {
    decision.reasons.iter().filter_map(|reason| reason.because(plan, Lang::Zh)).collect()
}

#[test]
fn a_cap_is_a_reason_only_where_it_bites() {
    let plan = limit();
    let capped = customer(&plan, &[(0, number("500000")), (1, number("300000"))]);
    let decided = decide(&plan, 0, &capped, &env()).unwrap();
    assert_eq!(decided.status, Status::Final);
    assert_eq!(decided.values[0].outcome, Outcome::One(number("300000.00")));
    assert_eq!(words(&plan, &decided), ["信用额度不应超出客户净资产"]);

    let free = customer(&plan, &[(0, number("500000")), (1, number("600000"))]);
    assert_eq!(words(&plan, &decide(&plan, 0, &free, &env()).unwrap()), Vec::<String>::new());

    let negative = customer(&plan, &[(0, number("500000")), (1, number("-1"))]);
    let decided = decide(&plan, 0, &negative, &env()).unwrap();
    assert_eq!(words(&plan, &decided), ["信用额度不应超出客户净资产", "no limit is below 0"]);
    assert_eq!(decided.values[0].outcome, Outcome::One(number("0")));
}

#[test]
fn a_missing_fact_is_the_cause_of_what_rests_on_it() {
    let plan = limit();
    let decided = decide(&plan, 0, &customer(&plan, &[(0, number("500000"))]), &env()).unwrap();
    assert_eq!(decided.values[0].outcome, Outcome::One(Value::Unknown(Cause::Missing(1))));
    let unknown = ReasonSource::Unknown { output: 0, cause: Cause::Missing(1) };
    assert_eq!(decided.reasons.iter().map(|reason| reason.source).next_back(), Some(unknown));
    // Whether the clause holds cannot be judged either; that is noted and withholds nothing.
    assert_eq!(decided.faults, [Fault::AlwaysUnknown(0, Cause::Missing(1))]);
    assert_eq!(decided.status, Status::Final);
}

#[test]
fn a_violated_clause_withholds_the_decision_of_that_customer_alone() {
    let plan = limit();
    let decider = Decider::new(&plan, 0, &env()).unwrap();
    let mut scratch = decider.scratch();
    let great = customer(&plan, &[(0, number("2000000")), (1, number("2000000"))]);
    let decided = decider.decide(&great, &mut scratch, &mut ());
    assert_eq!(decided.status, Status::Withheld);
    assert_eq!(decided.faults, [Fault::Always(0)]);
    assert!(matches!(decided.values[0].outcome, Outcome::One(Value::Unknown(Cause::Withheld(_)))));

    let next = customer(&plan, &[(0, number("100000")), (1, number("2000000"))]);
    let decided = decider.decide(&next, &mut scratch, &mut ());
    assert_eq!((decided.status, decided.faults.len()), (Status::Final, 0));
    assert_eq!(decided.values[0].outcome, Outcome::One(number("100000")));
}

#[test]
fn more_than_28_digits_and_endless_decimals_withhold() {
    let mut plan = limit();
    plan.always.clear();
    let facts = |text: &str| customer(&plan, &[(0, number(text)), (1, number(text))]);
    let decide = |text: &str| decide(&plan, 0, &facts(text), &env()).unwrap();
    assert_eq!(decide("1234567890123456789012345678").status, Status::Final);
    assert_eq!(decide("12345678901234567890123456789").faults, [Fault::Digits(0, 29)]);
    let mut facts = facts("1");
    facts.set(FieldId(0), Value::Number(gradus::value::Number::ratio(1, 3).unwrap()));
    let decided = gradus::eval::decide(&plan, 0, &facts, &env()).unwrap();
    assert_eq!((decided.status, decided.faults), (Status::Withheld, vec![Fault::Endless(0)]));
}

/// `grades risk_class { … not above CA3 when current_ratio < 1; force CA6 when sued if unknown refer to credit_manager }`.
fn grades(if_unknown: IfUnknown) -> Plan {
    let mut schema = Schema::default();
    schema.enums.push(scale("risk_class", &["CA1", "CA3", "CA6"], 3));
    schema.fields.push(field("current_ratio", FieldType::Number));
    schema.fields.push(field("sued", FieldType::YesNo));
    let mut plan = plan(schema);
    let class = Type::Enum(EnumId(0));
    let ratio = fact(&mut plan, FieldId(0));
    let sued = yes_no(&mut plan, Op::Fact(FieldId(1)));
    let one = constant(&mut plan, "1");
    let low = yes_no(&mut plan, Op::Compare(Compare::Less, ratio, one));
    let yes = yes_no(&mut plan, Op::Const(Value::Bool(true)));
    let low_applies = yes_no(&mut plan, Op::IfUnknown(low, yes));
    let silent = match if_unknown {
        IfUnknown::Refuse => yes_no(&mut plan, Op::Unknown(Silence::Refused)),
        _ => yes,
    };
    let sued_applies = yes_no(&mut plan, Op::IfUnknown(sued, silent));
    let best = step(&mut plan, Op::Const(Value::Code(0)), class.clone(), Scope::Customer);
    let third = step(&mut plan, Op::Const(Value::Code(1)), class.clone(), Scope::Customer);
    let last = step(&mut plan, Op::Const(Value::Code(2)), class.clone(), Scope::Customer);
    let capped = step(&mut plan, Op::If(low_applies, third, best), class.clone(), Scope::Customer);
    let forced = step(&mut plan, Op::If(sued_applies, last, capped), class, Scope::Customer);
    let cap =
        rule(&mut plan, RuleKind::NotAbove, "hand_made/risk_class/cap", Some(low_applies), "流动比率不足 1");
    let force = rule(
        &mut plan,
        RuleKind::Force,
        "hand_made/risk_class/force",
        Some(sued_applies),
        "被其他供应商起诉",
    );
    plan.rules[cap].condition = Some(low);
    plan.rules[force].condition = Some(sued);
    plan.rules[force].if_unknown = Some(if_unknown);
    let grades = GradesItem {
        scale: EnumId(0),
        score: ratio,
        bands: Vec::new(),
        apart: Vec::new(),
        by_band: best,
        after_needs: best,
        notches: Vec::new(),
        after_notches: best,
        caps: vec![(cap, 1)],
        after_caps: capped,
        forces: vec![(force, 2)],
    };
    item(&mut plan, "risk_class", forced, ItemKind::Grades(grades));
    plan.schema.last.push(LastField {
        name: "risk_class".into(),
        ty: Type::Enum(EnumId(0)),
        value: Some(plan.schema.fields.push(field("last.risk_class", FieldType::Enum(EnumId(0))))),
        since: Some(plan.schema.fields.push(field("last.risk_class.since", FieldType::Date))),
    });
    decision(&mut plan, &[("risk_class", forced)]);
    plan
}

#[test]
fn a_rule_that_refers_applies_and_asks() {
    let plan = grades(IfUnknown::Refer {
        role: "credit_manager".into(),
        question: Some(Label::same("起诉了吗?")),
    });
    let decided = decide(&plan, 0, &customer(&plan, &[(0, number("0.9"))]), &env()).unwrap();
    assert_eq!(decided.status, Status::Open);
    assert_eq!(decided.values[0].outcome, Outcome::One(Value::Code(2)));
    assert_eq!(words(&plan, &decided), ["流动比率不足 1", "被其他供应商起诉"]);
    let [question] = &decided.open[..] else { panic!("{:?}", decided.open) };
    assert_eq!(
        (&*question.role, question.text.as_ref().map(|it| &*it.zh)),
        ("credit_manager", Some("起诉了吗?"))
    );

    let known = customer(&plan, &[(0, number("0.9")), (1, Value::Bool(false))]);
    let decided = decide(&plan, 0, &known, &env()).unwrap();
    assert_eq!((decided.status, decided.open.len()), (Status::Final, 0));
    assert_eq!(words(&plan, &decided), ["流动比率不足 1"]);
}

#[test]
fn a_rule_that_refuses_leaves_the_customer_undecided() {
    let plan = grades(IfUnknown::Refuse);
    let decided = decide(&plan, 0, &customer(&plan, &[(0, number("2"))]), &env()).unwrap();
    assert_eq!(decided.status, Status::Refused);
    assert!(matches!(decided.values[0].outcome, Outcome::One(Value::Unknown(Cause::Refused(_)))));
}

#[test]
fn what_stays_the_same_keeps_its_day() {
    let plan = grades(IfUnknown::DoesNotApply);
    let since = |last: u32, on: &str| {
        let values =
            [(0, number("2")), (1, Value::Bool(false)), (2, Value::Code(last)), (3, Value::Date(day(on)))];
        decide(&plan, 0, &customer(&plan, &values), &env()).unwrap().values[0].since
    };
    assert_eq!(since(0, "2026-07-01"), Some(day("2026-07-01")));
    assert_eq!(since(1, "2026-07-01"), Some(day("2026-10-01")));
    let first = customer(&plan, &[(0, number("2")), (1, Value::Bool(false))]);
    assert_eq!(decide(&plan, 0, &first, &env()).unwrap().values[0].since, Some(day("2026-10-01")));
}

#[test]
fn a_decider_that_runs_every_step_decides_the_same_and_tells_all() {
    let mut plan = limit();
    let aside = money(&mut plan, Op::Add(StepId(0), StepId(1)));
    let facts = customer(&plan, &[(0, number("500000")), (1, number("300000"))]);
    let (slim, whole) = (Decider::new(&plan, 0, &env()).unwrap(), Decider::whole(&plan, 0, &env()).unwrap());
    let mut trace = Trace::new();
    let told = whole.decide(&facts, &mut whole.scratch(), &mut trace);
    assert_eq!(told, slim.decide(&facts, &mut slim.scratch(), &mut ()));
    assert_eq!(trace.value(aside), Some(&number("800000")));
    let mut trace = Trace::new();
    slim.decide(&facts, &mut slim.scratch(), &mut trace);
    assert_eq!(trace.value(aside), None);
    assert_eq!(trace.value(StepId(4)), Some(&number("0")), "constants are told, too");
}

/// What rests on constants, parameters and the day alone is computed before the first customer.
#[test]
fn constants_are_computed_once() {
    let mut plan = plan(Schema::default());
    let (thirty, ninety) = (constant(&mut plan, "30"), constant(&mut plan, "90"));
    let third = money(&mut plan, Op::Divide(thirty, ninety));
    let today = step(&mut plan, Op::Today, Type::Date, Scope::Customer);
    let then = step(&mut plan, Op::AddDays(today, thirty), Type::Date, Scope::Customer);
    let program = Program::prepare(&plan, &[third, then], &[], &env());
    assert_eq!(program.steps(), 0);
    let mut trace = Trace::new();
    program.run(&Facts::unknown("甲公司", &plan.schema), &mut program.scratch(), &mut trace);
    assert_eq!(trace.value(then), Some(&Value::Date(day("2026-10-31"))));
    assert_eq!(trace.value(third).unwrap().as_number().unwrap().fraction_string(), "1/3");
}

fn case(facts: Vec<(FieldId, Given)>, expect: Vec<(StepId, ExpectValue)>) -> CaseItem {
    let expect = expect.into_iter().map(|(step, value)| ExpectItem {
        step: Some(step),
        item: None,
        value,
        because: None,
        written: "…".into(),
        span: SPAN,
    });
    CaseItem {
        name: "a sound wholesaler".into(),
        policy: 0,
        as_of: None,
        facts: facts.into_iter().map(|(field, given)| (field, given, SPAN)).collect(),
        values: Vec::new(),
        item_values: Vec::new(),
        params: Vec::new(),
        expect: expect.collect(),
        span: SPAN,
    }
}

#[test]
fn a_case_computes_what_it_expects_and_names_what_it_lacks() {
    let mut plan = limit();
    plan.schema.fields[FieldId(1)].default = Default::Required;
    let assets = |text: &str| vec![(FieldId(0), Given::Value(number(text)))];
    let value = |text: &str| ExpectValue::Value(number(text));
    // What is taken needs no net assets; the limit does.
    let passed = run_case(&plan, &case(assets("4250000"), vec![(StepId(2), value("4250000"))]), &[], None);
    assert!(passed.passed());
    let lacking = case(assets("4250000"), vec![(StepId(5), value("1"))]);
    let result = run_case(&plan, &lacking, &[], None);
    assert_eq!(result.errors, [CaseError::MissingFact(FieldId(1))]);
    assert_eq!(&*result.errors[0].names(&plan, &lacking)[0], "net_assets");
    // A computed value may be given, and stands.
    let mut given = case(Vec::new(), vec![(StepId(5), value("7"))]);
    given.values.push((StepId(3), number("7"), SPAN));
    assert!(run_case(&plan, &given, &[], None).passed());
    given.expect[0].because = Some("OVER".into());
    let result = run_case(&plan, &given, &[], None);
    assert_eq!((result.passed(), result.outcomes[0].reason), (false, Some(false)));
    // A value that is unknown is neither withheld nor any value.
    plan.schema.fields[FieldId(1)].default = Default::Unknown;
    let unknown = |value: ExpectValue| {
        run_case(&plan, &case(assets("1"), vec![(StepId(5), value)]), &[], None).passed()
    };
    assert!(unknown(ExpectValue::Unknown) && unknown(ExpectValue::Any));
    assert!(!unknown(ExpectValue::Withheld) && !unknown(value("1")));
}

#[test]
fn a_case_that_needs_the_day_says_it_or_is_wrong() {
    let mut plan = plan(Schema::default());
    let today = step(&mut plan, Op::Today, Type::Date, Scope::Customer);
    let expect = vec![(today, ExpectValue::Value(Value::Date(day("2026-12-05"))))];
    let mut case = case(Vec::new(), expect);
    assert_eq!(run_case(&plan, &case, &[], None).errors, [CaseError::MissingDay]);
    case.as_of = Some(day("2026-12-05"));
    assert!(run_case(&plan, &case, &[], None).passed());
}

#[test]
fn an_item_of_a_case_is_found_by_its_key_and_lacks_by_its_field() {
    let mut schema = Schema::default();
    let mut key = field("number", FieldType::Text);
    key.key = true;
    let mut amount = field("amount", FieldType::Money(CNY));
    amount.default = Default::Required;
    let mut paid = field("paid", FieldType::Money(CNY));
    paid.default = Default::Value(number("0"));
    let list = schema.fields.push(field("invoices", FieldType::Records(vec![key, amount, paid])));
    let mut plan = plan(schema);
    let scope = Scope::Items(list);
    let money = Type::Number(Unit::money(CNY));
    let amount = step(&mut plan, Op::Field(list, 1), money.clone(), scope);
    let paid = step(&mut plan, Op::Field(list, 2), money.clone(), scope);
    let open = step(&mut plan, Op::Subtract(amount, paid), money, scope);
    let text = |text: &str| Value::Text(Arc::from(text));
    let rows = vec![
        vec![(0, text("F-1")), (1, number("30000"))],
        vec![(0, text("F-2")), (1, number("100")), (2, number("40"))],
    ];
    let mut second = case(vec![(list, Given::Records(rows))], vec![(open, ExpectValue::Value(number("60")))]);
    second.expect[0].item = Some(text("F-2"));
    assert!(run_case(&plan, &second, &[], None).passed());
    second.expect[0].item = Some(text("F-9"));
    assert_eq!(run_case(&plan, &second, &[], None).errors, [CaseError::NoSuchItem(0)]);
    second.facts[0].1 = Given::Records(vec![vec![(0, text("F-2"))]]);
    let result = run_case(&plan, &second, &[], None);
    assert_eq!(result.errors, [CaseError::MissingField(list, 1, 0)]);
    let names = result.errors[0].names(&plan, &second);
    assert_eq!(names.iter().map(|name| &**name).collect::<Vec<_>>(), ["amount", "invoices"]);
}

/// A long list of items against a long list of records: each item finds the first record with its key, or none.
#[test]
fn items_of_a_long_list_find_their_records() {
    let mut schema = Schema::default();
    let records =
        || FieldType::Records(vec![field("number", FieldType::Text), field("done", FieldType::Days)]);
    let items = schema.fields.push(field("invoices", records()));
    let last = schema.fields.push(field("last.chase", records()));
    let mut plan = plan(schema);
    let scope = Scope::Items(items);
    let key = step(&mut plan, Op::Field(items, 0), Type::Text, scope);
    let lookup = Op::Lookup { list: last, key: Some((0, key)), field: 1 };
    let done = step(&mut plan, lookup, Type::Number(Unit::DAYS), scope);
    let mut facts = Facts::unknown("甲公司", &plan.schema);
    let text = |number: usize| Value::Text(format!("F-{number}").into());
    for item in 0..1_000 {
        facts.records_mut(items).unwrap().push([text(item), number("0")]);
        if item % 3 != 0 {
            for again in 0..2 {
                let days = number(&format!("{}", item * 10 + again));
                facts.records_mut(last).unwrap().push([text(item), days]);
            }
        }
    }
    let program = Program::prepare(&plan, &[done], &[], &env());
    let mut trace = Trace::new();
    program.run(&facts, &mut program.scratch(), &mut trace);
    for (item, found) in trace.items(done).unwrap().iter().enumerate() {
        let expected = if item % 3 == 0 {
            Value::Unknown(Cause::Missing(last.0))
        } else {
            number(&format!("{}", item * 10))
        };
        assert_eq!(*found, expected, "item {item}");
    }
}
