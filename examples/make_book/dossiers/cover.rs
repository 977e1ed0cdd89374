//! The desk that keeps the files of customers: their papers, what secures and insures their debts, their notes, the contracts made
//! under older rules; and what was approved of it the last time.

use super::{Client, Last, Random, Sheet, ago, asked, hundredths, later, today, written, yes_no};

/// The files of the desk.
pub(super) fn sheets(clients: &[Client]) -> (Vec<Sheet>, Vec<(String, Vec<u8>)>) {
    let mut random = Random::new(60_001);
    let (mut cover, mut papers) = (Sheet::new("cover"), Sheet::new("papers"));
    let (mut securities, mut notes) = (Sheet::new("securities"), Sheet::new("notes"));
    let (mut contracts, mut guarantees) = (Sheet::new("contracts"), Sheet::new("guarantees"));
    let mut drawn = Last::new("debt_security", "expiry");
    let mut sued = Last::new("在手票据", "追索");
    let mut stopped = Last::new("grandfathering", "run_down_plan");
    for client in clients.iter().filter(|client| client.in_release) {
        let requested = row(&mut random, client, &mut cover);
        papers_of(&mut random, client, requested, &mut papers);
        drawn.add(client, securities_of(&mut random, client, requested, &mut securities));
        sued.add(client, notes_of(&mut random, client, &mut notes));
        if random.chance(150) {
            let record = serde_json::json!({ "step": "warn", "on": "2026-08-03", "approved": "stop" });
            stopped.add(client, vec![record]);
        }
        contracts_of(&mut random, client, &mut contracts, &mut guarantees);
    }
    cover.spoil("C0028", "申请额度", "三十万");
    cover.spoil("C0099", "保险限额", "-1");
    cover.spoil("C0151", "经营类别", "烟酒");
    cover.again("C0215", "C0215");
    let first = papers.rows.first().map(|row| row[0].clone()).unwrap_or_default();
    papers.spoil(&first, "资料", "身份证");
    securities.again(&securities.rows[0][0].clone(), "C0991");
    let last = notes.rows.last().map(|row| row[0].clone()).unwrap_or_default();
    notes.spoil(&last, "票面金额", "0");
    let last = vec![drawn.file("debt_security"), sued.file("notes"), stopped.file("grandfathering")];
    (vec![cover, papers, securities, notes, contracts, guarantees], last)
}

fn maybe(has: bool, written: String) -> String {
    if has { written } else { String::new() }
}

/// A row of the sheet; gives what is asked for.
fn row(random: &mut Random, client: &Client, cover: &mut Sheet) -> i64 {
    let quality = client.quality;
    let asks = !random.chance(90);
    let requested = if asks { (client.monthly * random.between(5, 30) / 10_000 + 1) * 1_000 } else { 0 };
    let requested = if random.chance(40) { requested * 12 } else { requested };
    let insured = quality > 30 && random.chance(620);
    let from = ago(random.between(60, 700));
    let until = later(from, if random.chance(850) { 730 } else { 365 });
    let withdrawn = (insured && random.chance(60)).then(|| ago(random.between(3, 120)));
    let bankrupt = (random.chance(if quality < 45 { 60 } else { 3 })).then(|| ago(random.between(5, 150)));
    let owed: i64 =
        client.invoices.iter().map(|invoice| invoice.amount - invoice.paid).sum::<i64>().max(0) / 100;
    let then = owed * random.between(60, 260) / 100;
    let new_limit = client.limit * random.between(3, 10) / 10;
    cover.row([
        ("客户编号", client.id.clone()),
        ("客户信用等级", client.rated()),
        ("申请额度", requested.to_string()),
        ("经营类别", (*random.pick(&["药品", "食品", "一般商品", "一般商品", "一般商品"])).to_owned()),
        ("首次交易日", client.since.to_string()),
        ("执照已吊销", asked(random, 8, 25)),
        ("有未抵押房产", asked(random, 350, 300)),
        ("有票据存单或应收账款", asked(random, 400, 300)),
        ("有货物在我方", maybe(random.chance(90), yes_no(true))),
        ("保险限额", maybe(insured, (requested.max(20_000) * random.between(3, 11) / 10).to_string())),
        ("限额生效日", maybe(insured, from.to_string())),
        ("限额失效日", maybe(insured, until.to_string())),
        ("限额撤销日", written(withdrawn)),
        ("破产日", written(bankrupt)),
        ("应收账款", owed.to_string()),
        ("新额度", new_limit.to_string()),
        ("起算日欠款", maybe(!random.chance(40), then.to_string())),
        ("现欠款", owed.to_string()),
        ("计划内逾期", maybe(random.chance(80), yes_no(true))),
    ]);
    requested
}

/// The papers that a customer has handed in: of most it has all, of some a few, some are old.
fn papers_of(random: &mut Random, client: &Client, requested: i64, papers: &mut Sheet) {
    let kept = if client.quality < 45 { 780 } else { 965 };
    let kept = if random.chance(500) { 1_000 } else { kept };
    let stale = if random.chance(500) { 0 } else { 70 };
    let mut place = 0;
    for (paper, wanted, holds, ends) in [
        ("营业执照", true, 0, false),
        ("经营许可证", true, 0, true),
        ("GSP 证书", true, 0, true),
        ("信用申请表", requested > 0, 300, false),
        ("信用调查表", requested > 0, 330, false),
        ("信用分析表", requested > 0, 330, false),
        ("评级表", requested > 0, 80, false),
        ("历史回款能力评分", requested > 0, 160, false),
        ("发展潜力评分", requested > 0 && client.is_new(), 300, false),
        ("财务报表", requested >= 25_000, 500, false),
        ("银行资信证明", requested >= 25_000 && client.is_new(), 150, false),
        ("担保书", requested >= 200_000, 0, true),
        ("审计报告", requested >= 1_000_000, 500, false),
    ] {
        // A guarantee is what is hardest to get.
        let kept = if paper == "担保书" { kept * 8 / 10 } else { kept };
        if !wanted || !random.chance(kept) {
            continue;
        }
        place += 1;
        let old = random.chance(stale);
        let dated =
            ago(if old { holds + random.between(40, 400) } else { random.between(2, holds.max(60) - 10) });
        let until = if old { ago(random.between(1, 60)) } else { later(today(), random.between(10, 900)) };
        papers.row([
            ("客户编号", client.id.clone()),
            ("资料编号", format!("Z{}-{place:02}", client.id.get(1..).unwrap_or_default())),
            ("资料", paper.to_owned()),
            ("出具日", maybe(!random.chance(10), dated.to_string())),
            ("有效至", maybe(ends, until.to_string())),
        ]);
    }
}

/// What secures a customer's debts; gives of which securities it was approved that they are drawn on.
fn securities_of(
    random: &mut Random,
    client: &Client,
    requested: i64,
    securities: &mut Sheet,
) -> Vec<serde_json::Value> {
    let mut drawn = Vec::new();
    let many = if random.chance(350) { random.between(1, 3) } else { 0 };
    for place in 1..=many {
        let what = *random.pick(&[
            "现金",
            "银行保函",
            "企业保证",
            "个人保证",
            "房地产",
            "保留所有权的货物",
            "设备",
            "存货",
            "票据与存单",
            "股权",
            "应收账款",
            "我方占有的货物",
        ]);
        let by_a_person = matches!(what, "个人保证" | "房地产" | "保留所有权的货物") && random.chance(600);
        let ends = later(today(), *random.pick(&[-20, 0, 4, 9, 22, 28, 45, 58, 90, 200, 400, 700]));
        let reference = format!("B{}-{place}", client.id.get(1..).unwrap_or_default());
        if ends > today() && ends <= later(today(), 10) && random.chance(700) {
            let on = later(ends, -30).to_string();
            drawn.push(
                serde_json::json!({ "reference": reference, "step": "warn", "on": on, "approved": "draw" }),
            );
        }
        securities.row([
            ("客户编号", client.id.clone()),
            ("担保编号", reference),
            ("担保物", what.to_owned()),
            ("评估值", (requested.max(20_000) * random.between(1, 14) / 10).to_string()),
            ("评估日", maybe(!random.chance(60), ago(random.between(5, 430)).to_string())),
            ("到期日", maybe(what != "现金" && !random.chance(40), ends.to_string())),
            ("已登记", asked(random, 880, 60)),
            ("自然人提供", maybe(by_a_person, yes_no(true))),
            ("夫妻双方签字", if by_a_person { asked(random, 800, 80) } else { String::new() }),
        ]);
    }
    drawn
}

/// The notes of a customer; gives for which of them it was approved that we sue.
fn notes_of(random: &mut Random, client: &Client, notes: &mut Sheet) -> Vec<serde_json::Value> {
    let mut sued = Vec::new();
    let many = if random.chance(400) { random.between(1, 4) } else { 0 };
    for place in 1..=many {
        let kind = *random.pick(&["银行承兑汇票", "银行承兑汇票", "商业承兑汇票", "支票"]);
        let acceptor = match kind {
            "银行承兑汇票" => *random.pick(&[
                "国有及股份制银行",
                "国有及股份制银行",
                "其他银行",
                "财务公司",
                "",
                "优质企业",
            ]),
            "商业承兑汇票" => *random.pick(&["优质企业", "一般企业", "财务公司", ""]),
            _ => "",
        };
        let drawn = if kind == "支票" {
            ago(*random.pick(&[0, 1, 3, 5, 8, 9, 10, 10, 12, 16]))
        } else {
            ago(random.between(2, 190))
        };
        let due =
            if kind == "支票" { drawn } else { later(drawn, *random.pick(&[90, 180, 180, 181, 220])) };
        // A few have lain with the lawyers since the spring.
        let is_old = client.quality < 60 && kind != "支票" && random.chance(150);
        let (drawn, due) = if is_old { (ago(380), ago(200)) } else { (drawn, due) };
        let is_due = due < today();
        let dishonoured = (is_due && (is_old || random.chance(if client.quality < 50 { 500 } else { 60 })))
            .then(|| later(due, random.between(0, 6)).min(today()));
        let paid = is_due && dishonoured.is_none() && random.chance(800);
        let number = format!("P{}-{place}", client.id.get(1..).unwrap_or_default());
        if let Some(day) = dishonoured.filter(|_| is_old && random.chance(700)) {
            let on = later(day, 7).to_string();
            sued.push(serde_json::json!({ "票号": number, "步骤": "停发", "日期": on, "已批": "提诉" }));
        }
        notes.row([
            ("客户编号", client.id.clone()),
            ("票号", number),
            ("种类", kind.to_owned()),
            ("承兑人类别", acceptor.to_owned()),
            ("票面金额", hundredths(client.monthly * random.between(8, 80) + random.between(0, 99))),
            ("出票日", drawn.to_string()),
            ("到期日", due.to_string()),
            ("可转让", maybe(random.chance(60), yes_no(false))),
            ("拒付日", written(dishonoured)),
            ("已兑付", maybe(paid, yes_no(true))),
        ]);
    }
    sued
}

/// What was agreed before the rules changed in the middle of the year.
fn contracts_of(random: &mut Random, client: &Client, contracts: &mut Sheet, guarantees: &mut Sheet) {
    let serial = client.id.get(1..).unwrap_or_default();
    for place in 1..=random.between(0, 2) {
        contracts.row([
            ("客户编号", client.id.clone()),
            ("合同号", format!("H{serial}-{place}")),
            ("签约日", maybe(!random.chance(30), ago(random.between(5, 500)).to_string())),
            ("金额", (client.monthly * random.between(5, 60) / 10).to_string()),
        ]);
    }
    if random.chance(120) {
        guarantees.row([
            ("客户编号", client.id.clone()),
            ("保函号", format!("BH{serial}-1")),
            ("出具日", maybe(!random.chance(60), ago(random.between(5, 500)).to_string())),
            ("到期日", maybe(!random.chance(60), later(today(), random.between(-60, 400)).to_string())),
            ("金额", (client.monthly * random.between(5, 30) / 10).to_string()),
        ]);
    }
}
