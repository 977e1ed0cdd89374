//! The book: some hundreds of customers, their statements, scores, orders, collections and invoices as of one day, what was done of
//! late, and a dozen rows that are wrong in the ways in which rows are wrong.

use std::fmt::Write as _;

use gradus::value::Date;

use super::desk::{self, About, Desk, desk};
use super::random::Random;
use super::words::{DEBTORS, FACTORS, FIRST, FORMS, LINES, Line, REGIONS, SALESMEN, SECOND};
use super::written::{money, percent, yes_no};

#[path = "then.rs"]
pub mod then;

/// How many customers there are.
const CUSTOMERS: usize = 400;
/// The day on which the book was drawn up.
const AS_OF: (i16, u8, u8) = (2026, 11, 16);

/// The files of the book: their names and what they hold.
pub fn files() -> Vec<(&'static str, Vec<u8>)> {
    let customers = customers();
    let mut files = vec![
        ("customers.csv", table(&customer_headings(), &customer_rows(&customers)).into_bytes()),
        ("invoices.csv", table(&invoice_headings(), &invoice_rows(&customers)).into_bytes()),
        ("first.json", json(customers.get(..3).unwrap_or_default()).into_bytes()),
        ("first.xlsx", workbook(customers.get(..20).unwrap_or_default())),
    ];
    for list in &desk::LISTS {
        let rows = kept_rows(list, &customers);
        files.push((list.file, table(&kept_headings(list), &rows).into_bytes()));
    }
    files
}

/// The headings of a list that the desk keeps.
fn kept_headings(list: &desk::Kept) -> Vec<String> {
    std::iter::once("客户编号").chain(list.headings.iter().copied()).map(String::from).collect()
}

/// A list of the desk, customer by customer.
fn kept_rows(list: &desk::Kept, customers: &[Customer]) -> Vec<Vec<String>> {
    let of = |customer: &Customer| -> Vec<Vec<String>> {
        let rows = (list.rows)(&customer.desk).iter();
        rows.map(|row| std::iter::once(&customer.id).chain(row).cloned().collect()).collect()
    };
    customers.iter().flat_map(of).collect()
}

fn today() -> Date {
    day(AS_OF.0, AS_OF.1, AS_OF.2)
}

fn day(year: i16, month: u8, day: u8) -> Date {
    Date::from_ymd(year, month, day).unwrap_or(Date(0))
}

fn later(from: Date, days: i64) -> Date {
    from.add_days(days).unwrap_or(from)
}

// ------------------------------------------------------------------------------------------------ customers

struct Customer {
    id: String,
    name: String,
    region: &'static str,
    salesman: &'static str,
    since: Date,
    /// Whether all required papers are on file and hold; in no file, but the papers follow it.
    papers_complete: bool,
    /// How good it is, 0 to 100; in no file, but all else follows it.
    quality: i64,
    line: &'static Line,
    /// The scores; 0 where nothing is known.
    scores: Vec<i64>,
    /// Current assets, current liabilities, inventory, total liabilities, net assets, in yuan.
    statements: [Option<i64>; 5],
    /// What it buys of us in a month, in yuan.
    monthly: i64,
    quarter_orders: Option<i64>,
    /// Oldest first.
    collections: Option<[i64; 6]>,
    /// In hundredths of a percent.
    purchase_share: Option<i64>,
    late_last_year: i64,
    bounced_cheques: i64,
    bad_debt: bool,
    sued: Option<bool>,
    ordered_to_stop: Option<bool>,
    /// What was answered to whether its limit looks high.
    looks_high: Option<bool>,
    debtor: Option<&'static str>,
    current_limit: Option<i64>,
    current_class: Option<&'static str>,
    invoices: Vec<Invoice>,
    desk: Desk,
}

fn customers() -> Vec<Customer> {
    let (mut random, mut apart) = (Random::new(20_261_116), Random::new(20_261_001));
    let mut names = Vec::new();
    (1..=CUSTOMERS)
        .map(|number| {
            let mut customer = customer(&mut random, number, &mut names);
            customer.desk = desk(&mut apart, &about(&customer, number));
            customer
        })
        .collect()
}

/// What the desk's entries hang on.
fn about(customer: &Customer, number: usize) -> About {
    About {
        number,
        today: today(),
        since: customer.since,
        is_new: customer.since.days_until(today()) < 180,
        quality: customer.quality,
        monthly: customer.monthly,
        papers_complete: customer.papers_complete,
        has_statements: customer.statements.iter().all(Option::is_some),
        region: customer.region,
        trade: customer.line.trade,
        late_last_year: customer.late_last_year,
        bounced_cheques: customer.bounced_cheques,
        sued: customer.sued,
        looks_high: customer.looks_high,
        current_limit: customer.current_limit,
    }
}

fn customer(random: &mut Random, number: usize, names: &mut Vec<String>) -> Customer {
    let quality = if random.chance(60) {
        random.between(88, 99)
    } else {
        (random.bell() + random.between(-8, 26)).clamp(6, 97)
    };
    let size = match random.between(1, 100) {
        1..=45 => 0,
        46..=86 => 1,
        _ => 2,
    };
    let (region, cities) = *random.pick(&REGIONS);
    let line = random.pick(&LINES);
    let name = loop {
        let (city, first, second) = (random.pick(cities), random.pick(&FIRST), random.pick(&SECOND));
        let form = FORMS.get(size).map_or(&"商行", |forms| random.pick(forms));
        let name = format!("{city}{first}{second}{}{form}", line.trade);
        if !names.contains(&name) {
            names.push(name.clone());
            break name;
        }
    };
    let is_new = random.chance(55);
    let since = if is_new {
        later(today(), -random.between(5, 175))
    } else {
        later(today(), -random.between(185, 5_900))
    };
    let monthly = match size {
        0 => random.between(80, 600) * 100,
        1 => random.between(600, 4_000) * 100,
        _ => random.between(4_000, 28_000) * 100,
    };
    let share = match size {
        0 => random.between(8, 60),
        1 => random.between(4, 45),
        _ => random.between(1, 18),
    };
    let statements = statements(random, quality, monthly * 12 * 100 / share);
    let is_young = is_new && random.chance(600);
    let (quarter_orders, collections) = trade(random, quality, monthly, is_young);
    let late_last_year = match quality {
        80.. => i64::from(random.chance(100)),
        62.. => random.between(0, 5) / 3,
        45.. => random.between(0, 3),
        _ => random.between(1, 6),
    };
    let mut customer = Customer {
        id: format!("C{number:04}"),
        name,
        region,
        salesman: random.pick::<&str>(&SALESMEN),
        since,
        papers_complete: random.chance(if is_new { 700 } else { 950 }),
        quality,
        line,
        scores: scores(random, quality, size),
        statements,
        monthly,
        quarter_orders,
        collections,
        purchase_share: (!random.chance(60)).then(|| share * 100 + 25 * random.between(0, 2)),
        late_last_year,
        bounced_cheques: if random.chance(if quality < 45 { 90 } else { 6 }) {
            random.between(1, 2)
        } else {
            0
        },
        bad_debt: random.chance(if quality < 40 { 60 } else { 3 }),
        sued: (!random.chance(40)).then(|| random.chance(if quality < 48 { 40 } else { 4 })),
        ordered_to_stop: (!random.chance(250)).then(|| random.chance(4)),
        looks_high: random.chance(300).then(|| random.chance(170)),
        debtor: random.chance(420).then(|| *random.pick(&DEBTORS)),
        current_limit: None,
        current_class: None,
        invoices: Vec::new(),
        desk: Desk::default(),
    };
    if !is_new || random.chance(300) {
        customer.current_class = Some(match quality + random.between(-9, 9) {
            84.. => "CA1",
            62.. => "CA2",
            47.. => "CA3",
            33.. => "CA4",
            20.. => "CA5",
            _ => "CA6",
        });
        // The old rule of thumb: so many tenths of a month of what it buys, to the ten thousand.
        let months = match customer.current_class {
            Some("CA1" | "CA2") => random.between(9, 16),
            Some("CA3") => random.between(4, 8),
            Some("CA4") => random.between(1, 3),
            _ => 0,
        };
        customer.current_limit = Some((monthly * months / 10 + 5_000) / 10_000 * 10_000);
    }
    customer.invoices = invoices(random, &customer, size);
    customer
}

/// Five figures of statements around what it buys in a year, in yuan. A weak customer lives on what it owes.
fn statements(random: &mut Random, quality: i64, year_of_purchases: i64) -> [Option<i64>; 5] {
    let current_assets = year_of_purchases * random.between(28, 68) / 100;
    let current_ratio = (60 + quality * 2 + random.between(-45, 60)).max(45);
    let current_liabilities = current_assets * 100 / current_ratio;
    let inventory = current_assets * random.between(25, 60) / 100;
    let fixed_assets = current_assets * random.between(25, 140) / 100;
    let total_liabilities = current_liabilities * random.between(102, 165) / 100;
    let net_assets = current_assets + fixed_assets - total_liabilities;
    let owes_nothing = random.chance(5);
    let mut all = [current_assets, current_liabilities, inventory, total_liabilities, net_assets].map(Some);
    if owes_nothing {
        all[1] = Some(0);
    }
    if random.chance(150) {
        all = [None; 5];
    } else if random.chance(20) {
        all[2] = None;
    }
    all
}

/// The orders of a quarter and the collections of six months, in yuan.
fn trade(random: &mut Random, quality: i64, monthly: i64, is_young: bool) -> (Option<i64>, Option<[i64; 6]>) {
    if is_young {
        return (None, None);
    }
    let orders = (!random.chance(20)).then(|| monthly * 3 * random.between(75, 130) / 100);
    let drift = random.between(-6, 9) + (quality - 50) / 12;
    let collections = (!random.chance(25)).then(|| {
        let mut month = 0;
        [(); 6].map(|()| {
            month += 1;
            let skipped = quality < 50 && random.chance(90);
            let refund = random.chance(4);
            match (skipped, refund) {
                (true, _) => 0,
                (_, true) => -monthly / 20,
                _ => monthly * (random.between(72, 112) + drift * month) / 100,
            }
        })
    });
    (orders, collections)
}

/// Eighteen scores. A large customer makes a better impression; little is known of a few.
fn scores(random: &mut Random, quality: i64, size: usize) -> Vec<i64> {
    let gaps = if random.chance(45) { 320 } else { 35 };
    let bonus = i64::try_from(size).unwrap_or(0);
    (0..FACTORS.len())
        .map(|factor| {
            let impression = if factor < 6 { bonus } else { 0 };
            let score = (quality + 6) / 10 + random.between(-2, 2) + impression / 2;
            if random.chance(gaps) { 0 } else { score.clamp(1, 10) }
        })
        .collect()
}

// ------------------------------------------------------------------------------------------------ invoices

struct Invoice {
    number: String,
    /// In fen, as all money of an invoice.
    amount: i64,
    delivered: Date,
    due: Date,
    paid: i64,
    disputed: bool,
    disputed_since: Option<Date>,
    /// The day by which it has promised to pay.
    promised: Option<Date>,
    /// What governs late payment, where its contract says: the regime, and the rate for a day.
    governed: (&'static str, &'static str),
}

fn invoices(random: &mut Random, customer: &Customer, size: usize) -> Vec<Invoice> {
    let many = match size {
        0 => random.between(0, 6),
        1 => random.between(3, 11),
        _ => random.between(6, 17),
    };
    let term = match customer.quality {
        75.. => *random.pick(&[45, 60, 60]),
        48.. => *random.pick(&[30, 45, 45]),
        _ => *random.pick(&[15, 30]),
    };
    let first = later(today(), -107);
    let first = if customer.since > first { customer.since } else { first };
    let serial = customer.id.get(1..).unwrap_or_default().to_owned();
    let governed = desk::governed(&customer.id);
    let mut apart = Random::new(20_261_400 + serial.parse::<u64>().unwrap_or(0));
    let mut found = Vec::new();
    for place in 1..=many {
        let delivered = later(first, random.between(0, first.days_until(today()) - 2));
        let amount = (customer.monthly * 110 / many.max(1) * random.between(45, 160) / 100).max(30_000);
        let amount =
            if random.chance(600) { amount / 10_000 * 10_000 } else { amount + random.between(0, 99) };
        let due = later(delivered, term);
        let late = due.days_until(today());
        let pays = match (late, customer.quality) {
            (..=0, _) => 80,
            (..=14, 70..) => 930,
            (..=14, _) => 640,
            (_, 70..) => 996,
            (_, 48..) => 965,
            _ => 720,
        };
        let paid = match (random.chance(pays), random.chance(160)) {
            (true, _) => amount,
            (false, true) => amount * random.between(1, 8) / 10,
            (false, false) => 0,
        };
        let disputed = paid < amount && random.chance(60);
        let since = later(delivered, random.between(2, 20));
        found.push(Invoice {
            number: format!("F{}{place:02}", &serial),
            amount,
            delivered,
            due,
            paid,
            disputed,
            disputed_since: (disputed && since <= today() && !random.chance(150)).then_some(since),
            promised: (paid < amount && late > 0 && apart.chance(120))
                .then(|| later(today(), apart.between(-9, 14))),
            governed,
        });
        if random.chance(45) {
            // Goods taken back: a credit note, still to be set off.
            found.push(Invoice {
                number: format!("H{}{place:02}", &serial),
                amount: -(amount * random.between(3, 25) / 100),
                delivered,
                due,
                paid: 0,
                disputed: false,
                disputed_since: None,
                promised: None,
                governed: ("", ""),
            });
        }
    }
    if many > 0 && random.chance(30) {
        // A payment on account that belongs to no invoice yet.
        let paid_on = later(today(), -random.between(1, 40));
        found.push(Invoice {
            number: format!("Y{}01", &serial),
            amount: 0,
            delivered: paid_on,
            due: paid_on,
            paid: customer.monthly * random.between(20, 80),
            disputed: false,
            disputed_since: None,
            promised: None,
            governed: ("", ""),
        });
    }
    found
}

// ------------------------------------------------------------------------------------------------ the files

fn customer_headings() -> Vec<String> {
    let mut headings: Vec<String> =
        ["客户编号", "客户名称", "地区", "业务员", "开户日"].map(String::from).to_vec();
    headings.extend(FACTORS.map(String::from));
    headings.extend(["流动资产", "流动负债", "存货", "负债总额", "净资产", "季度订货"].map(String::from));
    headings.extend([5, 6, 7, 8, 9, 10].map(|month| format!("{month}月回款")));
    headings.extend(
        [
            "占其购货比例",
            "一年内逾期次数",
            "一年内退票次数",
            "两年内有坏账",
            "被其他供应商起诉",
            "被责令停业整顿",
            "债务人类型",
            "库存天数",
            "市场需求变化",
            "毛利率",
            "定制营销",
            "相对对手的份额变化",
            "现有额度",
            "现有等级",
        ]
        .map(String::from),
    );
    headings.extend(desk::COLUMNS.map(|(heading, _)| heading.to_owned()));
    headings
}

fn customer_row(customer: &Customer) -> Vec<String> {
    let mut row = vec![
        customer.id.clone(),
        customer.name.clone(),
        customer.region.to_owned(),
        customer.salesman.to_owned(),
        customer.since.to_string(),
    ];
    row.extend(customer.scores.iter().map(i64::to_string));
    row.extend(customer.statements.iter().map(|figure| maybe(*figure, |figure| figure.to_string())));
    row.push(maybe(customer.quarter_orders, |orders| orders.to_string()));
    row.extend((0..6).map(|month| {
        maybe(customer.collections.and_then(|all| all.get(month).copied()), |month| month.to_string())
    }));
    row.extend([
        maybe(customer.purchase_share, percent),
        customer.late_last_year.to_string(),
        customer.bounced_cheques.to_string(),
        yes_no(customer.bad_debt),
        maybe(customer.sued, yes_no),
        maybe(customer.ordered_to_stop, yes_no),
        maybe(customer.debtor, str::to_owned),
        customer.line.stock_cover.to_string(),
        percent(customer.line.demand_change),
        percent(customer.line.margin),
        yes_no(customer.line.made_to_order),
        percent(customer.line.share_change),
        maybe(customer.current_limit, |limit| limit.to_string()),
        maybe(customer.current_class, str::to_owned),
    ]);
    let desk = &customer.desk;
    row.extend(desk.file.iter().cloned());
    row.push(desk.group.clone());
    row.extend(desk.owes.map(|owed| owed.to_string()));
    row.push(maybe(desk.bankrupt, yes_no));
    row.push(maybe(desk.new_owner, |day| day.to_string()));
    row.push(maybe(desk.bank_cut, yes_no));
    row.extend(desk.ledger.map(yes_no));
    row.extend(desk.outside.map(|sign| maybe(sign, yes_no)));
    row
}

fn customer_rows(customers: &[Customer]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = customers.iter().map(customer_row).collect();
    let headings = customer_headings();
    // What is wrong in rows, as it is met with: each row that is touched here must come back in the rejects.
    for (id, heading, wrong) in [
        ("C0017", "季度订货", "三十万"),
        ("C0044", "占其购货比例", "135%"),
        ("C0081", "付款记录", "11"),
        ("C0102", "流动资产", "1204500.125"),
        ("C0150", "一年内逾期次数", ""),
        ("C0203", "开户日", "2026-02-30"),
        ("C0231", "支票退票", "待定"),
        ("C0268", "债务人类型", "圆滑型"),
        ("C0312", "流动负债", "-86000"),
    ] {
        let place = rows.iter().position(|row| row.first().is_some_and(|own| own == id));
        let column = headings.iter().position(|known| known == heading);
        if let (Some(place), Some(column)) = (place, column) {
            rows[place][column] = wrong.to_owned();
        }
    }
    // One customer stands in the file twice.
    if let Some(again) = rows.get(355).cloned() {
        rows.insert(360, again);
    }
    rows
}

fn invoice_headings() -> Vec<String> {
    [
        "客户编号",
        "发票号",
        "金额",
        "货到日",
        "到期日",
        "已付",
        "有争议",
        "争议起始",
        "承诺付款日",
        "适用规则",
        "约定日率",
    ]
    .map(String::from)
    .to_vec()
}

fn invoice_row(customer: &Customer, invoice: &Invoice) -> Vec<String> {
    vec![
        customer.id.clone(),
        invoice.number.clone(),
        money(invoice.amount),
        invoice.delivered.to_string(),
        invoice.due.to_string(),
        if invoice.paid == 0 { String::new() } else { money(invoice.paid) },
        if invoice.disputed { yes_no(true) } else { String::new() },
        maybe(invoice.disputed_since, |since| since.to_string()),
        maybe(invoice.promised, |day| day.to_string()),
        invoice.governed.0.to_owned(),
        invoice.governed.1.to_owned(),
    ]
}

fn invoice_rows(customers: &[Customer]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = customers
        .iter()
        .flat_map(|customer| customer.invoices.iter().map(|invoice| invoice_row(customer, invoice)))
        .collect();
    // The wrong ones: a figure that is none, a number that stands twice, an invoice of nobody.
    let of =
        |rows: &[Vec<String>], id: &str| rows.iter().position(|row| row.first().is_some_and(|own| own == id));
    if let Some(place) = of(&rows, "C0066") {
        rows[place][2] = "见附件".to_owned();
    }
    if let Some(place) = of(&rows, "C0188") {
        let again = rows[place].clone();
        rows.insert(place + 1, again);
    }
    rows.insert(
        900.min(rows.len()),
        ["C0999", "F099901", "18600.00", "2026-09-02", "2026-10-17", "", "", "", "", "", ""]
            .map(String::from)
            .to_vec(),
    );
    rows
}

/// Some customers as nested JSON, under the names of the facts.
fn json(customers: &[Customer]) -> String {
    let mut own = vec![
        "customer",
        "name",
        "region",
        "",
        "customer_since",
        "outward_impression",
        "organisation",
        "product_and_market",
        "market_competition",
        "operating_state",
        "prospects",
        "deal_margin",
        "product_demands",
        "market_attraction",
        "our_competitiveness",
        "guarantees",
        "replaceability",
        "payment_record",
        "bank_standing",
        "profitability",
        "balance_sheet",
        "debt_capacity",
        "total_capital",
        "current_assets",
        "current_liabilities",
        "inventory",
        "total_liabilities",
        "net_assets",
        "quarter_orders",
        "",
        "",
        "",
        "",
        "",
        "",
        "purchase_share",
        "late_last_year",
        "bounced_cheques",
        "bad_debt",
        "sued_by_supplier",
        "ordered_to_stop",
        "debtor",
        "库存天数",
        "需求变化",
        "毛利率",
        "按单定制",
        "份额变化",
        "current_limit",
        "current_class",
    ];
    own.extend(desk::COLUMNS.map(|(_, name)| name));
    let invoice_names = [
        "",
        "number",
        "amount",
        "delivered",
        "due",
        "paid",
        "disputed",
        "disputed_since",
        "promised_until",
        "under",
        "agreed_daily",
    ];
    let object = |names: &[&str], row: Vec<String>| -> serde_json::Map<String, serde_json::Value> {
        let named = names.iter().zip(row).filter(|(name, written)| !name.is_empty() && !written.is_empty());
        named.map(|(name, written)| ((*name).to_owned(), plain(written))).collect()
    };
    let all: Vec<serde_json::Value> = customers
        .iter()
        .map(|customer| {
            let mut facts = object(&own, customer_row(customer));
            if let Some(collections) = customer.collections {
                facts.insert("collections".into(), serde_json::json!(collections));
            }
            let invoices = customer
                .invoices
                .iter()
                .map(|invoice| object(&invoice_names, invoice_row(customer, invoice)).into());
            facts.insert("invoices".into(), invoices.collect::<Vec<serde_json::Value>>().into());
            for list in &desk::LISTS {
                let rows = (list.rows)(&customer.desk).iter();
                let objects = rows.map(|row| object(list.names, row.clone()).into());
                facts.insert(list.fact.into(), objects.collect::<Vec<serde_json::Value>>().into());
            }
            facts.into()
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&all).unwrap_or_default();
    text.push('\n');
    text
}

/// A figure, a yes or no, or a text.
fn plain(written: String) -> serde_json::Value {
    match written.as_str() {
        "是" => true.into(),
        "否" => false.into(),
        _ => written.parse::<i64>().map_or_else(|_| written.into(), serde_json::Value::from),
    }
}

/// Some customers as a workbook, their invoices on a sheet of their own.
fn workbook(customers: &[Customer]) -> Vec<u8> {
    use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 11, 16).ok();
    let properties = made.map(|made| DocProperties::new().set_creation_datetime(&made));
    book.set_properties(&properties.unwrap_or_default());
    let customers_sheet: Vec<Vec<String>> = customers.iter().map(customer_row).collect();
    let invoices_sheet: Vec<Vec<String>> = customers
        .iter()
        .flat_map(|customer| customer.invoices.iter().map(|invoice| invoice_row(customer, invoice)))
        .collect();
    let mut sheets = vec![
        ("customers", customer_headings(), customers_sheet),
        ("invoices", invoice_headings(), invoices_sheet),
    ];
    sheets
        .extend(desk::LISTS.iter().map(|list| (list.fact, kept_headings(list), kept_rows(list, customers))));
    for (name, headings, rows) in sheets {
        let sheet = book.add_worksheet();
        let _ = sheet.set_name(name);
        for (line, row) in std::iter::once(&headings).chain(&rows).enumerate() {
            for (column, written) in row.iter().enumerate() {
                let (Ok(line), Ok(column)) = (u32::try_from(line), u16::try_from(column)) else { continue };
                let _ = match written.parse::<i32>() {
                    Ok(figure) => sheet.write_number(line, column, figure),
                    Err(_) if written.is_empty() => continue,
                    Err(_) => sheet.write_string(line, column, written),
                };
            }
        }
    }
    book.save_to_buffer().unwrap_or_default()
}

// ------------------------------------------------------------------------------------------------ how things are written

fn table(headings: &[String], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in std::iter::once(headings).chain(rows.iter().map(Vec::as_slice)) {
        let quoted: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        let _ = writeln!(text, "{}", quoted.join(","));
    }
    text
}

/// A cell; what holds a quotation mark is quoted.
fn quoted(cell: &str) -> String {
    if cell.contains('"') { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

fn maybe<T>(value: Option<T>, written: impl Fn(T) -> String) -> String {
    value.map(written).unwrap_or_default()
}
