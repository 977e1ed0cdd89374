//! What a decision lists, what always holds, cases, and the names of all this: the end of the way to a plan.

use std::collections::BTreeMap;

use super::super::{
    AlwaysItem, CaseItem, DecisionItem, ExpectItem, GivenItems, ItemId, OutputItem, Param, Plan, PolicyInfo,
    ScriptFunction, StepId,
};
use super::by_date::outside;
use super::{Lower, Said};
use crate::base::{Idx, Span, Str};
use crate::check::hir;
use crate::diag::Diagnostic;

/// What was found on the way and can be judged only when all steps are there.
#[derive(Default)]
pub(in super::super) struct Findings {
    /// What was said, or not, of conditions that cannot be judged.
    pub(in super::super) said: Vec<Said>,
    /// Factors that can be unknown and of which `missing` says nothing.
    pub(in super::super) unsaid_missing: Vec<UnsaidMissing>,
    /// The figures of texts.
    pub(in super::super) shown: Vec<super::ShownFigure>,
    /// Values that depend on themselves.
    pub(in super::super) circles: Vec<Diagnostic>,
}

/// A factor that can be unknown and of which `missing` says nothing.
pub(in super::super) struct UnsaidMissing {
    pub(in super::super) card: Str,
    pub(in super::super) factor: Str,
    pub(in super::super) points: StepId,
    /// What the card counts of them; nothing else goes by this step.
    pub(in super::super) counted: StepId,
    pub(in super::super) span: Span,
}

/// The names of a part behind its construct, English first; none for the construct's own value.
pub(super) fn names(definition: &hir::Definition, part: hir::Part) -> Vec<Str> {
    let own = |name: Option<&Str>| name.into_iter().cloned().collect::<Vec<Str>>();
    let both = |en: &str, zh: &str| vec![Str::from(en), Str::from(zh)];
    match part {
        hir::Part::Main => Vec::new(),
        hir::Part::Result(place) => match &definition.kind {
            hir::DefinitionKind::Table(it) => {
                own(it.results.get(place as usize).and_then(|column| column.name.as_ref()))
            }
            _ => Vec::new(),
        },
        hir::Part::Method(place) => match &definition.kind {
            hir::DefinitionKind::Limit(it) => own(it.methods.get(place as usize).map(|method| &method.name)),
            _ => Vec::new(),
        },
        hir::Part::Layer(place) => match &definition.kind {
            hir::DefinitionKind::Limit(it) => own(it.layers.get(place as usize).map(|layer| &layer.name)),
            _ => Vec::new(),
        },
        hir::Part::Line(place) => match &definition.kind {
            hir::DefinitionKind::Total(it) => own(it.lines.get(place as usize).map(|line| &line.name)),
            _ => Vec::new(),
        },
        hir::Part::Unsecured => both("unsecured", "无担保"),
        hir::Part::Section(place) => match &definition.kind {
            hir::DefinitionKind::Scorecard(it) => {
                own(it.sections.get(place as usize).map(|section| &section.name))
            }
            _ => Vec::new(),
        },
        hir::Part::Factor(place) => match &definition.kind {
            hir::DefinitionKind::Scorecard(it) => {
                own(it.factors.get(place as usize).map(|factor| &factor.name))
            }
            _ => Vec::new(),
        },
        hir::Part::Hold(place) => match &definition.kind {
            hir::DefinitionKind::Checks(it) => own(it.holds.get(place as usize).map(|hold| &hold.name)),
            _ => Vec::new(),
        },
        hir::Part::Verdict => both("verdict", "结论"),
        hir::Part::Standing => both("standing", "未消除项"),
        hir::Part::Worst => both("worst", "最重项"),
        hir::Part::Of => both("of", "满分"),
        hir::Part::Known => both("known", "已知"),
        hir::Part::Sum => both("sum", "得分"),
        hir::Part::Computed => both("computed", "计算值"),
        hir::Part::Step => both("step", "步骤"),
        hir::Part::Awaiting => both("awaiting", "待批"),
        hir::Part::Day => both("day", "步骤日"),
        hir::Part::Next => both("next", "下一步"),
        hir::Part::NextDay => both("next_day", "下一步日"),
        hir::Part::Held => both("held", "暂缓中"),
        hir::Part::Act => both("act", "今日执行"),
        hir::Part::Tactics => both("tactics", "策略"),
        hir::Part::Served => both("served", "实得"),
        hir::Part::Left => both("left", "剩余"),
        hir::Part::Place => both("place", "次序"),
        hir::Part::Budget => both("budget", "预算"),
        hir::Part::Members => both("members", "成员数"),
        hir::Part::LeftOut => both("left_out", "未计数"),
        hir::Part::Needed => both("needed", "须批"),
        hir::Part::Given => both("given", "已批"),
        hir::Part::Missing => both("missing", "缺批"),
        hir::Part::Granted => both("granted", "核准"),
        hir::Part::Carried => both("carried", "自担额"),
        hir::Part::Carrier => both("carrier", "自担人"),
        hir::Part::Required => both("required", "应交"),
        hir::Part::Absent => both("missing", "缺交"),
        hir::Part::Expired => both("expired", "过期"),
        hir::Part::Complete => both("complete", "齐备"),
    }
}

impl Lower<'_> {
    /// The plan of all that was lowered, its digest still empty.
    pub(in super::super) fn finish(mut self) -> (Plan, Findings) {
        let (order, places) = self.item_order();
        let decisions = self.decisions(&places);
        let always = self.always();
        let applies = self.root().and_then(|root| root.applies.clone()).map(|applies| self.expr(&applies));
        let cases = self.cases();
        let words = self.all_words();
        let names = self.names();
        let mut items: Vec<Option<super::Item>> =
            self.items.into_iter().map(|(_, item)| Some(item)).collect();
        let items = order.into_iter().filter_map(|at| items.get_mut(at)?.take()).collect();
        let program = self.program;
        let (series, references) = outside(program);
        let named = |named: &hir::Named| (named.name.clone(), named.label.clone());
        let plan = Plan {
            policies: program.policies.iter().map(policy).collect(),
            schema: program.schema.clone(),
            roles: program.roles.iter().map(named).collect(),
            actions: program.actions.iter().map(named).collect(),
            params: program.params.iter().map(|param| self::param(program, param)).collect(),
            series,
            references,
            strata: super::super::book::strata(&self.steps, &self.book),
            book: self.book,
            steps: self.steps,
            rules: self.rules,
            items,
            names,
            decisions,
            always,
            applies,
            cases,
            calendars: self.calendars,
            scripts: program.scripts.iter().map(script).collect(),
            words,
            digest: Str::from(""),
        };
        (plan, self.findings)
    }

    /// The constructs in the order written, each with the place at which it came; and the new place of each value.
    fn item_order(&self) -> (Vec<usize>, BTreeMap<hir::ValueId, ItemId>) {
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        order.sort_by_key(|at| self.items.get(*at).map(|(id, _)| *id));
        let mut places = BTreeMap::new();
        for (place, at) in order.iter().enumerate() {
            if let Some((id, _)) = self.items.get(*at) {
                places.entry(*id).or_insert_with(|| ItemId::new(place));
            }
        }
        (order, places)
    }

    fn root(&self) -> Option<&hir::Policy> {
        self.program.policies.as_slice().last()
    }

    fn decisions(&mut self, places: &BTreeMap<hir::ValueId, ItemId>) -> Vec<DecisionItem> {
        let program = self.program;
        let Some(root) = program.policies.as_slice().last() else { return Vec::new() };
        let mut decisions = Vec::new();
        for decision in &root.decisions {
            let mut outputs = Vec::new();
            for output in &decision.outputs {
                let step = self.expr(&output.value);
                let (item, label) = match &output.value.kind {
                    hir::ExprKind::Value(id, _) => {
                        (places.get(id).copied(), program.values.get(*id).map(|it| it.label.clone()))
                    }
                    hir::ExprKind::Param(id) => (None, program.params.get(*id).map(|it| it.label.clone())),
                    _ => (None, None),
                };
                let name = output.name.clone();
                let label = self.part_label(&output.value).or(label);
                let label = label.unwrap_or(hir::Label { en: name.clone(), zh: name.clone() });
                let (optional, internal, span) = (output.optional, output.internal, output.span);
                outputs.push(OutputItem { name, label, step, item, optional, internal, span });
            }
            let (name, label, span) = (decision.name.clone(), decision.label.clone(), decision.span);
            decisions.push(DecisionItem { name, label, outputs, span });
        }
        decisions
    }

    /// The label of a part that has one of its own.
    fn part_label(&self, expr: &hir::Expr) -> Option<hir::Label> {
        let hir::ExprKind::Value(id, part) = &expr.kind else { return None };
        if *part == hir::Part::Computed && self.program.overrides.contains_key(id) {
            let own = &self.program.values.get(*id)?.label;
            let (en, zh) = (format!("{}, computed", own.en).into(), format!("{}（计算值）", own.zh).into());
            return Some(hir::Label { en, zh });
        }
        let definition = self.program.values.get(*id)?;
        match (&definition.kind, part) {
            (hir::DefinitionKind::Table(it), hir::Part::Result(place)) => it
                .results
                .get(*place as usize)
                .filter(|column| column.name.is_some())
                .map(|it| it.label.clone()),
            (hir::DefinitionKind::Authority(_), part) => authority_label(&definition.label, *part),
            (hir::DefinitionKind::Limit(it), hir::Part::Method(place)) => {
                it.methods.get(*place as usize).map(|it| it.label.clone())
            }
            (hir::DefinitionKind::Limit(it), hir::Part::Layer(place)) => {
                it.layers.get(*place as usize).map(|it| it.label.clone())
            }
            (hir::DefinitionKind::Limit(_), hir::Part::Unsecured) => {
                Some(hir::Label { en: "unsecured".into(), zh: "无担保".into() })
            }
            (hir::DefinitionKind::Total(it), hir::Part::Line(place)) => {
                it.lines.get(*place as usize).map(|it| it.label.clone())
            }
            (hir::DefinitionKind::Checks(it), hir::Part::Hold(place)) => {
                it.holds.get(*place as usize).map(|it| it.label.clone())
            }
            (hir::DefinitionKind::Scorecard(it), hir::Part::Section(place)) => {
                it.sections.get(*place as usize).map(|it| it.label.clone())
            }
            (hir::DefinitionKind::Scorecard(it), hir::Part::Factor(place)) => {
                it.factors.get(*place as usize).map(|it| it.label.clone())
            }
            (hir::DefinitionKind::Checklist(_), part) => {
                let (en, zh) = match part {
                    hir::Part::Required => (" required", "应交"),
                    hir::Part::Absent => (" missing", "缺交"),
                    hir::Part::Expired => (" expired", "过期"),
                    _ => (" complete", "齐备"),
                };
                let own = &self.program.values.get(*id)?.label;
                Some(hir::Label {
                    en: format!("{}{en}", own.en).into(),
                    zh: format!("{}{zh}", own.zh).into(),
                })
            }
            _ => None,
        }
    }

    fn always(&mut self) -> Vec<AlwaysItem> {
        let program = self.program;
        let mut found = Vec::new();
        for policy in &program.policies {
            for (place, always) in policy.always.iter().enumerate() {
                let holds = self.expr(&always.holds);
                let address = format!("{}/always {}", policy.name, place.saturating_add(1)).into();
                found.push(AlwaysItem { holds, address, span: always.span });
            }
        }
        found
    }

    fn cases(&mut self) -> Vec<CaseItem> {
        let program = self.program;
        let Some(root) = program.policies.as_slice().last() else { return Vec::new() };
        let policy = program.policies.len().saturating_sub(1);
        let mut cases = Vec::new();
        for case in &root.cases {
            let mut values = Vec::new();
            for (id, part, given, span) in &case.values {
                if let hir::Given::Value(value) = given {
                    values.push((self.part(*id, *part, *span), value.clone(), *span));
                }
            }
            let mut item_values = Vec::new();
            for (id, _, given, span) in &case.item_values {
                let step = self.part(*id, hir::Part::Main, *span);
                item_values.push(GivenItems { step, values: given.clone() });
            }
            let mut expect = Vec::new();
            for one in &case.expect {
                let step = one.target.as_ref().map(|target| self.expr(&target.value));
                expect.push(ExpectItem {
                    step,
                    item: one.target.as_ref().and_then(|target| target.item.clone()),
                    value: one.value.clone(),
                    because: one.because.clone(),
                    written: one.written.clone(),
                    span: one.span,
                });
            }
            cases.push(CaseItem {
                name: case.name.clone(),
                policy,
                as_of: case.as_of,
                facts: case.facts.clone(),
                values,
                item_values,
                params: case.params.iter().map(|(id, value, span)| (id.0, value.clone(), *span)).collect(),
                expect,
                span: case.span,
            });
        }
        cases
    }

    /// Every name under which the root policy knows a value or a part of one.
    fn names(&self) -> BTreeMap<Str, StepId> {
        let mut found = BTreeMap::new();
        let mut aliases: BTreeMap<hir::ValueId, Vec<Str>> = BTreeMap::new();
        for (name, target) in self.root().into_iter().flat_map(|root| &root.names) {
            if let hir::Target::Value(id) = target {
                aliases.entry(*id).or_default().push(name.clone());
            }
        }
        for ((id, part), step) in &self.parts {
            let Some(definition) = self.program.values.get(*id) else { continue };
            let parts = names(definition, *part);
            let mut wholes = aliases.get(id).cloned().unwrap_or_default();
            let own = self.public_name(*id, definition);
            if !wholes.contains(&own) {
                wholes.push(own);
            }
            for whole in wholes {
                if *part == hir::Part::Main {
                    found.insert(whole, *step);
                } else {
                    for part in &parts {
                        found.insert(Str::from(format!("{whole}.{part}")), *step);
                    }
                }
            }
        }
        found
    }
}

fn policy(policy: &hir::Policy) -> PolicyInfo {
    PolicyInfo {
        name: policy.name.clone(),
        label: policy.label.clone(),
        version: policy.version.clone(),
        effective_from: policy.effective_from,
        known_from: policy.known_from,
        effective_until: policy.effective_until,
        currency: policy.currency,
        span: policy.span,
    }
}

fn param(program: &hir::Program, param: &hir::Param) -> Param {
    let id = program.params.iter_enumerated().find(|(_, it)| std::ptr::eq(*it, param)).map(|(id, _)| id);
    let root = program.policies.as_slice().last();
    let bare = root.into_iter().flat_map(|root| &root.names);
    let bare = bare.into_iter().find(|(_, target)| id.is_some_and(|id| *target == hir::Target::Param(id)));
    let name = match (bare, program.policies.get(param.policy)) {
        (Some((name, _)), _) => name.clone(),
        (None, Some(policy)) if param.policy.place().saturating_add(1) != program.policies.len() => {
            format!("{}.{}", policy.name, param.name).into()
        }
        (None, _) => param.name.clone(),
    };
    Param {
        name,
        label: param.label.clone(),
        ty: param.ty.clone(),
        range: param.range.clone(),
        decimals: param.decimals,
        default: param.default.clone(),
        cite: param.cite.clone(),
        span: param.span,
    }
}

fn script(script: &hir::Script) -> ScriptFunction {
    ScriptFunction {
        file: script.file.clone(),
        source: script.source.clone(),
        name: script.name.clone(),
        parameters: script.parameters.clone(),
        result: script.result.clone(),
        range: script.range.clone(),
        span: script.span,
    }
}

/// What people call a part of an authority.
fn authority_label(of: &hir::Label, part: hir::Part) -> Option<hir::Label> {
    let (en, zh) = match part {
        hir::Part::Needed => ("who must sign", "须批"),
        hir::Part::Given => ("who has signed", "已批"),
        hir::Part::Missing => ("signatures missing", "缺批"),
        hir::Part::Carried => ("carried by the signer", "自担额"),
        hir::Part::Carrier => ("who carries it", "自担人"),
        _ => return None,
    };
    Some(hir::Label { en: format!("{} · {en}", of.en).into(), zh: format!("{}·{zh}", of.zh).into() })
}
