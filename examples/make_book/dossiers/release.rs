//! The desk that releases orders, and the signatures that limits, terms and shipments need.

use gradus::value::Date;

use super::{Client, Last, Random, Sheet, ago, asked, later, money, today, written, yes_no};

/// The files of the desk.
pub(super) fn sheets(clients: &[Client]) -> (Vec<Sheet>, Vec<(String, Vec<u8>)>) {
    let mut random = Random::new(58_001);
    let (mut release, mut items, mut orders) =
        (Sheet::new("release"), Sheet::new("open_items"), Sheet::new("deliveries"));
    let (mut grants, mut releases, mut limits) =
        (Sheet::new("sign_offs"), Sheet::new("release_sign_offs"), Sheet::new("temporary_limits"));
    let (mut terms, mut written_off) = (Sheet::new("term_sign_offs"), Sheet::new("write_off_sign_offs"));
    let mut liable = Last::new("staff_liability", "clock");
    for client in clients.iter().filter(|client| client.in_release) {
        let asked_for = row(&mut random, client, &mut release);
        let (hopeless, decided) = items_of(&mut random, client, &mut items);
        liable.add(client, decided);
        written_off_by(&mut random, client, hopeless, &mut written_off);
        orders_of(&mut random, client, &mut orders, &mut releases);
        granted(&mut random, client, asked_for, &mut grants, &mut terms);
        if client.limit > 0 && random.chance(90) {
            let from = ago(random.between(5, 120));
            limits.row([
                ("客户编号", client.id.clone()),
                ("范围", "客户".to_owned()),
                ("取值", (client.limit / 1_000 * random.between(1_050, 1_700)).to_string()),
                ("起日", from.to_string()),
                ("止日", later(from, *random.pick(&[30, 60, 90, 120])).to_string()),
                ("批准人", "沈国强".to_owned()),
                ("岗位", (*random.pick(&["财务总监", "财务总监", "总经理", "信用经理"])).to_owned()),
                ("事由", (*random.pick(&["旺季备货", "中标项目", "年末冲量"])).to_owned()),
            ]);
        }
    }
    release.spoil("C0022", "信用额度", "待批");
    release.spoil("C0095", "财务停止发货", "");
    release.spoil("C0180", "拟授期限", "400");
    release.again("C0205", "C0205");
    orders.again("C0003", "C0992");
    let first = grants.rows.first().map(|row| row[0].clone()).unwrap_or_default();
    grants.spoil(&first, "结论", "原则同意");
    let last = vec![liable.file("staff_liability")];
    (vec![release, items, orders, grants, terms, releases, limits, written_off], last)
}

/// A row of the sheet; gives the limit, the term and the excess that are asked for.
fn row(random: &mut Random, client: &Client, release: &mut Sheet) -> (i64, i64, Option<i64>) {
    let quality = client.quality;
    let wanted = (client.monthly * random.between(5, 28) / 10_000 + 1) * 1_000;
    let wanted = if random.chance(60) { wanted * 8 } else { wanted };
    let term = match quality {
        75.. => *random.pick(&[45, 60, 60, 75, 90, 120]),
        48.. => *random.pick(&[30, 45, 60, 75]),
        _ => *random.pick(&[0, 15, 30]),
    };
    let excess = random.chance(160).then(|| client.monthly * random.between(10, 160) / 100);
    let shipped = if random.chance(40) {
        String::new()
    } else {
        (client.monthly * random.between(0, 35) / 100).to_string()
    };
    let changed =
        |random: &mut Random, often: i64| random.chance(often).then(|| ago(random.between(10, 400)));
    release.row([
        ("客户编号", client.id.clone()),
        ("客户信用等级", client.rated()),
        ("信用额度", client.limit.to_string()),
        ("发出未开票商品", shipped),
        (
            "预收款",
            if random.chance(120) {
                (client.monthly * random.between(5, 60) / 100).to_string()
            } else {
                String::new()
            },
        ),
        ("股东变更日", written(changed(random, 50))),
        ("更名日", written(changed(random, 25))),
        ("破产或资不抵债", asked(random, if quality < 42 { 80 } else { 3 }, 40)),
        ("财务停止发货", yes_no(random.chance(if quality < 50 { 70 } else { 8 }))),
        ("拟授额度", wanted.to_string()),
        ("拟授期限", term.to_string()),
        ("现有额度", if client.limit == 0 { String::new() } else { client.limit.to_string() }),
        ("拟超额发货", excess.map(|excess| excess.to_string()).unwrap_or_default()),
        ("个人消费者", yes_no(random.chance(20))),
        (
            "我方应付",
            if random.chance(300) { client.monthly * random.between(1, 50) / 100 } else { 0 }.to_string(),
        ),
        ("约定不得抵销", asked(random, 120, 100)),
        (
            "已宣告破产",
            if random.chance(if quality < 42 { 50 } else { 2 }) { yes_no(true) } else { String::new() },
        ),
        (
            "已注销",
            if random.chance(if quality < 42 { 30 } else { 2 }) { yes_no(true) } else { String::new() },
        ),
        (
            "终结执行",
            if random.chance(if quality < 42 { 60 } else { 2 }) { yes_no(true) } else { String::new() },
        ),
        (
            "业务员月薪",
            if random.chance(40) { String::new() } else { (random.between(60, 140) * 100).to_string() },
        ),
    ]);
    (wanted, term, excess)
}

/// An item that is open, in fen.
struct Open {
    number: String,
    open: i64,
    shipped: Date,
    due: Date,
    disputed: bool,
}

/// What of its invoices is open, as the ledger gives it to this desk, and what is left from years before. Gives what of it is old
/// or small, in fen, and for which of them the general manager has decided who answers.
fn items_of(random: &mut Random, client: &Client, items: &mut Sheet) -> (i64, Vec<serde_json::Value>) {
    let serial = client.id.get(1..).unwrap_or_default();
    let open = client.invoices.iter().filter(|invoice| invoice.amount > invoice.paid);
    let mut found: Vec<Open> = open
        .map(|invoice| Open {
            number: invoice.number.clone(),
            open: invoice.amount - invoice.paid,
            shipped: later(invoice.delivered, -4),
            due: invoice.due,
            disputed: invoice.disputed,
        })
        .collect();
    if client.quality < 55 && random.chance(300) {
        let due = ago(random.between(35, 220));
        let open = client.monthly * random.between(4, 45);
        found.push(Open {
            number: format!("L{serial}09"),
            open,
            shipped: later(due, -40),
            due,
            disputed: false,
        });
    }
    let mut hopeless = 0;
    if random.chance(if client.quality < 50 { 120 } else { 25 }) {
        let due = ago(*random.pick(&[660, 740, 800, 1_045, 1_060, 1_075, 1_085, 1_110, 1_300, 1_500]));
        let open = if random.chance(500) {
            random.between(2_000, 99_000)
        } else {
            client.monthly * random.between(5, 90)
        };
        hopeless += open;
        found.push(Open {
            number: format!("L{serial}01"),
            open,
            shipped: later(due, -60),
            due,
            disputed: false,
        });
    }
    let mut decided = Vec::new();
    for item in found {
        if item.due <= ago(60) && random.chance(350) {
            let on = later(item.due, 16).to_string();
            decided.push(
                serde_json::json!({ "invoice": item.number, "step": "full", "on": on, "approved": "decide" }),
            );
        }
        items.row(item.row(random, client));
    }
    (hopeless, decided)
}

impl Open {
    fn row(&self, random: &mut Random, client: &Client) -> Vec<(&'static str, String)> {
        let is_late = self.due < today();
        let told =
            (is_late && random.chance(280)).then(|| later(self.due, random.between(5, 50)).min(today()));
        let regime = match random.between(1, 100) {
            1..=5 => "欧盟规则",
            6..=11 => "英国规则",
            12..=55 => "中国，合同约定",
            56..=94 => "中国，未约定",
            _ => "不计逾期利息",
        };
        let agreed = regime == "中国，合同约定" && !random.chance(120);
        let claimed = (self.due < ago(90) && random.chance(500))
            .then(|| later(self.due, random.between(30, 300)).min(ago(5)));
        let reported =
            (is_late && random.chance(650)).then(|| later(self.due, random.between(0, 5)).min(today()));
        vec![
            ("客户编号", client.id.clone()),
            ("发票号", self.number.clone()),
            ("未收", money(self.open)),
            ("发货日", self.shipped.to_string()),
            ("到期日", self.due.to_string()),
            ("有争议", if self.disputed { yes_no(true) } else { String::new() }),
            (
                "争议提出日",
                if self.disputed {
                    later(self.shipped, random.between(5, 20)).to_string()
                } else {
                    String::new()
                },
            ),
            ("已通知日", written(told)),
            ("适用规则", regime.to_owned()),
            (
                "约定日率",
                if agreed { (*random.pick(&["0.03%", "0.05%", "0.1%"])).to_owned() } else { String::new() },
            ),
            ("最近主张日", written(claimed)),
            ("报告日", written(reported)),
            ("额度内发货", asked(random, 920, 50)),
            ("经信用部门放行", if random.chance(100) { yes_no(true) } else { String::new() }),
            ("不可抗力", if random.chance(15) { yes_no(true) } else { String::new() }),
        ]
    }
}

/// Who has signed that what is old or small is written off.
fn written_off_by(random: &mut Random, client: &Client, hopeless: i64, written_off: &mut Sheet) {
    if hopeless == 0 {
        return;
    }
    for (role, person) in
        [("信用经理", "何文静"), ("财务总监", "沈国强"), ("总经理", "陆一鸣"), ("董事会", "董事会")]
    {
        if random.chance(700) {
            written_off.row([
                ("客户编号", client.id.clone()),
                ("事项", "to_write_off".to_owned()),
                ("岗位", role.to_owned()),
                ("签批人", person.to_owned()),
                ("日期", ago(random.between(0, 20)).to_string()),
                ("金额", money(hopeless)),
                ("结论", if random.chance(930) { "同意" } else { "否决" }.to_owned()),
            ]);
        }
    }
}

/// The orders that wait for their release, and who has signed for some of them.
fn orders_of(random: &mut Random, client: &Client, orders: &mut Sheet, releases: &mut Sheet) {
    for place in 1..=random.between(0, 3) {
        let number = format!("X{}-{place}", client.id.get(1..).unwrap_or_default());
        orders.row([
            ("客户编号", client.id.clone()),
            ("订单号", number.clone()),
            ("下单日", ago(random.between(0, 12)).to_string()),
            ("金额", (client.monthly * random.between(8, 70) / 100).max(500).to_string()),
            ("款到发货", if random.chance(120) { yes_no(true) } else { String::new() }),
        ]);
        if random.chance(200) {
            let (role, person) =
                *random.pick(&[("信用经理", "何文静"), ("财务总监", "沈国强"), ("总经理", "陆一鸣")]);
            releases.row([
                ("客户编号", client.id.clone()),
                (
                    "事项",
                    format!(
                        "\"release.{}[\"\"{number}\"\"]\"",
                        random.pick(&["over_limit", "overdue", "aged"])
                    ),
                ),
                ("岗位", role.to_owned()),
                ("签批人", person.to_owned()),
                ("日期", ago(random.between(0, 5)).to_string()),
                ("金额", String::new()),
                ("结论", if random.chance(850) { "同意" } else { "否决" }.to_owned()),
            ]);
        }
    }
}

const SIGNERS: [(&str, &str); 6] = [
    ("信用分析员", "郑晓"),
    ("信用经理", "何文静"),
    ("财务总监", "沈国强"),
    ("总经理", "陆一鸣"),
    ("董事会", "董事会"),
    ("销售总监", "顾建平"),
];

/// Who has signed for what was asked: mostly from below, some not at all, some for less, some against it.
fn granted(
    random: &mut Random,
    client: &Client,
    (limit, term, excess): (i64, i64, Option<i64>),
    grants: &mut Sheet,
    terms: &mut Sheet,
) {
    let mut sign = |random: &mut Random, subject: &str, signer: usize, amount: String| {
        let (role, person) = SIGNERS[signer];
        let verdict = match (role, random.chance(900)) {
            ("销售总监", _) => "提议",
            (_, true) => "同意",
            (_, false) => "否决",
        };
        // Terms are signed for in days, on a list of their own.
        let list = if subject == "credit_term" { &mut *terms } else { &mut *grants };
        list.row([
            ("客户编号", client.id.clone()),
            ("事项", subject.to_owned()),
            ("岗位", role.to_owned()),
            ("签批人", person.to_owned()),
            ("日期", ago(random.between(0, 25)).to_string()),
            ("金额", amount),
            ("结论", verdict.to_owned()),
        ]);
    };
    let signers = match limit {
        ..=50_000 => 2,
        50_001..=500_000 => 3,
        _ => 5,
    };
    if !random.chance(250) {
        for signer in 0..signers {
            if random.chance(800) {
                let part = if random.chance(120) { limit * 7 / 10 } else { limit };
                sign(random, "credit_limit", signer, part.to_string());
            }
        }
    }
    if random.chance(100) {
        sign(random, "credit_limit", 5, limit.to_string());
    }
    if random.chance(700) {
        let upper = match term {
            ..=60 => 1,
            61..=90 => 2,
            _ => 3,
        };
        for signer in 1..=upper {
            sign(random, "credit_term", signer, term.to_string());
        }
    }
    if let Some(excess) = excess.filter(|_| random.chance(700)) {
        let signer = usize::try_from(random.between(1, 3)).unwrap_or(1);
        sign(random, "excess_asked", signer, excess.to_string());
    }
}
