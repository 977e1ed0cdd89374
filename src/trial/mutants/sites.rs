//! Where a policy can be changed by one mistake: a walk over what the grammar has read.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::{Way, moved, moved_day, moved_within};
use super::vocabulary::{
    ACTION, Both, FIGURE, PART, ROLE, droppable, is_member, is_passed_over, mistaken, role, spelled, twin,
};
use super::{Change, Edit, Mutation, Place, borders};
use crate::base::{Span, Str};
use crate::plan::Plan;
use crate::syntax::Node;

/// All changes of a text, in its order.
pub(super) fn sites(items: &[Node], text: &str, plan: &Plan) -> Vec<Mutation> {
    let mut walk = Walk { text, members: neighbours(plan), roles: roles(plan), found: Vec::new() };
    for (place, item) in items.iter().enumerate() {
        let here = Here {
            place: Place {
                item: place,
                item_span: item.span,
                construct: Str::from(walk.name_of(item)),
                member: None,
                member_span: item.span,
            },
            role: FIGURE,
        };
        walk.node(item, "", &here);
    }
    let mut seen: BTreeSet<(Span, Str)> = BTreeSet::new();
    walk.found.retain(|it| match &it.edit {
        Edit::Text(text) => seen.insert((it.span, text.clone())),
        Edit::Fact(..) | Edit::Input(_) => true,
    });
    walk.found.sort_by_key(|it| (it.span.start, it.change, it.span.end));
    walk.found
}

/// For each member of a kind, a scale or a ladder that is known by one name alone: the one beside it.
fn neighbours(plan: &Plan) -> BTreeMap<Str, Str> {
    let mut beside: BTreeMap<Str, Str> = BTreeMap::new();
    for kind in plan.schema.enums.iter() {
        let names: Vec<&Str> = kind.members.iter().map(|member| &member.name).collect();
        for pair in names.windows(2) {
            if let [one, next] = pair {
                beside.entry((*one).clone()).or_insert_with(|| (*next).clone());
            }
        }
        if let [.., before, last] = names.as_slice() {
            beside.entry((*last).clone()).or_insert_with(|| (*before).clone());
        }
    }
    beside
}

/// For each role, the one beside it.
fn roles(plan: &Plan) -> BTreeMap<Str, Str> {
    let names: Vec<&Str> = plan.roles.iter().map(|(name, _)| name).collect();
    let mut beside = BTreeMap::new();
    for (place, name) in names.iter().enumerate() {
        let next = names.get(place.saturating_add(1)).or_else(|| names.get(place.checked_sub(1)?));
        beside.extend(next.map(|next| ((*name).clone(), (*next).clone())));
    }
    beside
}

/// Where the walk is.
#[derive(Clone)]
struct Here {
    place: Place,
    role: Both,
}

struct Walk<'t> {
    text: &'t str,
    members: BTreeMap<Str, Str>,
    roles: BTreeMap<Str, Str>,
    found: Vec<Mutation>,
}

impl<'t> Walk<'t> {
    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or("")
    }

    fn node(&mut self, node: &Node, parent: &str, here: &Here) {
        if is_passed_over(node.rule) {
            return;
        }
        let mut here = here.clone();
        if is_member(node.rule) {
            let name = self.name_of(node);
            // What stands within an item's own block is a construct of its own.
            match node.rule {
                "let_item" if here.place.member.is_none() && parent.is_empty() => {}
                _ => here.place.member = Some(Str::from(name)),
            }
            here.place.member_span = node.span;
        } else if parent == "for_each" {
            here.place.construct = Str::from(self.name_of(node));
            here.place.member = None;
            here.place.member_span = node.span;
        }
        if let Some(role) = role(node.rule) {
            here.role = role;
        }
        self.own(node, parent, &here);
        self.among_children(node, &here);
        let inner = if node.rule == "item" { parent } else { node.rule };
        for child in &node.children {
            self.node(child, inner, &here);
        }
    }

    /// What can be changed of the node itself.
    fn own(&mut self, node: &Node, parent: &str, here: &Here) {
        let written = self.slice(node.span);
        match node.rule {
            // The sign of what is missing lies on no scale: it is left out, not moved.
            "number" if Some(here.role) == role("unknown_when") => {}
            "number" => self.figure(node, here, moved),
            "date" => self.figure(node, here, moved_day),
            "day_after" | "day_after_zh" | "of_year" | "of_year_zh" => self.figure(node, here, moved_within),
            "if_unknown" if node.child("refer").is_some() || node.child("kw_refuse").is_some() => {
                let said = node.children.iter().find(|it| matches!(it.rule, "refer" | "kw_refuse"));
                let word = node.child("kw_if_unknown").map_or("", |word| self.slice(word.span));
                if let (Some(said), Some(applies)) = (said, spelled("applies", word)) {
                    self.replace(Change::IfUnknown, said.span, applies, here);
                }
            }
            "missing_scores" => {
                if let Some(left_out) = spelled("left_out", written) {
                    self.replace(Change::IfUnknown, node.span, left_out, here);
                }
            }
            "wins" => {
                if let [winner, _, loser] = node.children.as_slice() {
                    self.exchange(Change::Order, winner.span, loser.span, here);
                }
            }
            "path" => self.member(node, parent, here),
            "name"
                if matches!(parent, "refer" | "by_role" | "action_notify" | "action_approval" | "signer") =>
            {
                if let Some(other) = self.roles.get(written).cloned() {
                    let here = Here { role: ROLE, ..here.clone() };
                    self.replace(Change::Member, node.span, &quoted(&other), &here);
                }
            }
            _ => {}
        }
        if let Some(other) = twin(node.rule, parent).and_then(|role| spelled(role, written)) {
            let change = match node.rule {
                "kw_at_most" | "kw_below" | "kw_from_bound" | "kw_above" => Change::Bound,
                "kw_or_better" | "kw_or_worse" => Change::Bound,
                "kw_applies" | "kw_does_not_apply" | "kw_left_out" | "kw_unknown" => Change::IfUnknown,
                "kw_yes" | "kw_no" => Change::Member,
                "kw_is" | "kw_is_not" | "kw_is_known" | "kw_is_unknown" => Change::Negated,
                _ => Change::Choice,
            };
            self.replace(change, node.span, other, here);
        }
        if let Some(other) = mistaken(node.rule, written) {
            let change = match node.rule {
                "op_lt" | "op_le" | "op_gt" | "op_ge" => Change::Bound,
                "op_add" | "op_subtract" | "op_multiply" | "op_divide" => Change::Operator,
                _ => Change::Choice,
            };
            self.replace(change, node.span, other, here);
        }
        if let Some(what) = droppable(node.rule).filter(|_| may_drop(node, parent)) {
            self.drop(node.span, what, here);
        }
    }

    /// What can be changed of the children with one another.
    fn among_children(&mut self, node: &Node, here: &Here) {
        match node.rule {
            "expr" | "signers" => self.chain(node, here),
            "step" | "late" => {}
            "step_actions" if node.children.len() > 1 => {
                for (place, action) in node.children.iter().enumerate() {
                    let behind = place.checked_add(1).and_then(|next| node.children.get(next));
                    let before = place.checked_sub(1).and_then(|last| node.children.get(last));
                    let span = match (before, behind) {
                        (Some(before), _) => Span { start: before.span.end, ..action.span },
                        (None, Some(behind)) => Span { end: behind.span.start, ..action.span },
                        (None, None) => action.span,
                    };
                    let shown = self.slice(action.span).to_owned();
                    self.drop_shown(span, &shown, ACTION, here);
                }
            }
            _ => {}
        }
        let factors: Vec<&Node> = node.children_of("factor").collect();
        for pair in factors.windows(2) {
            let weight = |factor: &Node| factor.child("weight")?.child("sum").map(|sum| sum.span);
            if let [one, next] = pair
                && let (Some(first), Some(second)) = (weight(one), weight(next))
            {
                let mut here = here.clone();
                here.role = role("weight").unwrap_or(FIGURE);
                here.place.member = Some(format!("{} ↔ {}", self.name_of(one), self.name_of(next)).into());
                here.place.member_span = one.span.to(next.span);
                self.exchange(Change::Weights, first, second, &here);
            }
        }
        let rows: Vec<&Node> = node
            .children
            .iter()
            .filter(|it| matches!(it.rule, "row" | "correction_row" | "authority_row"))
            .collect();
        for pair in rows.windows(2) {
            let [one, next] = pair else { continue };
            let mut here = here.clone();
            here.place.member = Some(format!("{} ↔ {}", self.name_of(one), self.name_of(next)).into());
            here.place.member_span = one.span.to(next.span);
            if let (Some(first), Some(second)) = (results(one), results(next)) {
                here.role = role("outcomes").unwrap_or(FIGURE);
                self.exchange(Change::Results, first, second, &here);
            }
            if node.child("unique").is_none()
                && node.child("all").is_none()
                && node.child("by_slices").is_none()
                && may_both_apply(one, next, self.text)
            {
                here.role = Both { en: "row", zh: "行" };
                self.exchange(Change::Order, one.span, next.span, &here);
            }
            for border in borders::between(one, next, self.text) {
                here.role = role("pattern").unwrap_or(FIGURE);
                self.push(border.change, border.span, &border.text, &border.old, &border.new, &here);
            }
        }
    }

    /// A figure moved both ways.
    fn figure(&mut self, node: &Node, here: &Here, moved: fn(&str, Way) -> Option<String>) {
        let written = self.slice(node.span);
        for way in [Way::Up, Way::Down] {
            if let Some(other) = moved(written, way) {
                self.replace(Change::Number, node.span, &other, here);
            }
        }
    }

    /// A result, a grade, a role beside the one that is written.
    fn member(&mut self, node: &Node, parent: &str, here: &Here) {
        let written = self.slice(node.span);
        let beside = match parent {
            "expr" | "sum" if here.role != FIGURE => self.members.get(written),
            _ => None,
        };
        if let Some(other) = beside.cloned() {
            self.replace(Change::Member, node.span, &quoted(&other), here);
        }
    }

    /// `and` for `or`, and each operand left out.
    fn chain(&mut self, node: &Node, here: &Here) {
        let is_joint = |it: &&Node| matches!(it.rule, "op_and" | "op_or" | "kw_and" | "kw_or");
        let joints: Vec<&Node> = node.children.iter().filter(is_joint).collect();
        let (Some(first), Some(last)) = (joints.first(), joints.last()) else { return };
        if joints.iter().any(|it| it.rule != first.rule) {
            return;
        }
        let is_and = matches!(first.rule, "op_and" | "kw_and");
        let word = self.slice(first.span);
        let Some(other) = spelled(if is_and { "or" } else { "and" }, word) else { return };
        let whole = first.span.to(last.span);
        let mut text = String::new();
        let mut at = whole.start;
        for joint in &joints {
            text.push_str(self.slice(Span { start: at, end: joint.span.start, ..whole }));
            text.push_str(other);
            at = joint.span.end;
        }
        let (old, new) = (word.to_owned(), other.to_owned());
        self.push(Change::AndOr, whole, &text, &old, &new, here);
        // Each operand is the stretch between two joints.
        let mut from = node.span.start;
        let ends = joints.iter().map(|joint| joint.span).map(Some).chain([None]);
        let mut before: Option<Span> = None;
        for joint in ends {
            let to = joint.map_or(node.span.end, |joint| joint.start);
            let operand = Span { start: from, end: to, ..node.span };
            let span = match (before, joint) {
                (Some(before), _) => {
                    Span { start: before.start, end: trimmed_end(self.text, operand), ..operand }
                }
                (None, Some(joint)) => {
                    let behind =
                        trimmed_start(self.text, Span { start: joint.end, end: node.span.end, ..joint });
                    Span { start: from, end: behind, ..operand }
                }
                (None, None) => operand,
            };
            let shown = self.slice(operand).trim().to_owned();
            let what = if node.rule == "signers" { Both { en: "signer", zh: "签批人" } } else { PART };
            self.drop_shown(span, &shown, what, here);
            if let Some(joint) = joint {
                from = joint.end;
            }
            before = joint;
        }
    }

    /// Two stretches change places; what stands between them stays.
    fn exchange(&mut self, change: Change, first: Span, second: Span, here: &Here) {
        let (one, other) = (self.slice(first), self.slice(second));
        if one == other || first.end > second.start {
            return;
        }
        let between = self.slice(Span { start: first.end, end: second.start, ..first });
        // A comment behind a row would swallow what is put on its line.
        let text = format!("{other}{between}{one}");
        let (old, new) = (one.to_owned(), other.to_owned());
        self.push(change, first.to(second), &text, &old, &new, here);
    }

    fn drop(&mut self, span: Span, what: Both, here: &Here) {
        let shown = self.slice(span).trim_start_matches([',', '，', '、', ' ']).to_owned();
        self.drop_shown(span, &shown, what, here);
    }

    fn drop_shown(&mut self, span: Span, shown: &str, what: Both, here: &Here) {
        let here = Here { role: what, ..here.clone() };
        self.push(Change::Dropped, span, "", shown, "", &here);
    }

    fn replace(&mut self, change: Change, span: Span, text: &str, here: &Here) {
        let old = self.slice(span).to_owned();
        self.push(change, span, text, &old, text, here);
    }

    fn push(&mut self, change: Change, span: Span, text: &str, old: &str, new: &str, here: &Here) {
        // A word must not grow together with its neighbour: `若未知适用` reads, `notis` does not.
        let behind = self.text.get(span.end as usize..).and_then(|rest| rest.chars().next());
        let glued = text.chars().last().is_some_and(char::is_alphanumeric)
            && behind.is_some_and(|ch| ch.is_alphanumeric() || ch == '_');
        let text = if glued { format!("{text} ") } else { text.to_owned() };
        if self.slice(span) == text {
            return;
        }
        self.found.push(Mutation {
            change,
            span,
            edit: Edit::Text(Str::from(text)),
            old: Str::from(old),
            new: Str::from(new),
            role: here.role,
            place: here.place.clone(),
        });
    }

    /// By what people know a construct or a part of one.
    fn name_of(&self, node: &Node) -> String {
        let of = |node: &Node| self.slice(node.span).trim_matches('`').to_owned();
        match node.rule {
            "row" | "correction_row" | "authority_row" => {
                let end = node.child("colon").map_or(node.span.end, |colon| colon.span.start);
                one_line(self.slice(Span { end, ..node.span }))
            }
            "from_day" => node.child("literal").map(of).unwrap_or_default(),
            "factor" => node.child("path").map(of).unwrap_or_default(),
            "for_each" => node.child("each").map(of).unwrap_or_default(),
            "override_item" => node.child("path").map(of).unwrap_or_default(),
            "policy" | "facts" => node.child("name").map(of).unwrap_or_default(),
            _ => {
                let named = || node.child("named").and_then(|named| named.child("name"));
                node.child("name").or_else(named).map(of).unwrap_or_default()
            }
        }
    }
}

/// A name that is no plain word stands in back-ticks.
fn quoted(name: &str) -> String {
    if name.chars().all(|ch| ch.is_alphanumeric() || ch == '_') {
        name.to_owned()
    } else {
        format!("`{name}`")
    }
}

/// A text of several lines on one.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether two rows may apply to one customer, so that it matters which stands first: not where a key has to be one member in
/// the one and another in the other.
fn may_both_apply(one: &Node, next: &Node, text: &str) -> bool {
    let cells = |row: &'_ Node| -> Vec<Option<Vec<String>>> {
        let cells = row.child("cells").map_or(&[][..], |cells| &cells.children);
        cells.iter().filter(|it| it.rule == "cell").map(|cell| members(cell, text)).collect()
    };
    let (mine, others) = (cells(one), cells(next));
    !mine.iter().zip(&others).any(|(one, other)| match (one, other) {
        (Some(one), Some(other)) => !one.iter().any(|member| other.contains(member)),
        _ => false,
    })
}

/// The members that a cell names; none where it says anything else.
fn members(cell: &Node, text: &str) -> Option<Vec<String>> {
    cell.children_of("pattern")
        .map(|pattern| match pattern.children.as_slice() {
            [only] if only.rule == "sum" => text
                .get(only.span.range())
                .filter(|it| !it.starts_with(|ch: char| ch.is_numeric()))
                .map(str::to_owned),
            _ => None,
        })
        .collect()
}

/// What a row gives.
fn results(row: &Node) -> Option<Span> {
    let is_result = |it: &&Node| matches!(it.rule, "outcomes" | "correction_outcome" | "signers");
    let found: Vec<&Node> = row.children.iter().filter(is_result).collect();
    match (found.first(), found.last()) {
        (Some(first), Some(last)) => Some(first.span.to(last.span)),
        _ => None,
    }
}

/// Whether a line or clause can be left out where it stands: a trigger without its condition is none.
fn may_drop(node: &Node, parent: &str) -> bool {
    match (node.rule, parent) {
        ("when", "trigger" | "hold" | "paper") => false,
        ("row_when", _) => false,
        ("rounding", "limit_round") => false,
        ("filter", _) => true,
        _ => true,
    }
}

fn trimmed_end(text: &str, span: Span) -> u32 {
    let inner = text.get(span.range()).unwrap_or("");
    let length = u32::try_from(inner.trim_end().len()).unwrap_or(0);
    span.start.saturating_add(length)
}

fn trimmed_start(text: &str, span: Span) -> u32 {
    let inner = text.get(span.range()).unwrap_or("");
    let blanks = inner.len().saturating_sub(inner.trim_start().len());
    span.start.saturating_add(u32::try_from(blanks).unwrap_or(0))
}
