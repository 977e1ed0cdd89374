//! What a policy declares: header, uses, roles, kinds, facts, parameters, references, scripts, decisions.

use super::common::{cell_name, listed, name_columns, named, numbered, part, path, reasons, whole};
use crate::review::diff::compare::{Field, Found, Lens, Listed, Member, Part, field, fields, lens, list};
use crate::review::diff::seen::{says, seen};
use crate::review::diff::what;
use crate::syntax::ast;

part!(Policy {
    LABEL label;
    VERSION version;
    FROM_DAY effective_from;
    UNTIL_DAY effective_until;
    KNOWN_FROM known_from;
    CURRENCY currency;
    ROUNDING_MODE rounding;
    CALENDAR calendar;
    APPLIES applies;
});

part!(Use {
    VERSION version;
    NAMES names;
});

part!(Role {
    LABEL named.label;
    ABOVE above;
});
listed!(Role ROLE |role| role.named.name.text, role.named.label.clone(), role.named.name.span);

part!(Kind {
    LABEL label;
} lists {
    members;
});

impl Part for ast::Fact {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::Fact>] = &[
            field!(what::LABEL, label),
            Field {
                what: what::TYPE,
                see: |fact| match &fact.ty.kind {
                    ast::TypeKind::Records(_) => whole(String::from("records"), fact.ty.span),
                    _ => seen(&fact.ty),
                },
                says: |fact| match &fact.ty.kind {
                    ast::TypeKind::Records(_) => String::from("records"),
                    _ => says(&fact.ty),
                },
                take: |fact, other| fact.ty = other.ty.clone(),
            },
            field!(what::RANGE, range),
            field!(what::DECIMALS, decimals),
            field!(what::OPTIONAL, optional),
            field!(what::DEFAULT, default),
            field!(what::UNKNOWN_WHEN, unknown_when),
            field!(what::IS_KEY, key),
            field!(what::PERSONAL, personal),
            field!(what::INTERNAL, internal),
            field!(what::ORDER, oldest_first),
            field!(what::ORDER, latest_first),
            field!(what::LATEST_WITHIN, latest_within),
        ];
        const RECORDS: Lens<ast::Fact, ast::Fact> = Lens {
            get: |fact| match &fact.ty.kind {
                ast::TypeKind::Records(fields) => Some(fields),
                _ => None,
            },
            get_mut: |fact| match &mut fact.ty.kind {
                ast::TypeKind::Records(fields) => Some(fields),
                _ => None,
            },
        };
        fields(was, is, FIELDS, found);
        list(was, is, &RECORDS, found);
    }
}
listed!(Fact FACT |fact| fact.name.text, fact.label.clone(), fact.span);

impl Part for ast::Param {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::Param>] = &[
            field!(what::LABEL, label),
            field!(what::TYPE, ty),
            field!(what::RANGE, range),
            field!(what::CITE, cite),
        ];
        const VALUE: &[Field<ast::Param>] = &[field!(what::VALUE, value)];
        const UNTIL: &[Field<ast::Param>] = &[Field {
            what: what::UNTIL_DAY,
            see: |param| match &param.value {
                ast::ParamValue::ByDate(by) => seen(&by.until),
                ast::ParamValue::One(_) => None,
            },
            says: |param| match &param.value {
                ast::ParamValue::ByDate(by) => says(&by.until),
                ast::ParamValue::One(_) => String::new(),
            },
            take: |param, other| {
                if let (ast::ParamValue::ByDate(by), ast::ParamValue::ByDate(other)) =
                    (&mut param.value, &other.value)
                {
                    by.until.clone_from(&other.until);
                }
            },
        }];
        const PERIODS: Lens<ast::Param, ast::PeriodFrom> = Lens {
            get: |param| match &param.value {
                ast::ParamValue::ByDate(by) => Some(&by.periods),
                ast::ParamValue::One(_) => None,
            },
            get_mut: |param| match &mut param.value {
                ast::ParamValue::ByDate(by) => Some(&mut by.periods),
                ast::ParamValue::One(_) => None,
            },
        };
        fields(was, is, FIELDS, found);
        match (&was.value, &is.value) {
            (ast::ParamValue::ByDate(_), ast::ParamValue::ByDate(_)) => {
                list(was, is, &PERIODS, found);
                fields(was, is, UNTIL, found);
            }
            (ast::ParamValue::One(_), _) | (_, ast::ParamValue::One(_)) => fields(was, is, VALUE, found),
        }
    }
}

part!(PeriodFrom {
    VALUE value;
    CITE cite;
});
listed!(PeriodFrom PERIOD |period| period.from.written, ast::Label::default(), period.span);

part!(Reference {
    LABEL label;
    FILE file;
} lists {
    fields;
});

part!(Script {} lists {
    functions;
});

part!(ScriptFunction {
    LABEL label;
    PARAMETERS parameters;
    RESULT result;
    RANGE range;
});
listed!(ScriptFunction FUNCTION |function| function.name.text, function.label.clone(), function.span);

part!(Let {
    LABEL label;
    VALUE value;
    ROUNDED rounding;
} reason reason);

part!(Decision {
    LABEL label;
} lists {
    outputs;
});

part!(Output {
    OPTIONAL optional;
    INTERNAL internal;
});
listed!(Output OUTPUT |output| path(&output.value), ast::Label::default(), output.span);

part!(Total {
    LABEL label;
    FLOOR floor;
    ROUNDED rounding;
} lists {
    lines;
});

part!(TotalLine {
    MINUS minus;
    LABEL label;
    VALUE value;
    AT_MOST at_most;
    ROUNDED rounding;
    SKIP_UNKNOWN skip_unknown;
    IF_UNKNOWN if_unknown;
} reason reason);
listed!(TotalLine LINE |line| line.name.text, line.label.clone(), line.span);

part!(Allocation {
    AMOUNT amount;
    LIST list;
    KEYS keys;
    UP_TO up_to;
    APPLIED applied.name;
    LABEL applied.label;
    REST rest;
} reason reason);

impl Part for ast::Portfolio {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::Portfolio>] = &[field!(what::LABEL, label)];
        fields(was, is, FIELDS, found);
        list(was, is, &lens!(members), found);
    }
}

impl Part for ast::BookMember {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        match (was, is) {
            (ast::BookMember::Value(then), ast::BookMember::Value(now)) => {
                super::within(
                    (then, now),
                    |member| match member {
                        ast::BookMember::Value(value) => Some(value),
                        ast::BookMember::Group(_) | ast::BookMember::Cap(_) => None,
                    },
                    found,
                );
            }
            (ast::BookMember::Group(then), ast::BookMember::Group(now)) => {
                super::within(
                    (then, now),
                    |member| match member {
                        ast::BookMember::Group(group) => Some(group),
                        ast::BookMember::Value(_) | ast::BookMember::Cap(_) => None,
                    },
                    found,
                );
            }
            (ast::BookMember::Cap(then), ast::BookMember::Cap(now)) => {
                super::within(
                    (then, now),
                    |member| match member {
                        ast::BookMember::Cap(cap) => Some(cap),
                        ast::BookMember::Value(_) | ast::BookMember::Group(_) => None,
                    },
                    found,
                );
            }
            // Their keys begin with what they are, so that two of a pair are of one sort.
            (ast::BookMember::Value(_) | ast::BookMember::Group(_) | ast::BookMember::Cap(_), _) => {}
        }
    }
}

impl Listed for ast::BookMember {
    fn key(&self) -> String {
        match self {
            ast::BookMember::Value(value) => format!("value {}", value.name.text),
            ast::BookMember::Group(group) => format!("group {}", group.name.text),
            ast::BookMember::Cap(cap) => format!("cap {}", cap.value.text),
        }
    }

    fn member(&self, place: usize) -> Member {
        match self {
            ast::BookMember::Value(value) => value.member(place),
            ast::BookMember::Group(group) => named(what::GROUP, &group.name, &group.label),
            ast::BookMember::Cap(cap) => cap.member(place),
        }
    }

    fn span(&self) -> crate::base::Span {
        match self {
            ast::BookMember::Value(value) => value.span,
            ast::BookMember::Group(group) => group.span,
            ast::BookMember::Cap(cap) => cap.span,
        }
    }
}

part!(BookGroup {
    LABEL label;
    KEY key;
} lists {
    values;
    caps;
});

impl Part for ast::BookValue {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::BookValue>] = &[
            field!(what::LABEL, label),
            field!(what::VALUE, kind),
            field!(what::FILTER, filter),
            field!(what::SKIP_UNKNOWN, skip_unknown),
            field!(what::ROUNDED, rounding),
        ];
        fields(was, is, FIELDS, found);
        reasons!(BookValue reason was is found);
    }
}
listed!(BookValue VALUE |value| value.name.text, value.label.clone(), value.span);

part!(BookCap {
    AMOUNT budget;
    ORDER keys;
} reason reason);
listed!(BookCap CAP |cap| cap.value.text, ast::Label::default(), cap.span);

impl Part for ast::Table {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::Table>] = &[
            field!(what::LABEL, label),
            field!(what::MODE, unique),
            field!(what::MODE, all),
            field!(what::MODE, by_slices),
            field!(what::GRID, grid),
            field!(what::ROUNDED, rounding),
        ];
        const KEYS: &[Field<ast::Table>] = &[Field {
            what: what::KEYS,
            see: |table| seen(&table.keys),
            says: |table| says(&table.keys),
            // A table by other keys has other rows: they are one change.
            take: |table, other| {
                table.keys.clone_from(&other.keys);
                table.rows.clone_from(&other.rows);
            },
        }];
        let keys: Vec<String> = is
            .keys
            .iter()
            .map(|key| match key {
                ast::Key::Value(value) => path(value),
                ast::Key::Parameter(name, ..) => name.text.to_string(),
            })
            .collect();
        let name = |column: &ast::ResultColumn| {
            column.name.as_ref().map_or_else(String::new, |name| name.text.to_string())
        };
        let results: Vec<String> = match &is.grid {
            Some(cells) => cells.iter().map(cell_name).collect(),
            None => is.results.iter().map(name).collect(),
        };
        let mut rows = Vec::new();
        fields(was, is, FIELDS, &mut rows);
        fields(was, is, KEYS, &mut rows);
        list(was, is, &lens!(results), &mut rows);
        if was.keys.len() == is.keys.len() {
            list(was, is, &lens!(rows), &mut rows);
        }
        let all = &mut rows;
        reasons!(Table reason was is all);
        found.append(&mut rows);
        name_columns(&keys, &results, found);
    }
}

impl Part for ast::ResultColumn {
    fn compare(was: &Self, is: &Self, found: &mut Vec<Found<Self>>) {
        const FIELDS: &[Field<ast::ResultColumn>] = &[field!(what::LABEL, label), field!(what::TYPE, ty)];
        fields(was, is, FIELDS, found);
    }
}

impl Listed for ast::ResultColumn {
    fn key(&self) -> String {
        self.name.as_ref().map_or_else(String::new, |name| name.text.to_string())
    }

    fn member(&self, place: usize) -> Member {
        match &self.name {
            Some(name) => named(what::COLUMN, name, &self.label),
            None => numbered(what::COLUMN, place),
        }
    }

    fn span(&self) -> crate::base::Span {
        self.ty.span
    }
}
