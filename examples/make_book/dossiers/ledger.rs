//! Receivables: what each customer owes by invoice, with what the desk notes beside the ledger, and what it did the last time.

use gradus::value::Date;

use super::{Client, Random, Sheet, ago, by_quality, later, money, today, written, yes_no};

/// An invoice of the ledger, in fen.
pub(super) struct Entry {
    pub number: String,
    pub amount: i64,
    pub delivered: Date,
    pub due: Date,
    pub paid: i64,
    pub disputed: bool,
    pub disputed_since: Option<Date>,
}

impl Entry {
    pub fn open(&self) -> i64 {
        self.amount - self.paid
    }
}

/// The files of the desk, and what it did the last time.
pub(super) fn sheets(clients: &[Client]) -> (Vec<Sheet>, Vec<(String, Vec<u8>)>) {
    let mut random = Random::new(55_001);
    let (mut receivables, mut ledger) = (Sheet::new("receivables"), Sheet::new("ledger"));
    let (mut chased, mut dunned) = (String::new(), String::new());
    for client in clients.iter().filter(|client| client.in_ledger) {
        let entries = entries(&mut random, client);
        receivables.row(row(&mut random, client, &entries));
        for entry in &entries {
            ledger.row(item(&mut random, client, entry));
        }
        chased.push_str(&last(&mut random, client, &entries, "collection_ladder", "collection", &LADDER));
        dunned.push_str(&last(&mut random, client, &entries, "dunning", "letters", &LETTERS));
    }
    receivables.spoil("C0014", "赊销额", "1.2.3");
    receivables.spoil("C0125", "停止至", "月底");
    receivables.spoil("C0209", "期间天数", "");
    receivables.spoil("C0290", "现平均付款天数", "月结");
    receivables.spoil("C0031", "信用等级", "AAA-");
    receivables.again("C0277", "C0277");
    ledger.spoil("C0033", "到期日", "2026-11-31");
    ledger.spoil("C0160", "金额", "见附件");
    ledger.again("C0008", "C0995");
    let last = vec![
        ("last/collection_ladder.jsonl".to_owned(), chased.into_bytes()),
        ("last/dunning.jsonl".to_owned(), dunned.into_bytes()),
    ];
    (vec![receivables, ledger], last)
}

/// The invoices of the book, and behind them what a weak customer still owes from before.
fn entries(random: &mut Random, client: &Client) -> Vec<Entry> {
    let mut entries: Vec<Entry> = client
        .invoices
        .iter()
        .filter(|invoice| invoice.amount != 0)
        .map(|invoice| Entry {
            number: invoice.number.clone(),
            amount: invoice.amount,
            delivered: invoice.delivered,
            due: invoice.due,
            paid: invoice.paid,
            disputed: invoice.disputed,
            disputed_since: invoice.disputed_since,
        })
        .collect();
    let old = if client.quality < 52 { random.between(0, 3) } else { random.between(0, 9) / 9 };
    for place in 1..=old {
        let due = ago(random.between(1, 190));
        let amount = client.monthly * 100 * random.between(2, 60) / 100;
        let disputed = random.chance(120);
        entries.push(Entry {
            number: format!("L{}{place:02}", client.id.get(1..).unwrap_or_default()),
            amount,
            delivered: later(due, -30),
            due,
            paid: if random.chance(400) { amount * random.between(1, 9) / 10 } else { 0 },
            disputed,
            disputed_since: disputed.then(|| later(due, -random.between(1, 20))),
        });
    }
    entries
}

fn row(random: &mut Random, client: &Client, entries: &[Entry]) -> Vec<(&'static str, String)> {
    let owed: i64 = entries.iter().map(Entry::open).sum::<i64>().max(0);
    let sold: i64 = entries.iter().map(|entry| entry.amount).sum::<i64>().max(0);
    let blocked = random.chance(50);
    let until = (blocked && random.chance(600)).then(|| later(today(), random.between(-20, 40)));
    let grade = if client.class.is_empty() {
        "NR"
    } else {
        by_quality(random, client.quality + 6, &["AA", "A", "BB", "B", "C", "D"])
    };
    // Some pay late by agreement: department stores, public bodies.
    let pays_after = if random.chance(120) {
        random.between(70, 120)
    } else {
        (95 - client.quality) * random.between(6, 16) / 10
    };
    let mut row = vec![
        ("客户编号", client.id.clone()),
        ("期间天数", "92".to_owned()),
        ("赊销额", money(sold * random.between(85, 100) / 100)),
        ("期初应收", money(owed * random.between(40, 190) / 100)),
        ("停止催款", if blocked { "是".to_owned() } else { String::new() }),
        ("停止至", written(until)),
        ("客户等级", standing(client).to_owned()),
        ("债务人类型", client.debtor.clone()),
        ("本公司资金成本", "12%".to_owned()),
        ("现平均付款天数", if client.is_new() { String::new() } else { pays_after.max(2).to_string() }),
        ("现有逾期", yes_no(entries.iter().any(|entry| entry.open() > 0 && entry.due < today()))),
        ("信用等级", grade.to_owned()),
        ("上季度订货量", client.quarter_orders.clone()),
    ];
    let months = [
        "近六个月回款额.1",
        "近六个月回款额.2",
        "近六个月回款额.3",
        "近六个月回款额.4",
        "近六个月回款额.5",
        "近六个月回款额.6",
    ];
    row.extend(months.into_iter().zip(client.collections.iter().cloned()));
    row
}

fn standing(client: &Client) -> &'static str {
    match (client.class.as_str(), client.quality) {
        ("", _) => "",
        ("CA1", _) | (_, 84..) => "优",
        (_, 48..) => "一般",
        _ => "差",
    }
}

fn item(random: &mut Random, client: &Client, entry: &Entry) -> Vec<(&'static str, String)> {
    // Some customers pay in notes, and some of those are cashed before they fall due.
    let in_notes = if random.chance(220) { entry.paid * random.between(30, 100) / 100 } else { 0 };
    let cashed = if random.chance(500) { in_notes * random.between(0, 100) / 100 } else { 0 };
    let transport = random.between(1, 9);
    let shipped = later(entry.delivered, -transport);
    let invoiced = later(shipped, random.between(0, 2));
    let arrived =
        (entry.paid > 0 || !random.chance(120)).then_some(entry.delivered).filter(|day| *day <= today());
    let received = match (entry.disputed, entry.open() > 0) {
        (true, _) => "有异议",
        (_, true) if random.chance(350) => "满意",
        (_, true) if random.chance(60) => "有异议",
        (_, false) if random.chance(700) => "满意",
        _ => "",
    };
    let objected = (received == "有异议").then(|| entry.disputed_since.unwrap_or(later(entry.delivered, 4)));
    let in_dispute =
        if entry.disputed { entry.amount.max(0) * *random.pick(&[20, 40, 60, 100]) / 100 } else { 0 };
    let is_late = entry.due < today() && entry.open() > 0;
    let promised = (is_late && random.chance(230)).then(|| later(today(), random.between(-6, 15)));
    let paid_on =
        (entry.paid > 0).then(|| later(entry.due, -random.between(-8, 40)).max(shipped).min(today()));
    vec![
        ("客户编号", client.id.clone()),
        ("发票号", entry.number.clone()),
        ("开票日", invoiced.to_string()),
        ("发货日", shipped.to_string()),
        ("运输天数", transport.to_string()),
        ("货到日", entry.delivered.to_string()),
        ("到货日", written(arrived)),
        ("收货情况", received.to_owned()),
        ("异议日", written(objected)),
        ("到期日", entry.due.to_string()),
        ("金额", money(entry.amount)),
        ("已付", money(entry.paid)),
        ("付款日", written(paid_on)),
        ("现金已付", money(entry.paid - in_notes)),
        ("票据已付", money(in_notes)),
        ("票据已兑现", money(cashed)),
        ("有争议", if entry.disputed { yes_no(true) } else { String::new() }),
        ("争议起始", written(entry.disputed_since)),
        ("争议金额", money(in_dispute)),
        ("争议日", written(entry.disputed_since)),
        ("承诺付款日", written(promised)),
    ]
}

// ------------------------------------------------------------------------------------------------ what was done

/// A step of a ladder: its name, its day counted from the due day, and whether somebody must approve it.
pub(super) type Rung = (&'static str, i64, bool);

/// From the due day on; what comes before it counts from the day of arrival.
const LADDER: [Rung; 8] = [
    ("remind", -5, false),
    ("collect", 0, false),
    ("report", 1, false),
    ("letter_7", 7, false),
    ("call_15", 15, false),
    ("stop", 30, true),
    ("lawyer_60", 60, true),
    ("court", 90, true),
];
const LETTERS: [Rung; 4] =
    [("remind", 0, false), ("first", 10, false), ("second", 20, false), ("final", 35, false)];

/// What an earlier run recorded of a customer: for each open item the step before the one that is due now; some are behind.
pub(super) fn last(
    random: &mut Random,
    client: &Client,
    entries: &[Entry],
    policy: &str,
    ladder: &str,
    rungs: &[Rung],
) -> String {
    let mut done = Vec::new();
    for entry in entries.iter().filter(|entry| entry.open() > 0) {
        let come: Vec<&Rung> = rungs.iter().filter(|rung| later(entry.due, rung.1) <= today()).collect();
        let behind = if random.chance(180) { 3 } else { 2 };
        let Some(place) = come.len().checked_sub(behind) else { continue };
        let Some((step, days, _)) = come.get(place) else { continue };
        let mut record = serde_json::Map::new();
        record.insert("number".into(), entry.number.clone().into());
        record.insert("step".into(), (*step).into());
        record.insert("on".into(), later(entry.due, *days).to_string().into());
        if let Some((next, _, true)) = come.get(place + 1)
            && random.chance(650)
        {
            record.insert("approved".into(), (*next).into());
        }
        done.push(serde_json::Value::Object(record));
    }
    let line = serde_json::json!({
        "id": client.id,
        "policy": policy,
        "as_of": ago(1).to_string(),
        "values": { ladder: done },
    });
    format!("{line}\n")
}
