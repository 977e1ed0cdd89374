//! Stretches of the number line. An end lies just before a number or just behind it, so that `above 4` and `from 4` are apart
//! also where the key has endless decimals and no next value.

use crate::value::Number;

/// A place on the line: before the number, or with `true` behind it.
pub(super) type Cut = (Number, bool);

/// A stretch: from the first place to the second; none is endless.
pub(super) type Band = (Option<Cut>, Option<Cut>);

/// The whole line.
pub(super) const WHOLE: Band = (None, None);

/// Where both bands lie; none where they do not meet.
pub(super) fn both_of(one: &Band, other: &Band) -> Option<Band> {
    let from = one.0.clone().max(other.0.clone());
    let to = match (&one.1, &other.1) {
        (Some(one), Some(other)) => Some(one.min(other).clone()),
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    match (&from, &to) {
        (Some(from), Some(to)) if from >= to => None,
        _ => Some((from, to)),
    }
}

/// What is left of a band where another is taken away.
pub(super) fn without(one: &Band, other: &Band) -> Vec<Band> {
    let below = other.0.clone().and_then(|from| both_of(one, &(None, Some(from))));
    let above = other.1.clone().and_then(|to| both_of(one, &(Some(to), None)));
    below.into_iter().chain(above).collect()
}

/// What is left of the line where some bands are taken away.
pub(super) fn outside(bands: &[Band]) -> Vec<Band> {
    let mut left = vec![WHOLE];
    for band in bands {
        left = left.iter().flat_map(|it| without(it, band)).collect();
    }
    left
}

/// Bands with a value each, in one form: what no value of the range can reach left out, neighbours of one value joined.
pub(super) fn joined(mut pieces: Vec<(Band, u32)>, range: Option<&(Number, Number)>) -> Vec<(Band, u32)> {
    if let Some((least, greatest)) = range {
        let (first, last) = ((least.clone(), false), (greatest.clone(), true));
        pieces.retain(|((from, to), _)| {
            from.as_ref().is_none_or(|from| *from < last) && to.as_ref().is_none_or(|to| *to > first)
        });
        for ((from, to), _) in &mut pieces {
            *from = from.take().filter(|from| *from > first);
            *to = to.take().filter(|to| *to < last);
        }
    }
    pieces.sort();
    let mut joined: Vec<(Band, u32)> = Vec::new();
    for (band, value) in pieces {
        match joined.last_mut() {
            Some((last, same)) if *same == value && last.1.is_some() && last.1 == band.0 => last.1 = band.1,
            _ => joined.push((band, value)),
        }
    }
    joined
}

/// A band as it stands in a form.
pub(super) fn told((from, to): &Band) -> String {
    let end = |end: &Option<Cut>| match end {
        None => String::from("…"),
        Some((number, false)) => number.fraction_string(),
        Some((number, true)) => format!("{}+", number.fraction_string()),
    };
    format!("{} {}", end(from), end(to))
}

#[cfg(test)]
mod tests {
    use super::{both_of, joined, outside, told, without};
    use crate::value::Number;

    fn cut(number: i64, behind: bool) -> Option<super::Cut> {
        Some((Number::from_i64(number), behind))
    }

    #[test]
    fn from_and_above_are_apart_by_one_value() {
        let (from, above) = ((cut(4, false), None), (cut(4, true), None));
        assert_eq!(both_of(&from, &above), Some(above.clone()));
        assert_eq!(without(&from, &above), vec![(cut(4, false), cut(4, true))]);
        assert_eq!(without(&above, &from), vec![]);
        assert_eq!(outside(&[from, (None, cut(4, false))]), vec![]);
    }

    #[test]
    fn what_lies_outside_the_range_is_left_out_and_neighbours_are_joined() {
        let pieces = vec![
            ((cut(4, false), None), 1),
            ((None, cut(2, false)), 1),
            ((cut(2, false), cut(4, false)), 1),
            ((cut(9, true), None), 2),
        ];
        let range = (Number::from_i64(0), Number::from_i64(9));
        let told: Vec<String> = joined(pieces, Some(&range))
            .iter()
            .map(|(band, value)| format!("{} {value}", told(band)))
            .collect();
        assert_eq!(told, ["… … 1"]);
    }
}
