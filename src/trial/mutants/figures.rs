//! Figures of a text moved by one step of their own: the last digit that is written, a day of a date.

use crate::value::{Date, Number};

/// Which way a figure is moved.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Way {
    /// By one step up.
    Up,
    /// By one step down.
    Down,
}

/// `12` is `13`, `12.5%` is `12.6%`, `120万` is `121万`, `1_999` is `2_000`, `30 days` is `31 days`; none where the text is no
/// figure.
pub(super) fn moved(written: &str, way: Way) -> Option<String> {
    let end = written.char_indices().find(|(_, ch)| !is_of_figure(*ch)).map_or(written.len(), |(at, _)| at);
    let (figure, unit) = written.split_at_checked(end)?;
    let plain: String = figure.chars().filter(|ch| *ch != '_').map(ascii).collect();
    let number = Number::decimal(&plain)?;
    let decimals = plain.split_once('.').map_or(0, |(_, behind)| behind.len());
    let decimals = u32::try_from(decimals).ok()?;
    let step = Number::from_i64(1).div(&Number::power_of_ten(decimals))?;
    let moved = match way {
        Way::Up => number.add(&step),
        Way::Down => number.sub(&step),
    };
    let text = moved.to_fixed(decimals);
    let text = if figure.contains('_') { in_groups(&text) } else { text };
    Some(format!("{text}{unit}"))
}

/// A day later or earlier: `2026-03-01` is `2026-02-28`.
pub(super) fn moved_day(written: &str, way: Way) -> Option<String> {
    let days = match way {
        Way::Up => 1,
        Way::Down => -1,
    };
    Some(Date::parse(written)?.add_days(days)?.to_string())
}

/// The last figure within a text moved: of `the 7th after`, of `12-31 of year of`.
pub(super) fn moved_within(written: &str, way: Way) -> Option<String> {
    let digits = |ch: char| ch.is_ascii_digit();
    let end = written.rfind(digits)?.checked_add(1)?;
    let head = written.get(..end)?;
    let start = head.rfind(|ch: char| !ch.is_ascii_digit()).map_or(0, |at| {
        at.saturating_add(head.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8))
    });
    let number: u8 = head.get(start..)?.parse().ok()?;
    let other = match way {
        Way::Up => number.checked_add(1)?,
        Way::Down => number.checked_sub(1)?,
    };
    let behind = written.get(end..)?;
    // `the 1st after` is `the 2nd after`.
    let ordinal = ["st", "nd", "rd", "th"].into_iter().find(|ending| behind.starts_with(ending));
    let (ending, rest) = match ordinal {
        Some(ending) => (ordinal_of(other), behind.get(ending.len()..)?),
        None => ("", behind),
    };
    Some(format!("{}{other}{ending}{rest}", written.get(..start)?))
}

fn ordinal_of(number: u8) -> &'static str {
    match (number.checked_rem(10), number.checked_div(10)) {
        (_, Some(1)) => "th",
        (Some(1), _) => "st",
        (Some(2), _) => "nd",
        (Some(3), _) => "rd",
        _ => "th",
    }
}

fn is_of_figure(ch: char) -> bool {
    ch.is_ascii_digit() || matches!(ch, '０'..='９' | '_' | '.' | '．')
}

fn ascii(ch: char) -> char {
    match ch {
        '．' => '.',
        '０'..='９' => {
            let place = u32::from(ch).saturating_sub(u32::from('０'));
            char::from_digit(place, 10).unwrap_or(ch)
        }
        _ => ch,
    }
}

/// `1999` is `1_999`.
fn in_groups(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, behind) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        let left = whole.len().saturating_sub(place);
        if place > 0 && left.checked_rem(3) == Some(0) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    match behind {
        Some(behind) => format!("{sign}{grouped}.{behind}"),
        None => format!("{sign}{grouped}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_moves_by_its_last_digit() {
        let up = |text: &str| moved(text, Way::Up).unwrap();
        let down = |text: &str| moved(text, Way::Down).unwrap();
        assert_eq!(up("12"), "13");
        assert_eq!(up("12.5%"), "12.6%");
        assert_eq!(up("120万"), "121万");
        assert_eq!(up("1_999"), "2_000");
        assert_eq!(up("99.99"), "100.00");
        assert_eq!(up("３０ days"), "31 days");
        assert_eq!(down("30 days"), "29 days");
        assert_eq!(down("1_000"), "999");
        assert_eq!(down("0"), "-1");
        assert_eq!(down("0.0"), "-0.1");
        assert_eq!(moved("net_assets", Way::Up), None);
    }

    #[test]
    fn a_day_moves_by_a_day() {
        assert_eq!(moved_day("2026-02-28", Way::Up).unwrap(), "2026-03-01");
        assert_eq!(moved_day("2026-01-01", Way::Down).unwrap(), "2025-12-31");
        assert_eq!(moved_within("the 7th after", Way::Up).unwrap(), "the 8th after");
        assert_eq!(moved_within("the 1st after", Way::Up).unwrap(), "the 2nd after");
        assert_eq!(moved_within("the 1st after", Way::Down).unwrap(), "the 0th after");
        assert_eq!(moved_within("12-31 of year of", Way::Down).unwrap(), "12-30 of year of");
        assert_eq!(moved_within("之后首个 7日", Way::Up).unwrap(), "之后首个 8日");
    }
}
