//! The sales desk: who a customer is, to which branch and group it belongs, what it buys in a year. Its file has no wrong row: shares,
//! places and budgets are told of a whole book alone, and one customer that cannot be read leaves them unknown for all.

use super::{Client, Random, Sheet, ago, written, yes_no};

const BRANCHES: [(&str, i64); 4] =
    [("华北", 2_400_000_000), ("华东", 4_200_000_000), ("华南", 3_100_000_000), ("西部", 1_600_000_000)];

/// The file of the desk.
pub(super) fn sheets(clients: &[Client]) -> Vec<Sheet> {
    let mut random = Random::new(59_001);
    let mut sales = Sheet::new("sales");
    for client in clients {
        if random.chance(20) {
            continue;
        }
        sales.row(row(&mut random, client));
    }
    vec![sales]
}

fn row(random: &mut Random, client: &Client) -> Vec<(&'static str, String)> {
    let owed = client.invoices.iter().map(|invoice| invoice.amount - invoice.paid).sum::<i64>().max(0) / 100;
    let has_bought = !client.is_new() || !random.chance(200);
    // Some have not bought for long; what they bought before that counts for the year.
    let silent = if client.days() > 400 && random.chance(200) {
        random.between(185, 900)
    } else {
        random.between(0, 100)
    };
    let traded = has_bought.then(|| ago(silent));
    let year = client.monthly * random.between(80, 140) / 10 * (365 - silent).max(0) / 365;
    let in_group = random.chance(130);
    let group = random.between(1, 14);
    let (branch, sold) = *random.pick(&BRANCHES);
    // Every fourth group shows no accounts.
    let net = (in_group && group % 4 != 0).then(|| (group * group + 1) * 190_000);
    let limit = (client.monthly * random.between(4, 22) / 10_000) * 1_000;
    vec![
        ("客户编号", client.id.clone()),
        (
            "客户性质",
            (*random.pick(&[
                "经销商",
                "经销商",
                "经销商",
                "终端用户",
                "终端用户",
                "政府机构",
                "关联企业",
                "个人",
            ]))
            .to_owned(),
        ),
        ("年销售额", if has_bought { year.to_string() } else { "0".to_owned() }),
        ("首次交易日", written(has_bought.then_some(client.since))),
        ("最近交易日", written(traded.map(|day| day.max(client.since)))),
        ("集团号", if in_group { format!("G{group:02}") } else { String::new() }),
        ("确认无关联方", if !in_group && !random.chance(120) { yes_no(true) } else { String::new() }),
        ("所属分公司", branch.to_owned()),
        ("分公司年销售额", sold.to_string()),
        ("测算额度", if random.chance(50) { String::new() } else { limit.to_string() }),
        ("信用占用", if random.chance(20) { String::new() } else { owed.to_string() }),
        ("集团净资产", net.map(|net| net.to_string()).unwrap_or_default()),
    ]
}
