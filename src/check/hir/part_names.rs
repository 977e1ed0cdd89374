//! The names of the parts that a value has: those that the policy writes, and those that the language gives its construct.

use super::{DefinitionKind, Program, ValueId};
use crate::base::Str;

/// The name of a part, in English and in Chinese; the same in both where the policy writes it.
pub type PartName = (Str, Str);

impl Program {
    /// The parts of a value that can be read behind `.`.
    #[must_use]
    pub fn part_names(&self, id: ValueId) -> Vec<PartName> {
        let mut names = self.own_part_names(id);
        // What the policy itself comes to stands beside what an exception grants.
        if self.overrides.contains_key(&id) && !names.iter().any(|(en, _)| &**en == "computed") {
            names.push((Str::from("computed"), Str::from("计算值")));
        }
        names
    }

    fn own_part_names(&self, id: ValueId) -> Vec<PartName> {
        let Some(value) = self.values.get(id) else { return Vec::new() };
        let own = |name: &Str| (name.clone(), name.clone());
        let given = |names: &[(&str, &str)]| -> Vec<PartName> {
            names.iter().map(|(en, zh)| (Str::from(*en), Str::from(*zh))).collect()
        };
        match &value.kind {
            DefinitionKind::Let(_)
            | DefinitionKind::Grades(_)
            | DefinitionKind::Correction(_)
            | DefinitionKind::Triggers(_)
            | DefinitionKind::Allocation(_)
            | DefinitionKind::Error => Vec::new(),
            DefinitionKind::Judgement(judgement) => {
                let own = self.schema.find(&format!("{}.answers", value.name));
                match own == Some(judgement.answers.list) {
                    true => given(&[("answers", "答复")]),
                    false => Vec::new(),
                }
            }
            DefinitionKind::Total(total) => total.lines.iter().map(|line| own(&line.name)).collect(),
            DefinitionKind::Table(table) => {
                table.results.iter().filter_map(|column| column.name.as_ref()).map(own).collect()
            }
            DefinitionKind::Scorecard(card) => {
                let sections = card.sections.iter().map(|section| own(&section.name));
                let factors = card.factors.iter().map(|factor| own(&factor.name));
                let given = given(&[("of", "满分"), ("known", "已知"), ("sum", "得分")]);
                sections.chain(factors).chain(given).collect()
            }
            DefinitionKind::Limit(limit) => {
                let mut names: Vec<PartName> = limit.methods.iter().map(|method| own(&method.name)).collect();
                names.extend(limit.layers.iter().map(|layer| own(&layer.name)));
                if limit.layers_for.is_some() {
                    names.extend(given(&[("unsecured", "无担保")]));
                }
                names.extend(given(&[("computed", "计算值")]));
                names
            }
            DefinitionKind::Checks(checks) => {
                let mut names = given(&[("verdict", "结论"), ("standing", "未消除项"), ("worst", "最重项")]);
                names.extend(checks.holds.iter().map(|hold| own(&hold.name)));
                names
            }
            DefinitionKind::Authority(authority) => {
                let mut names =
                    given(&[("needed", "须批"), ("given", "已批"), ("missing", "缺批"), ("granted", "核准")]);
                if authority.carries.is_some() {
                    names.extend(given(&[("carried", "自担额"), ("carrier", "自担人")]));
                }
                names
            }
            DefinitionKind::Checklist(_) => {
                given(&[("required", "应交"), ("missing", "缺交"), ("expired", "过期"), ("complete", "齐备")])
            }
            DefinitionKind::Escalation(ladder) => {
                let mut names = given(&[
                    ("step", "步骤"),
                    ("awaiting", "待批"),
                    ("day", "步骤日"),
                    ("next", "下一步"),
                    ("next_day", "下一步日"),
                    ("held", "暂缓中"),
                    ("act", "今日执行"),
                ]);
                if ladder.tactics.is_some() {
                    names.extend(given(&[("tactics", "策略")]));
                }
                names
            }
            DefinitionKind::Book(value) => {
                let mut names = Vec::new();
                if value.cap.is_some() {
                    names.extend(given(&[
                        ("served", "实得"),
                        ("left", "剩余"),
                        ("place", "次序"),
                        ("budget", "预算"),
                    ]));
                }
                names.extend(given(&[("members", "成员数"), ("left_out", "未计数")]));
                names
            }
        }
    }
}
