//! Scorecards, grades, corrections, limits.

use super::common::{listed, name_columns, named, numbered, part, path, reasons};
use crate::base::Str;
use crate::review::diff::compare::{
    Field, Found, Lens, Listed, Member, Part, field, fields, lens, list, within,
};
use crate::review::diff::seen::{Seen, says, seen};
use crate::review::diff::what::{self, What};
use crate::syntax::ast;

impl Part for ast::Scorecard {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::Scorecard>] = &[
            field!(what::LABEL, label),
            field!(what::ADDED, added),
            field!(what::BASE, base),
            field!(what::SCALE, scale),
            field!(what::MISSING, missing),
            field!(what::ROUNDED, rounding),
        ];
        fields(was, is, FIELDS, found);
        list(was, is, &lens!(parts), found);
        list(was, is, &lens!(require), found);
    }
}

impl Part for ast::CardPart {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        match (was, is) {
            (ast::CardPart::Section(then), ast::CardPart::Section(now)) => within(
                (then, now),
                |part| match part {
                    ast::CardPart::Section(section) => Some(section),
                    ast::CardPart::Factor(_) => None,
                },
                found,
            ),
            (ast::CardPart::Factor(then), ast::CardPart::Factor(now)) => within(
                (then, now),
                |part| match part {
                    ast::CardPart::Factor(factor) => Some(factor),
                    ast::CardPart::Section(_) => None,
                },
                found,
            ),
            // Their keys begin with what they are, so that two of a pair are of one sort.
            (ast::CardPart::Section(_) | ast::CardPart::Factor(_), _) => {}
        }
    }
}

impl Listed for ast::CardPart {
    fn key(&self) -> String {
        match self {
            ast::CardPart::Section(section) => format!("section {}", section.name.text),
            ast::CardPart::Factor(factor) => format!("factor {}", factor.key()),
        }
    }

    fn member(&self, place: usize) -> Member {
        match self {
            ast::CardPart::Section(section) => named(what::SECTION, &section.name, &section.label),
            ast::CardPart::Factor(factor) => factor.member(place),
        }
    }

    fn span(&self) -> crate::base::Span {
        match self {
            ast::CardPart::Section(section) => section.span,
            ast::CardPart::Factor(factor) => factor.span,
        }
    }
}

part!(Section {
    LABEL label;
    MISSING missing;
} lists {
    factors;
});

/// The weight of a factor that has one.
const WEIGHT: &[Field<ast::Factor>] = &[Field {
    what: what::WEIGHT,
    see: |factor| match &factor.score {
        ast::FactorScore::Weight(weight, _) => seen(weight),
        _ => None,
    },
    says: |factor| match &factor.score {
        ast::FactorScore::Weight(weight, _) => says(weight),
        _ => String::new(),
    },
    take: |factor, other| {
        if let (ast::FactorScore::Weight(weight, _), ast::FactorScore::Weight(other, _)) =
            (&mut factor.score, &other.score)
        {
            *weight = other.clone();
        }
    },
}];

/// How a factor scores as a whole.
const SCORE: &[Field<ast::Factor>] = &[field!(what::POINTS, score)];

/// The rows of a factor's points.
const POINTS: Lens<ast::Factor, ast::Row> = Lens {
    get: |factor| match &factor.score {
        ast::FactorScore::Weight(_, Some(rows)) | ast::FactorScore::Points(rows) => Some(rows),
        ast::FactorScore::Weight(_, None)
        | ast::FactorScore::PointsWhen(..)
        | ast::FactorScore::PointsPer { .. } => None,
    },
    get_mut: |factor| match &mut factor.score {
        ast::FactorScore::Weight(_, Some(rows)) | ast::FactorScore::Points(rows) => Some(rows),
        ast::FactorScore::Weight(_, None)
        | ast::FactorScore::PointsWhen(..)
        | ast::FactorScore::PointsPer { .. } => None,
    },
};

impl Part for ast::Factor {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::Factor>] = &[field!(what::LABEL, label), field!(what::MISSING, missing)];
        fields(was, is, FIELDS, found);
        match (&was.score, &is.score) {
            (ast::FactorScore::Weight(_, then), ast::FactorScore::Weight(_, now))
                if then.is_some() == now.is_some() =>
            {
                fields(was, is, WEIGHT, found);
                list(was, is, &POINTS, found);
            }
            (ast::FactorScore::Points(_), ast::FactorScore::Points(_)) => list(was, is, &POINTS, found),
            (_, _) => fields(was, is, SCORE, found),
        }
        reasons!(Factor reason was is found);
    }
}
listed!(Factor FACTOR |factor| path(&factor.value), factor.label.clone(), factor.span);

impl Part for ast::Require {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const HOW_MUCH: &[Field<ast::Require>] = &[Field {
            what: what::VALUE,
            see: |require| match &require.kind {
                ast::RequireKind::Known(least) | ast::RequireKind::WeightKnown(least) => seen(least),
            },
            says: |require| says(&require.kind),
            take: |require, other| require.kind.clone_from(&other.kind),
        }];
        fields(was, is, HOW_MUCH, found);
        reasons!(Require reason was is found);
    }
}

impl Listed for ast::Require {
    fn key(&self) -> String {
        says(&self.kind)
    }

    fn member(&self, place: usize) -> Member {
        numbered(what::REQUIRE, place)
    }

    fn span(&self) -> crate::base::Span {
        self.span
    }

    fn likeness(&self, other: &Self) -> usize {
        usize::from(std::mem::discriminant(&self.kind) == std::mem::discriminant(&other.kind))
    }
}

part!(Grades {
    LABEL label;
    OF score;
} lists {
    bands;
    apart;
    rules;
});

impl Part for ast::Band {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::Band>] = &[
            field!(what::LABEL, grade.label),
            Field {
                what: what::FROM,
                see: |band| Some(Seen { says: from(band), ..seen(&band.from)? }),
                says: from,
                take: |band, other| {
                    band.from = other.from.clone();
                    band.exclusive = other.exclusive;
                },
            },
            field!(what::NEEDS, needs),
            field!(what::IF_UNKNOWN, if_unknown),
        ];
        fields(was, is, FIELDS, found);
        reasons!(Band reason was is found);
    }
}
listed!(Band BAND |band| band.grade.name.text, band.grade.label.clone(), band.span);

/// From where a band reaches.
fn from(band: &ast::Band) -> String {
    format!("{} {}", if band.exclusive { "above" } else { "from" }, says(&band.from))
}

part!(Apart {
    LABEL grade.label;
    WHEN when;
    WHEN when_unknown;
    IF_UNKNOWN if_unknown;
} reason reason);
listed!(Apart APART |apart| apart.grade.name.text, apart.grade.label.clone(), apart.span);

part!(GradeRule {
    BY kind;
    WHEN when;
    IF_UNKNOWN if_unknown;
} reason reason);

impl Listed for ast::GradeRule {
    fn key(&self) -> String {
        format!("{} {}", says(&self.kind), says(&self.when))
    }

    fn member(&self, place: usize) -> Member {
        let (kind, name) = match &self.kind {
            ast::GradeRuleKind::Down(_) => (what::NOTCH_DOWN, None),
            ast::GradeRuleKind::Up(_) => (what::NOTCH_UP, None),
            ast::GradeRuleKind::NotAbove(grade) => (what::NOT_ABOVE, Some(grade)),
            ast::GradeRuleKind::Force(grade) => (what::FORCE, Some(grade)),
        };
        match name {
            Some(name) => named(kind, name, &ast::Label::default()),
            None => numbered(kind, place),
        }
    }

    fn span(&self) -> crate::base::Span {
        self.span
    }

    fn likeness(&self, other: &Self) -> usize {
        if std::mem::discriminant(&self.kind) != std::mem::discriminant(&other.kind) {
            return 0;
        }
        [
            says(&self.kind) == says(&other.kind),
            says(&self.when) == says(&other.when),
            says(&self.reason.because) == says(&other.reason.because),
        ]
        .into_iter()
        .fold(1, |likeness, same| likeness.saturating_add(usize::from(same)))
    }
}

impl Part for ast::Correction {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::Correction>] = &[field!(what::LABEL, label)];
        const KEYS: &[Field<ast::Correction>] = &[Field {
            what: what::KEYS,
            see: |correction| seen(&correction.keys),
            says: |correction| says(&correction.keys),
            // By other keys, it has other rows: they are one change.
            take: |correction, other| {
                correction.keys.clone_from(&other.keys);
                correction.rows.clone_from(&other.rows);
            },
        }];
        fields(was, is, FIELDS, found);
        fields(was, is, KEYS, found);
        if was.keys.len() == is.keys.len() {
            list(was, is, &lens!(rows), found);
        }
        let keys: Vec<String> = is
            .keys
            .iter()
            .map(|key| match key {
                ast::Key::Value(value) => path(value),
                ast::Key::Parameter(name, ..) => name.text.to_string(),
            })
            .collect();
        name_columns(&keys, &[], found);
    }
}

part!(Limit {
    LABEL label;
} lists {
    lines;
});

/// What a line of a limit is.
fn line_kind(line: &ast::LimitLine) -> What {
    match &line.kind {
        ast::LimitLineKind::Method { .. } => what::METHOD,
        ast::LimitLineKind::Take(..) => what::TAKE,
        ast::LimitLineKind::Correct(_) => what::CORRECT,
        ast::LimitLineKind::Times(_) => what::TIMES,
        ast::LimitLineKind::Cap(_) => what::CAP,
        ast::LimitLineKind::Floor(_) => what::FLOOR,
        ast::LimitLineKind::Round(_) => what::ROUND,
        ast::LimitLineKind::Layer(_) => what::LAYER,
        ast::LimitLineKind::LayersFor(..) => what::LAYERS_FOR,
    }
}

/// What a line of a limit says beside its name.
fn operand(line: &ast::LimitLine) -> Option<Seen> {
    match &line.kind {
        ast::LimitLineKind::Method { value, .. }
        | ast::LimitLineKind::Correct(value)
        | ast::LimitLineKind::Times(value)
        | ast::LimitLineKind::Cap(value)
        | ast::LimitLineKind::Floor(value)
        | ast::LimitLineKind::LayersFor(value, _) => seen(value),
        ast::LimitLineKind::Take(take, span) => Some(Seen::plain(says(take), *span)),
        ast::LimitLineKind::Round(rounding) => seen(rounding),
        ast::LimitLineKind::Layer(layer) => seen(&layer.value),
    }
}

impl Part for ast::LimitLine {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const OPERAND: &[Field<ast::LimitLine>] = &[Field {
            what: what::VALUE,
            see: operand,
            says: |line| operand(line).map(|seen| seen.says).unwrap_or_default(),
            take: |line, other| match (&mut line.kind, &other.kind) {
                (ast::LimitLineKind::Method { value, .. }, ast::LimitLineKind::Method { value: new, .. }) => {
                    *value = new.clone();
                }
                (ast::LimitLineKind::Layer(layer), ast::LimitLineKind::Layer(new)) => {
                    layer.value = new.value.clone();
                }
                (kind, new) => *kind = new.clone(),
            },
        }];
        const METHOD: &[Field<ast::LimitLine>] = &[
            Field {
                what: what::LABEL,
                see: |line| match &line.kind {
                    ast::LimitLineKind::Method { label, .. } => seen(label),
                    _ => None,
                },
                says: |line| match &line.kind {
                    ast::LimitLineKind::Method { label, .. } => says(label),
                    _ => String::new(),
                },
                take: |line, other| {
                    if let (
                        ast::LimitLineKind::Method { label, .. },
                        ast::LimitLineKind::Method { label: new, .. },
                    ) = (&mut line.kind, &other.kind)
                    {
                        *label = new.clone();
                    }
                },
            },
            Field {
                what: what::ROUNDED,
                see: |line| match &line.kind {
                    ast::LimitLineKind::Method { rounding, .. } => seen(rounding),
                    _ => None,
                },
                says: |line| match &line.kind {
                    ast::LimitLineKind::Method { rounding, .. } => says(rounding),
                    _ => String::new(),
                },
                take: |line, other| {
                    if let (
                        ast::LimitLineKind::Method { rounding, .. },
                        ast::LimitLineKind::Method { rounding: new, .. },
                    ) = (&mut line.kind, &other.kind)
                    {
                        rounding.clone_from(new);
                    }
                },
            },
        ];
        const REST: &[Field<ast::LimitLine>] = &[
            field!(what::WHEN, when),
            field!(what::SKIP_UNKNOWN, skip_unknown),
            field!(what::IF_UNKNOWN, if_unknown),
        ];
        fields(was, is, OPERAND, found);
        fields(was, is, METHOD, found);
        if let (ast::LimitLineKind::Layer(then), ast::LimitLineKind::Layer(now)) = (&was.kind, &is.kind) {
            within(
                (&**then, &**now),
                |line| match &mut line.kind {
                    ast::LimitLineKind::Layer(layer) => Some(&mut **layer),
                    _ => None,
                },
                found,
            );
        }
        fields(was, is, REST, found);
        reasons!(LimitLine reason was is found);
    }
}

// What a layer is worth is said with its line.
part!(Layer {
    LABEL label;
    HAIRCUT haircut;
    VALID_UNTIL valid_until;
    SHARE share;
});

impl Listed for ast::LimitLine {
    fn key(&self) -> String {
        match &self.kind {
            ast::LimitLineKind::Method { name, .. } => format!("method {}", name.text),
            ast::LimitLineKind::Layer(layer) => format!("layer {}", layer.name.text),
            ast::LimitLineKind::Take(..) | ast::LimitLineKind::LayersFor(..) => {
                line_kind(self).key.to_owned()
            }
            ast::LimitLineKind::Correct(_)
            | ast::LimitLineKind::Times(_)
            | ast::LimitLineKind::Cap(_)
            | ast::LimitLineKind::Floor(_)
            | ast::LimitLineKind::Round(_) => {
                let says = operand(self).map(|seen| seen.says).unwrap_or_default();
                format!("{} {says} {}", line_kind(self).key, crate::review::diff::seen::says(&self.when))
            }
        }
    }

    fn member(&self, _: usize) -> Member {
        let kind = line_kind(self);
        match self.kind.named() {
            Some((name, label)) => named(kind, name, label),
            None => Member { kind, name: Str::from(""), label: ast::Label::default() },
        }
    }

    fn span(&self) -> crate::base::Span {
        self.span
    }

    fn likeness(&self, other: &Self) -> usize {
        let named = |line: &ast::LimitLine| {
            matches!(line.kind, ast::LimitLineKind::Method { .. } | ast::LimitLineKind::Layer(_))
        };
        if line_kind(self) != line_kind(other) || named(self) {
            return 0;
        }
        let says_it = |line: &ast::LimitLine| operand(line).map(|seen| seen.says);
        [
            says_it(self) == says_it(other),
            says(&self.when) == says(&other.when),
            self.reason.because.is_some() && says(&self.reason.because) == says(&other.reason.because),
        ]
        .into_iter()
        .fold(1, |likeness, same| likeness.saturating_add(usize::from(same)))
    }
}
