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
        recovery.row([
            ("客户编号", client.id.clone()),
            ("债务人类型", client.debtor.clone()),
            (
                "我方应付其款",
                if random.chance(250) {
                    (client.monthly * random.between(2, 60) / 100).to_string()
                } else {
                    String::new()
                },
            ),
            ("值得扶持", asked(&mut random, 250, 300)),
            ("国有企业", asked(&mut random, 150, 60)),
            ("有可供执行财产", asked(&mut random, 600, 300)),
            ("不能清偿到期债务", asked(&mut random, 200, 250)),
        ]);
        let entries = debts_of(&mut random, client);
        for entry in &entries {
            let arbitration = random.chance(250);
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
        done.push_str(&last(&mut random, client, &entries, "ways_of_recovery", "recovery", &WAYS));
    }
    recovery.spoil("C0007", "国有企业", "集体");
    recovery.spoil("C0057", "我方应付其款", "对账中");
    recovery.again("C0117", "C0117");
    debts.spoil("C0147", "金额", "-800");
    debts.again("C0167", "C0994");
    (vec![recovery, debts], vec![("last/ways_of_recovery.jsonl".to_owned(), done.into_bytes())])
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
