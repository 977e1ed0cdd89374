//! What stands at a place under a name of which nothing else speaks: a decision, a trigger, a part that the language gives.

use super::View;
use super::complete::word_before;
use super::names;
use crate::base::{Lang, Span};
use crate::check::hir::{Meaning, ValueId};
use crate::syntax::ast;

/// The parts that the language gives, in English, and what each is.
const PARTS: [(&str, &str, &str); 32] = [
    (
        "computed",
        "what the policy itself comes to, beside what an exception grants",
        "政策本身算出的值, 不计特批",
    ),
    ("answers", "the answers that were given", "已作的答复"),
    ("of", "the greatest score that could be reached of what is known", "已知各项可得的满分"),
    ("known", "how many factors are known", "已知的项数"),
    ("sum", "the points that were scored", "所得的分"),
    ("unsecured", "what no layer secures", "未有担保的部分"),
    ("verdict", "what the checks come to", "各项核查的结论"),
    ("standing", "the holds that stand", "尚未消除的核查项"),
    ("worst", "the hold that weighs most", "最重的核查项"),
    ("needed", "who must sign", "须由谁批准"),
    ("given", "who has signed", "谁已批准"),
    ("missing", "who or what is still missing", "尚缺的签批或资料"),
    ("granted", "what is granted by who has signed", "已获核准的值"),
    ("carried", "how much is carried by one person", "由个人承担的数额"),
    ("carrier", "who carries it", "由谁承担"),
    ("required", "the papers that are asked for", "应交的资料"),
    ("expired", "the papers that have expired", "已过期的资料"),
    ("complete", "whether no paper is missing or has expired", "资料是否齐备"),
    ("step", "the step that is reached", "已到的步骤"),
    ("awaiting", "the step that waits for an approval", "等待批准的步骤"),
    ("day", "the day of the step that is reached", "已到步骤之日"),
    ("next", "the step that comes next", "接下来的步骤"),
    ("next_day", "the day of the step that comes next", "接下来的步骤之日"),
    ("held", "whether the ladder is held", "是否暂缓"),
    ("act", "whether a step is to be done today", "今日是否应执行步骤"),
    ("tactics", "the tactics to be used", "应采用的策略"),
    ("served", "what this member gets of the budget", "此成员从预算中实得的"),
    ("left", "what is left of the budget", "预算所余"),
    ("place", "the place in the order in which members are served", "分得的次序"),
    ("budget", "what there is to be shared out", "可分的预算"),
    ("members", "how many members are counted", "计入的成员数"),
    ("left_out", "how many members are left out", "未计入的成员数"),
];

/// What stands at a byte of the file, as Markdown, with its place.
#[must_use]
pub fn unnamed(view: &View<'_>, offset: u32) -> Option<(Span, String)> {
    let holds = |span: Span| span.start <= offset && offset <= span.end;
    for item in &view.tree.items {
        match &item.kind {
            ast::ItemKind::Decision(decision) if holds(decision.name.span) => {
                return Some((decision.name.span, of_decision(view, decision)));
            }
            ast::ItemKind::Triggers(triggers) => {
                let of_state = |state: &'_ ast::State| {
                    let trigger = state.triggers.iter().find(|trigger| holds(trigger.name.span))?;
                    Some((trigger.name.span, of_trigger(view, triggers, state, trigger)))
                };
                if let Some(found) = triggers.states.iter().find_map(of_state) {
                    return Some(found);
                }
            }
            _ => {}
        }
    }
    given_part(view, offset)
}

/// `**review** · 季度评级`, with what it lists.
fn of_decision(view: &View<'_>, decision: &ast::Decision) -> String {
    let listed: Vec<String> = decision
        .outputs
        .iter()
        .map(|output| format!("`{}`", view.text.get(output.value.span.range()).unwrap_or("")))
        .collect();
    let word = view.lang.pick("decision", "决定");
    format!("{}{word} · {}", head(view, &decision.name, &decision.label), listed.join(", "))
}

/// The trigger, the state that it calls for, and when.
fn of_trigger(
    view: &View<'_>,
    triggers: &ast::Triggers,
    state: &ast::State,
    trigger: &ast::Trigger,
) -> String {
    let when = view.text.get(trigger.when.span.range()).unwrap_or("");
    let (stance, state) = (&triggers.name.text, &state.state.name.text);
    let told = match view.lang {
        Lang::En => format!("trigger of `{stance}`: calls for `{state}` when `{when}`"),
        Lang::Zh => format!("`{stance}` 的触发条件: 当 `{when}` 时为 `{state}`"),
    };
    format!("{}{told}", head(view, &trigger.name, &trigger.label))
}

fn head(view: &View<'_>, name: &ast::Name, label: &ast::Label) -> String {
    let own = view.lang.pick(label.en.as_ref(), label.zh.as_ref());
    let shown = own.or(label.plain.as_ref()).or(label.zh.as_ref()).or(label.en.as_ref());
    match shown {
        Some(label) => format!("**{}** · {}\n\n", name.text, label.value),
        None => format!("**{}**\n\n", name.text),
    }
}

/// `collection.next`, `催收["F-1"].下一步`: a part that the language gives, of a value that is named before the dot.
fn given_part(view: &View<'_>, offset: u32) -> Option<(Span, String)> {
    let is_part = |ch: char| ch == '_' || unicode_ident::is_xid_continue(ch);
    let start = word_before(view.text, offset as usize);
    let rest = view.text.get(start..)?;
    let word =
        rest.get(..rest.find(|ch| !is_part(ch)).unwrap_or(rest.len())).filter(|word| !word.is_empty())?;
    let before = view.text.get(..start)?.strip_suffix(['.', '．'])?;
    // The key of an item stands between the name and the part.
    let base = match before.strip_suffix([']', '】']) {
        Some(inside) => inside.get(..inside.rfind(['[', '【'])?)?,
        None => before,
    };
    let at = u32::try_from(base.len()).ok()?;
    let value = match names::at(&view.program.mentions, view.file, at)?.means {
        Meaning::Value(id) => id,
        _ => return None,
    };
    let names = view.program.part_names(value);
    let (en, zh) = names.into_iter().find(|(en, zh)| en != zh && (&**en == word || &**zh == word))?;
    let (own, other) = if &*en == word { (&en, &zh) } else { (&zh, &en) };
    let what = PARTS.iter().find(|(part, ..)| **part == *en);
    let what = what.map(|(_, en, zh)| view.lang.pick(*en, *zh)).unwrap_or_default();
    let of = named(view, value)?;
    let told = match view.lang {
        Lang::En => format!("**{own}** · {other}\n\npart of `{of}` · {what}"),
        Lang::Zh => format!("**{own}** · {other}\n\n`{of}` 的部分 · {what}"),
    };
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Some((Span::new(view.file, place(start), place(start.saturating_add(word.len()))), told))
}

fn named(view: &View<'_>, value: ValueId) -> Option<String> {
    view.program.values.get(value).map(|value| value.name.to_string())
}
