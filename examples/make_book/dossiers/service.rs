//! The sales and service desks: dealers, satisfaction, questionnaires, complaints.

use gradus::value::Date;

use super::{Client, Random, Sheet, ago, asked, later, mark, percent, today, written};

/// The files of the desks.
pub(super) fn sheets(clients: &[Client]) -> Vec<Sheet> {
    let (mut service, mut answers) = (Sheet::new("service"), Sheet::new("answers"));
    let (mut random, mut courts) = (Random::new(57_001), Random::new(57_002));
    for client in clients {
        if random.chance(250) {
            continue;
        }
        // How content it is has little to do with how well it pays.
        let content = random.bell() + random.between(-10, 25);
        let mut row = row(&mut random, client, content);
        row.push(("被他人起诉", asked(&mut courts, 70, 60)));
        service.row(row);
        if random.chance(200) {
            questionnaires(&mut random, client, content, &mut answers);
        }
    }
    service.spoil("C0011", "总体感受", "还行");
    service.spoil("C0063", "选购天数", "很久");
    service.spoil("C0129", "畅销品牌", "12");
    service.again("C0231", "C0231");
    let first = answers.rows.first().map(|row| row[0].clone()).unwrap_or_default();
    answers.spoil(&first, "感知", "8");
    answers.again(&first, "C0993");
    let mut complaints = Sheet::new("complaints");
    for (client, complaint) in complaints_of(clients) {
        complaints.row(complaint.row(client));
    }
    let first = complaints.rows.first().map(|row| row[0].clone()).unwrap_or_default();
    complaints.spoil(&first, "种类", "态度");
    vec![service, answers, complaints]
}

fn row(random: &mut Random, client: &Client, content: i64) -> Vec<(&'static str, String)> {
    let quality = client.quality;
    let gaps = if random.chance(60) { 700 } else { 50 };
    let part = |random: &mut Random, middle: i64, spread: i64| -> String {
        if random.chance(gaps) {
            String::new()
        } else {
            percent(((middle + random.between(-spread, spread)) * 100).clamp(0, 10_000))
        }
    };
    let felt = if random.chance(200) {
        ""
    } else {
        ["高于期望", "等于期望", "低于期望"][usize::from(content < 68) + usize::from(content < 42)]
    };
    let attitude = if random.chance(150) {
        ""
    } else {
        ["排斥", "无所谓", "偏爱"][usize::from(content < 70) + usize::from(content < 40)]
    };
    let usual = client.monthly * random.between(20, 60) / 100;
    let bought = usual * (content + random.between(35, 80)) / 100;
    let will = quality + random.between(-20, 18);
    let jumps = random.chance(50);
    let mut row = vec![
        ("客户编号", client.id.clone()),
        ("合作积极性", mark(random, if jumps { 92 } else { will }, 30)),
        ("上次合作积极性", mark(random, if jumps { 30 } else { will }, 220)),
    ];
    for heading in
        ["经营方式灵活", "分销能力", "资金实力", "畅销品牌", "仓储车辆人员", "信誉", "家庭状况", "社会地位"]
    {
        row.push((heading, mark(random, quality + 8, gaps)));
    }
    let net = client.statements.map(|all| all[4].to_string()).unwrap_or_default();
    let orders = if jumps || random.chance(40) {
        client.monthly * random.between(280, 420) / 100
    } else {
        client.monthly * random.between(50, 160) / 100
    };
    row.extend([
        (
            "申请额度",
            if random.chance(40) {
                String::new()
            } else {
                (client.monthly * random.between(10, 60) / 10).to_string()
            },
        ),
        ("净资产", net),
        ("本月订货", orders.to_string()),
        ("月均订货", client.monthly.to_string()),
        ("总体感受", felt.to_owned()),
        ("美誉度", part(random, content, 15)),
        ("指名度", part(random, content - 25, 15)),
        ("回头率", part(random, content, 20)),
        ("投诉率", part(random, (90 - content) / 10, 2)),
        ("一次购买额", if random.chance(gaps) { String::new() } else { bought.to_string() }),
        ("往常一次购买额", usual.to_string()),
        ("涨价一成的流失", part(random, (95 - content) / 2, 9)),
        ("推荐率", part(random, content / 2, 14)),
        ("重复购买率", part(random, content + 12, 15)),
        ("关心品牌", mark(random, content + 4, gaps)),
        ("需求满足率", part(random, content, 20)),
        ("可容忍的涨价", part(random, content / 9, 4)),
        ("对竞争者的态度", attitude.to_owned()),
        (
            "选购天数",
            if random.chance(gaps) {
                String::new()
            } else {
                ((105 - content) / 3 + random.between(-8, 8)).max(0).to_string()
            },
        ),
        ("质量事故后仍购买", asked(random, (content * 9).clamp(50, 950), 250)),
    ]);
    row
}

/// Two to four questionnaires of twenty-two questions.
fn questionnaires(random: &mut Random, client: &Client, content: i64, answers: &mut Sheet) {
    let serial = client.id.get(1..).unwrap_or_default();
    // Some fill in the first page alone.
    let answered = if random.chance(120) { 9 } else { 22 };
    let bias = (content - 55).clamp(-44, 44) / 9;
    for sheet in 1..=random.between(2, 4) {
        for question in 1..=22_i64 {
            let expected = random.between(4, 7);
            let drift = if random.chance(450) { bias } else { random.between(-1, 1) };
            let perceived = (expected + drift).clamp(1, 7);
            answers.row([
                ("客户编号", client.id.clone()),
                ("编号", format!("W{serial}-{sheet}-{question:02}")),
                ("问卷号", format!("W{serial}-{sheet}")),
                ("题号", question.to_string()),
                (
                    "感知",
                    if question > answered || random.chance(20) {
                        String::new()
                    } else {
                        perceived.to_string()
                    },
                ),
                ("期望", expected.to_string()),
            ]);
        }
    }
}

// ------------------------------------------------------------------------------------------------ complaints

struct Complaint {
    number: String,
    kind: &'static str,
    received: Date,
    amount: i64,
    justified: Option<bool>,
    offered: i64,
    closed: Option<Date>,
    /// The step last done.
    done: Option<(&'static str, Date)>,
    approved: bool,
}

impl Complaint {
    fn row(&self, client: &Client) -> Vec<(&'static str, String)> {
        vec![
            ("客户编号", client.id.clone()),
            ("投诉号", self.number.clone()),
            ("受理日", self.received.to_string()),
            ("种类", self.kind.to_owned()),
            ("涉及金额", self.amount.to_string()),
            ("投诉成立", self.justified.map(super::yes_no).unwrap_or_default()),
            ("拟赔金额", if self.offered == 0 { String::new() } else { self.offered.to_string() }),
            ("结案日", written(self.closed)),
        ]
    }
}

/// The steps of a complaint that is justified.
const STEPS: [&str; 7] = ["记录", "审定", "归责", "原因", "方案", "批准", "实施方案"];

fn complaints_of(clients: &[Client]) -> Vec<(&Client, Complaint)> {
    let mut random = Random::new(57_002);
    let mut found = Vec::new();
    for client in clients {
        let many = if client.in_ledger && random.chance(300) { random.between(1, 4) } else { 0 };
        for place in 1..=many {
            found.push((client, complaint(&mut random, client, place)));
        }
    }
    found
}

fn complaint(random: &mut Random, client: &Client, place: i64) -> Complaint {
    let received = ago(*random.pick(&[0, 1, 3, 6, 12, 20, 33, 60, 140, 300, 390]));
    let amount = client.monthly * random.between(2, 60) / 100;
    let age = received.days_until(today());
    let closed = (age > 30 && random.chance(800)).then(|| later(received, random.between(8, 28)));
    let reached = match (closed, age) {
        (Some(_), _) => 7,
        (None, 0) => 0,
        (None, age) => random.between(0, (age / 3).min(7)),
    };
    let justified = (reached >= 2 || closed.is_some()).then(|| random.chance(720));
    let reached = if justified == Some(false) { reached.min(2) } else { reached };
    let offered =
        if reached >= 5 && justified == Some(true) { amount * random.between(5, 60) / 100 } else { 0 };
    // Small compensations are approved by nobody.
    let reached = if reached == 6 && offered < 5_000 { 7 } else { reached };
    let step = usize::try_from(reached - 1).ok().and_then(|place| STEPS.get(place));
    Complaint {
        number: format!("T{}-{place}", client.id.get(1..).unwrap_or_default()),
        kind: random.pick::<&str>(&["质量", "质量", "运输", "服务", "合同"]),
        received,
        amount,
        justified,
        offered,
        closed,
        done: step.filter(|_| closed.is_none()).map(|step| (*step, later(received, random.between(0, age)))),
        approved: random.chance(400),
    }
}

/// What the service desk did the last time.
pub(super) fn last(clients: &[Client]) -> Vec<(String, Vec<u8>)> {
    let mut random = Random::new(57_003);
    let mut lines = String::new();
    let complaints = complaints_of(clients);
    for client in clients {
        let records: Vec<serde_json::Value> = complaints
            .iter()
            .filter(|(other, _)| other.id == client.id)
            .filter_map(|(_, complaint)| {
                let (step, on) = complaint.done?;
                let mut record = serde_json::Map::new();
                record.insert("投诉号".into(), complaint.number.clone().into());
                record.insert("步骤".into(), step.into());
                record.insert("日期".into(), on.to_string().into());
                if step == "方案" && complaint.approved {
                    record.insert("已批".into(), "批准".into());
                }
                Some(record.into())
            })
            .collect();
        // Shipments to whoever is late by more than a month stop where the credit manager has approved it.
        let late =
            |invoice: &&super::Invoice| invoice.amount > invoice.paid && later(invoice.due, 30) <= today();
        let stopped: Vec<serde_json::Value> = client
            .invoices
            .iter()
            .filter(late)
            .filter(|_| random.chance(600))
            .map(|invoice| {
                let on = later(invoice.due, 7).to_string();
                serde_json::json!({ "发票号": invoice.number, "步骤": "报告", "日期": on, "已批": "停货" })
            })
            .collect();
        let line = serde_json::json!({
            "id": client.id,
            "policy": "客户投诉处理",
            "as_of": ago(1).to_string(),
            "values": { "处理": records, "催款": stopped },
        });
        lines.push_str(&format!("{line}\n"));
    }
    vec![("last/complaints.jsonl".to_owned(), lines.into_bytes())]
}
