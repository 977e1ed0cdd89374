//! The desk that recovers what is long overdue.

use super::ledger::{Entry, Rung, last};
use super::{Client, Random, Sheet, ago, asked, later, money, written};

/// The files of the desk, and what it did the last time.
pub(super) fn sheets(clients: &[Client]) -> (Vec<Sheet>, Vec<(String, Vec<u8>)>) {
    let mut random = Random::new(56_001);
    let (mut recovery, mut debts) = (Sheet::new("recovery"), Sheet::new("debts"));
    let mut done = String::new();
    // Most customers never come to this desk.
    for client in clients.iter().filter(|client| client.quality < 62 || client.id.ends_with('7')) {
        if random.chance(60) {
            continue;
        }
        let we_owe = random.chance(250).then(|| client.monthly * random.between(2, 60) / 100);
        let debtor = Debtor {
            we_owe: we_owe.unwrap_or(0),
            worth_saving: asked(&mut random, 250, 300),
            state_owned: asked(&mut random, 150, 60),
            has_assets: asked(&mut random, 600, 300),
            insolvent: asked(&mut random, 200, 250),
        };
        recovery.row([
            ("客户编号", client.id.clone()),
            ("债务人类型", client.debtor.clone()),
            ("我方应付其款", we_owe.map(|owed| owed.to_string()).unwrap_or_default()),
            ("值得扶持", debtor.worth_saving.clone()),
            ("国有企业", debtor.state_owned.clone()),
            ("有可供执行财产", debtor.has_assets.clone()),
            ("不能清偿到期债务", debtor.insolvent.clone()),
        ]);
        let entries = debts_of(&mut random, client);
        let mut to_arbitrate: Vec<&str> = Vec::new();
        for entry in &entries {
            let arbitration = random.chance(250);
            to_arbitrate.extend(arbitration.then_some(entry.number.as_str()));
            let claimed = (!random.chance(350)).then(|| later(entry.due, random.between(5, 500)).min(ago(2)));
            debts.row([
                ("客户编号", client.id.clone()),
                ("编号", entry.number.clone()),
                ("金额", money(entry.amount)),
                ("已付", money(entry.paid)),
                ("到期日", entry.due.to_string()),
                ("最近主张日", written(claimed)),
                ("约定仲裁", if arbitration { "是" } else { "" }.to_owned()),
                ("有争议", if entry.disputed { "是" } else { "" }.to_owned()),
                ("争议起始", written(entry.disputed_since)),
            ]);
        }
        let reached = last(&mut random, client, &entries, "ways_of_recovery", "recovery", &WAYS);
        done.push_str(&taken(&reached, &entries, &debtor, &to_arbitrate));
    }
    recovery.spoil("C0007", "国有企业", "集体");
    recovery.spoil("C0057", "我方应付其款", "对账中");
    recovery.again("C0117", "C0117");
    debts.spoil("C0147", "金额", "-800");
    debts.again("C0167", "C0994");
    (vec![recovery, debts], vec![("last/ways_of_recovery.jsonl".to_owned(), done.into_bytes())])
}

/// What is known of a debtor that opens some of the ways and closes others.
struct Debtor {
    we_owe: i64,
    worth_saving: String,
    state_owned: String,
    has_assets: String,
    insolvent: String,
}

/// The least that is handed to an agency, and the least that is sued for, in fen.
const LEAST: (i64, i64) = (500_000, 1_000_000);

/// How far the desk came with each debt: no further than the ways that were open against this debtor, and not past the day on which
/// the debt was disputed, for then the clock stopped.
fn taken(reached: &str, entries: &[Entry], debtor: &Debtor, to_arbitrate: &[&str]) -> String {
    let mut line: serde_json::Value = serde_json::from_str(reached).expect("a record of the desk");
    let open = |entry: &Entry, (step, days, _): &Rung| {
        let arbitrated = to_arbitrate.contains(&entry.number.as_str());
        let in_time = entry.disputed_since.is_none_or(|since| later(entry.due, *days) < since);
        in_time
            && match *step {
                "to_agency" => entry.open() >= LEAST.0,
                "counter" => debtor.we_owe > 0,
                "help" => debtor.worth_saving == "是",
                "authority" => debtor.state_owned == "是",
                "arbitral" => arbitrated,
                "court" => !arbitrated && entry.open() >= LEAST.1 && debtor.has_assets != "否",
                "bankruptcy" => debtor.insolvent == "是",
                _ => true,
            }
    };
    let records = line["values"]["recovery"].as_array().cloned().unwrap_or_default();
    let mended = records.into_iter().filter_map(|mut record| {
        let entry = entries.iter().find(|entry| record["number"] == entry.number.as_str())?;
        let at = WAYS.iter().position(|rung| record["step"] == rung.0)?;
        let (place, rung) = WAYS.iter().enumerate().take(at + 1).rfind(|(_, rung)| open(entry, rung))?;
        if place < at {
            record["step"] = rung.0.into();
            record["on"] = later(entry.due, rung.1).to_string().into();
        }
        // What was approved is the next way that is open.
        let next = WAYS.iter().skip(place + 1).find(|rung| open(entry, rung)).filter(|rung| rung.2);
        if let Some(fields) = record.as_object_mut()
            && fields.remove("approved").is_some()
        {
            fields.extend(next.map(|rung| ("approved".to_owned(), rung.0.into())));
        }
        Some(record)
    });
    line["values"]["recovery"] = mended.collect::<Vec<_>>().into();
    format!("{line}\n")
}

/// From a few weeks to more than four years past due.
fn debts_of(random: &mut Random, client: &Client) -> Vec<Entry> {
    let many = random.between(0, 3);
    (1..=many)
        .map(|place| {
            let days = *random.pick(&[12, 40, 50, 65, 80, 95, 105, 130, 180, 300, 420, 1_040, 1_100, 1_500]);
            let due = ago(days + random.between(-6, 9));
            let amount = client.monthly * 100 * random.between(1, 400) / 100;
            let disputed = random.chance(70);
            Entry {
                number: format!("Q{}-{place}", client.id.get(1..).unwrap_or_default()),
                amount,
                delivered: later(due, -30),
                due,
                paid: if random.chance(300) { amount * random.between(1, 10) / 10 } else { 0 },
                disputed,
                disputed_since: disputed.then(|| later(due, random.between(1, 10))),
            }
        })
        .collect()
}

const WAYS: [Rung; 10] = [
    ("own", 1, false),
    ("to_agency", 30, true),
    ("stop", 45, true),
    ("counter", 60, true),
    ("help", 75, true),
    ("banks", 90, false),
    ("authority", 100, false),
    ("arbitral", 120, true),
    ("court", 120, true),
    ("bankruptcy", 240, true),
];
