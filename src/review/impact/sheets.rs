//! A comparison as sheets of a workbook: figures are figures, so that people can go on reckoning.

use super::report::Report;
use super::tables::{Section, sections};
use crate::base::Lang;
use crate::interop::Sheet;

/// A sheet for each section that has a table; the first begins with what is compared.
#[must_use]
pub fn sheets(report: &Report, lang: Lang) -> Vec<Sheet> {
    let told = sections(report, lang);
    told.into_iter()
        .filter(|section| !section.tables.is_empty() || section.key == "summary")
        .map(|section| sheet(section, lang))
        .collect()
}

fn sheet(section: Section, lang: Lang) -> Sheet {
    let (en, zh) = match section.key {
        "summary" => ("summary", "概要"),
        "matrix" => ("grades", "等级迁移"),
        "limits" => ("limits", "额度"),
        "stances" => ("flips", "态势"),
        "steps" => ("steps", "步骤与扣留"),
        "figures" => ("figures", "其他数值"),
        "statuses" => ("statuses", "定案情况"),
        "budgets" => ("budgets", "预算"),
        "edits" => ("edits", "修改"),
        "pairs" => ("pairs", "相互作用"),
        "sweep" => ("sweep", "参数取值"),
        "movers" => ("movers", "变动客户"),
        other => (other, other),
    };
    let tables = section.tables.into_iter().map(|table| {
        let rows = table.rows.into_iter().map(|row| row.into_iter().map(|entry| entry.raw).collect());
        (table.caption, table.heads, rows.collect())
    });
    Sheet {
        name: lang.pick(en, zh).to_owned(),
        lines: std::iter::once(section.title).chain(section.lines).collect(),
        tables: tables.collect(),
    }
}
