//! Figures as offices say and shorten them: `五十万`, `八折`, `百分之二十`, `100W`, `50k`, `1.5 million`, and how the language writes them.

/// How a figure is written in the language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meant {
    /// The figure in digits: `50万`, `80%`, `1_500_000`.
    pub written: String,
    /// Nothing else can have been meant: `五十万` is one number, where the `m` of `1.5m` may be millions or months.
    pub sure: bool,
}

/// A number with its decimals: 15 with 1 decimal is 1.5.
#[derive(Clone, Copy)]
struct Figure {
    digits: i128,
    decimals: u32,
}

/// Longest first, each with its power of ten: behind digits, `W` and `w` are 万, as chats and sheets write it.
const SCALES: &[(&str, u32, bool)] = &[
    ("thousand", 3, true),
    ("million", 6, true),
    ("billion", 9, true),
    ("hundred", 2, true),
    ("lakh", 5, true),
    ("crore", 7, true),
    ("万亿", 12, true),
    ("千万", 7, true),
    ("百万", 6, true),
    ("十万", 5, true),
    ("亿", 8, true),
    ("万", 4, true),
    ("千", 3, true),
    ("百", 2, true),
    ("mio", 6, true),
    ("mln", 6, true),
    ("mn", 6, true),
    ("MM", 6, true),
    ("bn", 9, true),
    ("W", 4, false),
    ("w", 4, false),
    ("K", 3, false),
    ("k", 3, false),
    ("M", 6, false),
    ("m", 6, false),
    ("B", 9, false),
    ("b", 9, false),
];

/// What a word or a shortened number stands for, if it is a figure.
#[must_use]
pub fn figure_meant(found: &str) -> Option<Meant> {
    let bare =
        ["人民币", "RMB", "rmb"].into_iter().find_map(|sign| found.strip_prefix(sign)).unwrap_or(found);
    let bare = bare.strip_suffix('整').unwrap_or(bare);
    // `100元` is the language itself; `人民币100元整` is a habit.
    let dressed = bare.len() < found.len();
    let meant = part_of_hundred(bare).or_else(|| {
        let ((figure, rest), spoke) = match spoken(bare) {
            Some(read) => (read, true),
            None => (digits(bare)?, false),
        };
        let scale = SCALES.iter().find_map(|scale| Some((*scale, rest.strip_prefix(scale.0)?)));
        // `3月` has no 3 months in it that `m` could hide: a whole unit is looked for first.
        let whole = unit(figure, rest);
        let (figure, unit, odd, sure) = match (whole, scale) {
            // `2 years` are 24 months where months are counted, and the plain number 2 where years are.
            (Some((turned, unit, odd)), _) => (turned, unit, odd, turned.digits == figure.digits),
            (None, Some(((_, power, sure), behind))) if !spoke => {
                let (figure, unit, _) = unit(raised(figure, power)?, behind)?;
                (figure, unit, true, sure)
            }
            _ => return None,
        };
        // `60 days` is the language itself.
        if !odd && !dressed && !spoke {
            return None;
        }
        let latin = bare.is_ascii() && !bare.ends_with(['W', 'w']);
        Some(Meant { written: format!("{}{unit}", plain(figure, latin)?), sure })
    });
    // `1万` is said as it is written.
    meant.filter(|meant| meant.written != found)
}

/// The lower end of a stretch with the unit that stands at its upper end alone: the `1` of `1-10万` is 1万, and 0 is 0 of whatever is
/// counted.
pub(super) fn with_unit_of(from: &str, to: &str) -> String {
    let digits = |text: &str| {
        text.find(|ch: char| !(ch.is_ascii_digit() || ".,_-".contains(ch))).unwrap_or(text.len())
    };
    let bare = digits(from) == from.len() && !from.is_empty();
    let unit = to.get(digits(to)..).unwrap_or("");
    let counted = ["万", "亿", "元", "千", "百"].into_iter().any(|word| unit.starts_with(word));
    let zero = from.trim_matches(['0', '.']).is_empty();
    if bare && !(zero && counted) { format!("{from}{unit}") } else { from.to_owned() }
}

/// `八折`, `9.5折`, `两成`, `两成半`, `百分之二十`, `千分之五`.
fn part_of_hundred(found: &str) -> Option<Meant> {
    let whole = |text: &str| -> Option<Figure> {
        let (figure, rest) = spoken(text).or_else(|| digits(text))?;
        rest.is_empty().then_some(figure)
    };
    if matches!(found, "一半" | "半数" | "half") {
        return Some(Meant { written: "50%".into(), sure: true });
    }
    for (words, sign) in [("百分之", "%"), ("千分之", "‰")] {
        if let Some(rest) = found.strip_prefix(words) {
            return Some(Meant { written: format!("{}{sign}", plain(whole(rest)?, true)?), sure: true });
        }
    }
    if let Some(tenths) = found.strip_suffix("成半") {
        let half = Figure { digits: whole(tenths)?.digits.checked_mul(10)?.checked_add(5)?, decimals: 0 };
        return Some(Meant { written: format!("{}%", plain(half, true)?), sure: true });
    }
    let (tenths, discount) = match found.strip_suffix('成') {
        Some(tenths) => (tenths, false),
        None => (found.strip_suffix('折')?, true),
    };
    // 九五折 is read digit by digit: 95%.
    let figures: Vec<i128> = tenths.chars().filter_map(numeral).collect();
    let share = match figures.as_slice() {
        [tens, ones] if discount && tenths.chars().count() == 2 && *tens < 10 && *ones < 10 => {
            Figure { digits: tens.checked_mul(10)?.checked_add(*ones)?, decimals: 0 }
        }
        _ => raised(whole(tenths)?, 1)?,
    };
    // 八折 is 80% of a price and a haircut of 20%: which one is meant, who wrote it knows.
    Some(Meant { written: format!("{}%", plain(share, true)?), sure: !discount })
}

/// A figure with the unit behind it, as the language has both, and whether it has them otherwise than written: a week is 7 days.
fn unit(figure: Figure, rest: &str) -> Option<(Figure, &'static str, bool)> {
    let (times, unit, odd) = match rest {
        "" => (1, "", false),
        "元" => (1, "元", false),
        "块" | "圆" => (1, "元", true),
        "天" => (1, "天", false),
        "日" => (1, "天", true),
        "个月" => (1, "个月", false),
        "月" => (1, "个月", true),
        "个工作日" => (1, "个工作日", false),
        "%" | "％" => (1, "%", false),
        "周" | "星期" | "个星期" => (7, "天", true),
        "年" => (12, "个月", true),
        "个季度" | "季度" => (3, "个月", true),
        "d" | "D" => (1, " days", true),
        "weeks" | "week" | "wks" | "wk" => (7, " days", true),
        "years" | "year" | "yrs" | "yr" | "y" => (12, " months", true),
        "quarters" | "quarter" => (3, " months", true),
        "mths" | "mth" | "mos" => (1, " months", true),
        "个点" | "个百分点" | "个百分比" => (1, "%", true),
        "pct" | "percent" | "pc" => (1, "%", true),
        _ => return None,
    };
    // A year of four digits is none of twelve months.
    if rest == "年" && figure.digits > 100 {
        return None;
    }
    Some((Figure { digits: figure.digits.checked_mul(times)?, ..figure }, unit, odd))
}

/// Digits at the beginning of a text, and what stands behind them.
fn digits(text: &str) -> Option<(Figure, &str)> {
    let mut figure = Figure { digits: 0, decimals: 0 };
    let (mut seen, mut in_fraction) = (false, false);
    let mut rest = text.chars();
    loop {
        let here = rest.as_str();
        match rest.next() {
            Some(ch) if ch.is_ascii_digit() => {
                let digit = i128::from(ch.to_digit(10)?);
                figure.digits = figure.digits.checked_mul(10)?.checked_add(digit)?;
                figure.decimals = figure.decimals.checked_add(u32::from(in_fraction))?;
                seen = true;
            }
            Some('_' | ',') if seen && !in_fraction => {}
            Some('.') if seen && !in_fraction => in_fraction = true,
            _ => return seen.then_some((figure, here)),
        }
    }
}

/// A number in Chinese words at the beginning of a text, and what stands behind it: `三百二十万元`.
fn spoken(text: &str) -> Option<(Figure, &str)> {
    let (mut total, mut section, mut number) = (0i128, 0i128, None::<i128>);
    let mut read = 0usize;
    for (at, ch) in text.char_indices() {
        if let Some(digit) = numeral(ch) {
            // 三五万 is no number.
            if number.is_some_and(|number| number != 0) {
                return None;
            }
            number = Some(digit);
        } else if let Some(power) = place_value(ch) {
            let step = 10i128.checked_pow(power)?;
            if power < 4 {
                section = section.checked_add(number.unwrap_or(1).checked_mul(step)?)?;
            } else {
                let here = section.checked_add(number.unwrap_or(0))?;
                // 亿 multiplies all before it, 万 what stands behind the last 亿.
                let (kept, all) = if power == 8 { (0, total.checked_add(here)?) } else { (total, here) };
                if all == 0 {
                    return None;
                }
                total = kept.checked_add(all.checked_mul(step)?)?;
                section = 0;
            }
            number = None;
        } else {
            break;
        }
        read = at.checked_add(ch.len_utf8())?;
    }
    if read == 0 {
        return None;
    }
    let digits = total.checked_add(section)?.checked_add(number.unwrap_or(0))?;
    Some((Figure { digits, decimals: 0 }, text.get(read..)?))
}

fn numeral(ch: char) -> Option<i128> {
    let place = "零一二三四五六七八九".chars().position(|known| known == ch);
    let formal = "零壹贰叁肆伍陆柒捌玖".chars().position(|known| known == ch);
    match ch {
        '〇' => Some(0),
        '两' => Some(2),
        _ => i128::try_from(place.or(formal)?).ok(),
    }
}

fn place_value(ch: char) -> Option<u32> {
    Some(match ch {
        '十' | '拾' => 1,
        '百' | '佰' => 2,
        '千' | '仟' => 3,
        '万' => 4,
        '亿' => 8,
        _ => return None,
    })
}

/// A figure times a power of ten.
fn raised(figure: Figure, power: u32) -> Option<Figure> {
    let taken = power.min(figure.decimals);
    let digits = figure.digits.checked_mul(10i128.checked_pow(power.checked_sub(taken)?)?)?;
    Some(Figure { digits, decimals: figure.decimals.checked_sub(taken)? })
}

/// As the language writes it: in 万 and 亿, or with grouped digits.
fn plain(figure: Figure, latin: bool) -> Option<String> {
    let one = 10i128.checked_pow(figure.decimals)?;
    let (whole, fraction) = (figure.digits.checked_div(one)?, figure.digits.checked_rem(one)?);
    if fraction != 0 {
        let width = usize::try_from(figure.decimals).ok()?;
        let fraction = format!("{fraction:0width$}");
        return Some(format!("{whole}.{}", fraction.trim_end_matches('0')));
    }
    for (word, size) in [("亿", 100_000_000i128), ("万", 10_000)] {
        if !latin && whole != 0 && whole.checked_rem(size)? == 0 {
            return Some(format!("{}{word}", whole.checked_div(size)?));
        }
    }
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (place, ch) in digits.chars().enumerate() {
        let left = digits.len().checked_sub(place)?;
        if digits.len() > 4 && place > 0 && left.checked_rem(3)? == 0 {
            grouped.push('_');
        }
        grouped.push(ch);
    }
    Some(grouped)
}

#[cfg(test)]
mod tests;
