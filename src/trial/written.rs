//! Cases in writing, from the same entries: as an item of a policy, in the keywords of the reader's language, and as a case file.

use std::fmt::Write as _;

use crate::base::{Lang, Str};
use crate::plan::{CaseItem, ExpectValue, Given, Plan, Scope};
use crate::syntax::keywords::keyword;
use crate::value::display::{Show, show_number};
use crate::value::{Cause, Field, FieldId, FieldType, Number, Type, Unit, Value};

/// Where a case is to stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    /// In a policy.
    Policy,
    /// In a case file.
    File,
}

/// What writes a case.
#[derive(Clone, Copy)]
pub(super) struct Pen<'p> {
    plan: &'p Plan,
    lang: Lang,
    form: Form,
}

impl<'p> Pen<'p> {
    /// One that writes for policies.
    pub(super) fn of_policy(plan: &'p Plan, lang: Lang) -> Pen<'p> {
        Pen { plan, lang, form: Form::Policy }
    }

    /// One that writes for case files.
    pub(super) fn of_file(plan: &'p Plan, lang: Lang) -> Pen<'p> {
        Pen { plan, lang, form: Form::File }
    }

    /// `case "…" as of … { given { … } expect { … } }`
    pub(super) fn item(&self, name: &str, case: &CaseItem, expect: &[(Str, String)]) -> String {
        let day = match case.as_of {
            Some(day) => format!(" {} {day}", self.word("as_of")),
            None => String::new(),
        };
        let joined = |entries: &[(String, String)]| {
            entries.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
        };
        let expect: Vec<(String, String)> =
            expect.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        let (given, expects) = (self.word("given"), self.word("expect"));
        // The braces of both stand in one column.
        let pad = " ".repeat(expects.chars().count().saturating_sub(given.chars().count()));
        format!(
            "{} {}{day} {{\n  {given}{pad} {{ {} }}\n  {expects} {{ {} }}\n}}",
            self.word("case"),
            self.text(name),
            joined(&self.given(case)),
            joined(&expect)
        )
    }

    /// The lines of a case of a case file, from `[[case]]` on.
    pub(super) fn entry(&self, case: &CaseItem) -> String {
        let mut out = format!("[[case]]\nname = {}\n", quoted(&case.name));
        if let Some(day) = case.as_of {
            let _ = writeln!(out, "as_of = {day}");
        }
        let given = self.given(case);
        if !given.is_empty() {
            out.push_str("[case.given]\n");
        }
        for (name, value) in given {
            let _ = writeln!(out, "{name} = {value}");
        }
        out.push_str("[case.expect]\n");
        for expect in &case.expect {
            let ty = expect.step.and_then(|step| self.plan.steps.get(step)).map(|step| &step.ty);
            let written = match (&expect.value, ty) {
                (ExpectValue::Value(value), Some(ty)) => self.value(ty, value),
                (ExpectValue::Withheld, _) => self.said("withheld"),
                _ => self.said("unknown"),
            };
            let _ = writeln!(out, "{} = {written}", key(&expect.written));
        }
        out
    }

    /// What a case gives, each under its name: facts, what the last decision said, computed values, parameters.
    fn given(&self, case: &CaseItem) -> Vec<(String, String)> {
        let mut given: Vec<(String, String)> = Vec::new();
        let mut last: Vec<String> = Vec::new();
        for (fact, value, _) in &case.facts {
            let Some(field) = self.plan.schema.fields.get(*fact) else { continue };
            let written = match value {
                Given::Value(value) => self.fact(field, value),
                Given::Records(records) => self.records(field, records, &self.of_items(case, *fact)),
            };
            match field.name.strip_prefix("last.") {
                Some(rest) => last.push(self.pair(rest, &written)),
                None => given.push((self.name(&field.name), written)),
            }
        }
        if !last.is_empty() {
            let name = if self.form == Form::Policy { self.word("last") } else { "last" };
            given.push((name.to_owned(), format!("{{ {} }}", last.join(", "))));
        }
        for (step, value, _) in &case.values {
            let Some(ty) = self.plan.steps.get(*step).map(|step| &step.ty) else { continue };
            given.extend(self.plan.name_of(*step).map(|name| (self.name(name), self.value(ty, value))));
        }
        for (number, value, _) in &case.params {
            let Some(param) = self.plan.params.get(*number as usize) else { continue };
            given.push((self.name(&param.name), self.value(&param.ty, value)));
        }
        given
    }

    /// The value of a fact, or of a field of its records.
    pub(super) fn fact(&self, field: &Field, value: &Value) -> String {
        match (&field.ty, value) {
            (FieldType::List { of, .. }, Value::List(values)) => {
                let values: Vec<String> = values.iter().map(|value| self.fact(of, value)).collect();
                format!("[{}]", values.join(", "))
            }
            _ => self.value(&field.ty.ty(0), value),
        }
    }

    /// The computed values that a case gives of the items of a list: the place of the item, and the value with its name.
    fn of_items(&self, case: &CaseItem, list: FieldId) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for given in &case.item_values {
            let step = self.plan.steps.get(given.step).filter(|step| step.scope == Scope::Items(list));
            let (Some(step), Some(name)) = (step, self.plan.name_of(given.step)) else { continue };
            for (item, value) in given.values.iter().enumerate() {
                found.extend(
                    value.as_ref().map(|value| (item, self.pair(name, &self.value(&step.ty, value)))),
                );
            }
        }
        found
    }

    fn records(&self, field: &Field, records: &[Vec<(u32, Value)>], computed: &[(usize, String)]) -> String {
        let FieldType::Records(fields) = &field.ty else { return String::from("[]") };
        let record = |(item, record): (usize, &Vec<(u32, Value)>)| {
            let cells = record.iter().filter_map(|(place, value)| {
                let field = fields.get(*place as usize)?;
                Some(self.pair(&field.name, &self.fact(field, value)))
            });
            let computed = computed.iter().filter(|(of, _)| *of == item).map(|(_, cell)| cell.clone());
            format!("{{ {} }}", cells.chain(computed).collect::<Vec<_>>().join(", "))
        };
        match (records, self.form) {
            ([], _) => String::from("[]"),
            ([one], _) => format!("[ {} ]", record((0, one))),
            (several, Form::Policy) => {
                format!("[ {} ]", several.iter().enumerate().map(record).collect::<Vec<_>>().join(", "))
            }
            (several, Form::File) => {
                let lines: Vec<String> =
                    several.iter().enumerate().map(|it| format!("  {},\n", record(it))).collect();
                format!("[\n{}]", lines.concat())
            }
        }
    }

    /// A value: `12.5%`, `30 days`, `CA2`, `"GBP"`.
    pub(super) fn value(&self, ty: &Type, value: &Value) -> String {
        match value {
            Value::Unknown(Cause::Withheld(_)) if self.form == Form::File => self.said("withheld"),
            Value::Unknown(_) => self.said("unknown"),
            Value::Bool(yes) if self.form == Form::File => yes.to_string(),
            Value::Bool(yes) => self.word(if *yes { "yes" } else { "no" }).to_owned(),
            Value::Number(number) => self.number(number, ty),
            Value::Date(day) => day.to_string(),
            Value::Code(code) => self.member(*code, ty),
            Value::Set(bits) => {
                let codes = (0..u128::BITS).filter(|code| bits.checked_shr(*code).unwrap_or(0) & 1 == 1);
                let names: Vec<String> = codes.map(|code| self.member(code, ty)).collect();
                format!("[{}]", names.join(", "))
            }
            Value::Text(text) => self.text(text),
            Value::List(values) => {
                let of = match ty {
                    Type::List(of) => of,
                    other => other,
                };
                let values: Vec<String> = values.iter().map(|value| self.value(of, value)).collect();
                format!("[{}]", values.join(", "))
            }
        }
    }

    fn member(&self, code: u32, ty: &Type) -> String {
        let kind = match ty {
            Type::Enum(kind) | Type::Set(kind) => self.plan.schema.enums.get(*kind),
            _ => None,
        };
        let name = kind
            .and_then(|kind| kind.member(code))
            .map_or_else(|| code.to_string(), |member| member.name.to_string());
        match self.form {
            Form::File => quoted(&name),
            Form::Policy => self.name(&name),
        }
    }

    /// Percents, days and months with their unit. A number that TOML can write stands as such.
    fn number(&self, number: &Number, ty: &Type) -> String {
        let unit = ty.unit().unwrap_or(Unit::NUMBER);
        let has_unit = unit == Unit::PERCENT || unit == Unit::DAYS || unit == Unit::MONTHS;
        let plain = |number: &Number| number.to_decimal_string().unwrap_or_else(|| number.fraction_string());
        match self.form {
            Form::File if has_unit => quoted(&show_number(number, unit, &Show::new(self.lang))),
            Form::File => {
                let text = plain(number);
                // TOML holds whole numbers of 64 bits.
                let fits = text.contains('.') || text.parse::<i64>().is_ok();
                if fits { text } else { quoted(&text) }
            }
            Form::Policy if unit == Unit::PERCENT => {
                format!("{}%", plain(&number.mul(&Number::from_i64(100))))
            }
            Form::Policy if unit == Unit::DAYS => {
                format!("{}{}", plain(number), self.lang.pick(" days", "天"))
            }
            Form::Policy if unit == Unit::MONTHS => {
                format!("{}{}", plain(number), self.lang.pick(" months", "个月"))
            }
            Form::Policy => plain(number),
        }
    }

    /// A name beside its value, within a record.
    fn pair(&self, name: &str, value: &str) -> String {
        match self.form {
            Form::Policy => format!("{} {value}", self.name(name)),
            Form::File => format!("{} = {value}", key(name)),
        }
    }

    /// A name as it stands there: dotted ones as they are in policies, what is no name in back-ticks.
    fn name(&self, name: &str) -> String {
        let plain = |ch: char| ch.is_alphanumeric() || matches!(ch, '_' | '.');
        match self.form {
            Form::File => key(name),
            Form::Policy if name.chars().all(plain) => name.to_owned(),
            Form::Policy => format!("`{name}`"),
        }
    }

    /// A word that means a value of its own: in a case file a text.
    fn said(&self, role: &str) -> String {
        match self.form {
            Form::Policy => self.word(role).to_owned(),
            Form::File if role == "withheld" => quoted(self.lang.pick("withheld", "不予核定")),
            Form::File => quoted(self.word(role)),
        }
    }

    fn word(&self, role: &str) -> &'static str {
        keyword(role).map_or("?", |word| self.lang.pick(word.en, word.zh))
    }

    fn text(&self, text: &str) -> String {
        match self.form {
            Form::File => quoted(text),
            // Braces in a text of a policy stand for figures.
            Form::Policy => {
                let text = text.replace('\\', "\\\\").replace('"', "\\\"");
                format!("\"{}\"", text.replace('{', "{{").replace('}', "}}"))
            }
        }
    }
}

/// A key of a case file, in quotation marks where TOML wants it so.
fn key(name: &str) -> String {
    let bare = |ch: char| ch.is_ascii_alphanumeric() || ch == '_' || ch == '-';
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

/// A text of TOML.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for ch in text.chars() {
        match ch {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            ch if ch.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(ch));
            }
            ch => out.push(ch),
        }
    }
    out.push('"');
    out
}
