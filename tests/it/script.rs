//! Scripts: what is told of them when a policy is checked, and what comes of those that mean harm.

use std::fs;

use gradus::base::{FileId, Label, Span, Str};
use gradus::eval::{ScriptFunction, ScriptHost, ValueRange};
use gradus::script::{self, Host};
use gradus::value::{Currency, Date, Enum, EnumSort, Enums, Member, Number, Type, Unit, Value};

use crate::corpus::{self, Outcome};

const MONEY: Unit = Unit::money(Currency(*b"CNY"));

fn function(name: &str, source: &str, parameters: &[Type], result: Type) -> ScriptFunction {
    ScriptFunction {
        file: "seasonality.rhai".into(),
        source: source.into(),
        name: name.into(),
        parameters: parameters.to_vec(),
        result,
        range: ValueRange::default(),
        span: Span::new(FileId(0), 0, 0),
    }
}

fn number(text: &str) -> Value {
    Value::Number(Number::decimal(text).unwrap())
}

fn list(values: &[&str]) -> Value {
    Value::List(values.iter().map(|text| number(text)).collect())
}

fn call(function: &ScriptFunction, arguments: &[Value]) -> Result<Value, Str> {
    Host::new(std::slice::from_ref(function), &enums()).call(0, arguments).map_err(|error| error.message.en)
}

fn enums() -> Enums {
    let member = |name: &str| Member { name: name.into(), label: Label::same(name), apart: false };
    let kind = Enum {
        name: "season".into(),
        sort: EnumSort::Kind,
        members: ["spring", "summer", "autumn", "winter"].map(member).into(),
    };
    [kind].into_iter().collect()
}

/// The second line of a case declares what the policy would: `// declares: <function> <parameters>`.
#[test]
fn mistakes_in_scripts_are_told_with_their_line() {
    corpus::run_files("script/err", ".rhai", |case| {
        let second = case.text.lines().nth(1).unwrap();
        let words: Vec<&str> = second.split_whitespace().collect();
        let [_, _, name, parameters] = words[..] else { panic!("{second}") };
        let parameters = vec![Type::List(Box::new(Type::Number(MONEY))); parameters.parse().unwrap()];
        let mut declared = function(name, &case.text, &parameters, Type::Number(Unit::PERCENT));
        let place = u32::try_from(case.text.find("declares").unwrap()).unwrap();
        declared.span = Span::new(case.file, place, place + 8);
        Outcome { diagnostics: script::check(&[declared]), output: String::new() }
    });
}

/// Each ends in an error of its own call and within the limits; all of them are in one snapshot.
#[test]
fn hostile_scripts_fail_by_themselves() {
    let mut shown = String::new();
    for path in corpus::files(&corpus::folder("script/hostile"), ".rhai") {
        let source = fs::read_to_string(&path).unwrap();
        let mut attack = function("attack", &source, &[], Type::Number(Unit::NUMBER));
        attack.range = ValueRange { from: None, to: Some((Number::from_i64(1_000), true)) };
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let error = Host::new(&[attack], &enums()).call(0, &[]).expect_err(&name).message;
        shown.push_str(&format!("{name}: {}\n  {}\n", error.en, error.zh));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn figures_go_in_and_out_exactly() {
    let source = "fn seasonal(sales) {\n  let sum = 0.0;\n  for month in sales { sum += month; }\n  sales[0] * 12 / sum\n}";
    let seasonal = function(
        "seasonal",
        source,
        &[Type::List(Box::new(Type::Number(MONEY)))],
        Type::Number(Unit::PERCENT),
    );
    assert!(script::check(std::slice::from_ref(&seasonal)).is_empty());
    let twelve = vec!["1234567890123.45"; 12];
    assert_eq!(call(&seasonal, &[list(&twelve)]), Ok(number("1")));
    // 0.1 is a decimal in a script: no binary fraction comes in between.
    let tenth = function("tenth", "fn tenth() { 0.1 + 0.2 }", &[], Type::Number(Unit::NUMBER));
    assert_eq!(call(&tenth, &[]), Ok(number("0.3")));
    let whole = function(
        "whole_days",
        "fn whole_days(x) { whole(round(x, 0)) }",
        &[Type::Number(Unit::DAYS)],
        Type::Number(Unit::DAYS),
    );
    assert_eq!(call(&whole, &[number("2.5")]), Ok(number("3")));
}

#[test]
fn a_number_without_an_exact_decimal_is_a_failure_and_no_rounding() {
    let same =
        function("same", "fn same(x) { x }", &[Type::Number(Unit::NUMBER)], Type::Number(Unit::NUMBER));
    let third = Value::Number(Number::ratio(1, 3).unwrap());
    assert_eq!(
        call(&same, &[third]).unwrap_err().as_ref(),
        "1/3 has no exact decimal of 28 digits, which a script needs"
    );
    assert!(call(&same, &[number("12345678901234567890123456789.12345")]).is_err());
}

#[test]
fn dates_texts_codes_and_sets_have_their_names() {
    let kind = gradus::value::EnumId(0);
    let next = function(
        "next",
        "fn next(season) { if season == \"spring\" { \"summer\" } else { \"winter\" } }",
        &[Type::Enum(kind)],
        Type::Enum(kind),
    );
    assert_eq!(call(&next, &[Value::Code(0)]), Ok(Value::Code(1)));
    let none = function("none", "fn none(season) { \"monsoon\" }", &[Type::Enum(kind)], Type::Enum(kind));
    assert_eq!(
        call(&none, &[Value::Code(0)]).unwrap_err().as_ref(),
        "the script gave `monsoon`, which is no member of `season`"
    );
    let both =
        function("both", "fn both(seasons) { seasons + [\"winter\"] }", &[Type::Set(kind)], Type::Set(kind));
    assert_eq!(call(&both, &[Value::Set(0b11)]), Ok(Value::Set(0b1011)));
    let day = function("day", "fn day(d) { d.sub_string(0, 8) + \"01\" }", &[Type::Date], Type::Date);
    let first = Date::from_ymd(2026, 10, 1).unwrap();
    assert_eq!(call(&day, &[Value::Date(Date::from_ymd(2026, 10, 17).unwrap())]), Ok(Value::Date(first)));
    let long = Value::Text("长".repeat(2_000).into());
    let echo = function("echo", "fn echo(text) { text }", &[Type::Text], Type::Text);
    assert!(call(&echo, &[long]).unwrap_err().contains("6000 bytes"));
}

/// What a call leaves behind is not there in the next: the same arguments give the same result.
#[test]
fn a_script_remembers_nothing() {
    let source = "let calls = 0;\nfn count() { calls += 1; calls }";
    let count = function("count", source, &[], Type::Number(Unit::NUMBER));
    let host = Host::new(&[count], &Enums::new());
    let first = host.call(0, &[]);
    assert!(first.is_err());
    assert_eq!(first, host.call(0, &[]));
}

#[test]
fn a_declaration_is_held_against_its_file() {
    let source = "fn seasonal(sales, growth) { 1 }";
    let money = Type::Number(MONEY);
    let codes = |function: &ScriptFunction| -> Vec<&str> {
        script::check(std::slice::from_ref(function)).iter().map(|diagnostic| diagnostic.code).collect()
    };
    assert_eq!(codes(&function("seasonal", source, std::slice::from_ref(&money), money.clone())), ["E803"]);
    assert_eq!(codes(&function("seasonl", source, std::slice::from_ref(&money), money.clone())), ["E802"]);
    assert!(codes(&function("seasonal", source, &[money.clone(), money.clone()], money)).is_empty());
}
