//! The dossiers of the book: what each desk of a credit department keeps on the same customers, as files that the systems of the
//! library read. A few customers are missing in each, some cells are empty, some rows are wrong.

mod cover;
pub mod last;
mod ledger;
mod limits;
mod rating;
mod recovery;
mod release;
mod sales;
mod service;
mod terms;
mod watch;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gradus::value::Date;

use super::random::Random;
use super::written::{hundredths, money, percent, yes_no};

/// The files: their names under `dossiers/` and what they hold, made from the book's customers and invoices.
pub fn files(customers: &str, invoices: &str) -> Vec<(String, Vec<u8>)> {
    let clients = clients(customers, invoices);
    let mut sheets = rating::sheets(&clients);
    sheets.extend(limits::sheets(&clients));
    sheets.extend(terms::sheets(&clients));
    sheets.extend(service::sheets(&clients));
    sheets.extend(sales::sheets(&clients));
    let (ledger, mut more) = ledger::sheets(&clients);
    sheets.extend(ledger);
    let (watch, last) = watch::sheets(&clients);
    sheets.extend(watch);
    more.extend(last);
    let (recovery, last) = recovery::sheets(&clients);
    sheets.extend(recovery);
    more.extend(last);
    more.extend(service::last(&clients));
    for (desk, last) in [release::sheets(&clients), cover::sheets(&clients)] {
        sheets.extend(desk);
        more.extend(last);
    }
    let sheets = sheets.into_iter().map(|sheet| (format!("{}.csv", sheet.name), sheet.csv().into_bytes()));
    sheets.chain(more).collect()
}

/// The day on which the book was drawn up.
fn today() -> Date {
    Date::from_ymd(2026, 11, 16).unwrap_or(Date(0))
}

/// So many days ago.
fn ago(days: i64) -> Date {
    later(today(), -days)
}

fn later(from: Date, days: i64) -> Date {
    from.add_days(days).unwrap_or(from)
}

// ------------------------------------------------------------------------------------------------ customers

/// Types of debtors.
const DEBTORS: [&str; 6] = ["强硬型", "阴谋型", "合作型", "感情型", "固执型", "虚荣型"];

/// A customer as the other files of the book have it.
struct Client {
    id: String,
    since: Date,
    /// How good it is, 0 to 100: ten times the mean of its scores.
    quality: i64,
    /// What it buys of us in a month, in yuan.
    monthly: i64,
    /// Current assets, current liabilities, inventory, total liabilities, net assets, in yuan.
    statements: Option<[i64; 5]>,
    /// `CA1` to `CA6`; empty where nobody has rated it.
    class: String,
    limit: i64,
    sued: String,
    debtor: String,
    late_last_year: i64,
    purchase_share: String,
    quarter_orders: String,
    collections: Vec<String>,
    invoices: Vec<Invoice>,
    /// Whether the desk of receivables has it; a few of the book have never bought on credit.
    in_ledger: bool,
    /// Whether the desk that releases orders has it: whoever buys on credit.
    in_release: bool,
}

impl Client {
    /// For how many days it has been a customer.
    fn days(&self) -> i64 {
        self.since.days_until(today())
    }

    fn is_new(&self) -> bool {
        self.days() < 183
    }

    /// Its class, `NR` where nobody has rated it.
    fn rated(&self) -> String {
        if self.class.is_empty() { "NR".to_owned() } else { self.class.clone() }
    }
}

/// An invoice as the book has it, in fen.
struct Invoice {
    number: String,
    amount: i64,
    delivered: Date,
    due: Date,
    paid: i64,
    disputed: bool,
    disputed_since: Option<Date>,
}

/// The rows of a table by heading.
fn rows(table: &str) -> Vec<BTreeMap<&str, &str>> {
    let mut lines = table.lines();
    let headings: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    lines.map(|line| headings.iter().copied().zip(line.split(',')).collect()).collect()
}

/// The customers of the book, each once.
fn clients(customers: &str, invoices: &str) -> Vec<Client> {
    let mut by_customer: BTreeMap<&str, Vec<Invoice>> = BTreeMap::new();
    for row in rows(invoices) {
        if let Some(invoice) = invoice(&row) {
            let id = row.get("客户编号").copied().unwrap_or_default();
            let kept = by_customer.entry(id).or_default();
            if !kept.iter().any(|other| other.number == invoice.number) {
                kept.push(invoice);
            }
        }
    }
    let mut random = Random::new(50_001);
    let mut clients: Vec<Client> = Vec::new();
    for row in rows(customers) {
        let mut client = client(&row, &mut by_customer);
        client.in_ledger = !random.chance(40);
        client.in_release = client.in_ledger && !random.chance(150);
        if client.id.len() == 5 && !clients.iter().any(|other| other.id == client.id) {
            clients.push(client);
        }
    }
    clients
}

fn client(row: &BTreeMap<&str, &str>, invoices: &mut BTreeMap<&str, Vec<Invoice>>) -> Client {
    let cell = |heading: &str| row.get(heading).map_or("", |cell| cell.trim());
    let figure = |heading: &str| cell(heading).parse::<i64>().ok();
    let id = cell("客户编号");
    let scores: Vec<i64> =
        ["付款记录", "银行信用", "获利能力", "资产负债表评估", "偿债能力", "经营状况", "组织管理"]
            .iter()
            .filter_map(|heading| figure(heading).filter(|score| *score > 0))
            .collect();
    let many = i64::try_from(scores.len()).unwrap_or(0);
    let statements: Option<Vec<i64>> = ["流动资产", "流动负债", "存货", "负债总额", "净资产"]
        .iter()
        .map(|heading| figure(heading))
        .collect();
    let months = ["5月回款", "6月回款", "7月回款", "8月回款", "9月回款", "10月回款"];
    let orders = figure("季度订货").map(|orders| orders / 3);
    Client {
        id: id.to_owned(),
        since: Date::parse(cell("开户日")).unwrap_or_else(|| ago(900)),
        quality: if many == 0 { 45 } else { scores.iter().sum::<i64>() * 10 / many },
        monthly: orders.or_else(|| figure("8月回款")).unwrap_or(38_000).max(8_000),
        statements: statements.and_then(|found| <[i64; 5]>::try_from(found).ok()),
        class: cell("现有等级").to_owned(),
        limit: figure("现有额度").unwrap_or(0),
        sued: cell("被其他供应商起诉").to_owned(),
        debtor: DEBTORS
            .iter()
            .find(|known| **known == cell("债务人类型"))
            .map_or("", |known| known)
            .to_owned(),
        late_last_year: figure("一年内逾期次数").unwrap_or(0).clamp(0, 20),
        purchase_share: cell("占其购货比例").to_owned(),
        quarter_orders: figure("季度订货").map(|orders| orders.to_string()).unwrap_or_default(),
        collections: months.iter().map(|month| cell(month).to_owned()).collect(),
        invoices: invoices.remove(id).unwrap_or_default(),
        in_ledger: true,
        in_release: true,
    }
}

fn invoice(row: &BTreeMap<&str, &str>) -> Option<Invoice> {
    let cell = |heading: &str| row.get(heading).map_or("", |cell| cell.trim());
    let fen = |heading: &str| cell(heading).replace('.', "").parse::<i64>().ok();
    Some(Invoice {
        number: cell("发票号").to_owned(),
        amount: fen("金额")?,
        delivered: Date::parse(cell("货到日"))?,
        due: Date::parse(cell("到期日"))?,
        paid: fen("已付").unwrap_or(0),
        disputed: cell("有争议") == "是",
        disputed_since: Date::parse(cell("争议起始")),
    })
}

/// What earlier runs of a policy recorded: for each customer where its items stood on a ladder.
struct Last {
    policy: &'static str,
    ladder: &'static str,
    lines: String,
}

impl Last {
    fn new(policy: &'static str, ladder: &'static str) -> Last {
        Last { policy, ladder, lines: String::new() }
    }

    /// What was recorded of a customer; nothing where it has no record.
    fn add(&mut self, client: &Client, records: Vec<serde_json::Value>) {
        if records.is_empty() {
            return;
        }
        let line = serde_json::json!({
            "id": client.id,
            "policy": self.policy,
            "as_of": ago(1).to_string(),
            "values": { self.ladder: records },
        });
        let _ = writeln!(self.lines, "{line}");
    }

    fn file(self, name: &str) -> (String, Vec<u8>) {
        (format!("last/{name}.jsonl"), self.lines.into_bytes())
    }
}

// ------------------------------------------------------------------------------------------------ sheets

/// A file of a desk.
struct Sheet {
    name: &'static str,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    fn new(name: &'static str) -> Sheet {
        Sheet { name, headings: Vec::new(), rows: Vec::new() }
    }

    /// One more row; every row has the same headings in the same order.
    fn row<'a>(&mut self, cells: impl IntoIterator<Item = (&'a str, String)>) {
        let (headings, row): (Vec<&str>, Vec<String>) = cells.into_iter().unzip();
        if self.headings.is_empty() {
            self.headings = headings.into_iter().map(str::to_owned).collect();
        }
        self.rows.push(row);
    }

    /// Writes something wrong into a cell of the first row of a customer.
    fn spoil(&mut self, id: &str, heading: &str, written: &str) {
        let column = self.headings.iter().position(|other| other == heading);
        let row = self.rows.iter_mut().find(|row| row.first().is_some_and(|cell| cell == id));
        if let (Some(column), Some(row)) = (column, row) {
            written.clone_into(&mut row[column]);
        }
    }

    /// Copies the first row of a customer to the end, perhaps under another number.
    fn again(&mut self, id: &str, under: &str) {
        if let Some(mut row) =
            self.rows.iter().find(|row| row.first().is_some_and(|cell| cell == id)).cloned()
        {
            under.clone_into(&mut row[0]);
            self.rows.push(row);
        }
    }

    fn csv(&self) -> String {
        let mut text = String::new();
        for row in std::iter::once(&self.headings).chain(&self.rows) {
            let _ = writeln!(text, "{}", row.join(","));
        }
        text
    }
}

// ------------------------------------------------------------------------------------------------ how things are written

/// Yes so many times in a thousand; nothing where nobody has asked.
fn asked(random: &mut Random, yes: i64, unasked: i64) -> String {
    if random.chance(unasked) { String::new() } else { yes_no(random.chance(yes)) }
}

fn written(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// A score of 0 to 10 around a quality of 0 to 100; 0 or nothing where little is known.
fn mark(random: &mut Random, quality: i64, gaps: i64) -> String {
    if random.chance(gaps) {
        return if random.chance(400) { "0".to_owned() } else { String::new() };
    }
    let score = (quality + 5) / 10 + random.between(-2, 2);
    score.clamp(1, 10).to_string()
}

/// One of some by quality, the best first, a step off now and then.
fn by_quality<'a>(random: &mut Random, quality: i64, from: &[&'a str]) -> &'a str {
    let many = i64::try_from(from.len()).unwrap_or(1);
    let place = (100 - quality + random.between(-12, 12)).clamp(0, 99) * many / 100;
    usize::try_from(place).ok().and_then(|place| from.get(place)).copied().unwrap_or_default()
}
