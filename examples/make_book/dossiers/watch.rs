//! The desk that watches customers between two reviews.

use gradus::value::Date;

use super::{Client, Random, Sheet, ago, asked, later, percent, today, written, yes_no};

const RISKS: [&str; 7] =
    ["客户信用风险", "欺诈风险", "合同风险", "违约风险", "市场风险", "收益风险", "购买力风险"];
const LIKELIHOODS: [&str; 5] = ["极少", "较少", "可能", "较可能", "几乎必然"];
/// What we earn in a year, in yuan.
const YEARLY_PROFIT: i64 = 26_000_000;

/// The files of the desk.
pub(super) fn sheets(clients: &[Client]) -> (Vec<Sheet>, Vec<(String, Vec<u8>)>) {
    let mut random = Random::new(54_001);
    let mut done = String::new();
    let (mut watch, mut events, mut risks) = (Sheet::new("watch"), Sheet::new("events"), Sheet::new("risks"));
    for client in clients {
        if random.chance(30) {
            continue;
        }
        let rated = (!client.class.is_empty() && !random.chance(30)).then(|| ago(random.between(10, 260)));
        watch.row(row(&mut random, client, rated));
        if let Some(rated) = rated.filter(|day| day.days_until(today()) > 200 && random.chance(600)) {
            done.push_str(&suspended(client, rated));
        }
        events_of(&mut random, client, &mut events);
        risks_of(&mut random, client, &mut risks);
    }
    watch.spoil("C0009", "信用占用", "");
    watch.spoil("C0077", "最长逾期天数", "两周");
    watch.spoil("C0190", "客户信用等级", "CA7");
    watch.spoil("C0256", "拖欠越来越长", "好像是");
    watch.again("C0301", "C0301");
    events.again("C0004", "C0996");
    risks.spoil("C0120", "可能性", "不好说");
    (vec![watch, events, risks], vec![("last/periodic_review.jsonl".to_owned(), done.into_bytes())])
}

/// What an earlier run recorded of a customer whose review is long overdue: the credit manager has approved that its credit is
/// suspended.
fn suspended(client: &Client, rated: Date) -> String {
    let line = serde_json::json!({
        "id": client.id,
        "policy": "定期复评与预警",
        "as_of": ago(1).to_string(),
        "values": { "复评": [{ "步骤": "催办", "日期": later(rated, 195).to_string(), "已批": "暂停授信" }] },
    });
    format!("{line}\n")
}

fn row(random: &mut Random, client: &Client, rated: Option<Date>) -> Vec<(&'static str, String)> {
    let quality = client.quality;
    let is_weak = quality < 50;
    let open: i64 =
        client.invoices.iter().map(|invoice| invoice.amount - invoice.paid).sum::<i64>().max(0) / 100;
    let exposure = open + client.monthly * random.between(0, 30) / 100;
    let late = if random.chance(if is_weak { 600 } else { 180 }) {
        random.between(1, if is_weak { 110 } else { 35 })
    } else {
        0
    };
    let overdue = if late == 0 { 0 } else { random.between(200, if is_weak { 9_000 } else { 4_500 }) };
    let used = if client.limit > 0 { (exposure * 10_000 / client.limit).min(40_000) } else { 0 };
    let secured = if random.chance(180) { exposure * random.between(10, 90) / 100 } else { 0 };
    let trouble = |random: &mut Random, weak: i64, sound: i64| {
        yes_no(random.chance(if is_weak { weak } else { sound }))
    };
    let traded = if random.chance(35) {
        None
    } else {
        Some(ago(if random.chance(40) { random.between(700, 1_100) } else { random.between(0, 90) }))
    };
    let mut row = vec![
        ("客户编号", client.id.clone()),
        ("客户信用等级", client.rated()),
        ("信用额度", client.limit.to_string()),
        ("信用占用", exposure.to_string()),
        ("已有担保", if secured == 0 { String::new() } else { secured.to_string() }),
        ("最长逾期天数", late.to_string()),
        ("逾期占比", percent(overdue)),
        ("近期退票", trouble(random, 70, 4)),
        ("股东或名称变更", asked(random, 40, 80)),
        ("资不抵债", asked(random, if is_weak { 60 } else { 3 }, 150)),
        ("货物尚在其库", asked(random, 300, 500)),
        ("约定保留所有权", yes_no(random.chance(350))),
        ("首次交易日", client.since.to_string()),
        ("上次评级日", written(rated)),
        ("最近交易日", written(traded)),
        ("额度占用率", percent(used)),
    ];
    for (heading, weak, sound) in [
        ("拖欠越来越长", 300, 20),
        ("屡次失约", 200, 10),
        ("支票退票", 90, 4),
        ("订单无故大增", 120, 30),
        ("只付零头", 380, 40),
        ("突然挑剔质量", 300, 60),
    ] {
        row.push((heading, trouble(random, weak, sound)));
    }
    for (heading, weak, sound) in [
        ("负责人避而不见", 160, 6),
        ("骨干离职", 280, 30),
        ("低于成本抛售", 110, 12),
        ("银行收紧授信", 170, 15),
        ("被他人起诉", 150, 12),
        ("拖欠工资", 120, 6),
        ("报表迟迟不出", 420, 80),
        ("更换审计机构", 260, 50),
    ] {
        row.push((heading, asked(random, if is_weak { weak } else { sound }, 180)));
    }
    row.push(("本公司年利润", YEARLY_PROFIT.to_string()));
    row
}

fn events_of(random: &mut Random, client: &Client, events: &mut Sheet) {
    let many = if client.quality < 55 { random.between(0, 4) } else { random.between(0, 5) / 4 };
    let kinds: &[&str] = if client.quality < 55 {
        &["逾期", "逾期", "逾期", "失约", "失约", "失约", "失约", "退票", "被诉", "评级下调", "股东变更"]
    } else {
        &["逾期", "逾期", "失约", "股东变更", "更名", "评级下调"]
    };
    for place in 1..=many {
        events.row([
            ("客户编号", client.id.clone()),
            ("编号", format!("S{}-{place}", client.id.get(1..).unwrap_or_default())),
            ("日期", ago(random.between(1, 420)).to_string()),
            ("种类", (*random.pick(kinds)).to_owned()),
        ]);
    }
}

fn risks_of(random: &mut Random, client: &Client, risks: &mut Sheet) {
    let many = random.between(0, if client.quality < 50 { 4 } else { 2 });
    for place in 1..=many {
        let scale = *random.pick(&[2, 10, 40, 150, 400, 1_200]);
        let amount = client.monthly * scale * random.between(50, 150) / 1_000;
        let unlikely = (client.quality + random.between(-35, 25)).clamp(0, 99);
        let place_of = usize::try_from((99 - unlikely) / 20).unwrap_or(0);
        risks.row([
            ("客户编号", client.id.clone()),
            ("编号", format!("R{}-{place}", client.id.get(1..).unwrap_or_default())),
            ("风险种类", (*random.pick(&RISKS)).to_owned()),
            ("可能损失", if random.chance(30) { String::new() } else { amount.to_string() }),
            ("可能性", if random.chance(30) { "" } else { LIKELIHOODS[place_of] }.to_owned()),
        ]);
    }
}
