//! Facts in files become facts of customers; what is bad becomes a reject, and nothing vanishes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gradus::base::{FileId, Label, Lang, SourceMap, Span, Str};
use gradus::diag::Diagnostic;
use gradus::diag::render::tell;
use gradus::eval::Facts;
use gradus::interop::{
    Cell, Encoding, Format, Input, Mapping, Read, Reader, Request, Writer, WriterOptions, read, rejects_csv,
    rejects_jsonl,
};
use gradus::value::{
    Currency, Default as Absent, Enum, EnumSort, Field, FieldType, Member, Number, Schema, Value,
};
use proptest::prelude::*;
use serde::Deserialize;

use crate::corpus::{self, Outcome};

fn number(text: &str) -> Number {
    Number::decimal(text).unwrap()
}

fn field(name: &str, label: &str, ty: FieldType) -> Field {
    let labels = if label.is_empty() { Vec::new() } else { vec![Str::from(label)] };
    let (decimals, range) = (ty.default_decimals(), ty.default_range());
    Field {
        name: name.into(),
        labels,
        label: Label::same(if label.is_empty() { name } else { label }),
        decimals,
        range,
        ty,
        open: (false, false),
        dates: None,
        default: Absent::Required,
        unknown_when: Vec::new(),
        key: false,
        personal: false,
        internal: false,
        span: Span::new(FileId(0), 0, 0),
    }
}

trait Declared {
    fn optional(self) -> Self;
    fn default(self, value: Value) -> Self;
    fn within(self, least: &str, greatest: &str) -> Self;
    fn key(self) -> Self;
}

impl Declared for Field {
    fn optional(self) -> Self {
        Field { default: Absent::Unknown, ..self }
    }
    fn default(self, value: Value) -> Self {
        Field { default: Absent::Value(value), ..self }
    }
    fn within(self, least: &str, greatest: &str) -> Self {
        Field { range: Some((number(least), number(greatest))), ..self }
    }
    fn key(self) -> Self {
        Field { key: true, ..self }
    }
}

fn kind(name: &str, members: &[(&str, &str)]) -> Enum {
    let members = members.iter().map(|(name, label)| Member {
        name: (*name).into(),
        label: Label::same(*label),
        apart: false,
    });
    Enum { name: name.into(), sort: EnumSort::Kind, members: members.collect() }
}

/// The facts of a small credit policy.
fn schema() -> Schema {
    let money = || FieldType::Money(Currency(*b"CNY"));
    let mut schema = Schema::default();
    let debtor = schema.enums.push(kind("debtor_type", &[("tough", "强硬型"), ("cooperative", "合作型")]));
    let papers = schema.enums.push(kind("paper", &[("licence", "营业执照"), ("statements", "报表")]));
    let stance =
        schema.enums.push(kind("stance", &[("strict", "紧"), ("loose", "松"), ("standard", "标准")]));
    let invoices = vec![
        field("number", "发票号", FieldType::Text).key(),
        field("amount", "金额", money()),
        field("due", "到期日", FieldType::Date),
        field("paid", "已付", money()).default(Value::Number(Number::ZERO)),
        field("disputed", "有争议", FieldType::YesNo).default(Value::Bool(false)),
    ];
    let collections = FieldType::List { of: Box::new(field("", "", money())), length: Some(3) };
    let fields = [
        field("current_assets", "流动资产", money()).within("0", "1000000000000000"),
        field("purchase_share", "占其购货比例", FieldType::Percent).within("0", "1").optional(),
        Field {
            unknown_when: vec![Value::Number(Number::ZERO)],
            ..field("payment_record", "付款记录", FieldType::Number).within("0", "10").optional()
        },
        field("stock_cover", "库存天数", FieldType::Days).optional(),
        Field { open: (true, false), ..field("years", "", FieldType::Number).within("0", "100").optional() },
        field("overstated", "额度偏高", FieldType::YesNo).optional(),
        field("debtor", "债务人类型", FieldType::Enum(debtor)).optional(),
        field("papers", "资料", FieldType::Set(papers)).optional(),
        field("collections", "近三个月回款额", collections).optional(),
        field("invoices", "发票", FieldType::Records(invoices)).optional(),
        field("last.stance", "", FieldType::Enum(stance)).optional(),
        field("last.stance.since", "", FieldType::Date).optional(),
        field("last.on", "", FieldType::Date).optional(),
    ];
    for field in fields {
        schema.fields.push(field);
    }
    schema
}

/// A case of the corpus: its files, and how they are read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    /// The file of customers.
    customers: String,
    #[serde(default)]
    lists: BTreeMap<String, String>,
    last: Option<String>,
    mapping: Option<String>,
    #[serde(default)]
    strict: bool,
    #[serde(default)]
    origins: bool,
    /// The fact `code` is the customers' key.
    #[serde(default)]
    keyed: bool,
    /// The invoices must be given.
    #[serde(default)]
    invoices_required: bool,
    /// In which encoding the files stand on the disk.
    stored: Option<String>,
    /// In which encoding they are said to stand.
    encoding: Option<String>,
    files: BTreeMap<String, String>,
}

impl Given {
    fn input(&self, name: &str) -> Input {
        let text = &self.files[name];
        let bytes = match self.stored.as_deref() {
            Some("gbk") => encoding_rs::GBK.encode(text).0.into_owned(),
            Some("utf-16") => {
                "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
            }
            Some("bom") => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            _ => text.as_bytes().to_vec(),
        };
        let mut input = Input::new(name, bytes, Format::of_name(name).unwrap());
        if let Some(encoding) = &self.encoding {
            input.encoding = Encoding::of_name(encoding).unwrap();
        }
        input
    }

    fn schema(&self) -> Schema {
        let mut schema = schema();
        if self.keyed {
            schema.fields.push(field("code", "客户代码", FieldType::Text).key());
        }
        if self.invoices_required {
            let invoices = schema.find("invoices").unwrap();
            schema.fields[invoices].default = Absent::Required;
        }
        schema
    }
}

#[test]
fn cases() {
    corpus::run_files("facts", ".toml", |case| {
        let given: Given = toml::from_str(&case.text).unwrap();
        let schema = given.schema();
        let mut told = Vec::new();
        let mut request = Request::new(given.input(&given.customers));
        request.strict = given.strict;
        request.origins = given.origins;
        request.lists =
            given.lists.iter().map(|(list, file)| (list.as_str().into(), given.input(file))).collect();
        request.last = given.last.as_ref().map(|file| given.input(file));
        if let Some(file) = &given.mapping {
            let bytes = given.files[file].clone().into_bytes();
            match Mapping::parse(file.as_str(), bytes, &schema, &mut case.sources) {
                Ok(mapping) => request.mapping = mapping,
                Err(problems) => return Outcome { diagnostics: problems, output: String::new() },
            }
        }
        let mut output = String::new();
        match Reader::open(&schema, request, &mut case.sources) {
            Err(problems) => told = problems,
            Ok(reader) => {
                told.extend(reader.notes().iter().cloned());
                let mut rejects = Vec::new();
                for place in 0..reader.len() {
                    match reader.customer(place) {
                        Ok(facts) => output.push_str(&show(&schema, &facts)),
                        Err(reject) => rejects.push(*reject),
                    }
                }
                rejects.extend(reader.strays().iter().cloned());
                told.extend(rejects.iter().flat_map(|reject| reject.problems.iter().cloned()));
                if !rejects.is_empty() {
                    match rejects_csv(&reader, &rejects, &case.sources, case.lang) {
                        Some(files) => {
                            for file in files {
                                let list = file.list.as_deref().unwrap_or("customers");
                                let _ = write!(output, "\nREJECTS {list}\n{}", file.text);
                            }
                        }
                        None => {
                            let text = rejects_jsonl(&reader, &rejects, &case.sources, case.lang);
                            let _ = write!(output, "\nREJECTS\n{text}");
                        }
                    }
                }
            }
        }
        Outcome { diagnostics: told, output }
    });
}

/// The facts of a customer, one a line; what was not given is left out.
fn show(schema: &Schema, facts: &Facts) -> String {
    let mut text = format!("{}\n", facts.id);
    for (id, field) in schema.fields.iter_enumerated() {
        let value = facts.value(id).unwrap();
        if let Some(records) = facts.records(id) {
            if !value.is_known() {
                continue;
            }
            let _ = writeln!(text, "  {} ({} items)", field.name, records.items);
            let FieldType::Records(fields) = &field.ty else { unreachable!() };
            for item in 0..records.items {
                let cells: Vec<String> = fields
                    .iter()
                    .zip(&records.columns)
                    .map(|(field, column)| {
                        format!("{} {}", field.name, one(schema, &field.ty, &column[item]))
                    })
                    .collect();
                let _ = writeln!(text, "    {}", cells.join(", "));
            }
            continue;
        }
        if value.is_known() {
            let _ = write!(text, "  {} {}", field.name, one(schema, &field.ty, value));
            let origin = facts.origins.as_ref().and_then(|origins| origins.values[id.0 as usize].clone());
            if let Some(origin) = origin {
                let _ = write!(text, "    <- {origin} `{}`", origin.written);
            }
            text.push('\n');
        }
    }
    text
}

fn one(schema: &Schema, ty: &FieldType, value: &Value) -> String {
    match (value, ty) {
        (Value::Unknown(_), _) => "unknown".to_owned(),
        (Value::Bool(yes), _) => yes.to_string(),
        (Value::Number(number), _) => number.to_string(),
        (Value::Date(day), _) => day.to_string(),
        (Value::Code(code), FieldType::Enum(id)) => schema.enums[*id].member(*code).unwrap().name.to_string(),
        (Value::Set(bits), _) => format!("set {bits:b}"),
        (Value::Text(text), _) => format!("{text:?}"),
        (Value::List(values), FieldType::List { of, .. }) => {
            let values: Vec<String> = values.iter().map(|value| one(schema, &of.ty, value)).collect();
            format!("[{}]", values.join(", "))
        }
        other => panic!("{other:?}"),
    }
}

fn read_bytes(format: Format, bytes: Vec<u8>) -> Result<Read, Vec<Diagnostic>> {
    let name = format!("customers.{format:?}");
    read(&schema(), Request::new(Input::new(name, bytes, format)), &mut SourceMap::new())
}

fn words(problems: &[Diagnostic]) -> String {
    problems.iter().map(|problem| tell(problem, Lang::En).message + "\n").collect()
}

/// A workbook as offices make them: numbers, percents and days are cells of their own kinds.
fn workbook(
    fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet) -> Result<(), rust_xlsxwriter::XlsxError>,
) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("客户").unwrap();
    fill(sheet).unwrap();
    workbook.add_worksheet().set_name("other").unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_gives_its_numbers_percents_and_yes_as_they_are_shown() {
    let bytes = workbook(|sheet| {
        let percent = rust_xlsxwriter::Format::new().set_num_format("0.0%");
        let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        for (column, heading) in (0u16..).zip([
            "id",
            "流动资产",
            "purchase_share",
            "overstated",
            "last.on",
            "collections.1",
            "collections.2",
            "collections.3",
        ]) {
            sheet.write_string(1, column, heading)?;
        }
        sheet.write_string(2, 0, "甲公司")?;
        sheet.write_number(2, 1, 1234.56)?;
        sheet.write_number_with_format(2, 2, 0.125, &percent)?;
        sheet.write_boolean(2, 3, true)?;
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 10, 1)?;
        sheet.write_datetime_with_format(2, 4, &date, &day)?;
        for column in 5..8 {
            sheet.write_number(2, column, 100)?;
        }
        // Row 4 is empty; a customer's number may be a number.
        sheet.write_number(4, 0, 1001)?;
        sheet.write_string(4, 1, "5000000")?;
        Ok(())
    });
    let read = read_bytes(Format::Xlsx, bytes).unwrap();
    assert!(read.rejects.is_empty(), "{:?}", read.rejects);
    let shown: String = read.customers.iter().map(|facts| show(&schema(), facts)).collect();
    let wanted = "甲公司\n  current_assets 1234.56\n  purchase_share 0.125\n  overstated true\n  \
                  collections [100, 100, 100]\n  last.on 2026-10-01\n1001\n  current_assets 5000000\n";
    assert_eq!(shown, wanted);
}

#[test]
fn a_workbook_names_the_cell_that_is_wrong() {
    let bytes = workbook(|sheet| {
        let time = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd hh:mm");
        for (column, heading) in (0u16..).zip(["id", "current_assets", "purchase_share", "last.on"]) {
            sheet.write_string(0, column, heading)?;
        }
        let noise = [0.1 + 0.2, 100.0, 9_007_199_254_740_993.0];
        for (row, amount) in (1u32..).zip(noise) {
            sheet.write_number(row, 0, row)?;
            sheet.write_number(row, 1, amount)?;
        }
        sheet.write_number(2, 2, 12.5)?;
        let noon = rust_xlsxwriter::ExcelDateTime::parse_from_str("2026-10-01T12:00:00")?;
        sheet.write_datetime_with_format(2, 3, &noon, &time)?;
        Ok(())
    });
    let read = read_bytes(Format::Xlsx, bytes).unwrap();
    assert!(read.customers.is_empty());
    let told: Vec<String> = read.rejects.iter().map(|reject| words(&reject.problems)).collect();
    insta::assert_snapshot!(told.concat());
}

#[test]
fn a_sheet_is_found_by_its_name() {
    let bytes = workbook(|sheet| {
        sheet.write_string(0, 0, "id")?;
        Ok(())
    });
    let mut input = Input::new("book.xlsx", bytes, Format::Xlsx);
    input.sheet = Some("客户们".into());
    let problems = read(&schema(), Request::new(input), &mut SourceMap::new()).unwrap_err();
    assert_eq!(words(&problems), "`book.xlsx` has no sheet `客户们`\n");
}

/// What is written is read again, digit for digit.
#[test]
fn rows_out_are_rows_in() {
    for format in [Format::Csv, Format::Json, Format::Jsonl, Format::Xlsx] {
        let options = WriterOptions { mark: true, columns: Vec::new(), called: "customers".into() };
        let mut writer = Writer::new(Vec::new(), format, options).unwrap();
        let row = |id: &str, assets: &str| {
            vec![
                ("id".into(), Cell::Text(id.into())),
                ("current_assets".into(), Cell::Number(number(assets))),
                ("purchase_share".into(), Cell::Percent(number("0.125"))),
                ("overstated".into(), Cell::Bool(true)),
                ("payment_record".into(), Cell::Empty),
                ("last.on".into(), Cell::Date(gradus::value::Date::parse("2026-10-01").unwrap())),
                ("papers".into(), Cell::List(vec![Cell::Text("licence".into()), Cell::Text("报表".into())])),
            ]
        };
        writer.write(&row("甲公司, \"上海\"", "1234.5")).unwrap();
        writer.write(&row("乙公司", "123456789012345.67")).unwrap();
        let bytes = writer.finish().unwrap();
        let mapping = b"[numbers]\npercent = \"fraction\"\n".to_vec();
        let mut sources = SourceMap::new();
        let mut request = Request::new(Input::new("out", bytes, format));
        request.mapping = Mapping::parse("mapping.toml", mapping, &schema(), &mut sources).unwrap();
        let read =
            read(&schema(), request, &mut sources).unwrap_or_else(|problems| panic!("{}", words(&problems)));
        assert!(read.rejects.is_empty(), "{format:?}: {:?}", read.rejects);
        let shown: String = read.customers.iter().map(|facts| show(&schema(), facts)).collect();
        let rest = "  purchase_share 0.125\n  overstated true\n  papers set 11\n  last.on 2026-10-01\n";
        let wanted = format!(
            "甲公司, \"上海\"\n  current_assets 1234.5\n{rest}乙公司\n  current_assets 123456789012345.67\n{rest}"
        );
        assert_eq!(shown, wanted, "{format:?}");
    }
}

/// A rejects file that was mended is read as it is.
#[test]
fn a_mended_rejects_file_is_read_again() {
    let text = "id,current_assets,purchase_share\nA,abc,12.5%\nB,100,5%\n";
    let schema = schema();
    let mut sources = SourceMap::new();
    let request = Request::new(Input::new("customers.csv", text, Format::Csv));
    let reader = Reader::open(&schema, request, &mut sources).unwrap();
    let reject = *reader.customer(0).unwrap_err();
    let files = rejects_csv(&reader, &[reject], &sources, Lang::En).unwrap();
    let mended = files[0].text.replace("A,abc", "A,300");
    let read = read_bytes(Format::Csv, mended.into_bytes()).unwrap();
    assert!(read.notes.is_empty() && read.rejects.is_empty());
    assert_eq!(show(&schema, &read.customers[0]), "A\n  current_assets 300\n  purchase_share 0.125\n");
}

#[test]
fn a_fact_that_nothing_needs_may_be_absent() {
    let mut request = Request::new(Input::new("customers.csv", "id,overstated\nA,yes\n", Format::Csv));
    request.needed = Some([schema().find("overstated").unwrap()].into());
    let read = read(&schema(), request, &mut SourceMap::new()).unwrap();
    assert_eq!(show(&schema(), &read.customers[0]), "A\n  overstated true\n");
}

/// Customers are made on all cores.
#[test]
fn a_reader_may_be_asked_from_several_threads() {
    fn shared<T: Sync + Send>() {}
    shared::<Reader<'static>>();
}

/// Every row becomes a customer or a reject, in any format, whatever the bytes are.
fn counts(format: Format, bytes: Vec<u8>) {
    let schema = schema();
    let mut sources = SourceMap::new();
    let mut request = Request::new(Input::new("customers", bytes.clone(), format));
    request.origins = true;
    request.lists = vec![("invoices".into(), Input::new("invoices", bytes.clone(), format))];
    request.last = Some(Input::new("last", bytes, format));
    if let Ok(reader) = Reader::open(&schema, request, &mut sources) {
        let rejects: Vec<_> = (0..reader.len())
            .filter_map(|place| reader.customer(place).err())
            .map(|reject| *reject)
            .collect();
        for reject in &rejects {
            assert!(!reject.problems.is_empty());
        }
        let _ = rejects_csv(&reader, &rejects, &sources, Lang::Zh);
        let lines = rejects_jsonl(&reader, &rejects, &sources, Lang::En);
        assert_eq!(lines.lines().count(), rejects.len());
    }
}

/// Pieces of which broken files are made.
const PIECES: &[&str] = &[
    "id",
    "current_assets",
    "流动资产",
    "collections.2",
    "collections[9]",
    "invoices",
    "number",
    "due",
    "customer",
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    "{",
    "}",
    "[",
    "]",
    "[[customer]]",
    ":",
    " = ",
    "1",
    "-",
    "12.5%",
    "1e9",
    "2026-10-01",
    "true",
    "null",
    "\\u",
    "d800",
    "\\",
    "万",
    "\u{feff}",
    "é",
    "last",
    "values",
    "as_of",
    "sep=",
];

proptest! {
    #[test]
    fn no_bytes_end_a_run(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for format in [Format::Csv, Format::Json, Format::Jsonl, Format::Toml, Format::Xlsx] {
            counts(format, bytes.clone());
        }
    }

    #[test]
    fn no_broken_file_ends_a_run(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text: String = pieces.concat();
        for format in [Format::Csv, Format::Json, Format::Jsonl, Format::Toml] {
            counts(format, text.clone().into_bytes());
        }
    }

    /// A million customers or three: the others are decided when one is bad.
    #[test]
    fn a_bad_customer_touches_no_other(bad in prop::collection::vec(any::<bool>(), 1..30)) {
        let mut text = String::from("id,current_assets\n");
        for (number, bad) in bad.iter().enumerate() {
            let _ = writeln!(text, "C{number},{}", if *bad { "much" } else { "100" });
        }
        let read = read_bytes(Format::Csv, text.into_bytes()).unwrap();
        let count = bad.iter().filter(|bad| **bad).count();
        prop_assert_eq!((read.rejects.len(), read.customers.len()), (count, bad.len() - count));
    }
}

/// A workbook with a flipped byte is refused or read; it ends nothing.
#[test]
fn no_broken_workbook_ends_a_run() {
    let sound = workbook(|sheet| {
        sheet.write_string(0, 0, "id")?;
        sheet.write_string(0, 1, "current_assets")?;
        sheet.write_number(1, 1, 100)?;
        Ok(())
    });
    for place in (0..sound.len()).step_by(37) {
        let mut broken = sound.clone();
        broken[place] ^= 0x55;
        counts(Format::Xlsx, broken);
    }
}
