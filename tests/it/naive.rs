//! A deliberately naive interpreter: it asks for the value of a step, which asks for its operands. Its numbers are fractions
//! of integers without a limit; it shares no code with `gradus::eval`.

mod signed;
mod values;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use gradus::base::Idx;
use gradus::eval::Facts;
use gradus::plan::{
    AggregateFunction, Anchor, Compare, Holiday, Op, Period, Plan, Scope, Silence, StepId, Take,
};
use gradus::value::{
    Calendar, Cause, Date, EnumId, FieldId, MonthEnd, Number, Precision, RoundingMode, Style, Value,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed as _, Zero};

/// A value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Naive {
    Unknown(Cause),
    Bool(bool),
    Number(BigRational),
    Date(Date),
    Code(u32),
    Set(BTreeSet<u32>),
    Text(String),
    List(Vec<Naive>),
}

use Naive::{Bool, Code, List, Set, Text, Unknown};
use values::{add_months, aggregate, compare, integer, lie, pick, round};

/// What a test's script does: twice the number, but negative ones fail.
pub fn script(argument: &BigRational) -> Option<BigRational> {
    (!argument.is_negative()).then(|| argument * integer(2))
}

pub struct World<'w> {
    pub plan: &'w Plan,
    pub facts: &'w Facts,
    pub today: Date,
    pub params: &'w [Value],
    pub calendars: &'w [Calendar],
    pub given: BTreeMap<StepId, Value>,
    pub known: RefCell<BTreeMap<(StepId, Option<usize>), Naive>>,
}

type Found = Result<Naive, Cause>;

/// The same value as the interpreter's.
pub fn naive(value: &Value) -> Naive {
    match value {
        Value::Unknown(cause) => Unknown(*cause),
        Value::Bool(bool) => Bool(*bool),
        Value::Number(number) => Naive::Number(BigRational::from(number)),
        Value::Date(date) => Naive::Date(*date),
        Value::Code(code) => Code(*code),
        Value::Set(set) => Set((0..128).filter(|bit| set >> bit & 1 == 1).collect()),
        Value::Text(text) => Text(text.to_string()),
        Value::List(values) => List(values.iter().map(naive).collect()),
    }
}

fn known(value: Naive) -> Found {
    match value {
        Unknown(cause) => Err(cause),
        known => Ok(known),
    }
}

impl World<'_> {
    /// The value of a step: of the customer, or of an item.
    pub fn value(&self, id: StepId, item: Option<usize>) -> Naive {
        let item = if matches!(self.plan.steps[id].scope, Scope::Customer) { None } else { item };
        if let Some(found) = self.known.borrow().get(&(id, item)) {
            return found.clone();
        }
        let found = match self.given.get(&id) {
            Some(given) => naive(given),
            None => self.compute(id, item).unwrap_or_else(Unknown),
        };
        self.known.borrow_mut().insert((id, item), found.clone());
        found
    }

    fn number(&self, id: StepId, item: Option<usize>) -> Result<BigRational, Cause> {
        match known(self.value(id, item))? {
            Naive::Number(number) => Ok(number),
            other => panic!("{other:?} is no number"),
        }
    }

    fn truth(&self, id: StepId, item: Option<usize>) -> Result<bool, Cause> {
        match known(self.value(id, item))? {
            Bool(bool) => Ok(bool),
            other => panic!("{other:?} is no yes or no"),
        }
    }

    fn date(&self, id: StepId, item: Option<usize>) -> Result<Date, Cause> {
        match known(self.value(id, item))? {
            Naive::Date(date) => Ok(date),
            other => panic!("{other:?} is no day"),
        }
    }

    fn code(&self, id: StepId, item: Option<usize>) -> Result<u32, Cause> {
        match known(self.value(id, item))? {
            Code(code) => Ok(code),
            other => panic!("{other:?} is no code"),
        }
    }

    fn compute(&self, id: StepId, item: Option<usize>) -> Found {
        let impossible = Cause::NotComputable(id.0);
        let step = &self.plan.steps[id];
        let value = |id: &StepId| self.value(*id, item);
        let number = |id: &StepId| self.number(*id, item);
        let truth = |id: &StepId| self.truth(*id, item);
        let date = |id: &StepId| self.date(*id, item);
        Ok(match &step.op {
            Op::Const(value) => naive(value),
            Op::Fact(field) => naive(self.facts.value(*field).unwrap()),
            Op::Field(list, field) => {
                naive(&self.facts.records(*list).unwrap().columns[*field as usize][item.unwrap()])
            }
            Op::Param(number) => naive(&self.params[*number as usize]),
            Op::Today => Naive::Date(self.today),
            Op::Same(a) => value(a),
            Op::Add(a, b) => Naive::Number(number(a)? + number(b)?),
            Op::Subtract(a, b) => Naive::Number(number(a)? - number(b)?),
            Op::Multiply(a, b) => Naive::Number(number(a)? * number(b)?),
            Op::Divide(a, b) => {
                let (a, b) = (number(a)?, number(b)?);
                if b.is_zero() {
                    return Err(impossible);
                }
                Naive::Number(a / b)
            }
            Op::Negate(a) => Naive::Number(-number(a)?),
            Op::Power(a, exponent) => {
                let a = number(a)?;
                Naive::Number((0..*exponent).fold(BigRational::one(), |power, _| power * &a))
            }
            Op::Round(a, rounding) => {
                let percent =
                    step.ty.unit().is_some_and(|unit| unit.is_plain() && unit.style == Style::Percent);
                let grain = match &rounding.precision {
                    Precision::Decimals(decimals) => {
                        let decimals = decimals + if percent { 2 } else { 0 };
                        BigRational::new(BigInt::one(), BigInt::from(10).pow(decimals))
                    }
                    Precision::Multiples(step) => BigRational::from(step),
                };
                Naive::Number(round(number(a)? / &grain, rounding.mode) * grain)
            }
            Op::Floor(a) => Naive::Number(number(a)?.floor()),
            Op::Pick { take, of, skip_unknown } => {
                let mut all = Vec::new();
                for a in of {
                    match value(a) {
                        Unknown(cause) if !skip_unknown => {
                            // The first one written is taken, whatever stands behind it.
                            if *take == Take::First && !all.is_empty() {
                                break;
                            }
                            return Err(cause);
                        }
                        Unknown(_) => {}
                        known => all.push(known),
                    }
                }
                pick(*take, all).ok_or(impossible)?
            }
            Op::WeightedMean(terms) => {
                let (sum, weight) = self.weigh(terms, item);
                if weight.is_zero() {
                    return Err(impossible);
                }
                Naive::Number(sum / weight)
            }
            Op::WeightedSum(terms) => Naive::Number(self.weigh(terms, item).0),
            Op::KnownWeight(terms) => {
                let known = terms.iter().filter(|(_, a)| !matches!(value(a), Unknown(_)));
                Naive::Number(known.map(|(weight, _)| BigRational::from(weight)).sum())
            }
            Op::Compare(how, a, b) => {
                let (a, b) = (known(value(a))?, known(value(b))?);
                let order = compare(&a, &b);
                Bool(match how {
                    Compare::Less => order.is_lt(),
                    Compare::LessOrEqual => order.is_le(),
                    Compare::Greater => order.is_gt(),
                    Compare::GreaterOrEqual => order.is_ge(),
                })
            }
            Op::Equal(a, b) => Bool(known(value(a))? == known(value(b))?),
            Op::OneOf(a, codes) => Bool(codes.contains(&self.code(*a, item)?)),
            Op::Has(a, member) => match known(value(a))? {
                Set(set) => Bool(set.contains(member)),
                other => panic!("{other:?} is no set"),
            },
            Op::And(of) => {
                let all: Vec<_> = of.iter().map(truth).collect();
                if all.contains(&Ok(false)) {
                    Bool(false)
                } else {
                    all.into_iter().collect::<Result<Vec<_>, _>>().map(|_| Bool(true))?
                }
            }
            Op::Or(of) => {
                let all: Vec<_> = of.iter().map(truth).collect();
                if all.contains(&Ok(true)) {
                    Bool(true)
                } else {
                    all.into_iter().collect::<Result<Vec<_>, _>>().map(|_| Bool(false))?
                }
            }
            Op::Not(a) => Bool(!truth(a)?),
            Op::AtLeast(least, of) => {
                let all: Vec<_> = of.iter().map(truth).collect();
                let yes = all.iter().filter(|one| **one == Ok(true)).count();
                let open = all.iter().filter(|one| one.is_err()).count();
                if yes >= *least as usize {
                    Bool(true)
                } else if yes + open < *least as usize {
                    Bool(false)
                } else {
                    return Err(all.into_iter().find_map(Result::err).unwrap());
                }
            }
            Op::IsKnown(a) => Bool(!matches!(value(a), Unknown(_))),
            Op::IfUnknown(a, b) => match value(a) {
                Unknown(_) => value(b),
                known => known,
            },
            Op::If(condition, then, otherwise) => {
                if truth(condition)? {
                    value(then)
                } else {
                    value(otherwise)
                }
            }
            Op::FirstTrue(of) => {
                for (place, condition) in of.iter().enumerate() {
                    if truth(condition)? {
                        return Ok(Code(place as u32));
                    }
                }
                return Err(impossible);
            }
            Op::Choose(place, of) => value(of.get(self.code(*place, item)? as usize).ok_or(impossible)?),
            Op::Collect(of) => {
                let mut set = BTreeSet::new();
                for (condition, code) in of {
                    if truth(condition)? {
                        set.insert(*code);
                    }
                }
                Set(set)
            }
            Op::Unknown(silence) => {
                return Err(match silence {
                    Silence::Unknown | Silence::TooLittleKnown => impossible,
                    Silence::Withheld => Cause::Withheld(id.0),
                    Silence::Referred => Cause::Referred(id.0),
                    Silence::Refused => Cause::Refused(id.0),
                });
            }
            Op::Rank(a, scale) => {
                let code = self.code(*a, item)?;
                self.in_order(*scale, i64::from(code))
                    .then(|| Naive::Number(integer(i64::from(code))))
                    .ok_or(impossible)?
            }
            Op::OfRank(a, scale) => {
                let place = number(a)?;
                let whole = (0..200).find(|whole| integer(*whole) == place).ok_or(impossible)?;
                self.in_order(*scale, whole).then_some(Code(whole as u32)).ok_or(impossible)?
            }
            Op::AddDays(a, b) => {
                let (a, b) = (date(a)?, number(b)?);
                let days =
                    i64::try_from(b.numer().clone()).ok().filter(|_| b.is_integer()).ok_or(impossible)?;
                let day = i64::from(a.0).checked_add(days).ok_or(impossible)?;
                if day < i64::from(Date::MIN.0) || day > i64::from(Date::MAX.0) {
                    return Err(impossible);
                }
                Naive::Date(Date(day as i32))
            }
            Op::AddBusinessDays(a, b, calendar) => {
                let calendar = &self.calendars[*calendar as usize];
                let (mut day, b) = (date(a)?, number(b)?);
                let days =
                    i64::try_from(b.numer().clone()).ok().filter(|_| b.is_integer()).ok_or(impossible)?;
                let past = Cause::PastCalendar(id.0);
                calendar.is_business_day(day).ok_or(past)?;
                let mut left = days.abs();
                while left > 0 {
                    day = Date(day.0 + days.signum() as i32);
                    if calendar.is_business_day(day).ok_or(past)? {
                        left -= 1;
                    }
                }
                Naive::Date(day)
            }
            Op::ToBusinessDay(a, holiday, calendar) => {
                let calendar = &self.calendars[*calendar as usize];
                let mut day = date(a)?;
                let by = match holiday {
                    Holiday::AsItIs => return Ok(Naive::Date(day)),
                    Holiday::Next => 1,
                    Holiday::Previous => -1,
                };
                while !calendar.is_business_day(day).ok_or(Cause::PastCalendar(id.0))? {
                    day = Date(day.0 + by);
                }
                Naive::Date(day)
            }
            Op::AddMonths(a, b, end) => {
                let (a, b) = (date(a)?, number(b)?);
                let months =
                    i64::try_from(b.numer().clone()).ok().filter(|_| b.is_integer()).ok_or(impossible)?;
                Naive::Date(add_months(a, months, *end).ok_or(impossible)?)
            }
            Op::DaysBetween(a, b) => {
                Naive::Number(integer(i64::from(date(a)?.0)) - integer(i64::from(date(b)?.0)))
            }
            Op::EndOfMonth(a) => {
                let mut day = date(a)?;
                while Date(day.0 + 1).ymd().1 == day.ymd().1 && day < Date::MAX {
                    day = Date(day.0 + 1);
                }
                Naive::Date(day)
            }
            Op::PeriodStart(a, period, later) => {
                let (year, month, _) = date(a)?.ymd();
                let (first, months) = match period {
                    Period::Month => (month, 1),
                    Period::Quarter => ((month - 1) / 3 * 3 + 1, 3),
                    Period::Year => (1, 12),
                };
                let first = Date::from_ymd(year, first, 1).unwrap();
                Naive::Date(add_months(first, months * i64::from(*later), MonthEnd::Last).ok_or(impossible)?)
            }
            Op::Aggregate { function, known, list, operand, filter } => {
                if let Value::Unknown(cause) = self.facts.value(*list).unwrap() {
                    return Err(*cause);
                }
                let items = (0..self.facts.records(*list).unwrap().items).map(|item| {
                    let filter = filter.map_or(Ok(true), |filter| self.truth(filter, Some(item)));
                    (filter, operand.map(|operand| self.value(operand, Some(item))))
                });
                aggregate(*function, *known, items.collect(), impossible)?
            }
            Op::ListAggregate { function, known, list } => {
                let List(values) = self::known(value(list))? else { panic!("no list") };
                let items = values.into_iter().map(|value| (Ok(true), Some(value))).collect();
                aggregate(*function, *known, items, impossible)?
            }
            Op::ListWeightedMean(list, weights) => {
                let List(values) = known(value(list))? else { panic!("no list") };
                if values.len() != weights.len() {
                    return Err(impossible);
                }
                let mut sum = BigRational::zero();
                for (value, weight) in values.into_iter().zip(weights) {
                    let Naive::Number(value) = known(value)? else { panic!("no number") };
                    sum += value * BigRational::from(weight);
                }
                let weight: BigRational = weights.iter().map(BigRational::from).sum();
                if weight.is_zero() {
                    return Err(impossible);
                }
                Naive::Number(sum / weight)
            }
            Op::Running { of, keys, .. } => {
                // Everything that stands before this item or at its place, read anew.
                let items = self.items_in_order(id, keys)?;
                let mut sum = BigRational::zero();
                for other in items {
                    sum += self.number(*of, Some(other))?;
                    if Some(other) == item {
                        break;
                    }
                }
                Naive::Number(sum)
            }
            Op::Latest { list, of, keys, filter } => {
                if let Value::Unknown(cause) = self.facts.value(*list).unwrap() {
                    return Err(*cause);
                }
                let counts = |item: usize| filter.map_or(Ok(true), |filter| self.truth(filter, Some(item)));
                let mut some: Vec<(Vec<Naive>, usize)> = Vec::new();
                for item in 0..self.facts.records(*list).unwrap().items {
                    if counts(item) != Ok(false) {
                        some.push((self.keys_of(item, keys)?, item));
                    }
                }
                // From the last on; of items alike the first.
                some.sort_by(|(a, at), (b, other)| lie(b, a).then(at.cmp(other)));
                let (_, last) = some.first().ok_or(impossible)?;
                counts(*last)?;
                self.value(*of, Some(*last))
            }
            Op::Recent { list, count, oldest_first } => {
                let List(mut values) = known(value(list))? else { panic!("no list") };
                if values.len() < *count as usize {
                    return Err(impossible);
                }
                while values.len() > *count as usize {
                    values.remove(if *oldest_first { 0 } else { values.len() - 1 });
                }
                List(values)
            }
            Op::InARow { list, rises, steps, oldest_first } => {
                let List(mut values) = known(value(list))? else { panic!("no list") };
                if !oldest_first {
                    values.reverse();
                }
                if values.len() <= *steps as usize {
                    return Err(impossible);
                }
                let mut open = None;
                for pair in values[values.len() - *steps as usize - 1..].windows(2) {
                    match (&pair[0], &pair[1]) {
                        (Unknown(cause), _) | (_, Unknown(cause)) => open = open.or(Some(*cause)),
                        (a, b) if *rises && compare(a, b).is_lt() => {}
                        (a, b) if !*rises && compare(a, b).is_gt() => {}
                        _ => return Ok(Bool(false)),
                    }
                }
                open.map_or(Ok(Bool(true)), Err)?
            }
            Op::List(of) => List(of.iter().map(|a| known(value(a))).collect::<Result<_, _>>()?),
            Op::Lookup { list, key, field } => {
                self.lookup(*list, key.map(|(at, a)| (at, value(&a))), *field, id)?
            }
            Op::ByDate(series, on) => {
                let on = date(on)?;
                let series = &self.plan.series[*series as usize];
                if series.until.is_some_and(|until| on > until) {
                    return Err(Cause::Expired(id.0));
                }
                let mut held = None;
                for period in &series.periods {
                    if period.from <= on {
                        held = Some(naive(&period.value));
                    }
                }
                held.ok_or(Cause::Expired(id.0))?
            }
            Op::Reference { table, column, keys } => {
                let table = &self.plan.references[*table as usize];
                let keys: Vec<Naive> = keys.iter().map(|key| known(value(key))).collect::<Result<_, _>>()?;
                let own = |row: &Vec<Value>| -> Vec<Naive> {
                    table.keys.iter().map(|key| naive(&row[*key as usize])).collect()
                };
                let mut found = table.rows.iter().find(|row| own(row) == keys);
                if let (None, Some(within), Some(Naive::Date(on))) = (found, table.latest_within, keys.last())
                {
                    for back in 1..=within as i32 {
                        let mut earlier = keys.clone();
                        *earlier.last_mut().unwrap() = Naive::Date(Date(on.0 - back));
                        found = found.or_else(|| table.rows.iter().find(|row| own(row) == earlier));
                    }
                }
                match found.map(|row| naive(&row[*column as usize])) {
                    None | Some(Unknown(_)) => return Err(Cause::NoRow(id.0)),
                    Some(value) => value,
                }
            }
            // Day by day.
            Op::Interest(it) => {
                let (principal, from, to) = (number(&it.principal)?, date(&it.from)?, date(&it.to)?);
                let mut counted: Vec<((StepId, i64), i64)> = Vec::new();
                let mut day = from;
                while day <= to {
                    let counts = (day != from || it.first_day) && (day != to || it.last_day);
                    if counts {
                        let rate = it.rates.iter().rfind(|(from, _)| *from <= day);
                        let known = it.until.is_none_or(|until| day <= until);
                        let (_, rate) = rate.filter(|_| known).ok_or(Cause::Expired(id.0))?;
                        let (year, ..) = day.ymd();
                        let leap = Date::from_ymd(year, 2, 29).is_some();
                        let year = it.basis.map_or(if leap { 366 } else { 365 }, i64::from);
                        match counted.iter_mut().find(|(of, _)| *of == (*rate, year)) {
                            Some((_, days)) => *days += 1,
                            None => counted.push(((*rate, year), 1)),
                        }
                    }
                    if day == Date::MAX {
                        break;
                    }
                    day = Date(day.0 + 1);
                }
                let mut sum = BigRational::zero();
                for ((rate, year), days) in counted {
                    sum += number(&rate)? * integer(days) / integer(year);
                }
                Naive::Number(principal * sum)
            }
            Op::Instalment(principal, rate, count) => {
                let (principal, rate, count) = (number(principal)?, number(rate)?, number(count)?);
                let periods = i64::try_from(count.numer().clone()).ok().filter(|_| count.is_integer());
                let periods = periods.filter(|periods| (1..=1200).contains(periods)).ok_or(impossible)?;
                if !(BigRational::one() + &rate).is_positive() {
                    return Err(impossible);
                }
                // The debt is the sum of the instalments, each discounted to today.
                let mut discount = BigRational::one();
                let mut sum = BigRational::zero();
                for _ in 0..periods {
                    discount /= BigRational::one() + &rate;
                    sum += &discount;
                }
                Naive::Number(principal / sum)
            }
            Op::Anchor(a, anchor) => {
                let from = date(a)?;
                let (year, ..) = from.ymd();
                let is_it = |day: Date| {
                    let (_, month, in_month) = day.ymd();
                    let last = day == Date::MAX || Date(day.0 + 1).ymd().2 == 1;
                    match anchor {
                        Anchor::DayAfter(which) => in_month == *which || last && in_month < *which,
                        Anchor::OfYear(of, which) => {
                            month == *of && (in_month == *which || last && in_month < *which)
                        }
                    }
                };
                let begin = match anchor {
                    Anchor::DayAfter(_) => from.0 + 1,
                    Anchor::OfYear(..) => Date::from_ymd(year, 1, 1).unwrap().0,
                };
                let mut days = (begin..=Date::MAX.0).map(Date);
                Naive::Date(days.find(|day| is_it(*day)).ok_or(impossible)?)
            }
            // Made by hand, these plans have no book; `book_laws.rs` sums up by hand.
            Op::Book(..) => return Err(Cause::Book(id.0)),
            Op::NameOfItem(name, key) => match known(value(key))? {
                Text(key) => Text(format!("{name}[\"{key}\"]")),
                other => panic!("{other:?} is no key of a test"),
            },
            Op::SignedOn(signed) => {
                let subject = known(value(&signed.subject))?;
                let least = signed.amount.map(|least| number(&least)).transpose()?;
                let found = self.signed_on(signed.list, &subject, &signed.ways, least.as_ref());
                Naive::Date(found.ok_or(Cause::NotComputable(id.0))?)
            }
            Op::Signed(signed) => self.signed(signed, id)?,
            Op::Script(_, of) => match script(&number(&of[0])?) {
                Some(result) => Naive::Number(result),
                None => return Err(Cause::Script(id.0)),
            },
        })
    }

    /// The keys of an item.
    fn keys_of(&self, item: usize, keys: &[StepId]) -> Result<Vec<Naive>, Cause> {
        keys.iter().map(|key| known(self.value(*key, Some(item)))).collect()
    }

    /// The items of the list of a step, in the order of their keys.
    fn items_in_order(&self, id: StepId, keys: &[StepId]) -> Result<Vec<usize>, Cause> {
        let Scope::Items(list) = self.plan.steps[id].scope else { panic!("no step of items") };
        let items = 0..self.facts.records(list).unwrap().items;
        let mut places = Vec::new();
        for item in items {
            places.push((self.keys_of(item, keys)?, item));
        }
        places.sort_by(|(a, at), (b, other)| lie(a, b).then(at.cmp(other)));
        Ok(places.into_iter().map(|(_, item)| item).collect())
    }

    fn weigh(&self, terms: &[(Number, StepId)], item: Option<usize>) -> (BigRational, BigRational) {
        let (mut sum, mut weights) = (BigRational::zero(), BigRational::zero());
        for (weight, a) in terms {
            if let Ok(value) = self.number(*a, item) {
                sum += value * BigRational::from(weight);
                weights += BigRational::from(weight);
            }
        }
        (sum, weights)
    }

    fn in_order(&self, scale: EnumId, place: i64) -> bool {
        let members = &self.plan.schema.enums[scale].members;
        usize::try_from(place).ok().and_then(|place| members.get(place)).is_some_and(|member| !member.apart)
    }

    /// Every way to give the seats to records is tried.
    fn signed_on(
        &self,
        list: FieldId,
        subject: &Naive,
        ways: &[Vec<u128>],
        least: Option<&BigRational>,
    ) -> Option<Date> {
        let records = self.facts.records(list)?;
        let of = |column: usize, item: usize| naive(&records.columns[column][item]);
        let on = |item: usize| match of(3, item) {
            Naive::Date(on) => on,
            other => panic!("{other:?} is no day"),
        };
        let told: Vec<usize> =
            (0..records.items).filter(|item| of(0, *item) == *subject && on(*item) <= self.today).collect();
        let counts = |item: usize| {
            let alike = |other: &usize| of(2, *other) == of(2, item) && of(5, *other) != Code(0);
            let last = told.iter().copied().filter(alike).map(on).max() == Some(on(item));
            let refused = told
                .iter()
                .filter(|other| alike(other))
                .any(|other| on(*other) == on(item) && of(5, *other) == Code(2));
            let proposed = told.iter().any(|other| of(2, *other) == of(2, item) && of(5, *other) == Code(0));
            // Of all that he signed on that day, nothing is for less.
            let of_the_day = told.iter().filter(|other| alike(other) && on(**other) == on(item));
            let enough = least.is_none_or(|least| {
                of_the_day
                    .clone()
                    .all(|other| matches!(of(4, *other), Naive::Number(amount) if amount >= *least))
            });
            last && !refused && !proposed && enough && of(5, item) == Code(1)
        };
        let given: Vec<usize> = told.iter().copied().filter(|item| counts(*item)).collect();
        let mut best: Option<Date> = None;
        for way in ways.iter().filter(|way| !way.is_empty()) {
            let mut partial: Vec<Vec<usize>> = vec![Vec::new()];
            for seat in way {
                let may = |item: &usize| matches!(of(1, *item), Code(role) if seat >> role & 1 == 1);
                partial = partial
                    .iter()
                    .flat_map(|taken| {
                        let free = |item: &usize| taken.iter().all(|other| of(2, *other) != of(2, *item));
                        let next = given.iter().copied().filter(may).filter(free).collect::<Vec<_>>();
                        next.into_iter().map(|item| [taken.as_slice(), &[item]].concat())
                    })
                    .collect();
            }
            best =
                best.max(partial.iter().filter_map(|taken| taken.iter().map(|item| on(*item)).min()).max());
        }
        best
    }

    fn lookup(&self, list: FieldId, key: Option<(u32, Naive)>, field: u32, id: StepId) -> Found {
        let records = self.facts.records(list).unwrap();
        let found: Vec<usize> = match key {
            None if records.items > 1 => return Err(Cause::NotComputable(id.0)),
            None => (0..records.items).collect(),
            Some((_, Unknown(cause))) => return Err(cause),
            Some((at, key)) => {
                let keys = &records.columns[at as usize];
                (0..records.items).filter(|item| naive(&keys[*item]) == key).collect()
            }
        };
        let first = *found.first().ok_or(Cause::Missing(list.place() as u32))?;
        known(naive(&records.columns[field as usize][first]))
    }
}
