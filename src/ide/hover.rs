//! What a name stands for, in a few lines: unit, decimals, range, label, where it is used.

use std::fmt::Write as _;

use super::View;
use super::words;
use crate::base::{Lang, Span};
use crate::check::hir::{self, DefinitionKind, Meaning, Mention, Part};
use crate::syntax::keywords::keyword;
use crate::value::{Default, EnumSort, Field, FieldType, Number, Type};

/// So many places of use are named; of more, their number.
const PLACES: usize = 6;

/// The power of ten from which on a bound tells nothing: that of a number without a range.
const FAR: u32 = 15;

/// What the name of a mention stands for, as Markdown; `uses` are the places at which it is named, its declaration not among
/// them.
#[must_use]
pub fn hover(view: &View<'_>, mention: &Mention, uses: &[Span]) -> Option<String> {
    let mut out = match mention.means {
        Meaning::Fact(id) => fact(view, view.program.schema.fields.get(id)?, false),
        Meaning::Field(list, place) => {
            let list = view.program.schema.fields.get(list)?;
            let FieldType::Records(fields) = &list.ty else { return None };
            let mut told = fact(view, fields.get(place as usize)?, true);
            let _ = write!(told, "\n\n{} `{}`", view.lang.pick("of each item of", "逐项，属于"), list.name);
            told
        }
        Meaning::Param(id) => param(view, view.program.params.get(id)?),
        Meaning::Series(id) => series(view, view.program.series.get(id)?),
        Meaning::Reference(id) => {
            let it = view.program.references.get(id)?;
            let mut told = head(view.lang, &it.name, &it.label);
            let rows = it.rows.len();
            let _ = match view.lang {
                Lang::En => write!(told, "reference · `{}` · {rows} rows", it.file),
                Lang::Zh => write!(told, "参照表 · `{}` · {rows} 行", it.file),
            };
            told
        }
        Meaning::Value(id) => value(view, view.program.values.get(id)?),
        Meaning::Part(id, place) => part(view, view.program.values.get(id)?, place)?,
        Meaning::Script(id) => {
            let it = view.program.scripts.get(id)?;
            let enums = &view.program.schema.enums;
            let given: Vec<String> = it.parameters.iter().map(|ty| ty.describe(enums, view.lang)).collect();
            let result = it.result.describe(enums, view.lang);
            let word = view.lang.pick("script", "脚本");
            let mut told = head(view.lang, &it.name, &it.label);
            let _ = write!(told, "{word} `{}` · ({}) -> {result}", it.file, given.join(", "));
            told
        }
        Meaning::Member(kind, code) => member(view, kind, code)?,
        Meaning::Kind(id) => {
            let kind = view.program.schema.enums.get(id)?;
            let members: Vec<String> =
                kind.members.iter().map(|member| format!("`{}`", member.name)).collect();
            format!("**{}**\n\n{} · {}", kind.name, sort(kind.sort, view.lang), members.join(", "))
        }
        Meaning::Role(place) => person(view, view.program.roles.get(place as usize)?, "roles"),
        Meaning::Action(place) => person(view, view.program.actions.get(place as usize)?, "actions"),
        Meaning::Policy(id) => {
            let policy = view.program.policies.get(id)?;
            let mut told = head(view.lang, &policy.name, &policy.label);
            let word = view.lang.pick("policy, version", "政策，版本");
            let _ = write!(told, "{word} {}", policy.version);
            if let Some(from) = policy.effective_from {
                let _ = write!(told, " · {} {from}", view.lang.pick("effective from", "生效自"));
            }
            told
        }
        Meaning::Reason(words) => reason(view, mention.at, words),
        Meaning::Local => view.lang.pick("known inside this construct alone", "只在本结构内有效").to_owned(),
    };
    used(view, uses, &mut out);
    Some(out)
}

/// The code of a reason, and what the reason says; a figure of it as it is written.
fn reason(view: &View<'_>, at: Span, words: Option<hir::WordsId>) -> String {
    let source = |span: Span| view.sources.get(span.file).map_or("", |source| source.slice(span));
    let word = view.lang.pick("reason code", "理由代码");
    let mut told = format!("**{}**\n\n{word}", source(at).trim_matches(['`', '"', '\'']));
    if let Some(words) = words.and_then(|id| view.program.words.get(id)) {
        let pieces = view.lang.pick(&words.en, &words.zh).iter().map(|piece| match piece {
            hir::Piece::Text(text) => text.to_string(),
            hir::Piece::Figure(place) => {
                words.figures.get(*place as usize).map_or("", |shown| source(shown.span)).to_owned()
            }
        });
        let _ = write!(told, " · {}", pieces.collect::<String>());
    }
    told
}

/// The name, and how people call it.
fn head(lang: Lang, name: &str, label: &hir::Label) -> String {
    let (own, other) = match lang {
        Lang::En => (&label.en, &label.zh),
        Lang::Zh => (&label.zh, &label.en),
    };
    let mut told = format!("**{name}**");
    if &**own != name {
        let _ = write!(told, " · {own}");
    }
    if other != own && &**other != name {
        let _ = write!(told, " · {other}");
    }
    told.push_str("\n\n");
    told
}

fn fact(view: &View<'_>, field: &Field, of_items: bool) -> String {
    let enums = &view.program.schema.enums;
    let lang = view.lang;
    // Range and decimals of a list are those of its values.
    let element = match &field.ty {
        FieldType::List { of, .. } => of,
        _ => field,
    };
    let ty = element.ty.ty(0);
    let word = match (of_items, lang) {
        (false, Lang::En) => "fact",
        (false, Lang::Zh) => "事实",
        (true, Lang::En) => "field",
        (true, Lang::Zh) => "字段",
    };
    let mut parts = vec![word.to_owned(), field.ty.ty(0).describe_with_currency(enums, lang)];
    if element.ty.unit().is_some() {
        parts.push(decimals(element.decimals, lang));
    }
    // The bounds that every number has where the policy gives none tell nothing.
    let usual = element.ty.default_range();
    let (low, high) = match &element.range {
        Some((low, high)) => (
            (usual.as_ref().map(|it| &it.0) != Some(low)).then_some((low, !element.open.0)),
            (usual.as_ref().map(|it| &it.1) != Some(high)).then_some((high, !element.open.1)),
        ),
        None => (None, None),
    };
    parts.extend(words::range(low, high, &ty));
    if let Some((from, to)) = &element.dates {
        parts.push(format!("{from}..{to}"));
    }
    parts.push(match &field.default {
        Default::Required => lang.pick("required", "必须提供").to_owned(),
        Default::Unknown => lang.pick("optional", "可缺").to_owned(),
        Default::Value(value) => {
            format!("{} {}", lang.pick("default", "默认"), words::value(value, &ty, enums, lang))
        }
    });
    if !field.unknown_when.is_empty() {
        let values: Vec<String> =
            field.unknown_when.iter().map(|value| words::value(value, &ty, enums, lang)).collect();
        parts.push(format!("{} {}", lang.pick("unknown when", "视为未知："), values.join(", ")));
    }
    if field.key {
        parts.push(lang.pick("key", "主键").to_owned());
    }
    if field.personal {
        parts.push(lang.pick("personal", "个人信息").to_owned());
    }
    if field.internal {
        parts.push(lang.pick("internal", "不对外").to_owned());
    }
    head(lang, &field.name, &field.label) + parts.join(" · ").as_str()
}

fn decimals(count: u32, lang: Lang) -> String {
    match (lang, count) {
        (Lang::En, 0) => "no decimals".to_owned(),
        (Lang::En, 1) => "1 decimal".to_owned(),
        (Lang::En, _) => format!("{count} decimals"),
        (Lang::Zh, 0) => "整数".to_owned(),
        (Lang::Zh, _) => format!("{count} 位小数"),
    }
}

fn bounds(range: &hir::ValueRange, ty: &Type) -> Option<String> {
    let side =
        |bound: &Option<(Number, bool)>| bound.as_ref().map(|(number, included)| (number.clone(), *included));
    let (from, to) = (side(&range.from), side(&range.to));
    words::range(from.as_ref().map(|it| (&it.0, it.1)), to.as_ref().map(|it| (&it.0, it.1)), ty)
}

fn param(view: &View<'_>, param: &hir::Param) -> String {
    let (enums, lang) = (&view.program.schema.enums, view.lang);
    let mut parts = vec![lang.pick("param", "参数").to_owned(), param.ty.describe_with_currency(enums, lang)];
    parts.extend(bounds(&param.range, &param.ty));
    parts.push(format!("= {}", words::value(&param.default, &param.ty, enums, lang)));
    parts.extend(param.cite.as_ref().map(|cite| cite.to_string()));
    head(lang, &param.name, &param.label) + parts.join(" · ").as_str()
}

fn series(view: &View<'_>, series: &hir::Series) -> String {
    let (enums, lang) = (&view.program.schema.enums, view.lang);
    let ty = series.ty.describe_with_currency(enums, lang);
    let mut told = head(lang, &series.name, &series.label);
    let _ = writeln!(told, "{} · {ty}", lang.pick("param by date", "按日期的参数"));
    for period in &series.periods {
        let value = words::value(&period.value, &series.ty, enums, lang);
        let _ = write!(told, "\n- {} {} = {value}", lang.pick("from", "自"), period.from);
    }
    told
}

/// The word of the language with which a value is defined.
fn construct(kind: &DefinitionKind) -> &'static str {
    match kind {
        DefinitionKind::Let(_) => "let",
        DefinitionKind::Table(_) => "table",
        DefinitionKind::Scorecard(_) => "scorecard",
        DefinitionKind::Grades(_) => "grades",
        DefinitionKind::Correction(_) => "correction",
        DefinitionKind::Limit(_) => "limit",
        DefinitionKind::Triggers(_) => "triggers",
        DefinitionKind::Escalation(_) => "escalation",
        DefinitionKind::Total(_) => "total",
        DefinitionKind::Allocation(_) => "allocate",
        DefinitionKind::Checks(_) => "checks",
        DefinitionKind::Judgement(_) => "judgement",
        DefinitionKind::Book(_) => "portfolio",
        DefinitionKind::Authority(_) => "authority",
        DefinitionKind::Checklist(_) => "checklist",
        DefinitionKind::Error => "let",
    }
}

fn value(view: &View<'_>, value: &hir::Definition) -> String {
    let (enums, lang) = (&view.program.schema.enums, view.lang);
    let word = keyword(construct(&value.kind)).map_or("", |word| lang.pick(word.en, word.zh));
    let mut parts = vec![word.to_owned()];
    if !matches!(value.kind, DefinitionKind::Error) {
        parts.push(value.ty.describe_with_currency(enums, lang));
    }
    let item = view.plan.and_then(|plan| {
        let item = plan.items.iter().find(|item| item.span == value.span)?;
        plan.steps.get(item.value)
    });
    if let Some(step) = item {
        if matches!(step.ty, Type::Number(_)) {
            let percent = words::number(&Number::ONE, &step.ty) != "1";
            let shown = |count: u32| if percent { count.saturating_sub(2) } else { count };
            parts.push(match step.bounds.decimals {
                Some(count) => decimals(shown(count), lang),
                None => lang.pick("endless decimals", "无尽小数").to_owned(),
            });
            let range = step.bounds.range.as_ref();
            // What is reckoned with numbers that have no range may come to anything.
            let near = |bound: &&Number| bound.abs() < Number::power_of_ten(FAR);
            let (low, high) = (range.map(|it| &it.0).filter(near), range.map(|it| &it.1).filter(near));
            parts.extend(words::range(low.map(|it| (it, true)), high.map(|it| (it, true)), &step.ty));
        }
        if step.bounds.unknown {
            parts.push(lang.pick("can be unknown", "可能未知").to_owned());
        }
    }
    let mut told = head(lang, &value.name, &value.label) + parts.join(" · ").as_str();
    if let hir::Scope::Items(list) = value.scope
        && let Some(list) = view.program.schema.fields.get(list)
    {
        let _ = write!(told, "\n\n{} `{}`", lang.pick("of each item of", "逐项，属于"), list.name);
    }
    told
}

/// What a part is, and of what: a method of `credit_limit`, with its unit.
fn part(view: &View<'_>, value: &hir::Definition, part: Part) -> Option<String> {
    let (enums, lang) = (&view.program.schema.enums, view.lang);
    let (name, label, word, ty): (&str, &hir::Label, &str, &Type) = match (&value.kind, part) {
        (DefinitionKind::Limit(limit), Part::Method(place)) => {
            let method = limit.methods.get(place as usize)?;
            (&method.name, &method.label, lang.pick("method", "方法"), &method.value.ty)
        }
        (DefinitionKind::Limit(limit), Part::Layer(place)) => {
            let layer = limit.layers.get(place as usize)?;
            (&layer.name, &layer.label, lang.pick("layer", "分层"), &value.ty)
        }
        (DefinitionKind::Total(total), Part::Line(place)) => {
            let line = total.lines.get(place as usize)?;
            (&line.name, &line.label, lang.pick("line", "项目"), &value.ty)
        }
        (DefinitionKind::Table(table), Part::Result(place)) => {
            let result = table.results.get(place as usize)?;
            (result.name.as_deref()?, &result.label, lang.pick("result", "结果列"), &result.ty)
        }
        (DefinitionKind::Scorecard(card), Part::Section(place)) => {
            let section = card.sections.get(place as usize)?;
            (&section.name, &section.label, lang.pick("section", "分组"), &value.ty)
        }
        (DefinitionKind::Scorecard(card), Part::Factor(place)) => {
            let factor = card.factors.get(place as usize)?;
            (&factor.name, &factor.label, lang.pick("factor", "因素"), &factor.value.ty)
        }
        _ => return None,
    };
    let ty = ty.describe_with_currency(enums, lang);
    let of = match lang {
        Lang::En => format!("{word} of `{}`", value.name),
        Lang::Zh => format!("`{}` 的{word}", value.name),
    };
    Some(format!("{}{of} · {ty}", head(lang, name, label)))
}

fn sort(sort: EnumSort, lang: Lang) -> &'static str {
    match sort {
        EnumSort::Kind => lang.pick("kind", "类别"),
        EnumSort::Grades => lang.pick("grades, best first", "等级，由优到劣"),
        EnumSort::Stance => lang.pick("stance", "立场"),
        EnumSort::Steps => lang.pick("steps, first to last", "步骤，由先到后"),
        EnumSort::Holds => lang.pick("holds", "核查项"),
        EnumSort::BuiltIn => lang.pick("built in", "语言自带"),
    }
}

fn member(view: &View<'_>, kind: crate::value::EnumId, code: u32) -> Option<String> {
    let kind = view.program.schema.enums.get(kind)?;
    let member = kind.member(code)?;
    let (place, all) = (code.saturating_add(1), kind.ordered());
    let of = match (kind.sort, view.lang) {
        (EnumSort::Grades | EnumSort::Steps, Lang::En) if !member.apart => {
            format!("of `{}`, {place} of {all}", kind.name)
        }
        (EnumSort::Grades | EnumSort::Steps, Lang::Zh) if !member.apart => {
            format!("属于 `{}`，第 {place} 位，共 {all} 位", kind.name)
        }
        (_, Lang::En) => format!("of `{}`", kind.name),
        (_, Lang::Zh) => format!("属于 `{}`", kind.name),
    };
    Some(format!("{}{} · {of}", head(view.lang, &member.name, &member.label), sort(kind.sort, view.lang)))
}

fn person(view: &View<'_>, named: &hir::Named, role: &str) -> String {
    let word = keyword(role).map_or("", |word| view.lang.pick(word.en, word.zh));
    head(view.lang, &named.name, &named.label) + word
}

fn used(view: &View<'_>, uses: &[Span], out: &mut String) {
    let count = uses.len();
    let told = match (view.lang, count) {
        (Lang::En, 0) => "used nowhere".to_owned(),
        (Lang::En, 1) => "used once".to_owned(),
        (Lang::En, _) => format!("used {count} times"),
        (Lang::Zh, 0) => "未被使用".to_owned(),
        (Lang::Zh, _) => format!("使用 {count} 次"),
    };
    let _ = write!(out, "\n\n{told}");
    let lines = uses.iter().filter_map(|span| {
        let source = view.sources.get(span.file)?;
        let name = source.name().rsplit('/').next().unwrap_or_default();
        Some(format!("{name}:{}", source.line_column(span.start).line))
    });
    let mut lines: Vec<String> = lines.collect();
    lines.dedup();
    let more = lines.len() > PLACES;
    lines.truncate(PLACES);
    if !lines.is_empty() {
        let dots = if more { ", …" } else { "" };
        let _ = write!(out, ": {}{dots}", lines.join(", "));
    }
}
