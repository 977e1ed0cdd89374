//! `triggers`: the states of a stance, what calls for each, and which wins.

use super::common::{broken, count, fixed, nothing_in, place, show, unique};
use crate::base::{Span, Str};
use crate::check::context::{Checker, Expected, Scope, Why};
use crate::check::hir::{self, DefinitionKind};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::{EnumId, Type, Unit};

/// `triggers`
pub(crate) fn triggers(cx: &mut Checker<'_>, triggers: &ast::Triggers, scope: &Scope) -> DefinitionKind {
    let states: Vec<&ast::Name> = triggers.states.iter().map(|state| &state.state.name).collect();
    unique(cx, states.iter().copied(), &triggers.name, "state");
    let names = triggers.states.iter().flat_map(|state| &state.triggers);
    unique(cx, names.map(|trigger| &trigger.name), &triggers.name, "trigger");
    if states.is_empty() {
        nothing_in(cx, &triggers.name, "triggers");
    }
    let otherwise = &triggers.otherwise.name;
    let clash = states.iter().find(|state| state.text == otherwise.text);
    if let Some(clash) = clash {
        cx.report(
            Diagnostic::new("E366", clash.span)
                .arg("state", &clash.text)
                .label(otherwise.span, "otherwise")
                .help(""),
        );
    }
    let mut sound = clash.is_none() && !states.is_empty();
    let mut groups = Vec::new();
    for state in &triggers.states {
        match group(cx, state, scope) {
            Some(group) => groups.push(group),
            None => sound = false,
        }
    }
    let stays = triggers.stays.as_ref().and_then(|(stays, span)| days(cx, stays, *span, scope));
    let Some(own) = cx.own_enum(&triggers.name) else { return DefinitionKind::Error };
    let precedence = if clash.is_none() { precedence(cx, triggers, own) } else { None };
    let last = match triggers.stays {
        Some(_) => cx.last_value(&triggers.name, &Type::Enum(own), triggers.name.span),
        None => None,
    };
    let (Some(precedence), true) = (precedence, sound) else { return DefinitionKind::Error };
    DefinitionKind::Triggers(hir::Triggers {
        states: own,
        otherwise: place(groups.len()),
        groups,
        precedence,
        stays,
        last,
    })
}

/// A number of days that is not negative.
pub(super) fn days(cx: &mut Checker<'_>, days: &ast::Expr, at: Span, scope: &Scope) -> Option<hir::Expr> {
    let expected = Expected::Type(Type::Number(Unit::DAYS), Why::at("days", at));
    let value = cx.expr(days, scope, &expected);
    if let Some(number) = fixed(&value).filter(crate::value::Number::is_negative) {
        cx.report(Diagnostic::new("E371", days.span).arg("days", show(&number, Unit::DAYS)).help(""));
        return None;
    }
    (!broken(&value)).then_some(value)
}

/// A state with its triggers and how many of them must hold.
fn group(cx: &mut Checker<'_>, state: &ast::State, scope: &Scope) -> Option<hir::TriggerGroup> {
    if state.triggers.is_empty() {
        nothing_in(cx, &state.state.name, "state");
    }
    let triggers: Vec<hir::Trigger> = state
        .triggers
        .iter()
        .map(|trigger| hir::Trigger {
            name: trigger.name.text.clone(),
            label: Checker::label(&trigger.label, &trigger.name),
            condition: cx.condition(
                Some(&trigger.when),
                trigger.if_unknown.as_ref(),
                &trigger.reason,
                trigger.span,
                scope,
            ),
        })
        .collect();
    let at_least = match &state.quorum {
        ast::Quorum::Any => Some(1),
        ast::Quorum::All => None,
        ast::Quorum::AtLeast(number) => {
            let given = cx.constant_number(number, Unit::NUMBER)?;
            let Some(needed) = count(&given).filter(|needed| (*needed as usize) <= triggers.len()) else {
                cx.report(
                    Diagnostic::new("E367", number.span)
                        .arg("got", show(&given, Unit::NUMBER))
                        .arg("triggers", triggers.len())
                        .arg("state", &state.state.name.text)
                        .help(""),
                );
                return None;
            };
            Some(needed)
        }
    };
    (!triggers.is_empty()).then_some(hir::TriggerGroup { at_least, triggers, span: state.span })
}

/// The states with triggers, winner first. Two that can both fire must be ordered, or the stance would depend on
/// the order in which somebody wrote them down.
fn precedence(cx: &mut Checker<'_>, triggers: &ast::Triggers, own: EnumId) -> Option<Vec<u32>> {
    let size = triggers.states.len();
    let mut wins: Vec<Vec<bool>> = vec![vec![false; size]; size];
    let mut sound = true;
    for (winner, loser, span) in &triggers.wins {
        let (above, below) = (state(cx, triggers, winner, own), state(cx, triggers, loser, own));
        match above.zip(below) {
            Some((above, below)) if above == below => {
                cx.report(Diagnostic::new("E368", *span).arg("state", &winner.text).help(""));
                sound = false;
            }
            Some((above, below)) => set(&mut wins, above, below),
            None => sound = false,
        }
    }
    close(&mut wins);
    let won =
        |above: usize, below: usize| wins.get(above).and_then(|row| row.get(below)).copied().unwrap_or(false);
    let name = |at: usize| {
        triggers.states.get(at).map_or_else(|| Str::from(""), |state| state.state.name.text.clone())
    };
    if let Some(circle) = (0..size).find(|at| won(*at, *at)) {
        let members: Vec<String> = (0..size)
            .filter(|at| won(circle, *at) && won(*at, circle))
            .map(|at| format!("`{}`", name(at)))
            .collect();
        let at = triggers.wins.last().map_or(triggers.name.span, |(_, _, span)| *span);
        cx.report(Diagnostic::new("E370", at).arg("states", members.join(", ")).help(""));
        return None;
    }
    if !sound {
        return None;
    }
    for (above, state) in triggers.states.iter().enumerate() {
        for (below, other) in triggers.states.iter().enumerate().skip(above.saturating_add(1)) {
            if !won(above, below) && !won(below, above) {
                cx.report(
                    Diagnostic::new("E369", other.state.name.span)
                        .arg("one", &state.state.name.text)
                        .arg("other", &other.state.name.text)
                        .label(state.state.name.span, "one")
                        .help("")
                        .note(""),
                );
                sound = false;
            }
        }
    }
    if !sound {
        return None;
    }
    // In a total order, a state stands behind as many others as win over it.
    let mut places: Vec<usize> = (0..size).collect();
    places.sort_by_key(|below| (0..size).filter(|above| won(*above, *below)).count());
    Some(places.into_iter().map(place).collect())
}

/// The place of a state that has triggers.
fn state(cx: &mut Checker<'_>, triggers: &ast::Triggers, name: &ast::Name, own: EnumId) -> Option<usize> {
    let found = cx.enum_member(own, name)?;
    if name.text == triggers.otherwise.name.text {
        cx.report(
            Diagnostic::new("E368", name.span)
                .variant("otherwise")
                .arg("state", &name.text)
                .label(triggers.otherwise.name.span, "stands")
                .help("otherwise"),
        );
        return None;
    }
    Some(found as usize)
}

fn set(wins: &mut [Vec<bool>], above: usize, below: usize) {
    if let Some(cell) = wins.get_mut(above).and_then(|row| row.get_mut(below)) {
        *cell = true;
    }
}

/// Whoever wins over a winner wins over its losers.
fn close(wins: &mut [Vec<bool>]) {
    let size = wins.len();
    let won = |wins: &[Vec<bool>], above: usize, below: usize| {
        wins.get(above).and_then(|row| row.get(below)).copied().unwrap_or(false)
    };
    for middle in 0..size {
        for above in 0..size {
            for below in 0..size {
                if won(wins, above, middle) && won(wins, middle, below) {
                    set(wins, above, below);
                }
            }
        }
    }
}
