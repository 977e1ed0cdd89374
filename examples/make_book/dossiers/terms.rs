//! The desk that agrees terms with customers.

use super::{Client, Random, Sheet, ago, asked, hundredths, later, percent, today, written, yes_no};

/// The files of the desk.
pub(super) fn sheets(clients: &[Client]) -> Vec<Sheet> {
    let mut random = Random::new(53_001);
    let mut terms = Sheet::new("terms");
    let mut orders = Sheet::new("orders");
    for client in clients {
        if random.chance(40) {
            continue;
        }
        let many = orders_of(&mut random, client, &mut orders);
        terms.row(row(&mut random, client, many));
    }
    terms.spoil("C0027", "评级日", "2026-13-01");
    terms.spoil("C0111", "首次交易日", "");
    terms.spoil("C0165", "测算额度", "面议");
    terms.again("C0333", "C0333");
    orders.spoil("C0072", "金额", "0");
    orders.again("C0055", "C0997");
    vec![terms, orders]
}

fn row(random: &mut Random, client: &Client, many: i64) -> Vec<(&'static str, String)> {
    let quality = client.quality;
    let rated = (!client.class.is_empty() && !random.chance(40)).then(|| ago(random.between(3, 400)));
    let contact = (!random.chance(80)).then(|| ago(random.between(0, 200)));
    let computed = if random.chance(70) {
        String::new()
    } else {
        (client.monthly * random.between(3, 20) / 10).to_string()
    };
    let ratio = client
        .statements
        .filter(|all| all[1] > 0)
        .map(|[assets, due, ..]| hundredths((assets * 100 / due).min(90_000)));
    let order = client.monthly * *random.pick(&[20, 35, 40, 50, 60, 80, 120, 260]) / 100;
    let withdrawn = random.chance(if quality < 50 { 120 } else { 15 }).then(|| ago(random.between(30, 700)));
    let stock = *random.pick(&[9, 12, 24, 38, 52, 66, 75, 96, 104, 120]);
    vec![
        ("客户编号", client.id.clone()),
        ("客户信用等级", client.rated()),
        ("测算额度", computed),
        ("评级日", written(rated)),
        ("上次联系日", written(contact)),
        ("流动比率", ratio.unwrap_or_default()),
        ("一年内逾期次数", client.late_last_year.to_string()),
        ("本次订单金额", if random.chance(450) { String::new() } else { order.to_string() }),
        ("月均订货额", client.monthly.to_string()),
        (
            "已成交订单数",
            if client.days() < 60 { random.between(0, 3) } else { many + client.days() / 25 }.to_string(),
        ),
        ("首次交易日", client.since.to_string()),
        ("首单已付清", yes_no(!random.chance(50))),
        ("取消信用日", written(withdrawn)),
        ("批准提前授信", if client.is_new() && random.chance(350) { "是".to_owned() } else { String::new() }),
        ("被其他供应商起诉", client.sued.clone()),
        ("库存天数", if random.chance(20) { String::new() } else { stock.to_string() }),
        ("市场需求变化", percent(random.between(-900, 1_180))),
        ("毛利率", percent(random.between(650, 2_900))),
        ("定制营销", asked(random, 30, 400)),
        ("开拓新产品市场", asked(random, 120, 500)),
        ("建立新的销售渠道", asked(random, 90, 500)),
        ("相对对手的份额变化", percent(random.between(-320, 260))),
    ]
}

/// The orders of a customer and how they were paid; how many there are.
fn orders_of(random: &mut Random, client: &Client, orders: &mut Sheet) -> i64 {
    let many = match client.days() {
        ..=20 => random.between(0, 1),
        21..=120 => random.between(1, 5),
        _ => random.between(2, 8),
    };
    for place in 1..=many {
        let due = ago((many - place) * 25 + random.between(-18, 20));
        let late = if random.chance(if client.quality < 55 { 160 } else { 15 }) {
            random.between(4, 40)
        } else {
            random.between(-9, 3)
        };
        let paid = later(due, late);
        orders.row([
            ("客户编号", client.id.clone()),
            ("订单号", format!("D{}-{place}", client.id.get(1..).unwrap_or_default())),
            ("金额", (client.monthly * random.between(15, 70) / 100 / 100 * 100 + 100).to_string()),
            ("到期日", due.to_string()),
            ("付清日", written((paid <= today()).then_some(paid))),
        ]);
    }
    many
}
