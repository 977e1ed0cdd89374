//! Triggers, ladders of collection, order checks, papers, and what persons decide: judgements, exceptions, approvals.

use super::common::{listed, name_columns, named, numbered, part, path, reasons};
use crate::base::Str;
use crate::review::diff::compare::{Field, Found, Lens, Listed, Member, Part, field, fields, lens, list};
use crate::review::diff::seen::{says, seen};
use crate::review::diff::what;
use crate::syntax::ast;

part!(Triggers {
    LABEL label;
    OTHERWISE otherwise.name;
    LABEL otherwise.label;
    WINS wins;
    STAYS stays;
} lists {
    states;
});

part!(State {
    LABEL state.label;
    QUORUM quorum;
} lists {
    triggers;
});
listed!(State STATE |state| state.state.name.text, state.state.label.clone(), state.span);

part!(Trigger {
    LABEL label;
    WHEN when;
    IF_UNKNOWN if_unknown;
} reason reason);
listed!(Trigger TRIGGER |trigger| trigger.name.text, trigger.label.clone(), trigger.span);

impl Part for ast::Escalation {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::Escalation>] = &[
            field!(what::LABEL, label),
            field!(what::EACH, each),
            field!(what::WHEN, when),
            field!(what::IF_UNKNOWN, if_unknown),
            field!(what::CLIMBS, climbs),
            field!(what::GRACE, grace),
            field!(what::MINIMUM, minimum),
            field!(what::ONE_LETTER, one_letter),
            field!(what::HOLIDAY, holiday),
        ];
        const TACTICS: &[Field<ast::Escalation>] = &[Field {
            what: what::TACTICS_KEY,
            see: |ladder| ladder.tactics.as_ref().and_then(|tactics| seen(&tactics.key)),
            says: |ladder| ladder.tactics.as_ref().map(|tactics| says(&tactics.key)).unwrap_or_default(),
            // Tactics that go by something else have other rows: they are one change.
            take: |ladder, other| ladder.tactics.clone_from(&other.tactics),
        }];
        const ROWS: Lens<ast::Escalation, ast::Row> = Lens {
            get: |ladder| ladder.tactics.as_ref().map(|tactics| &tactics.rows),
            get_mut: |ladder| ladder.tactics.as_mut().map(|tactics| &mut tactics.rows),
        };
        fields(was, is, FIELDS, found);
        list(was, is, &lens!(steps), found);
        list(was, is, &lens!(holds), found);
        list(was, is, &lens!(delays), found);
        list(was, is, &lens!(skips), found);
        let key = |ladder: &ast::Escalation| ladder.tactics.as_ref().map(|tactics| says(&tactics.key));
        if key(was) == key(is) {
            list(was, is, &ROWS, found);
        }
        fields(was, is, TACTICS, found);
        let by = is.tactics.as_ref().map(|tactics| path(&tactics.key)).unwrap_or_default();
        name_columns(&[by], &[], found);
    }
}

part!(Step {
    LABEL step.label;
    DAY at;
    WHEN when;
    IF_UNKNOWN if_unknown;
    ACTIONS_DONE actions;
    LATE late;
} reason reason);
listed!(Step STEP |step| step.step.name.text, step.step.label.clone(), step.span);

/// Parts without names that are told by their condition and their place.
macro_rules! by_condition {
    ($of:ident $what:ident $clause:ident $other:ident) => {
        impl Listed for ast::$of {
            fn key(&self) -> String {
                format!("{} {}", says(&self.$other), says(&self.$clause))
            }

            fn member(&self, place: usize) -> Member {
                numbered(what::$what, place)
            }

            fn span(&self) -> crate::base::Span {
                self.span
            }

            fn likeness(&self, other: &Self) -> usize {
                let same = [
                    says(&self.$other) == says(&other.$other),
                    says(&self.$clause) == says(&other.$clause),
                    says(&self.reason.because) == says(&other.reason.because),
                ];
                let [by_other, by_clause, because] = same.map(usize::from);
                by_other.saturating_add(by_clause).saturating_mul(2).saturating_add(because)
            }
        }
    };
}

part!(Hold {
    WHEN when;
    SINCE since;
    CLOCK_STOPS clock_stops;
    IF_UNKNOWN if_unknown;
} reason reason);
by_condition!(Hold HOLD when since);

part!(Delay {
    BY by;
    WHEN when;
    IF_UNKNOWN if_unknown;
} reason reason);
by_condition!(Delay DELAY when by);

part!(Skip {
    STEP_NAME step;
    WHEN when;
    IF_UNKNOWN if_unknown;
} reason reason);
by_condition!(Skip SKIP when step);

part!(Checks {
    LABEL label;
    EACH each;
    LIST from;
} lists {
    checks;
    exclusions;
});

part!(Check {
    LABEL label;
    WHEN when;
    TOLERANCE tolerance;
    IF_UNKNOWN if_unknown;
    RELEASE release;
    AFTER_CURE after_cure;
    AT_MOST at_most;
} reason reason);
listed!(Check CHECK |check| check.name.text, check.label.clone(), check.span);

part!(Exclusion {
    WHEN when;
    EXCEPT except;
    IF_UNKNOWN if_unknown;
} reason reason);
by_condition!(Exclusion EXCLUSION when except);

part!(Checklist {
    LABEL label;
    SORT kind;
    LIST list;
} lists {
    papers;
});

part!(Paper {
    WHEN when;
    IF_UNKNOWN if_unknown;
    VALIDITY validity;
} reason reason);
listed!(Paper PAPER |paper| paper.paper.text, ast::Label::default(), paper.span);

impl Part for ast::Judgement {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const LABEL: &[Field<ast::Judgement>] = &[field!(what::LABEL, label)];
        const FIELDS: &[Field<ast::Judgement>] = &[
            field!(what::TYPE, ty),
            field!(what::BETWEEN, between),
            field!(what::BY_ROLES, roles),
            field!(what::QUESTION, question),
            field!(what::LIST, from),
            field!(what::VALID_FOR, valid),
            field!(what::STAND_IN, stand_in),
        ];
        // Without a label of its own, a judgement is called by its question.
        let called = |it: &Self| (says(&it.label) != says(&it.question)).then(|| says(&it.label));
        if called(was) != called(is) {
            fields(was, is, LABEL, found);
        }
        fields(was, is, FIELDS, found);
        reasons!(Judgement reason was is found);
    }
}

part!(Override {
    LIST from;
    MOST most;
    BY_ROLES roles;
    LENGTH length;
} reason reason);

impl Part for ast::Authority {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::Authority>] = &[
            field!(what::LABEL, label),
            field!(what::OF, of),
            field!(what::LIST, list),
            field!(what::GRID, grid),
            field!(what::ON_DISAGREEMENT, on_disagreement),
            field!(what::BEYOND, beyond),
        ];
        const KEYS: &[Field<ast::Authority>] = &[Field {
            what: what::KEYS,
            see: |authority| seen(&authority.keys),
            says: |authority| says(&authority.keys),
            // By other keys, it has other rows: they are one change.
            take: |authority, other| {
                authority.keys.clone_from(&other.keys);
                authority.rows.clone_from(&other.rows);
            },
        }];
        fields(was, is, FIELDS, found);
        fields(was, is, KEYS, found);
        if was.keys.len() == is.keys.len() {
            list(was, is, &lens!(rows), found);
        }
        let mut keys: Vec<String> = is
            .keys
            .iter()
            .map(|key| match key {
                ast::Key::Value(value) => path(value),
                ast::Key::Parameter(name, ..) => name.text.to_string(),
            })
            .collect();
        keys.push(path(&is.of));
        name_columns(&keys, &[], found);
        reasons!(Authority reason was is found);
    }
}

/// An exception by the value from which it is made.
pub(super) fn target(of: &ast::Override) -> Member {
    Member { kind: what::OVERRIDE, name: Str::from(path(&of.target)), label: ast::Label::default() }
}

/// A judgement by its name.
pub(super) fn asked(of: &ast::Judgement) -> Member {
    named(what::JUDGEMENT, &of.name, &of.label)
}
