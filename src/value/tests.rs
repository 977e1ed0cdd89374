use std::sync::Arc;

use super::display::{Show, grouped, show, show_number};
use super::*;
use crate::base::{FileId, Label, Lang, Span, Str};

const CNY: Currency = Currency(*b"CNY");
const USD: Currency = Currency(*b"USD");

fn n(text: &str) -> Number {
    Number::decimal(text).unwrap()
}

fn debtors() -> (Enums, EnumId) {
    let mut enums = Enums::new();
    let member =
        |name: &str, label: &str| Member { name: Str::from(name), label: Label::same(label), apart: false };
    let id = enums.push(Enum {
        name: Str::from("debtor_type"),
        sort: EnumSort::Kind,
        members: vec![member("tough", "强硬型"), member("vain", "虚荣型")],
    });
    (enums, id)
}

#[test]
fn products_and_quotients_of_units() {
    let money = Unit::money(CNY);
    let money_days = Unit { days: 1, ..money };
    let rows = [
        (money.multiply(Unit::PERCENT), Some(money)),
        (Unit::PERCENT.multiply(money), Some(money)),
        (money.multiply(Unit::DAYS), Some(money_days)),
        (money_days.divide(Unit::DAYS), Some(money)),
        (money_days.divide(money), Some(Unit::DAYS)),
        (money.divide(money), Some(Unit::RATIO)),
        (Unit::PERCENT.divide(Unit::PERCENT), Some(Unit::RATIO)),
        (Unit::PERCENT.multiply(Unit::PERCENT), Some(Unit::PERCENT)),
        (Unit::NUMBER.multiply(Unit::PERCENT), Some(Unit::RATIO)),
        (Unit::NUMBER.multiply(Unit::NUMBER), Some(Unit::NUMBER)),
        (Unit::NUMBER.divide(Unit::NUMBER), Some(Unit::RATIO)),
        (Unit::DAYS.multiply(Unit::NUMBER), Some(Unit::DAYS)),
        (money.multiply(Unit::money(USD)), None),
        (money.divide(Unit::money(USD)), None),
        (Unit { money: 127, ..money }.multiply(money), None),
    ];
    for (found, expected) in rows {
        assert_eq!(found, expected);
    }
    assert_eq!(Unit::NUMBER.divide(money).unwrap().multiply(money), Some(Unit::RATIO));
    assert_eq!(money.power(2), money.multiply(money));
    assert_eq!(money.power(0), Some(Unit::NUMBER));
}

#[test]
fn sums_and_comparisons_of_units() {
    let money = Unit::money(CNY);
    assert_eq!(money.add_compatible(money), Some(money));
    assert_eq!(money.add_compatible(Unit::DAYS), None);
    assert_eq!(money.add_compatible(Unit::money(USD)), None);
    assert_eq!(Unit::NUMBER.add_compatible(Unit::PERCENT), Some(Unit::RATIO));
    assert_eq!(Unit::PERCENT.add_compatible(Unit::PERCENT), Some(Unit::PERCENT));
    assert!(Unit::RATIO.comparable(Unit::PERCENT) && Unit::NUMBER.comparable(Unit::RATIO));
    assert!(!Unit::NUMBER.comparable(Unit::PERCENT));
    assert!(!Unit::DAYS.comparable(Unit::MONTHS));
    assert!(Unit::PERCENT.accepts(Unit::RATIO));
}

#[test]
fn names_of_types() {
    let (enums, id) = debtors();
    let money = Unit::money(CNY);
    let name = |ty: &Type, lang| ty.describe(&enums, lang);
    assert_eq!(name(&Type::Number(money), Lang::En), "money");
    assert_eq!(Type::Number(Unit::money(USD)).describe_with_currency(&enums, Lang::En), "money in USD");
    assert_eq!(Type::Number(Unit::money(USD)).describe_with_currency(&enums, Lang::Zh), "USD 金额");
    assert_eq!(name(&Type::Number(Unit { days: 1, ..money }), Lang::En), "money·days");
    assert_eq!(name(&Type::Number(Unit { days: 1, ..money }), Lang::Zh), "金额·天");
    assert_eq!(name(&Type::Number(Unit { days: -1, ..money }), Lang::En), "money/days");
    assert_eq!(name(&Type::Number(Unit { days: -2, ..Unit::NUMBER }), Lang::En), "1/days^2");
    assert_eq!(name(&Type::Number(Unit::PERCENT), Lang::Zh), "百分比");
    assert_eq!(name(&Type::List(Box::new(Type::YesNo)), Lang::En), "list of yes/no");
    assert_eq!(name(&Type::Set(id), Lang::En), "set of debtor_type");
    assert_eq!(name(&Type::Enum(id), Lang::Zh), "debtor_type");
}

#[test]
fn values_for_people() {
    let (enums, id) = debtors();
    let money = Type::Number(Unit::money(CNY));
    let en = Show::new(Lang::En);
    let zh = Show { wan: true, labels: true, ..Show::new(Lang::Zh) };
    let say = |value: Value, ty: &Type, how: &Show| show(&value, ty, &enums, how);
    let number = |text: &str| Value::Number(n(text));
    assert_eq!(say(number("1275000"), &money, &en), "1,275,000.00");
    assert_eq!(say(number("1275000"), &money, &zh), "127.5万");
    assert_eq!(say(number("-150000000"), &money, &zh), "-1.5亿");
    assert_eq!(say(number("1234567.89"), &money, &zh), "1,234,567.89");
    assert_eq!(say(number("330.655"), &money, &en), "330.655");
    assert_eq!(say(number("999"), &money, &en), "999.00");
    assert_eq!(say(number("0.125"), &Type::Number(Unit::PERCENT), &en), "12.5%");
    assert_eq!(say(number("2.12"), &Type::Number(Unit::RATIO), &en), "2.12");
    assert_eq!(say(number("30"), &Type::Number(Unit::DAYS), &en), "30 days");
    assert_eq!(say(number("1"), &Type::Number(Unit::DAYS), &en), "1 day");
    assert_eq!(say(number("30"), &Type::Number(Unit::DAYS), &zh), "30天");
    assert_eq!(say(number("3"), &Type::Number(Unit::MONTHS), &zh), "3个月");
    let load = Type::Number(Unit { days: 1, ..Unit::money(CNY) });
    assert_eq!(say(number("150000"), &load, &en), "150,000 CNY·days");
    assert_eq!(say(number("150000"), &load, &Show::new(Lang::Zh)), "150,000 元·天");
    assert_eq!(say(Value::Code(1), &Type::Enum(id), &en), "vain");
    assert_eq!(say(Value::Code(1), &Type::Enum(id), &zh), "vain 虚荣型");
    assert_eq!(say(Value::Set(0b11), &Type::Set(id), &en), "tough, vain");
    assert_eq!(say(Value::Set(0), &Type::Set(id), &zh), "无");
    assert_eq!(say(Value::Bool(true), &Type::YesNo, &zh), "是");
    assert_eq!(say(Value::Unknown(Cause::Missing(0)), &money, &en), "unknown");
    let list = Value::List(Arc::from([number("80"), number("90")]));
    assert_eq!(say(list, &Type::List(Box::new(money.clone())), &en), "[80.00, 90.00]");

    let third = Number::ratio(1, 3).unwrap();
    let about = Show { approximate: Some(4), ..en };
    assert_eq!(show_number(&third, Unit::RATIO, &en), "1/3");
    assert_eq!(show_number(&third, Unit::RATIO, &about), "≈0.3333");
    assert_eq!(show_number(&third, Unit::PERCENT, &en), "(100/3)%");
    assert_eq!(show_number(&third, Unit::PERCENT, &about), "≈33.3333%");
    assert_eq!(show_number(&n("100000").div(&n("3")).unwrap(), Unit::money(CNY), &about), "≈33,333.3333");
    let abroad = Show { home: Some(CNY), ..en };
    assert_eq!(show_number(&n("1000"), Unit::money(USD), &abroad), "USD 1,000.00");
    assert_eq!(grouped("-123456.7"), "-123,456.7");
    assert_eq!(grouped("10000/3"), "10000/3");
}

#[test]
fn facts_that_do_not_fit() {
    let field = |ty: FieldType, range: (&str, &str)| Field {
        name: Str::from("payment_record"),
        labels: Vec::new(),
        label: Label::same("payment_record"),
        decimals: ty.default_decimals(),
        ty,
        range: Some((n(range.0), n(range.1))),
        open: (false, true),
        dates: None,
        default: Default::Required,
        unknown_when: Vec::new(),
        key: false,
        personal: false,
        internal: false,
        span: Span::new(FileId(0), 0, 0),
    };
    let share = field(FieldType::Percent, ("0", "1"));
    let misfit = |field: &Field, text: &str| field.misfit(&Value::Number(n(text)));
    assert_eq!(misfit(&share, "0"), None);
    assert_eq!(misfit(&share, "0.123456"), None);
    assert_eq!(misfit(&share, "0.1234567"), Some(Misfit::Decimals));
    assert_eq!(misfit(&share, "-0.01"), Some(Misfit::Below));
    assert_eq!(misfit(&share, "1"), Some(Misfit::Above));
    let money = field(FieldType::Money(CNY), ("0", "1000"));
    assert_eq!(misfit(&money, "12.34"), None);
    assert_eq!(misfit(&money, "12.345"), Some(Misfit::Decimals));
    let receipts =
        Field { ty: FieldType::List { of: Box::new(money), length: Some(2) }, range: None, ..share.clone() };
    let list = |texts: &[&str]| Value::List(texts.iter().map(|text| Value::Number(n(text))).collect());
    assert_eq!(receipts.misfit(&list(&["1", "2"])), None);
    assert_eq!(receipts.misfit(&list(&["1"])), Some(Misfit::Length));
    assert_eq!(receipts.misfit(&list(&["1", "-2"])), Some(Misfit::Below));
}

/// Every day of the years 1 to 9999 in order, told by counting instead of by a library.
#[test]
fn days_of_all_years() {
    let leap = |year: i16| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut day = Date::MIN;
    for year in 1..=9999_i16 {
        for month in 1..=12_u8 {
            let length = match month {
                2 if leap(year) => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            assert_eq!(Date::from_ymd(year, month, 1), Some(day));
            assert_eq!(day.ymd(), (year, month, 1));
            let last = day.add_days(length - 1).unwrap();
            assert_eq!(day.last_of_month(), last);
            assert_eq!(last.ymd(), (year, month, u8::try_from(length).unwrap()));
            assert!(!month_day_exists(year, month, u8::try_from(length + 1).unwrap()));
            match last.add_days(1) {
                Some(next) => day = next,
                None => assert_eq!(last, Date::MAX),
            }
        }
    }
    assert_eq!(Date::from_ymd(0, 1, 1), None);
    assert_eq!(Date::from_ymd(10_000, 1, 1), None);
    assert_eq!(Date::MIN.add_days(-1), None);
    assert_eq!(Date::MIN.add_days(i64::MIN), None);
}

fn d(text: &str) -> Date {
    Date::parse(text).unwrap()
}

#[test]
fn dates_as_text() {
    assert_eq!(d("2026-10-01").to_string(), "2026-10-01");
    assert_eq!(d("1970-01-01"), Date(0));
    for text in
        ["2026-1-1", "2026-02-30", "0000-01-01", "2026/10/01", "+026-10-01", "2026-10-1x", "２０26-10-01", ""]
    {
        assert_eq!(Date::parse(text), None, "{text}");
    }
}

#[test]
fn months_and_their_ends() {
    let day = d("2026-01-31");
    assert_eq!(day.add_months(1, MonthEnd::Last), Some(d("2026-02-28")));
    assert_eq!(day.add_months(1, MonthEnd::Next), Some(d("2026-03-01")));
    assert_eq!(day.add_months(2, MonthEnd::Next), Some(d("2026-03-31")));
    assert_eq!(day.add_months(-11, MonthEnd::Last), Some(d("2025-02-28")));
    assert_eq!(day.add_months(i32::MAX, MonthEnd::Last), None);
    assert!(day.keeps_day(2) && !day.keeps_day(1));
    assert_eq!(Date::MAX.add_months(1, MonthEnd::Last), None);
    assert_eq!(d("2026-08-15").first_of_quarter(), d("2026-07-01"));
    assert_eq!(d("2026-08-15").last_of_quarter(), d("2026-09-30"));
    assert_eq!(d("2026-08-15").first_of_year(), d("2026-01-01"));
    assert_eq!(d("2028-02-01").end_of_month(), d("2028-02-29"));
    assert_eq!(Date::MAX.last_of_year(), Date::MAX);
    assert_eq!(d("2026-10-01").weekday(), Weekday::Thursday);
    assert_eq!(Date::MIN.weekday(), Weekday::Monday);
}

#[test]
fn windows_on_time() {
    let today = d("2026-10-01");
    let year = Window::last_months(today, 12).unwrap();
    assert!(!year.contains(d("2025-10-01")) && year.contains(d("2025-10-02")) && year.contains(today));
    assert!(!year.contains(d("2026-10-02")));
    assert_eq!(Window::last_months(d("2028-02-29"), 12).unwrap().first, d("2027-03-01"));
    assert_eq!(Window::last_days(today, 30).unwrap().first, d("2026-09-02"));
    assert_eq!(Window::last_days(Date::MAX, 0).map(|none| none.contains(Date::MAX)), None);
    let none = Window::last_days(today, 0).unwrap();
    assert!(!none.contains(today));
    let quarter = Window::previous(today, Period::Quarter).unwrap();
    assert_eq!((quarter.first, quarter.last), (d("2026-07-01"), d("2026-09-30")));
    assert_eq!(Window::this(today, Period::Year).last, d("2026-12-31"));
    assert_eq!(Window::previous(Date::MIN, Period::Month), None);
}
