//! What the credit desk keeps of each customer beside its ledger: its group, what else it owes, the warning signs, its papers, its
//! orders, and who has signed for what. All of it is drawn apart from the customers, so that neither changes the other.

use gradus::value::Date;

use super::random::Random;

/// What the desk's entries hang on.
pub struct About {
    pub number: usize,
    pub today: Date,
    pub since: Date,
    pub is_new: bool,
    pub quality: i64,
    /// What it buys of us in a month, in yuan.
    pub monthly: i64,
    pub papers_complete: bool,
    pub has_statements: bool,
    pub region: &'static str,
    pub trade: &'static str,
    pub late_last_year: i64,
    pub bounced_cheques: i64,
    pub sued: Option<bool>,
    pub looks_high: Option<bool>,
    pub current_limit: Option<i64>,
}

/// The entries of one customer; the lists are rows without the customer's number.
#[derive(Default)]
pub struct Desk {
    /// Its branch, what the branch sells in a year, its line of trade, what it asks for, whether its licence was revoked, whether
    /// letters are stopped and until when.
    pub file: [String; 7],
    pub group: String,
    /// Shipped and not invoiced, notes in hand, deposit held, in yuan.
    pub owes: [i64; 3],
    pub bankrupt: Option<bool>,
    pub new_owner: Option<Date>,
    pub bank_cut: Option<bool>,
    /// The signs that our own ledger shows.
    pub ledger: [bool; 6],
    /// Those that somebody must ask for.
    pub outside: [Option<bool>; 7],
    pub documents: Vec<Vec<String>>,
    pub orders: Vec<Vec<String>>,
    pub sign_offs: Vec<Vec<String>>,
    pub exceptions: Vec<Vec<String>>,
    pub answers: Vec<Vec<String>>,
}

/// The columns that the desk adds to the customers: headings, and the names of the facts.
pub const COLUMNS: [(&str, &str); 27] = [
    ("所属分公司", "branch"),
    ("分公司年销售额", "branch_sales"),
    ("经营类别", "line"),
    ("申请额度", "requested"),
    ("执照已吊销", "licence_revoked"),
    ("停止催款", "dunning_block"),
    ("停止至", "blocked_until"),
    ("集团号", "group_id"),
    ("已发货未开票", "shipped"),
    ("在手票据", "notes_in_hand"),
    ("已收定金", "deposit_held"),
    ("进入破产程序", "in_bankruptcy"),
    ("股东变更日", "new_owner_on"),
    ("银行收紧授信", "bank_credit_cut"),
    ("拖欠越来越长", "delays_lengthen"),
    ("屡次失约", "promises_broken"),
    ("支票退票", "cheque_bounced"),
    ("订单无故大增", "orders_jump"),
    ("只付零头", "part_payments"),
    ("突然挑剔质量", "disputes_new"),
    ("负责人避而不见", "boss_unreachable"),
    ("骨干离职", "staff_leave"),
    ("低于成本抛售", "sells_below_cost"),
    ("被他人起诉", "sued_by_others"),
    ("拖欠工资", "wages_late"),
    ("报表迟迟不出", "accounts_late"),
    ("更换审计机构", "auditor_changed"),
];

/// A list of the desk: its fact, its file, its headings, the names of its fields.
pub struct Kept {
    pub fact: &'static str,
    pub file: &'static str,
    pub headings: &'static [&'static str],
    pub names: &'static [&'static str],
    pub rows: fn(&Desk) -> &Vec<Vec<String>>,
}

/// The lists that the desk keeps, each in a file of its own.
pub const LISTS: [Kept; 5] = [
    Kept {
        fact: "documents",
        file: "documents.csv",
        headings: &["资料编号", "资料", "出具日", "有效至"],
        names: &["number", "what", "dated", "valid_until"],
        rows: |desk| &desk.documents,
    },
    Kept {
        fact: "orders",
        file: "orders.csv",
        headings: &["订单号", "订单金额", "下单日", "已预付"],
        names: &["order_no", "order_amount", "placed", "prepaid"],
        rows: |desk| &desk.orders,
    },
    Kept {
        fact: "sign_offs",
        file: "sign_offs.csv",
        headings: &["事项", "岗位", "签批人", "日期", "金额", "结论"],
        names: &["subject", "role", "person", "on", "amount", "verdict"],
        rows: |desk| &desk.sign_offs,
    },
    Kept {
        fact: "exceptions",
        file: "exceptions.csv",
        headings: &["范围", "对象", "取值", "起日", "止日", "批准人", "岗位", "事由"],
        names: &["scope", "key", "value", "from", "until", "person", "role", "reason"],
        rows: |desk| &desk.exceptions,
    },
    Kept {
        fact: "looks_high.answers",
        file: "answers.csv",
        headings: &["答复", "岗位", "签批人", "日期", "事由"],
        names: &["answer", "role", "person", "on", "reason"],
        rows: |desk| &desk.answers,
    },
];

/// The roles are written by their names: the policy of the stance has a role that is called 信用经理, too.
const MANAGER: (&str, &str) = ("credit_manager", "李娜");
const FINANCE: (&str, &str) = ("finance_head", "吴敏");

/// What the desk has on a customer.
pub fn desk(random: &mut Random, about: &About) -> Desk {
    let weak = about.quality < 48;
    let back = |days: i64| about.today.add_days(-days).unwrap_or(about.today);
    let owes = [
        if random.chance(350) { about.monthly * random.between(5, 30) / 100 } else { 0 },
        if random.chance(150) { about.monthly * random.between(20, 80) / 100 } else { 0 },
        if random.chance(if about.is_new || weak { 400 } else { 60 }) { about.monthly / 10 } else { 0 },
    ];
    let bankrupt = (!random.chance(15)).then(|| random.chance(if weak { 25 } else { 1 }));
    let new_owner = random.chance(35).then(|| back(random.between(10, 400)));
    let bank_cut = random.chance(600).then(|| random.chance(if weak { 90 } else { 12 }));
    let mut often =
        |weak_often: i64, else_often: i64| random.chance(if weak { weak_often } else { else_often });
    let mut ledger = [
        about.late_last_year >= 3 || often(120, 10),
        often(220, 12),
        about.bounced_cheques > 0,
        often(20, 15),
        often(200, 15),
        often(60, 25),
    ];
    let outside = [60, 80, 70, 0, 80, 120, 30].map(|often| {
        let asked = random.chance(780);
        asked.then(|| random.chance(if weak { often } else { often / 8 }))
    });
    let mut outside = [outside[0], outside[1], outside[2], about.sued, outside[4], outside[5], outside[6]];
    if TROUBLED.contains(&about.number) {
        (ledger[0], ledger[1], outside[4]) = (true, true, Some(true));
    }
    if about.number == TROUBLED[1] {
        (ledger[4], outside[0], outside[2], outside[5]) = (true, Some(true), Some(true), Some(true));
    }
    let (file, requested) = file(about);
    Desk {
        file,
        group: group(about.number),
        owes,
        bankrupt,
        new_owner,
        bank_cut,
        ledger,
        outside,
        documents: documents(random, about, requested),
        orders: orders(random, about),
        sign_offs: sign_offs(random, about),
        exceptions: exceptions(about),
        answers: answers(random, about),
    }
}

/// Who belongs to whom; everybody else stands alone.
fn group(number: usize) -> String {
    let found = GROUPS.iter().find(|(_, members)| members.contains(&number));
    found.map_or_else(|| format!("C{number:04}"), |(group, _)| (*group).to_owned())
}

/// The groups, and the numbers of their members.
const GROUPS: [(&str, &[usize]); 6] = [
    ("G01", &[15, 100, 131, 250]),
    ("G02", &[63, 64, 210]),
    ("G03", &[9, 155]),
    ("G04", &[101, 222, 333]),
    ("G05", &[140, 141]),
    ("G06", &[300, 377, 390, 395]),
];

/// The branches, their regions, and what each sells in a year, in yuan.
const BRANCHES: [(&str, &[&str], i64); 4] = [
    ("华东", &["华东"], 7_400_000_000),
    ("华南", &["华南", "华中"], 4_600_000_000),
    ("华北", &["华北", "东北"], 2_700_000_000),
    ("西部", &["西南", "西北"], 2_100_000_000),
];

/// What stands on the cover of its file, drawn apart from all else; and what it asks for.
fn file(about: &About) -> ([String; 7], i64) {
    let mut random = Random::new(20_261_200 + u64::try_from(about.number).unwrap_or(0));
    let branch =
        BRANCHES.iter().find(|(_, regions, _)| regions.contains(&about.region)).unwrap_or(&BRANCHES[0]);
    let line = match about.trade {
        "医药" => "药品",
        "食品" => "食品",
        _ => "一般商品",
    };
    let usual = about.current_limit.unwrap_or(0).max(about.monthly * 6 / 10);
    let asked = (usual * random.between(85, 230) / 100_000 + 1) * 1_000;
    let requested = match (random.chance(25), about.has_statements, random.chance(500)) {
        (true, ..) => 0,
        (_, false, true) => asked.min(24_000),
        _ => asked,
    };
    let revoked = (!random.chance(12)).then(|| random.chance(4));
    let blocked = random.chance(12);
    let until = (blocked && random.chance(600))
        .then(|| about.today.add_days(random.between(-8, 20)).unwrap_or(about.today));
    let yes_no = |yes: bool| if yes { "是" } else { "否" }.to_owned();
    let cells = [
        branch.0.to_owned(),
        branch.2.to_string(),
        line.to_owned(),
        requested.to_string(),
        revoked.map(yes_no).unwrap_or_default(),
        if blocked { yes_no(true) } else { String::new() },
        until.map(|day| day.to_string()).unwrap_or_default(),
    ];
    (cells, requested)
}

/// The papers on file, the customer's own and the desk's forms. Where they are not complete one is missing or has grown old.
fn documents(random: &mut Random, about: &About, requested: i64) -> Vec<Vec<String>> {
    let back = |days: i64| about.today.add_days(-days).unwrap_or(about.today).to_string();
    let age = about.since.days_until(about.today);
    let (licence, application) = (random.between(3, 350), random.between(2, age.clamp(3, 1_000)));
    let lacking = (!about.papers_complete).then(|| match random.between(0, 2) {
        0 => (0, random.between(560, 700)),
        place => (place, 0),
    });
    let mut apart = Random::new(20_261_300 + u64::try_from(about.number).unwrap_or(0));
    let mut ahead = |least: i64| {
        let day = about.today.add_days(apart.between(least, 900)).unwrap_or(about.today);
        day.to_string()
    };
    let mut all: Vec<(&str, String, String)> = vec![("营业执照", back(licence), String::new())];
    if matches!(about.trade, "医药" | "食品") {
        all.push(("经营许可证", String::new(), ahead(5)));
    }
    if about.trade == "医药" {
        all.push(("GSP 证书", String::new(), ahead(5)));
    }
    if requested > 0 {
        all.push(("信用申请表", back(application), String::new()));
    }
    if requested >= 25_000 && about.has_statements {
        let dated = lacking.filter(|(place, _)| *place == 0).map(|(_, days)| back(days));
        all.push(("财务报表", dated.unwrap_or_else(|| "2025-12-31".to_owned()), String::new()));
    }
    if requested >= 25_000 && about.is_new {
        all.push(("银行资信证明", back(application.min(150)), String::new()));
    }
    if requested >= 200_000 {
        all.push(("担保书", String::new(), ahead(3)));
    }
    if requested >= 1_000_000 {
        all.push(("审计报告", "2025-12-31".to_owned(), String::new()));
    }
    match lacking {
        Some((0, _)) if !about.has_statements => drop(all.remove(0)),
        Some((1, _)) => all.retain(|(paper, ..)| *paper != "信用申请表"),
        Some((2, _)) => drop(all.pop()),
        _ => {}
    }
    if requested > 0 {
        let score = if about.is_new { "发展潜力评分" } else { "历史回款能力评分" };
        for (form, oldest) in [("信用调查表", 380), ("信用分析表", 340), ("评级表", 94), (score, 175)]
        {
            let dated = back(apart.between(2, age.clamp(3, oldest)));
            if !apart.chance(30) {
                all.push((form, dated, String::new()));
            }
        }
    }
    let number = |place: usize| format!("Z{:04}-{place:02}", about.number);
    let row = |(place, (paper, dated, until)): (usize, (&str, String, String))| {
        vec![number(place + 1), paper.to_owned(), dated, until]
    };
    all.into_iter().enumerate().map(row).collect()
}

/// The orders that wait to be shipped.
fn orders(random: &mut Random, about: &About) -> Vec<Vec<String>> {
    let many = match random.between(1, 100) {
        1..=42 => 0,
        43..=82 => 1,
        _ => 2,
    };
    (1..=many)
        .map(|place| {
            let small = random.chance(40);
            let amount =
                if small { random.between(2, 9) * 100 } else { about.monthly * random.between(5, 35) / 100 };
            let placed = about.today.add_days(-random.between(0, 9)).unwrap_or(about.today);
            let has_credit = about.current_limit.is_some_and(|limit| limit > 0) && about.quality >= 48;
            let prepaid = random.chance(if has_credit { 120 } else { 800 });
            let prepaid = if prepaid { "是" } else { "" };
            vec![order(about.number, place), format!("{amount}"), placed.to_string(), prepaid.to_owned()]
        })
        .collect()
}

fn order(number: usize, place: usize) -> String {
    format!("D{number:04}{place:02}")
}

/// Who has signed: most limits of the last quarter, and some releases.
fn sign_offs(random: &mut Random, about: &About) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let mut sign =
        |subject: &str, (role, person): (&str, &str), on: &str, amount: Option<i64>, verdict: &str| {
            let amount = amount.map(|amount| amount.to_string()).unwrap_or_default();
            all.push([subject, role, person, on, amount.as_str(), verdict].map(String::from).to_vec());
        };
    let signed = about.current_limit.filter(|limit| *limit > 0 && random.chance(850));
    if let Some(limit) = signed {
        sign("credit_limit", MANAGER, "2026-10-12", Some(limit), "同意");
        // What the second signature is like: there, missing, the same person again, against.
        let second = match about.number {
            SAME_PERSON => Some((("finance_head", MANAGER.1), "2026-10-12", "同意")),
            DISAGREE => Some((FINANCE, "2026-10-14", "否决")),
            _ => (limit > 200_000 && random.chance(800)).then_some((FINANCE, "2026-10-14", "同意")),
        };
        if let Some((who, on, verdict)) = second {
            sign("credit_limit", who, on, (verdict == "同意").then_some(limit), verdict);
        }
    }
    if RELEASED.contains(&about.number) {
        let subject = format!("release.over_limit[\"{}\"]", order(about.number, 1));
        sign(&subject, MANAGER, "2026-11-12", None, "同意");
    }
    all
}

/// Customers of good standing that show signs of danger, and of a crisis.
const TROUBLED: [usize; 2] = [64, 103];
/// A customer for whom one person signed twice; the second role must be another person.
const SAME_PERSON: usize = 42;
/// A customer over whom the two disagree.
const DISAGREE: usize = 54;
/// Customers of whom an order was held in the last run because they were late, with the day since when; most have paid since.
const HELD: [(usize, &str); 3] = [(6, "2026-10-20"), (16, "2026-10-28"), (32, "2026-11-02")];

/// What the last run recorded of the holds of a customer's first order.
pub fn held(id: &str) -> Option<serde_json::Value> {
    let number: usize = id.get(1..)?.parse().ok()?;
    let (_, since) = HELD.iter().find(|(held, _)| *held == number)?;
    Some(serde_json::json!([{ "order_no": order(number, 1), "overdue": "standing", "overdue.since": since }]))
}

/// Customers whose first order was released above the limit.
const RELEASED: [usize; 3] = [3, 5, 31];

/// What was granted beside the policy.
fn exceptions(about: &About) -> Vec<Vec<String>> {
    let found = GRANTED.iter().find(|(number, ..)| *number == about.number);
    found
        .map(|(_, value, from, until, (role, person), reason)| {
            ["客户", "", value, from, until, person, role, reason].map(String::from).to_vec()
        })
        .into_iter()
        .collect()
}

type Granted = (usize, &'static str, &'static str, &'static str, (&'static str, &'static str), &'static str);

/// A season's stock, one that is over, one that is too large, one by somebody who may not.
const GRANTED: [Granted; 4] = [
    (2, "180000", "2026-10-20", "2027-01-31", FINANCE, "春节备货"),
    (43, "300000", "2026-06-01", "2026-12-31", FINANCE, "夏季备货"),
    (25, "9000000", "2026-11-01", "2026-12-31", FINANCE, "大客户"),
    (33, "120000", "2026-11-01", "2026-12-31", MANAGER, "新品铺货"),
];

/// Whether the limit looks high beside the class: most have been answered, some a long time ago.
fn answers(random: &mut Random, about: &About) -> Vec<Vec<String>> {
    let answered = random.chance(800);
    let long_ago = random.chance(60);
    let value = match (about.looks_high, answered) {
        (Some(value), _) => value,
        (None, true) => random.chance(40),
        (None, false) => return Vec::new(),
    };
    let on = if long_ago { "2025-10-20" } else { "2026-10-12" };
    let reason = if value { "与同行相比偏高" } else { "" };
    vec![[if value { "是" } else { "否" }, MANAGER.0, MANAGER.1, on, reason].map(String::from).to_vec()]
}

/// What governs the invoices of a customer: most contracts say nothing, some name a rate, a few are under foreign law.
pub fn governed(id: &str) -> (&'static str, &'static str) {
    match id.get(1..).and_then(|number| number.parse::<u32>().ok()).unwrap_or(0) % 20 {
        3 | 11 => ("中国，合同约定", "0.05%"),
        7 => ("中国，合同约定", "0.03%"),
        14 => ("中国，合同约定", ""),
        17 => ("欧盟规则", ""),
        _ => ("", ""),
    }
}

/// The letters that went out for what is late: of each invoice, by its number and due day, the last one or the one before.
pub fn letters<'a>(
    today: Date,
    id: &str,
    late: impl Iterator<Item = (&'a str, Date)>,
) -> Vec<serde_json::Value> {
    const LETTERS: [(&str, i64); 4] = [("remind", 3), ("first", 13), ("second", 23), ("final", 38)];
    let serial = id.get(1..).and_then(|number| number.parse::<u64>().ok()).unwrap_or(0);
    let mut random = Random::new(20_261_500 + serial);
    let after = |day: Date, days: i64| day.add_days(days).unwrap_or(day);
    late.filter_map(|(number, due)| {
        let sent: Vec<_> = LETTERS
            .iter()
            .map(|(step, days)| (*step, after(due, *days)))
            .filter(|(_, day)| *day < today)
            .collect();
        let behind = if random.chance(400) { 2 } else { 1 };
        let (step, day) = sent.len().checked_sub(behind).and_then(|place| sent.get(place))?;
        let on = after(*day, random.between(0, 3)).min(after(today, -1)).to_string();
        Some(serde_json::json!({ "number": number, "step": step, "on": on }))
    })
    .collect()
}
