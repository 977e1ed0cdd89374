//! The desk that proposes limits.

use super::{Client, Random, Sheet, asked, by_quality};

/// The files of the desk.
pub(super) fn sheets(clients: &[Client]) -> Vec<Sheet> {
    let mut random = Random::new(52_001);
    let mut limits = Sheet::new("limits");
    let mut months = Sheet::new("months");
    for client in clients {
        if random.chance(50) {
            continue;
        }
        limits.row(limit(&mut random, client));
        if client.days() < 60 && random.chance(700) {
            continue;
        }
        for month in 5..=10 {
            let skipped = random.chance(if client.quality < 50 { 140 } else { 30 });
            let shipped = if skipped { 0 } else { client.monthly * random.between(70, 130) / 100 };
            months.row([
                ("客户编号", client.id.clone()),
                ("月份", format!("2026-{month:02}")),
                ("发货额", shipped.to_string()),
            ]);
        }
    }
    limits.spoil("C0031", "信用等级", "AAA-");
    limits.spoil("C0086", "流动资产", "约三百万");
    limits.spoil("C0142", "占其购货比例", "120%");
    limits.again("C0222", "C0222");
    months.spoil("C0044", "发货额", "-3500");
    months.again("C0012", "C0998");
    vec![limits, months]
}

fn limit(random: &mut Random, client: &Client) -> Vec<(&'static str, String)> {
    let grade = if random.chance(25) {
        "NR"
    } else {
        by_quality(random, client.quality * 3 / 2 - 28, &["AA", "A", "BB", "B", "C", "D"])
    };
    let letter = by_quality(random, client.quality + 10, &["AAA", "AA", "A", "BB", "B"]);
    // A few live wholly on what they owe.
    let statements = client.statements.map(|[assets, due, stock, debts, net]| {
        if random.chance(12) {
            // Everything stands in plant, and the plant is paid for with money that falls due within the year.
            return [net / 10, net * 12 / 10, net / 20, net * 12 / 10, net];
        }
        if client.quality < 48 && random.chance(300) {
            [
                assets,
                assets * random.between(70, 160) / 100,
                stock,
                assets * 2,
                assets * random.between(40, 110) / 100,
            ]
        } else {
            [assets, due, stock, debts, net]
        }
    });
    let figure = |place: usize| statements.map(|all| all[place].to_string()).unwrap_or_default();
    let last_year = client.monthly * 12 * random.between(55, 140) / 100;
    let expected = client.is_new() || random.chance(80);
    let season = if random.chance(550) { "" } else { *random.pick(&["旺季", "平季", "淡季"]) };
    let funds = statements.filter(|_| !random.chance(60)).map(|all| all[0] * random.between(2, 80) / 100);
    vec![
        ("客户编号", client.id.clone()),
        ("信用等级", grade.to_owned()),
        ("内部等级", letter.to_owned()),
        ("额度偏高", asked(random, 260, 450)),
        ("占其购货比例", client.purchase_share.clone()),
        ("流动资产", figure(0)),
        ("流动负债", figure(1)),
        ("存货", figure(2)),
        ("负债总额", figure(3)),
        ("净资产", figure(4)),
        ("流动资金", funds.map(|funds| funds.to_string()).unwrap_or_default()),
        ("已分析净资产", if random.chance(150) { "是".to_owned() } else { String::new() }),
        ("季节", season.to_owned()),
        ("预计月销售额", if expected { client.monthly.to_string() } else { String::new() }),
        (
            "上年销售额",
            if client.is_new() || random.chance(60) { String::new() } else { last_year.to_string() },
        ),
    ]
}
