//! The book as it stood three months before: what the files said at the review of August, and what the desks have carried out since.
//! Drawn apart from the customers, so that neither changes the other.

use serde_json::{Map, Value as Json, json};

use super::super::past::{self, Past, Run};
use super::{
    Customer, FACTORS, Random, customer_headings, customer_row, customers, day, desk, invoice_headings,
    invoice_row, kept_headings, later, table, today,
};
use gradus::value::Date;

/// The day of the review.
const REVIEW: &str = "2026-08-17";

/// What the review of August recorded: one line a customer. `first` so many customers only, for who needs no more.
pub fn last_decisions(first: usize, run: Run<'_>) -> String {
    let customers = customers();
    let old: Vec<&Customer> = customers
        .iter()
        .filter(|customer| customer.since.to_string().as_str() < REVIEW)
        .take(first)
        .collect();
    let standing = standing(&customers);
    let decided = Past {
        day: REVIEW,
        policy: "trade_credit",
        decisions: &["review", "watch", "worklist"],
        customers: table(&customer_headings(), &rows(&old)).into_bytes(),
        lists: lists(&old),
        before: standing.iter().map(Standing::before).collect(),
    }
    .records(run);
    let mut lines = String::new();
    for it in standing {
        let Some(record) = decided.get(&it.id) else { continue };
        let mut record = record.clone();
        for (part, value) in [("values", it.stance.0), ("since", it.stance.1)] {
            if let Some(Json::Object(part)) = record.get_mut(part) {
                part.insert("松紧".to_owned(), value.into());
            }
        }
        lines.push_str(&past::line(&it.id, &it.as_of.to_string(), &record, it.done));
    }
    lines
}

// ------------------------------------------------------------------------------------------------ what was done since

/// How a customer stood: when it was reviewed, the stance of its trade, what the desks have carried out up to now.
struct Standing {
    id: String,
    as_of: Date,
    stance: (&'static str, &'static str),
    done: Map<String, Json>,
}

impl Standing {
    /// What the review itself found recorded.
    fn before(&self) -> String {
        let (stance, since) = self.stance;
        let line = json!({
            "id": self.id, "policy": "trade_credit", "as_of": since,
            "values": { "松紧": stance }, "since": { "松紧": since },
        });
        format!("{line}\n")
    }
}

/// Who was reviewed, and what has been done of its ladders since.
fn standing(customers: &[Customer]) -> Vec<Standing> {
    const STEPS: [(&str, bool, i64); 6] = [
        ("arrival", true, 1),
        ("remind", false, -5),
        ("collect", false, 0),
        ("report", false, 1),
        ("stop_shipment", false, 30),
        ("lawyer_letter", false, 60),
    ];
    let mut random = Random::new(20_260_817);
    let mut all = Vec::new();
    for customer in customers {
        let decided = later(day(2026, 8, 17), -random.between(0, 20) * i64::from(random.chance(300)));
        if customer.since >= decided || random.chance(60) {
            continue;
        }
        let mut collection = Vec::new();
        for invoice in &customer.invoices {
            if invoice.amount <= invoice.paid || random.chance(70) {
                continue;
            }
            let days = STEPS.map(|(step, delivery, offset)| {
                (step, later(if delivery { invoice.delivered } else { invoice.due }, offset))
            });
            let due: Vec<_> = days.iter().filter(|(_, day)| *day < today()).collect();
            let behind = if random.chance(250) { 2 } else { 1 };
            let Some((step, due_on)) = due.len().checked_sub(behind).and_then(|place| due.get(place)) else {
                continue;
            };
            let on = later(*due_on, random.between(0, 2)).min(later(today(), -1));
            let mut entry = Map::new();
            entry.insert("number".into(), invoice.number.clone().into());
            entry.insert("step".into(), (*step).into());
            entry.insert("on".into(), on.to_string().into());
            let waits = matches!(*step, "report" | "stop_shipment");
            if *step == "stop_shipment" || *step == "lawyer_letter" || (waits && random.chance(350)) {
                let approved = if *step == "report" { "stop_shipment" } else { *step };
                entry.insert("approved".into(), approved.into());
            }
            collection.push(Json::Object(entry));
        }
        let stance = match customer.line.trade {
            "化工" | "机电" => ("严格", "2026-05-11"),
            "建材" => ("宽松", "2026-06-01"),
            "百货" => ("严格", "2026-07-27"),
            _ => ("标准", "2026-01-05"),
        };
        let late = customer.invoices.iter().filter(|it| it.amount > it.paid && !it.disputed);
        let letters = desk::letters(today(), &customer.id, late.map(|it| (it.number.as_str(), it.due)));
        let mut done = Map::new();
        done.insert("collection".to_owned(), collection.into());
        done.insert("letters".to_owned(), letters.into());
        done.extend(desk::held(&customer.id).map(|held| ("release".to_owned(), held)));
        all.push(Standing { id: customer.id.clone(), as_of: decided, stance, done });
    }
    all
}

// ------------------------------------------------------------------------------------------------ the files of then

/// The customers as the file had them.
fn rows(customers: &[&Customer]) -> Vec<Vec<String>> {
    let headings = customer_headings();
    customers.iter().map(|customer| row(&headings, customer)).collect()
}

/// The row of a customer: most of what it says is as today, some of it has been learnt, asked or gone otherwise since.
fn row(headings: &[String], customer: &Customer) -> Vec<String> {
    let serial = customer.id.get(1..).and_then(|number| number.parse::<u64>().ok()).unwrap_or(0);
    let mut random = Random::new(20_261_700 + serial);
    let mut row = customer_row(customer);
    let mut set = |heading: &str, of: &mut dyn FnMut(&str) -> Option<String>| {
        let place = headings.iter().position(|known| known == heading);
        if let Some(cell) = place.and_then(|place| row.get_mut(place))
            && let Some(then) = of(cell)
        {
            *cell = then;
        }
    };
    let scaled = |cell: &str, percent: i64| Some((cell.parse::<i64>().ok()? * percent / 100).to_string());
    for factor in FACTORS {
        let moved = if random.chance(70) { *random.pick(&[-1, 1, 1, 2]) } else { 0 };
        set(factor, &mut |cell| {
            let score = cell.parse::<i64>().ok().filter(|score| *score > 0 && moved != 0)?;
            Some((score + moved).clamp(1, 10).to_string())
        });
    }
    // A few had not handed in their statements yet, of others there were those of half a year before.
    let statements = ["流动资产", "流动负债", "存货", "负债总额", "净资产"];
    match random.between(1, 100) {
        1..=5 => statements.iter().for_each(|heading| set(heading, &mut |_| Some(String::new()))),
        6..=20 => {
            for heading in ["流动资产", "流动负债", "存货"] {
                let percent = random.between(88, 112);
                set(heading, &mut |cell| scaled(cell, percent));
            }
        }
        _ => {}
    }
    let percent = random.between(82, 115);
    set("季度订货", &mut |cell| scaled(cell, percent));
    // The months of a half-year that began three months earlier.
    if let Some(months) = customer.collections {
        for place in 0..6 {
            let earlier = months[0] * random.between(88, 108) / 100;
            let figure = if place < 3 { earlier } else { months[place - 3] };
            set(&format!("{}月回款", place + 5), &mut |_| Some(figure.to_string()));
        }
    }
    let fewer = random.between(0, 2);
    set("一年内逾期次数", &mut |cell| Some((cell.parse::<i64>().ok()? - fewer).max(0).to_string()));
    let none = random.chance(500);
    set("一年内退票次数", &mut |_| none.then(|| "0".to_owned()));
    for heading in ["两年内有坏账", "被其他供应商起诉"] {
        let came = random.chance(500);
        set(heading, &mut |cell| (came && cell == "是").then(|| "否".to_owned()));
    }
    let unasked = random.chance(40);
    set("被其他供应商起诉", &mut |_| unasked.then(String::new));
    let unasked = random.chance(50);
    set("占其购货比例", &mut |_| unasked.then(String::new));
    set("股东变更日", &mut |cell| (cell > REVIEW).then(String::new));
    set("停止催款", &mut |_| Some(String::new()));
    set("停止至", &mut |_| Some(String::new()));
    for heading in ["已发货未开票", "在手票据", "已收定金"] {
        let percent = *random.pick(&[0, 70, 100, 100, 130]);
        set(heading, &mut |cell| scaled(cell, percent));
    }
    let signs =
        super::desk::COLUMNS.iter().map(|(heading, _)| *heading).skip_while(|it| *it != "银行收紧授信");
    for heading in signs {
        let came = random.chance(450);
        set(heading, &mut |cell| (came && cell == "是").then(|| "否".to_owned()));
    }
    row
}

/// The lists as they were: what was delivered, dated, granted or answered by then; of what was not due nothing was paid.
fn lists(customers: &[&Customer]) -> Vec<(&'static str, Vec<u8>)> {
    let mut invoices: Vec<Vec<String>> = Vec::new();
    for customer in customers {
        let there = customer.invoices.iter().filter(|it| it.delivered.to_string().as_str() <= REVIEW);
        for invoice in there {
            let mut row = invoice_row(customer, invoice);
            // Paid, disputed, since when, promised until.
            for place in [5, 6, 7, 8] {
                if let Some(cell) = row.get_mut(place).filter(|_| invoice.amount > 0) {
                    cell.clear();
                }
            }
            invoices.push(row);
        }
    }
    let mut found = vec![("invoices", table(&invoice_headings(), &invoices).into_bytes())];
    for list in &super::desk::LISTS {
        // Where the day of a record stands: dated, placed, signed, granted from, answered.
        let dated = if matches!(list.fact, "documents" | "orders") { 2 } else { 3 };
        let rows = customers.iter().flat_map(|customer| {
            let there = |row: &&Vec<String>| row.get(dated).is_some_and(|on| on.as_str() <= REVIEW);
            let own = (list.rows)(&customer.desk).iter().filter(there);
            own.map(|row| std::iter::once(&customer.id).chain(row).cloned().collect::<Vec<String>>())
        });
        found.push((list.fact, table(&kept_headings(list), &rows.collect::<Vec<_>>()).into_bytes()));
    }
    found
}
