//! What is done with values, each operation as its definition says it.

use super::Naive::{Bool, Code, Text, Unknown};
use super::*;

pub(super) fn integer(whole: i64) -> BigRational {
    BigRational::from_integer(BigInt::from(whole))
}

pub(super) fn compare(a: &Naive, b: &Naive) -> std::cmp::Ordering {
    match (a, b) {
        (Naive::Number(a), Naive::Number(b)) => a.cmp(b),
        (Naive::Date(a), Naive::Date(b)) => a.0.cmp(&b.0),
        other => panic!("{other:?} do not compare"),
    }
}

/// How two items lie by their keys.
pub(super) fn lie(a: &[Naive], b: &[Naive]) -> std::cmp::Ordering {
    let mut order = std::cmp::Ordering::Equal;
    for (a, b) in a.iter().zip(b) {
        order = order.then_with(|| match (a, b) {
            (Text(a), Text(b)) => a.cmp(b),
            (Code(a), Code(b)) => a.cmp(b),
            _ => compare(a, b),
        });
    }
    order
}

pub(super) fn pick(take: Take, mut all: Vec<Naive>) -> Option<Naive> {
    if take != Take::First {
        all.sort_by(compare);
    }
    match take {
        Take::First | Take::Lowest => all.first().cloned(),
        Take::Highest => all.last().cloned(),
        Take::Middle => (all.len() % 2 == 1).then(|| all[all.len() / 2].clone()),
        Take::Average => {
            let count = integer(all.len() as i64);
            (!all.is_empty()).then(|| {
                let numbers = all.into_iter().map(|one| match one {
                    Naive::Number(number) => number,
                    other => panic!("{other:?} has no average"),
                });
                Naive::Number(numbers.sum::<BigRational>() / count)
            })
        }
    }
}

/// Yes, no, or why neither.
type MayBe = Result<bool, Cause>;

/// `any`, `all`: try every way in which the unknown could turn out; certain only where all ways agree.
pub(super) fn quantified(all: bool, items: &[(MayBe, MayBe)]) -> Option<Option<bool>> {
    let mut ways: Vec<Vec<(bool, bool)>> = vec![Vec::new()];
    for (counts, holds) in items {
        let options = |one: &MayBe| one.map_or(vec![false, true], |one| vec![one]);
        ways = ways
            .into_iter()
            .flat_map(|way| {
                let mut longer = Vec::new();
                for counts in options(counts) {
                    for holds in options(holds) {
                        let mut way = way.clone();
                        way.push((counts, holds));
                        longer.push(way);
                    }
                }
                longer
            })
            .collect();
    }
    let results: BTreeSet<Option<bool>> = ways
        .iter()
        .map(|way| {
            let mut counted = way.iter().filter(|(counts, _)| *counts).map(|(_, holds)| *holds).peekable();
            counted.peek().is_some().then_some(())?;
            Some(if all { counted.all(|holds| holds) } else { counted.any(|holds| holds) })
        })
        .collect();
    (results.len() == 1).then(|| results.into_iter().next().unwrap())
}

pub(super) fn aggregate(
    function: AggregateFunction,
    leave_out: bool,
    mut items: Vec<(Result<bool, Cause>, Option<Naive>)>,
    impossible: Cause,
) -> Found {
    if leave_out {
        items.retain(|(filter, value)| filter.is_err() || !matches!(value, Some(Unknown(_))));
    }
    if matches!(function, AggregateFunction::Any | AggregateFunction::All) {
        let all = function == AggregateFunction::All;
        if leave_out {
            items.retain(|(_, value)| !matches!(value, Some(Unknown(_))));
        }
        let pairs: Vec<_> = items
            .iter()
            .map(|(filter, value)| {
                let holds = match value.clone().unwrap() {
                    Bool(bool) => Ok(bool),
                    Unknown(cause) => Err(cause),
                    other => panic!("{other:?} is no yes or no"),
                };
                (*filter, holds)
            })
            .collect();
        return match quantified(all, &pairs) {
            Some(Some(result)) => Ok(Bool(result)),
            Some(None) => Err(impossible),
            None => {
                // The first item that could decide it tells why, else the first of which it is open whether it counts.
                let deciding = !all;
                let could =
                    pairs.iter().find(|(counts, holds)| *counts != Ok(false) && *holds != Ok(!deciding));
                let cause = could.map(|(counts, holds)| counts.err().or(holds.err()).unwrap());
                Err(cause.or_else(|| pairs.iter().find_map(|(counts, _)| counts.err())).unwrap())
            }
        };
    }
    let mut values = Vec::new();
    for (filter, value) in items {
        if filter? {
            match value {
                Some(Unknown(cause)) => return Err(cause),
                Some(value) => values.push(value),
                None => values.push(Bool(true)),
            }
        }
    }
    let numbers = || {
        values.iter().map(|value| match value {
            Naive::Number(number) => number.clone(),
            Bool(bool) => integer(i64::from(*bool)),
            other => panic!("{other:?} is no number"),
        })
    };
    let count = integer(values.len() as i64);
    match function {
        AggregateFunction::Sum => Ok(Naive::Number(numbers().sum())),
        AggregateFunction::Count => Ok(Naive::Number(count)),
        _ if values.is_empty() => Err(impossible),
        AggregateFunction::Average | AggregateFunction::Share => {
            Ok(Naive::Number(numbers().sum::<BigRational>() / count))
        }
        AggregateFunction::Lowest => Ok(pick(Take::Lowest, values).unwrap()),
        AggregateFunction::Highest => Ok(pick(Take::Highest, values).unwrap()),
        AggregateFunction::Any | AggregateFunction::All => unreachable!("done above"),
    }
}

pub(super) fn round(of: BigRational, mode: RoundingMode) -> BigRational {
    let (below, above) = (of.floor(), of.ceil());
    if below == above {
        return of;
    }
    let (near, far) =
        if of.is_negative() { (above.clone(), below.clone()) } else { (below.clone(), above.clone()) };
    let half = (&of - &near).abs() * integer(2);
    match mode {
        RoundingMode::Down => near,
        RoundingMode::Up => far,
        RoundingMode::Floor => below,
        RoundingMode::Ceiling => above,
        RoundingMode::HalfUp if half >= BigRational::one() => far,
        RoundingMode::HalfEven if half > BigRational::one() => far,
        RoundingMode::HalfEven if half == BigRational::one() => {
            let even = (near.clone() / integer(2)).is_integer();
            if even { near } else { far }
        }
        RoundingMode::HalfUp | RoundingMode::HalfEven => near,
    }
}

pub(super) fn add_months(from: Date, months: i64, end: MonthEnd) -> Option<Date> {
    let (year, month, day) = from.ymd();
    let count = (i64::from(year) * 12 + i64::from(month) - 1).checked_add(months)?;
    let (year, month) = (i16::try_from(count.div_euclid(12)).ok()?, count.rem_euclid(12) as u8 + 1);
    for day in (1..=day).rev() {
        if let Some(found) = Date::from_ymd(year, month, day) {
            let exact = day == from.ymd().2;
            return if exact || end == MonthEnd::Last { Some(found) } else { found.add_days(1) };
        }
    }
    None
}
