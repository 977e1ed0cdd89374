//! The rating desk: what its people judged of each customer, and what the customers' statements say.

use super::Random;
use super::{Client, Sheet, ago, asked, by_quality, hundredths, mark, percent, written, yes_no};

const FIVE_C: [&str; 23] = [
    "企业历史",
    "负责人品德",
    "经营战略",
    "组织管理",
    "银行往来",
    "外部评价",
    "经营者能力",
    "基础设施",
    "规模与设备",
    "员工素质",
    "生产能力",
    "销售能力",
    "资本构成",
    "资本关系",
    "增资能力",
    "财务状况",
    "授信状况",
    "担保品状况",
    "政府鼓励与限制",
    "行业状况",
    "市场供需",
    "行业地位",
    "竞争状况",
];
const TWENTY: [&str; 5] = ["整体印象", "企业管理素质", "业务关系强度", "合作诚意", "员工人数与稳定"];
const OPINIONS: [&str; 4] = ["好", "尚好", "一般", "差"];

/// The files of the desk.
pub(super) fn sheets(clients: &[Client]) -> Vec<Sheet> {
    vec![ratings(clients), statements(clients)]
}

fn ratings(clients: &[Client]) -> Sheet {
    let mut random = Random::new(51_001);
    let mut sheet = Sheet::new("ratings");
    for client in clients {
        if random.chance(60) {
            continue;
        }
        sheet.row(rating(&mut random, client));
    }
    sheet.spoil("C0019", "负责人品德", "11");
    sheet.spoil("C0058", "查实不诚信", "待查");
    sheet.spoil("C0133", "机构评分", "105");
    sheet.spoil("C0177", "新客户", "");
    sheet.again("C0241", "C0241");
    sheet
}

fn rating(random: &mut Random, client: &Client) -> Vec<(&'static str, String)> {
    let quality = client.quality;
    // Of a few customers hardly anything is known.
    let gaps = if random.chance(30) { 800 } else { 40 };
    // An owner whom nobody trusts may head a sound firm.
    let character = if random.chance(40) { quality - 45 } else { quality + random.between(-6, 10) };
    let mut row = vec![("客户编号", client.id.clone())];
    for (place, heading) in FIVE_C.iter().enumerate() {
        let around = if place < 6 { character } else { quality + random.between(-4, 8) };
        let around = if quality >= 84 { around + 12 } else { around };
        row.push((heading, mark(random, around, gaps)));
    }
    row.push(("查实不诚信", asked(random, if quality < 45 { 60 } else { 6 }, 60)));

    let has_rating = random.chance(720);
    let score = ((quality - 50) * 17 / 10 + 52) * 100 + random.between(-900, 900);
    row.push(("机构评分", if has_rating { hundredths(score.clamp(0, 10_000)) } else { String::new() }));
    let rated_on = (has_rating && !random.chance(60)).then(|| ago(random.between(4, 470)));
    row.push(("评级日", written(rated_on)));
    let letters = ["AAA", "AA", "A", "BBB", "BB", "B", "CCC", "CC", "C", "D"];
    let letter = if has_rating { by_quality(random, quality + 8, &letters) } else { "" };
    row.push(("信用评估等级", letter.to_owned()));
    for heading in ["付款历史", "企业未来预计", "突出因素"] {
        let opinion = if random.chance(gaps) { "" } else { by_quality(random, quality + 10, &OPINIONS) };
        row.push((heading, opinion.to_owned()));
    }
    floors(random, quality, &mut row);
    twenty(random, client, gaps, &mut row);
    row
}

/// The sub-scores with their full marks, in tenths.
fn floors(random: &mut Random, quality: i64, row: &mut Vec<(&'static str, String)>) {
    let lift = if quality >= 80 { 22 } else { 4 };
    for (heading, full) in [
        ("资产负债率得分", 100),
        ("付息得分", 90),
        ("还款得分", 120),
        ("现金流量得分", 80),
        ("其余各项得分", 610),
    ] {
        let part = (quality + lift + random.between(-14, 14)).clamp(5, 100);
        let tenths = full * part / 100;
        row.push((heading, if random.chance(25) { String::new() } else { hundredths(tenths * 10) }));
    }
    row.push(("限制性行业", asked(random, 40, 30)));
    row.push(("设备或产品淘汰", asked(random, 25, 30)));
    row.push(("资不抵债", asked(random, if quality < 40 { 120 } else { 4 }, 40)));
}

fn twenty(random: &mut Random, client: &Client, gaps: i64, row: &mut Vec<(&'static str, String)>) {
    let quality = client.quality;
    let shown = if quality >= 76 { quality + 20 } else { quality + 8 };
    for heading in TWENTY {
        row.push((heading, mark(random, shown, gaps)));
    }
    row.push(("业务关系持续年数", hundredths(client.days() * 100 / 365)));
    let paid = (9_950 - (90 - quality).max(0) * random.between(5, 70)).clamp(3_000, 10_000);
    let paid = if quality > 72 || random.chance(80) { 10_000 } else { paid };
    row.push(("信用履约率", percent(paid)));
    let in_time = (paid - (95 - quality).max(0) * random.between(8, 60)).clamp(1_000, 10_000);
    row.push(("按期履约率", percent(in_time)));
    let delay = ((85 - quality).max(0) * random.between(0, 14) / 10).min(120);
    row.push(("最长拖欠天数", if random.chance(gaps) { String::new() } else { delay.to_string() }));
    let irregular = if quality < 60 { random.between(0, 3) } else { random.between(0, 4) / 4 };
    row.push(("异常偿付次数", irregular.to_string()));
    let size = client.monthly / 10_000 + 1;
    row.push(("注册资本", ((size * random.between(8, 40)).clamp(10, 8_000) * 10_000).to_string()));
    row.push(("年营业额", ((size * random.between(60, 300)).clamp(40, 90_000) * 10_000).to_string()));
    row.push(("营业额增长率", percent((quality - 52) * 60 + random.between(-900, 1_100))));
    let (current, debts) = match client.statements {
        Some([assets, due, _, debts, net]) if due > 0 && debts + net > 0 => (
            hundredths((assets * 100 / due).min(99_000)),
            percent((debts * 10_000 / (debts + net)).min(90_000)),
        ),
        _ => (String::new(), String::new()),
    };
    row.push(("资产负债率", debts));
    row.push(("流动比率", current));
    let equity = (quality - 42) * 45 + random.between(-600, 600);
    row.push(("净资产收益率", if random.chance(gaps) { String::new() } else { percent(equity) }));
    row.push(("存货周转天数", (210 - quality * 2 + random.between(-30, 30)).max(12).to_string()));
    row.push(("应收账款周转天数", (190 - quality * 2 + random.between(-30, 40)).max(9).to_string()));

    let weak = if quality < 45 { 4 } else { 1 };
    for heading in
        ["两年内坏账或严重违约", "经常不守承诺", "借质量异议扣住无争议货款", "有支票退票", "出口业务"]
    {
        row.push((heading, yes_no(random.chance(9 * weak))));
    }
    for heading in ["有坏账纠纷或转移资产", "资金不足", "亏损或销售连月下滑", "被国家责令停业整顿"]
    {
        row.push((heading, asked(random, 8 * weak, 20)));
    }
    row.push(("因货款被其他供应商起诉", client.sued.clone()));
    row.push(("新客户", yes_no(client.is_new())));
    row.push(("重要资料齐备", yes_no(random.chance(920))));
    row.push(("特批", if random.chance(60) { "是".to_owned() } else { String::new() }));
    let of = *random.pick(&[47, 47, 47, 47, 47, 47, 47, 47, 77, 139, 12]);
    row.push(("资料截止日", if random.chance(30) { String::new() } else { ago(of).to_string() }));
}

/// Statements as the desk's program writes them out, under the names of the figures.
fn statements(clients: &[Client]) -> Sheet {
    let mut random = Random::new(51_002);
    let mut sheet = Sheet::new("statements");
    for client in clients {
        if let Some(figures) = client.statements {
            sheet.row(statement(&mut random, client, figures));
        }
    }
    sheet.spoil("C0038", "total_assets", "-1200000");
    sheet.spoil("C0092", "sales", "n.a.");
    sheet.spoil("C0201", "assurance", "signed");
    sheet.again("C0310", "C0310");
    sheet
}

fn statement(random: &mut Random, client: &Client, figures: [i64; 5]) -> Vec<(&'static str, String)> {
    let [current_assets, current_liabilities, inventory, total_liabilities, net_assets] = figures;
    let quality = client.quality;
    let total_assets = (total_liabilities + net_assets).max(current_assets);
    let sales = current_assets * random.between(150, 340) / 100;
    let cost = sales * (97 - quality * random.between(6, 38) / 100) / 100;
    let profit = sales * (quality - 38 + random.between(-12, 12)) / 620;
    let before = sales * (quality - 36 + random.between(-14, 14)) / 640;
    let one_off =
        |random: &mut Random| if random.chance(140) { sales * random.between(1, 40) / 1_000 } else { 0 };
    let intangibles = if random.chance(60) {
        net_assets.max(0) + total_assets / 20
    } else {
        total_assets * random.between(0, 9) / 100
    };
    let classes = ["normal", "normal", "normal", "normal", "watched", "substandard", "doubtful", "doubtful"];
    let loan = match (random.chance(70), quality < 45 && random.chance(50)) {
        (true, _) => "",
        (_, true) => "loss",
        _ => by_quality(random, quality + 12, &classes),
    };
    let judged = |random: &mut Random, full: i64| -> String {
        if random.chance(30) {
            String::new()
        } else {
            (full * (quality + random.between(-8, 16)).clamp(0, 100) / 100).to_string()
        }
    };
    let assurance = if random.chance(60) {
        ""
    } else {
        *random.pick(&["audited", "audited", "audited", "reviewed", "compiled", "unsigned"])
    };
    let show =
        |random: &mut Random, figure: i64| if random.chance(15) { String::new() } else { figure.to_string() };
    let cash = current_liabilities * random.between(3, 12 + quality / 2) / 100;
    let last_inventory = inventory * *random.pick(&[70, 85, 95, 105, 125, 210]) / 100;
    let receivables = sales * random.between(8, 200 - quality) / 365;
    vec![
        ("customer", client.id.clone()),
        ("assurance", assurance.to_owned()),
        ("total_assets", total_assets.to_string()),
        ("total_liabilities", total_liabilities.to_string()),
        ("current_assets", current_assets.to_string()),
        ("current_liabilities", current_liabilities.to_string()),
        ("cash", show(random, cash)),
        ("inventory", show(random, inventory)),
        ("last_inventory", show(random, last_inventory)),
        ("receivables", show(random, receivables)),
        ("intangibles", show(random, intangibles)),
        ("sales", sales.to_string()),
        ("cost_of_goods", show(random, cost)),
        ("net_profit", show(random, profit)),
        ("last_net_profit", show(random, before)),
        ("one_off_gains", one_off(random).to_string()),
        ("one_off_losses", one_off(random).to_string()),
        ("worst_loan", loan.to_owned()),
        ("management", judged(random, 24)),
        ("performance", judged(random, 16)),
        ("growth", judged(random, 20)),
    ]
}
