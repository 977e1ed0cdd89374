//! What steps are called: by their labels, and where they are a part of a construct, by its label and their own.

use std::collections::BTreeMap;

use crate::base::{Lang, Str};
use crate::plan::{ItemKind, Label, Plan, StepId};

/// What a step is called.
#[derive(Clone)]
pub(super) struct Name {
    pub(super) name: Str,
    pub(super) label: Label,
}

/// The steps that have names of their own, with labels.
pub(super) fn names(plan: &Plan) -> BTreeMap<StepId, Name> {
    let mut names: BTreeMap<StepId, Name> = BTreeMap::new();
    for (name, step) in &plan.names {
        let better = names.get(step).is_none_or(|known| name.chars().count() < known.name.chars().count());
        if better {
            names.insert(*step, Name { name: name.clone(), label: Label::same(name.clone()) });
        }
    }
    for item in &plan.items {
        let name = |part: &str, label: &Label| Name {
            name: Str::from(format!("{}.{part}", item.name)),
            label: Label {
                en: Str::from(format!("{} · {}", item.label.en, label.en)),
                zh: Str::from(format!("{}·{}", item.label.zh, label.zh)),
            },
        };
        match &item.kind {
            ItemKind::Table(table) => {
                for (part, label, _, step) in &table.results {
                    if let Some(part) = part {
                        names.insert(*step, name(part, label));
                    }
                }
            }
            ItemKind::Scorecard(card) => {
                // A factor goes by its label, or by that of the fact that it scores.
                for factor in &card.factors {
                    let full = format!("{}.{}", item.name, factor.name);
                    let Some(step) = plan.names.get(full.as_str()) else { continue };
                    let fact = plan.schema.fields.iter().find(|field| field.name == factor.name);
                    let own = *factor.label.en != *factor.name || *factor.label.zh != *factor.name;
                    let label = if own { None } else { fact.map(|field| field.label.clone()) };
                    names.insert(*step, name(&factor.name, &label.unwrap_or_else(|| factor.label.clone())));
                }
                for section in &card.sections {
                    names.insert(section.value, name(&section.name, &section.label));
                }
                let bare = |part: &str, en: &str, zh: &str| Name {
                    name: Str::from(format!("{}.{part}", item.name)),
                    label: Label { en: Str::from(en), zh: Str::from(zh) },
                };
                names.insert(card.known, bare("known", "factors known", "已知因素"));
                if let Some(weight) = card.weight_known {
                    names.insert(weight, bare("weight_known", "weight known", "已知权重"));
                }
            }
            ItemKind::Limit(limit) => {
                for layer in &limit.layers {
                    names.insert(layer.bears, name(&layer.name, &layer.label));
                }
                if let Some((_, left)) = limit.layers_for {
                    let unsecured = Label { en: Str::from("unsecured"), zh: Str::from("无担保") };
                    names.insert(left, name("unsecured", &unsecured));
                }
                for method in &limit.methods {
                    names.entry(method.value).or_insert_with(|| name(&method.name, &method.label));
                }
            }
            ItemKind::Total(total) => {
                for line in &total.lines {
                    names.insert(line.value, name(&line.name, &line.label));
                }
            }
            ItemKind::Book(book) => {
                let mut add = |step: StepId, part: &str, en: &str, zh: &str| {
                    let label = Label { en: Str::from(en), zh: Str::from(zh) };
                    names.insert(step, name(part, &label));
                };
                add(book.members, "members", "members", "成员数");
                add(book.left_out, "left_out", "left out", "未计数");
                if let Some(cap) = &book.cap {
                    add(cap.served, "served", "served", "实得");
                    add(cap.left, "left", "left when its turn came", "轮到时剩余");
                    add(cap.place, "place", "place in the order", "次序");
                    add(cap.budget, "budget", "budget", "预算");
                }
            }
            ItemKind::Authority(it) => {
                let part = |part: &str, en: &str, zh: &str| {
                    name(part, &Label { en: Str::from(en), zh: Str::from(zh) })
                };
                names.insert(it.needed, part("needed", "who must sign", "须批"));
                names.insert(it.given, part("given", "who has signed", "已批"));
                names.insert(it.missing, part("missing", "signatures missing", "缺批"));
                if let Some((carried, carrier)) = it.carried {
                    names.insert(carried, part("carried", "carried by the signer", "自担额"));
                    names.insert(carrier, part("carrier", "who carries it", "自担人"));
                }
            }
            ItemKind::Let
            | ItemKind::Allocation(_)
            | ItemKind::Grades(_)
            | ItemKind::Correction(_)
            | ItemKind::Triggers(_)
            | ItemKind::Escalation(_)
            | ItemKind::Checks(_)
            | ItemKind::Judgement(_)
            | ItemKind::Override(_) => {}
            ItemKind::Checklist(papers) => super::papers::names(item, papers, &mut names),
        }
        let headed = matches!(&item.kind, ItemKind::Table(table) if table.results.iter().any(|(name, ..)| name.is_some()));
        if !headed {
            names.insert(item.value, Name { name: item.name.clone(), label: item.label.clone() });
        }
    }
    names
}

/// The label of what the last decision said: `last stance`, `上次松紧`.
pub(super) fn last_label(plan: &Plan, name: &str, lang: Lang) -> Option<String> {
    let fact = name.starts_with("last.").then(|| plan.schema.find(name)).flatten()?;
    Some(plan.schema.fields.get(fact)?.label.pick(lang).to_string())
}

/// Whether an English label says of something what it is, as `disputed`, `a consumer`, `paid before it leaves` do.
pub(super) fn is_quality(name: &str) -> bool {
    let first = name.split(' ').next().unwrap_or_default();
    !name.contains(' ')
        || matches!(first, "a" | "an" | "in" | "of" | "under" | "given" | "made" | "paid")
        || first.ends_with("ed")
}
