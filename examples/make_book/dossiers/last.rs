//! What the desks recorded a week before: each ladder of a dossier as it stood then, with the facts it rested on, and what has been
//! carried out of it up to now.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::super::past::{self, Past, Run};

/// The day of the run: the Monday before.
const DAY: &str = "2026-11-09";

/// A run of a desk: the file of records, the policy, the file of customers, and of each list the fact, the file, and the column that
/// says from which day a record was there.
struct Desk {
    name: &'static str,
    policy: &'static str,
    customers: &'static str,
    lists: &'static [(&'static str, &'static str, &'static str)],
}

const DESKS: [Desk; 9] = [
    Desk {
        name: "collection_ladder",
        policy: "collection_ladder",
        customers: "receivables",
        lists: &[("invoices", "ledger", "货到日")],
    },
    Desk {
        name: "dunning",
        policy: "dunning",
        customers: "receivables",
        lists: &[("invoices", "ledger", "货到日")],
    },
    Desk {
        name: "complaints",
        policy: "客户投诉处理",
        customers: "receivables",
        lists: &[("投诉", "complaints", "受理日"), ("发票", "ledger", "货到日")],
    },
    Desk {
        name: "ways_of_recovery",
        policy: "ways_of_recovery",
        customers: "recovery",
        lists: &[("debts", "debts", "到期日")],
    },
    Desk {
        name: "staff_liability",
        policy: "staff_liability",
        customers: "release",
        lists: &[("invoices", "open_items", "")],
    },
    Desk {
        name: "debt_security",
        policy: "debt_security",
        customers: "cover",
        lists: &[("securities", "securities", "")],
    },
    Desk {
        name: "notes", policy: "在手票据", customers: "cover", lists: &[("票据", "notes", "出票日")]
    },
    Desk {
        name: "grandfathering",
        policy: "grandfathering",
        customers: "cover",
        lists: &[("contracts", "contracts", ""), ("guarantees", "guarantees", "")],
    },
    Desk {
        name: "periodic_review",
        policy: "定期复评与预警",
        customers: "watch",
        lists: &[("事件", "events", "日期")],
    },
];

/// The files of records: their names under `dossiers/` and what they hold; of the first so many customers of each only.
pub fn runs(files: &[(String, Vec<u8>)], first: usize, run: Run<'_>) -> Vec<(String, String)> {
    let file = |name: &str| -> &[u8] {
        files.iter().find(|(other, _)| *other == name).map(|(_, bytes)| bytes.as_slice()).unwrap_or_default()
    };
    let of = |desk: &Desk| {
        let name = format!("last/{}.jsonl", desk.name);
        let done = done(&String::from_utf8_lossy(file(&name)), first);
        let own = |table: &[u8]| -> Vec<u8> {
            let text = String::from_utf8_lossy(table);
            let there = |line: &&str| {
                let id = line.split(',').next().unwrap_or_default();
                first == usize::MAX || done.contains_key(id)
            };
            let rows = text.lines().take(1).chain(text.lines().skip(1).filter(there));
            rows.map(|line| format!("{line}\n")).collect::<String>().into_bytes()
        };
        let lists = desk.lists.iter().map(|(fact, list, heading)| {
            (*fact, own(&past::until(file(&format!("{list}.csv")), heading, DAY)))
        });
        let decided = Past {
            day: DAY,
            policy: desk.policy,
            decisions: &[],
            customers: own(file(&format!("{}.csv", desk.customers))),
            lists: lists.collect(),
            before: done.iter().map(|(id, done)| before(id, desk.policy, done)).collect(),
        }
        .records(run);
        let nothing = Map::new();
        let line = |(id, done): (&String, &Map<String, Json>)| {
            past::line(id, DAY, decided.get(id).unwrap_or(&nothing), done.clone())
        };
        (name, done.iter().map(line).collect::<String>())
    };
    DESKS.iter().map(of).collect()
}

/// What was done up to now, by customer: the records of each ladder.
fn done(lines: &str, first: usize) -> BTreeMap<String, Map<String, Json>> {
    let read = lines.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
    let of = |line: Json| {
        let id = line.get("id")?.as_str()?.to_owned();
        Some((id, line.get("values")?.as_object()?.clone()))
    };
    let all: Vec<(String, Map<String, Json>)> = read.filter_map(of).take(first).collect();
    let twice: BTreeSet<&String> = all.iter().map(|(id, _)| id).collect();
    assert!(twice.len() == all.len(), "one record a customer");
    all.into_iter().collect()
}

/// What the run itself found recorded: what had been done by then.
fn before(id: &str, policy: &str, done: &Map<String, Json>) -> String {
    let late = |record: &Json| {
        let mut cells = record.as_object().into_iter().flatten().filter_map(|(_, cell)| cell.as_str());
        cells.any(|cell| cell.len() == DAY.len() && cell.starts_with("20") && cell > DAY)
    };
    let by_then = done.iter().map(|(ladder, records)| {
        let records = records.as_array().into_iter().flatten().filter(|record| !late(record));
        (ladder.clone(), Json::Array(records.cloned().collect()))
    });
    let values: Map<String, Json> = by_then.collect();
    let line = serde_json::json!({ "id": id, "policy": policy, "as_of": "2026-11-02", "values": values });
    format!("{line}\n")
}
