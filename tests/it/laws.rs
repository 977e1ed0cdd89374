//! The interpreter against a naive one, over plans and facts that nobody would write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gradus::eval::{Env, Facts, Program, ScriptError, ScriptHost, Trace};
use gradus::plan::{
    self, AggregateFunction, Anchor, Compare, Holiday, Interest, Label, Op, Param, Period, Plan, Reference,
    Scope, Seat, Series, SeriesPeriod, SignOffField, Signed, SignedOn, SignedResult, Silence, StepId, Take,
    ValueRange,
};
use gradus::value::{
    Calendar, Cause, Date, EnumId, Field, FieldId, FieldType, MonthEnd, Number, Precision, Rounding,
    RoundingMode, Schema, Type, Unit, Value,
};
use num_rational::BigRational;
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::naive::{self, Naive, World};
use crate::plans::{SPAN, field, label, number, plan, scale, step};

/// What a plan and its facts are made of: numbers, taken one after the other; behind their end all are 0.
struct Genes<'g>(std::slice::Iter<'g, u16>);

impl Genes<'_> {
    fn below(&mut self, bound: usize) -> usize {
        usize::from(*self.0.next().unwrap_or(&0)) % bound.max(1)
    }

    fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn now_and_then(&mut self) -> bool {
        self.below(5) == 1
    }
}

/// The types of generated steps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    Number,
    YesNo,
    Date,
    Grade,
    Set,
    Numbers,
    Text,
}

const SORTS: [Sort; 7] =
    [Sort::Number, Sort::YesNo, Sort::Date, Sort::Grade, Sort::Set, Sort::Numbers, Sort::Text];
const GRADES: EnumId = EnumId(0);
const LIST: FieldId = FieldId(14);
const SIGN_OFFS: FieldId = FieldId(15);
const ROLES: usize = 4;
const MEMBERS: usize = 5;

impl Sort {
    fn ty(self, genes: &mut Genes<'_>) -> Type {
        match self {
            Sort::Number => {
                Type::Number(genes.one_of(&[Unit::NUMBER, Unit::PERCENT, Unit::DAYS, Unit::RATIO]))
            }
            Sort::YesNo => Type::YesNo,
            Sort::Date => Type::Date,
            Sort::Grade => Type::Enum(GRADES),
            Sort::Set => Type::Set(GRADES),
            Sort::Numbers => Type::List(Box::new(Type::Number(Unit::NUMBER))),
            Sort::Text => Type::Text,
        }
    }

    fn field(self, name: &str) -> Field {
        field(
            name,
            match self {
                Sort::Number => FieldType::Number,
                Sort::YesNo => FieldType::YesNo,
                Sort::Date => FieldType::Date,
                Sort::Grade => FieldType::Enum(GRADES),
                Sort::Set => FieldType::Set(GRADES),
                Sort::Numbers => {
                    FieldType::List { of: Box::new(field("each", FieldType::Number)), length: None }
                }
                Sort::Text => FieldType::Text,
            },
        )
    }

    fn value(self, genes: &mut Genes<'_>) -> Value {
        match self {
            Sort::Number => {
                let text = genes.one_of(&[
                    "0",
                    "1",
                    "-1",
                    "2",
                    "3",
                    "7",
                    "12",
                    "30",
                    "90",
                    "0.5",
                    "2.50",
                    "-0.125",
                    "0.01",
                    "1234567.89",
                    "999999999999999",
                    "-1000000000000000",
                    "0.000001",
                    "3.333333",
                    "100",
                    "365",
                    "12345678901234567890.123456",
                    "170141183460469231731687303715884105727",
                ]);
                number(text)
            }
            Sort::YesNo => Value::Bool(genes.below(2) == 1),
            Sort::Date => Value::Date(genes.one_of(&[
                Date::from_ymd(2026, 10, 1).unwrap(),
                Date::from_ymd(2026, 1, 31).unwrap(),
                Date::from_ymd(2028, 2, 29).unwrap(),
                Date::from_ymd(2026, 12, 31).unwrap(),
                Date::from_ymd(2026, 2, 14).unwrap(),
                Date::MAX,
                Date::MIN,
            ])),
            Sort::Grade => Value::Code(genes.below(MEMBERS) as u32),
            Sort::Set => Value::Set(genes.below(1 << MEMBERS) as u128),
            Sort::Numbers => {
                let count = genes.below(5);
                let values = (0..count).map(|_| {
                    let unknown = genes.now_and_then();
                    if unknown { Value::Unknown(Cause::Missing(3)) } else { Sort::Number.value(genes) }
                });
                Value::List(values.collect::<Arc<[Value]>>())
            }
            Sort::Text => Value::Text(genes.one_of(&["F-1", "F-2", "F-3", "发票"]).into()),
        }
    }

    fn maybe(self, genes: &mut Genes<'_>, cause: u32) -> Value {
        if genes.now_and_then() { Value::Unknown(Cause::Missing(cause)) } else { self.value(genes) }
    }
}

/// Two facts of every type, and a list of records with a field of every type.
fn schema() -> Schema {
    let mut schema = Schema::default();
    schema.enums.push(scale("grade", &["A", "B", "C", "D", "NR"], 4));
    for (place, sort) in SORTS.iter().chain(&SORTS).enumerate() {
        schema.fields.push(sort.field(&format!("fact_{place}")));
    }
    let records = SORTS.iter().map(|sort| sort.field("field")).collect();
    assert_eq!(schema.fields.push(field("invoices", FieldType::Records(records))), LIST);
    let role = schema.enums.push(scale("role", &["clerk", "manager", "director", "head"], ROLES));
    let verdict = schema.enums.push(scale("verdict", &["proposed", "approved", "refused"], 3));
    let of_sign_off = [
        FieldType::Text,
        FieldType::Enum(role),
        FieldType::Text,
        FieldType::Date,
        FieldType::Number,
        FieldType::Enum(verdict),
    ];
    let of_sign_off = of_sign_off.into_iter().map(|ty| field("of_sign_off", ty)).collect();
    assert_eq!(schema.fields.push(field("sign_offs", FieldType::Records(of_sign_off))), SIGN_OFFS);
    schema
}

fn facts(genes: &mut Genes<'_>, schema: &Schema) -> Facts {
    let mut facts = Facts::unknown("甲公司", schema);
    for (place, sort) in SORTS.iter().chain(&SORTS).enumerate() {
        facts.set(FieldId(place as u32), sort.maybe(genes, place as u32));
    }
    if !genes.now_and_then() {
        facts.set(LIST, Value::List(Arc::from([])));
        for item in 0..genes.below(5) {
            let mut values: Vec<Value> = SORTS.iter().map(|sort| sort.maybe(genes, LIST.0)).collect();
            values[6] = Value::Text(format!("F-{item}").into());
            facts.records_mut(LIST).unwrap().push(values);
        }
    }
    // Few people, few days, few amounts: so that they meet.
    facts.set(SIGN_OFFS, Value::List(Arc::from([])));
    for _ in 0..genes.below(7) {
        let text = |text: &str| Value::Text(text.into());
        let subject = genes.one_of(&["limit", "limit", "limit", "release[\"F-1\"]", "other"]);
        let person = genes.one_of(&["Li", "Wang", "Wu"]);
        let day = genes.one_of(&[(9, 1), (9, 1), (10, 1), (10, 8), (10, 9)]);
        let amount = genes.one_of(&["0", "1", "7", "30", "90", "1234567.89", ""]);
        let values = vec![
            text(subject),
            Value::Code(genes.below(ROLES) as u32),
            text(person),
            Value::Date(Date::from_ymd(2026, day.0, day.1).unwrap()),
            if amount.is_empty() { Value::Unknown(Cause::Missing(SIGN_OFFS.0)) } else { number(amount) },
            Value::Code(genes.one_of(&[1, 1, 1, 1, 0, 2])),
        ];
        facts.records_mut(SIGN_OFFS).unwrap().push(values);
    }
    facts
}

struct Maker<'g, 's> {
    genes: &'s mut Genes<'g>,
    plan: Plan,
    made: Vec<(StepId, Sort, Scope)>,
}

impl Maker<'_, '_> {
    /// A step of this type that a step of this scope may read.
    fn read(&mut self, sort: Sort, scope: Scope) -> StepId {
        let fit: Vec<StepId> = self
            .made
            .iter()
            .filter(|(_, own, of)| *own == sort && (*of == Scope::Customer || *of == scope))
            .map(|(id, _, _)| *id)
            .collect();
        // The latest most often, so that plans grow deep.
        let back = self.genes.below(fit.len().min(6));
        fit[fit.len() - 1 - back]
    }

    fn some(&mut self, sort: Sort, scope: Scope) -> Vec<StepId> {
        (0..1 + self.genes.below(4)).map(|_| self.read(sort, scope)).collect()
    }

    fn add(&mut self, op: Op, sort: Sort, scope: Scope) -> StepId {
        let ty = sort.ty(self.genes);
        let id = step(&mut self.plan, op, ty, scope);
        self.made.push((id, sort, scope));
        id
    }

    /// Something of every type to begin with: constants, facts, fields.
    fn begin(&mut self) {
        for (place, sort) in SORTS.into_iter().enumerate() {
            let value = sort.value(self.genes);
            self.add(Op::Const(value), sort, Scope::Customer);
            self.add(Op::Fact(FieldId(place as u32)), sort, Scope::Customer);
            self.add(Op::Fact(FieldId((place + SORTS.len()) as u32)), sort, Scope::Customer);
            self.add(Op::Field(LIST, place as u32), sort, Scope::Items(LIST));
        }
        self.add(Op::Param(0), Sort::Number, Scope::Customer);
        self.add(Op::Today, Sort::Date, Scope::Customer);
    }

    fn weighted(&mut self, scope: Scope) -> Vec<(Number, StepId)> {
        let weights = ["0", "1", "12", "0.25", "-1"].map(|text| Number::decimal(text).unwrap());
        (0..1 + self.genes.below(4))
            .map(|_| (self.genes.one_of(&weights), self.read(Sort::Number, scope)))
            .collect()
    }

    /// Sets of seats: some of them need two persons, some nobody can fill.
    fn ways(&mut self) -> Vec<Vec<Seat>> {
        let seat = |genes: &mut Genes<'_>| {
            let role = genes.below(ROLES) as u32;
            Seat { role, may: (1 << role) | genes.below(1 << ROLES) as u128 }
        };
        (0..self.genes.below(4))
            .map(|_| (0..1 + self.genes.below(3)).map(|_| seat(self.genes)).collect())
            .collect()
    }

    /// Who must sign for a number: two bounds, three places in the ways.
    fn needed(&mut self, amount: StepId, bounds: [StepId; 2], scope: Scope) -> StepId {
        let below = |maker: &mut Self, bound: StepId| {
            maker.add(Op::Compare(Compare::LessOrEqual, amount, bound), Sort::YesNo, scope)
        };
        let conditions = [below(self, bounds[0]), below(self, bounds[1])];
        let codes: Vec<StepId> =
            (0..3).map(|code| self.add(Op::Const(Value::Code(code)), Sort::Grade, Scope::Customer)).collect();
        let high = self.add(Op::If(conditions[1], codes[1], codes[2]), Sort::Grade, scope);
        self.add(Op::If(conditions[0], codes[0], high), Sort::Grade, scope)
    }

    /// Signatures on a number, or since when something is signed.
    fn signatures(&mut self) {
        let of = |maker: &mut Self, field: SignOffField, sort: Sort| {
            let op = Op::Field(SIGN_OFFS, field.place());
            let ty = sort.ty(maker.genes);
            // They are no part of what other steps read: those belong to the invoices.
            step(&mut maker.plan, op, ty, Scope::Items(SIGN_OFFS))
        };
        let value = self.read(Sort::Number, Scope::Customer);
        if self.genes.below(3) == 0 {
            let ways = self.ways();
            let ways = ways.iter().map(|way| way.iter().map(|seat| seat.may).collect()).collect();
            let subject = match self.genes.below(2) {
                0 => self.add(Op::Const(Value::Text("limit".into())), Sort::Text, Scope::Customer),
                _ => {
                    let key = self.add(Op::Const(Value::Text("F-1".into())), Sort::Text, Scope::Customer);
                    self.add(Op::NameOfItem("release".into(), key), Sort::Text, Scope::Customer)
                }
            };
            let amount = (self.genes.below(3) > 0).then_some(value);
            let signed = SignedOn { list: SIGN_OFFS, subject, ways, amount };
            self.add(Op::SignedOn(Box::new(signed)), Sort::Date, Scope::Customer);
            return;
        }
        let fields = SignOffField::ALL.map(|field| {
            let sort = match field {
                SignOffField::Subject | SignOffField::Person => Sort::Text,
                SignOffField::Role | SignOffField::Verdict => Sort::Grade,
                SignOffField::On => Sort::Date,
                SignOffField::Amount => Sort::Number,
            };
            of(self, field, sort)
        });
        let ends = [self.genes.one_of(&["1", "7"]), self.genes.one_of(&["30", "90"])];
        let ends = ends.map(|end| self.add(Op::Const(number(end)), Sort::Number, Scope::Customer));
        let needed = self.needed(value, ends, Scope::Customer);
        let made = self.made.len();
        let needed_of = self.needed(fields[4], ends, Scope::Items(SIGN_OFFS));
        self.made.retain({
            let mut at = 0;
            move |(_, _, scope)| {
                at += 1;
                at <= made || *scope == Scope::Customer
            }
        });
        let bounds = ends.map(|end| (end, self.needed(end, ends, Scope::Customer))).to_vec();
        let today = self.add(Op::Today, Sort::Date, Scope::Customer);
        let ways = (0..3).map(|_| self.ways()).collect();
        let arbiter = (self.genes.below(2) == 0).then_some(Seat { role: 3, may: 0b1000 });
        let carries = (self.genes.below(2) == 0).then(|| Number::decimal("0.5").unwrap());
        let signed = Signed {
            result: SignedResult::Granted,
            list: SIGN_OFFS,
            subject: "limit".into(),
            fields,
            needed_of,
            value,
            needed,
            today,
            bounds,
            ways,
            arbiter,
            carries,
        };
        for result in SignedResult::ALL {
            let sort = match result {
                SignedResult::Given | SignedResult::Missing => Sort::Set,
                SignedResult::Granted | SignedResult::Carried => Sort::Number,
                SignedResult::Carrier => Sort::Text,
            };
            self.add(Op::Signed(Box::new(Signed { result, ..signed.clone() })), sort, Scope::Customer);
        }
    }

    fn rounding(&mut self) -> Rounding {
        let precision = match self.genes.below(3) {
            0 => Precision::Decimals(self.genes.below(4) as u32),
            1 => Precision::Decimals(2),
            _ => Precision::Multiples(Number::decimal(self.genes.one_of(&["1000", "0.05", "7"])).unwrap()),
        };
        let mode = self.genes.one_of(&[
            RoundingMode::HalfUp,
            RoundingMode::HalfEven,
            RoundingMode::Down,
            RoundingMode::Up,
            RoundingMode::Floor,
            RoundingMode::Ceiling,
        ]);
        Rounding { mode, precision }
    }

    fn grow(&mut self) {
        let scope = self.genes.one_of(&[Scope::Customer, Scope::Customer, Scope::Items(LIST)]);
        let any = self.genes.one_of(&SORTS);
        let ordered = self.genes.one_of(&[Sort::Number, Sort::Date]);
        let takes = [Take::First, Take::Lowest, Take::Highest, Take::Middle, Take::Average];
        let functions = [
            AggregateFunction::Sum,
            AggregateFunction::Count,
            AggregateFunction::Lowest,
            AggregateFunction::Highest,
            AggregateFunction::Average,
            AggregateFunction::Share,
            AggregateFunction::Any,
            AggregateFunction::All,
        ];
        macro_rules! read {
            ($sort:ident) => {
                self.read(Sort::$sort, scope)
            };
        }
        let (op, sort) = match self.genes.below(58) {
            0 => (Op::Add(read!(Number), read!(Number)), Sort::Number),
            1 => (Op::Subtract(read!(Number), read!(Number)), Sort::Number),
            2 => (Op::Multiply(read!(Number), read!(Number)), Sort::Number),
            3 | 4 => (Op::Divide(read!(Number), read!(Number)), Sort::Number),
            5 => (Op::Negate(read!(Number)), Sort::Number),
            6 => (Op::Power(read!(Number), self.genes.below(4) as u32), Sort::Number),
            7 => (Op::Round(read!(Number), self.rounding()), Sort::Number),
            8 => (Op::Floor(read!(Number)), Sort::Number),
            9 | 10 => {
                let take = self.genes.one_of(&takes);
                let sort = if take == Take::Average { Sort::Number } else { ordered };
                let skip_unknown = self.genes.below(2) == 1;
                (Op::Pick { take, of: self.some(sort, scope), skip_unknown }, sort)
            }
            11 => (Op::WeightedMean(self.weighted(scope)), Sort::Number),
            12 => (Op::WeightedSum(self.weighted(scope)), Sort::Number),
            13 => (Op::KnownWeight(self.weighted(scope)), Sort::Number),
            14..=16 => {
                let all = [Compare::Less, Compare::LessOrEqual, Compare::Greater, Compare::GreaterOrEqual];
                let how = self.genes.one_of(&all);
                (Op::Compare(how, self.read(ordered, scope), self.read(ordered, scope)), Sort::YesNo)
            }
            17 => (Op::Equal(self.read(any, scope), self.read(any, scope)), Sort::YesNo),
            18 => (Op::OneOf(read!(Grade), vec![0, 2, 4]), Sort::YesNo),
            19 => (Op::Has(read!(Set), self.genes.below(MEMBERS) as u32), Sort::YesNo),
            20 | 21 => (Op::And(self.some(Sort::YesNo, scope)), Sort::YesNo),
            22 | 23 => (Op::Or(self.some(Sort::YesNo, scope)), Sort::YesNo),
            24 => (Op::Not(read!(YesNo)), Sort::YesNo),
            25 => (Op::AtLeast(self.genes.below(4) as u32, self.some(Sort::YesNo, scope)), Sort::YesNo),
            26 => (Op::IsKnown(self.read(any, scope)), Sort::YesNo),
            27 => (Op::IfUnknown(self.read(any, scope), self.read(any, scope)), any),
            28 | 29 => (Op::If(read!(YesNo), self.read(any, scope), self.read(any, scope)), any),
            30 => {
                // A code of no scale: it only chooses.
                let place = step(&mut self.plan, Op::Unknown(Silence::Unknown), Type::Enum(GRADES), scope);
                let of = self.some(Sort::YesNo, scope);
                let chosen = Op::FirstTrue(of);
                self.plan.steps[place].op = chosen;
                (Op::Choose(place, self.some(any, scope)), any)
            }
            31 => (Op::Choose(read!(Grade), self.some(any, scope)), any),
            32 => {
                let of = (0..3).map(|code| (read!(YesNo), code)).collect();
                (Op::Collect(of), Sort::Set)
            }
            33 => {
                let all = [Silence::Unknown, Silence::Withheld, Silence::Referred, Silence::Refused];
                (Op::Unknown(self.genes.one_of(&all)), any)
            }
            34 => (Op::Rank(read!(Grade), GRADES), Sort::Number),
            35 => (Op::OfRank(read!(Number), GRADES), Sort::Grade),
            36 => (Op::AddDays(read!(Date), read!(Number)), Sort::Date),
            37 => (Op::AddBusinessDays(read!(Date), read!(Number), 0), Sort::Date),
            38 => {
                let holiday = self.genes.one_of(&[Holiday::Next, Holiday::Previous, Holiday::AsItIs]);
                (Op::ToBusinessDay(read!(Date), holiday, 0), Sort::Date)
            }
            39 => {
                let end = self.genes.one_of(&[MonthEnd::Last, MonthEnd::Next]);
                (Op::AddMonths(read!(Date), read!(Number), end), Sort::Date)
            }
            40 => (Op::DaysBetween(read!(Date), read!(Date)), Sort::Number),
            41 => match self.genes.below(2) {
                0 => (Op::EndOfMonth(read!(Date)), Sort::Date),
                _ => {
                    let period = self.genes.one_of(&[Period::Month, Period::Quarter, Period::Year]);
                    (Op::PeriodStart(read!(Date), period, self.genes.below(5) as i32 - 2), Sort::Date)
                }
            },
            42 | 43 => {
                let function = self.genes.one_of(&functions);
                let known = self.genes.below(2) == 1;
                let filter = (self.genes.below(2) == 1).then(|| self.read(Sort::YesNo, Scope::Items(LIST)));
                let (of, gives) = match function {
                    AggregateFunction::Count => (None, Sort::Number),
                    AggregateFunction::Sum | AggregateFunction::Average => (Some(Sort::Number), Sort::Number),
                    AggregateFunction::Share => (Some(Sort::YesNo), Sort::Number),
                    AggregateFunction::Lowest | AggregateFunction::Highest => (Some(ordered), ordered),
                    AggregateFunction::Any | AggregateFunction::All => (Some(Sort::YesNo), Sort::YesNo),
                };
                let operand = of.map(|of| self.read(of, Scope::Items(LIST)));
                let op = Op::Aggregate { function, known, list: LIST, operand, filter };
                self.add(op, gives, Scope::Customer);
                return;
            }
            44 => {
                let function = self.genes.one_of(&functions[..5]);
                let known = self.genes.below(2) == 1;
                (Op::ListAggregate { function, known, list: read!(Numbers) }, Sort::Number)
            }
            45 => match self.genes.below(3) {
                0 => (Op::List(self.some(Sort::Number, scope)), Sort::Numbers),
                1 => {
                    let weights =
                        (1..=self.genes.below(4)).map(|weight| Number::from(weight as u32)).collect();
                    (Op::ListWeightedMean(read!(Numbers), weights), Sort::Number)
                }
                _ => (Op::Same(self.read(any, scope)), any),
            },
            46 => {
                let month = 1 + self.genes.below(12) as u8;
                let anchor = match self.genes.below(2) {
                    0 => Anchor::DayAfter(1 + self.genes.below(31) as u8),
                    _ => Anchor::OfYear(month, 1 + self.genes.below(if month == 2 { 29 } else { 30 }) as u8),
                };
                (Op::Anchor(read!(Date), anchor), Sort::Date)
            }
            47 => (Op::ByDate(0, read!(Date)), Sort::Number),
            48 => (Op::Reference { table: 0, column: 2, keys: vec![read!(Text), read!(Date)] }, Sort::Number),
            49 => {
                let day = |year, month| Date::from_ymd(year, month, 1).unwrap();
                let days = [day(2024, 2), day(2026, 1), day(2026, 7), day(2027, 1)];
                let first = self.genes.below(4);
                let rates = days[first..].iter().map(|day| (*day, read!(Number))).collect();
                let interest = Interest {
                    principal: read!(Number),
                    from: read!(Date),
                    to: read!(Date),
                    series: Vec::new(),
                    rates,
                    until: Some(day(self.genes.one_of(&[2026, 2028, 2040]), 6)),
                    frozen: None,
                    basis: self.genes.one_of(&[Some(365), Some(360), None]),
                    first_day: self.genes.below(2) == 1,
                    last_day: self.genes.below(2) == 1,
                };
                (Op::Interest(Box::new(interest)), Sort::Number)
            }
            50 => {
                let periods = Value::Number(Number::from(self.genes.below(5) as u32));
                let count = self.add(Op::Const(periods), Sort::Number, Scope::Customer);
                (Op::Instalment(read!(Number), read!(Number), count), Sort::Number)
            }
            51 | 52 => {
                let items = Scope::Items(LIST);
                let mut keys: Vec<StepId> =
                    (0..self.genes.below(3)).map(|_| self.read(ordered, items)).collect();
                keys.push(self.read(Sort::Text, items));
                if self.genes.below(2) == 0 {
                    let of = self.read(Sort::Number, items);
                    self.add(Op::Running { list: LIST, of, keys }, Sort::Number, items);
                } else {
                    let filter = (self.genes.below(2) == 1).then(|| self.read(Sort::YesNo, items));
                    let of = self.read(any, items);
                    self.add(Op::Latest { list: LIST, of, keys, filter }, any, Scope::Customer);
                }
                return;
            }
            56 | 57 => {
                self.signatures();
                return;
            }
            53 | 54 => {
                let (list, oldest_first) = (read!(Numbers), self.genes.below(2) == 1);
                let count = self.genes.below(4) as u32;
                if self.genes.below(2) == 0 {
                    (Op::Recent { list, count, oldest_first }, Sort::Numbers)
                } else {
                    let rises = self.genes.below(2) == 1;
                    (Op::InARow { list, rises, steps: count.max(1), oldest_first }, Sort::YesNo)
                }
            }
            _ => match self.genes.below(2) {
                0 => (Op::Script(0, vec![read!(Number)]), Sort::Number),
                _ => {
                    let field = self.genes.below(SORTS.len());
                    let key = (self.genes.below(4) > 0).then(|| (6, read!(Text)));
                    (Op::Lookup { list: LIST, key, field: field as u32 }, SORTS[field])
                }
            },
        };
        self.add(op, sort, scope);
    }
}

/// Twice the number; negative ones fail.
struct Doubling;

impl ScriptHost for Doubling {
    fn call(&self, _: u32, arguments: &[Value]) -> Result<Value, ScriptError> {
        let [Value::Number(number)] = arguments else { panic!("a script is called with known values only") };
        let doubled = naive::script(&BigRational::from(number));
        doubled
            .map(|number| Value::Number(number.into()))
            .ok_or(ScriptError { message: Label::same("negative") })
    }
}

fn calendar() -> Calendar {
    let text = "name = \"cn\"\nfrom = 2026-01-01\nuntil = 2028-12-31\nweekend = [\"saturday\", \"sunday\"]\nholidays = [{ from = 2026-10-01, to = 2026-10-07 }]\n";
    Calendar::parse(text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn make(genes: &mut Genes<'_>) -> Plan {
    let mut empty = plan(schema());
    empty.calendars.push("cn".into());
    empty.params.push(Param {
        name: "standard_term".into(),
        label: Label { ..label("standard_term") },
        ty: Type::Number(Unit::DAYS),
        range: ValueRange::default(),
        decimals: 0,
        default: number("30"),
        cite: None,
        span: SPAN,
    });
    let day = |month, day| Date::from_ymd(2026, month, day).unwrap();
    let period = |from, text| SeriesPeriod { from, value: number(text), cite: None };
    empty.series.push(Series {
        name: "base_rate".into(),
        label: label("base_rate"),
        ty: Type::Number(Unit::PERCENT),
        periods: vec![period(day(1, 1), "0.03"), period(day(7, 1), "0.0275")],
        until: Some(day(12, 31)),
        span: SPAN,
    });
    let row = |pair: &str, on, rate| vec![Value::Text(pair.into()), Value::Date(on), number(rate)];
    empty.references.push(Reference {
        name: "rates".into(),
        label: label("rates"),
        file: "rates.csv".into(),
        digest: "sha256:0".into(),
        columns: Vec::new(),
        keys: vec![0, 1],
        latest_within: Some(40),
        rows: vec![row("a", day(3, 1), "7.1"), row("a", day(10, 1), "7.2"), row("b", day(9, 30), "0.5")],
        span: SPAN,
    });
    let mut maker = Maker { genes, plan: empty, made: Vec::new() };
    maker.begin();
    for _ in 0..60 {
        maker.grow();
    }
    maker.plan
}

fn hold(values: &[u16]) {
    let mut genes = Genes(values.iter());
    let plan = make(&mut genes);
    let calendars = [calendar()];
    let params = vec![number(genes.one_of(&["30", "45", "0"]))];
    let today = Date::from_ymd(2026, 10, 8).unwrap();
    let env =
        Env { today, params: params.clone(), calendars: &calendars, scripts: Some(&Doubling), book: None };

    // All steps once; then some, with values that are given.
    let all: Vec<StepId> = plan.steps.ids().collect();
    let mut given = BTreeMap::new();
    let mut targets = Vec::new();
    for _ in 0..3 {
        targets.push(genes.one_of(&all));
        let stands = genes.one_of(&all);
        let step = &plan.steps[stands];
        if step.ty == Type::YesNo && !matches!(step.op, Op::Unknown(_)) {
            given.insert(stands, Sort::YesNo.maybe(&mut genes, 77));
        }
    }
    let given_list: Vec<(StepId, Value)> = given.iter().map(|(id, value)| (*id, value.clone())).collect();
    let whole = Program::prepare(&plan, &all, &[], &env);
    let part = Program::prepare(&plan, &targets, &given_list, &env);
    let (mut whole_scratch, mut part_scratch) = (whole.scratch(), part.scratch());
    for _ in 0..3 {
        let facts = facts(&mut genes, &plan.schema);
        let mut trace = Trace::new();
        whole.run(&facts, &mut whole_scratch, &mut trace);
        compare(&plan, &facts, &params, &calendars, &all, &trace, BTreeMap::new());

        let mut trace = Trace::new();
        part.run(&facts, &mut part_scratch, &mut trace);
        let run = plan::slice(&plan, &targets, &given.keys().copied().collect::<BTreeSet<_>>());
        compare(&plan, &facts, &params, &calendars, &run, &trace, given.clone());
    }
}

fn compare(
    plan: &Plan,
    facts: &Facts,
    params: &[Value],
    calendars: &[Calendar],
    steps: &[StepId],
    trace: &Trace,
    given: BTreeMap<StepId, Value>,
) {
    let today = Date::from_ymd(2026, 10, 8).unwrap();
    let world = World { plan, facts, today, params, calendars, given, known: BTreeMap::new().into() };
    for id in steps {
        let items: Vec<Option<usize>> = match plan.steps[*id].scope {
            Scope::Customer => vec![None],
            Scope::Items(list) => (0..facts.records(list).unwrap().items).map(Some).collect(),
        };
        for item in items {
            let fast = trace.item(*id, item.unwrap_or(0)).unwrap_or_else(|| panic!("{id:?} was not run"));
            let slow: Naive = world.value(*id, item);
            assert_eq!(naive::naive(fast), slow, "{id:?} {:?} of item {item:?}", plan.steps[*id].op);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_interpreter_is_the_naive_one(values in proptest::collection::vec(any::<u16>(), 200..900)) {
        hold(&values);
    }
}

/// The smallest plan that the genes make, and one where all of them are great.
#[test]
fn the_ends_of_the_generator_hold() {
    hold(&[]);
    hold(&[u16::MAX; 900]);
}
