//! Pictures of a comparison as SVG: the waterfall, the distribution before and after, the curve. Lengths are whole pixels, so that
//! the same report gives the same bytes.

use unicode_width::UnicodeWidthStr as _;

use crate::base::escaped;
use crate::value::{Number, RoundingMode};

/// How wide a picture is, in its own units; the page stretches it.
const WIDTH: i64 = 960;

/// The width of a letter of the small font; a Chinese character takes two.
const LETTER: i64 = 7;

/// A bar of a waterfall: from where it begins to where it ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Its figure, as it is shown.
    pub shown: String,
    /// From where.
    pub from: Number,
    /// To where.
    pub to: Number,
    /// It stands for a whole, and not for a change.
    pub whole: bool,
    /// Customers are worse off by it.
    pub worse: bool,
}

/// The place of a figure between two others on a stretch of pixels.
fn place(at: &Number, (low, high): (&Number, &Number), (start, length): (i64, i64)) -> i64 {
    let range = high.sub(low);
    let part = at.sub(low).mul(&Number::from_i64(length)).div(&range);
    let part = part.map_or(0, |part| part.round(RoundingMode::HalfUp, 0).to_i64().unwrap_or(0));
    start.saturating_add(part.clamp(0, length))
}

/// The text that fits into so many pixels: a longer one ends with `…`.
fn fitted(text: &str, pixels: i64) -> String {
    let columns = usize::try_from(pixels.div_euclid(LETTER)).unwrap_or(0);
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    for ch in text.chars() {
        out.push(ch);
        if out.width().saturating_add(1) > columns {
            out.pop();
            break;
        }
    }
    out.push('…');
    out
}

fn text(x: i64, y: i64, class: &str, written: &str) -> String {
    format!("<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{}</text>\n", escaped(written))
}

fn rect((x, y): (i64, i64), (width, height): (i64, i64), class: &str, title: &str) -> String {
    let title = if title.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(title)) };
    format!(
        "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{height}\" class=\"{class}\">{title}</rect>\n",
        width.max(1)
    )
}

fn svg(height: i64, title: &str, inside: &str) -> String {
    let title = escaped(title);
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n{inside}</svg>\n"
    )
}

/// A waterfall: bars under each other, each from where the last ended. Labels stand at the left, figures at the right, so that
/// neither lies over a bar.
#[must_use]
pub fn waterfall(title: &str, bars: &[Bar]) -> String {
    const ROW: i64 = 30;
    const LABELS: i64 = 440;
    const FIGURES: i64 = 140;
    let ends = || bars.iter().flat_map(|bar| [&bar.from, &bar.to]);
    let zero = Number::ZERO;
    let low = ends().min().cloned().unwrap_or(Number::ZERO).min(zero.clone());
    let high = ends().max().cloned().unwrap_or(Number::ZERO).max(zero);
    // Where whole bars are long and changes short, the stretch in which something moves is shown alone.
    let changes = || bars.iter().filter(|bar| !bar.whole).flat_map(|bar| [&bar.from, &bar.to]);
    let (least, most) = (changes().min().cloned(), changes().max().cloned());
    let (cut, low) = match (least, most) {
        (Some(least), Some(most)) if !least.is_negative() => {
            let span = most.sub(&least);
            let margin = span.mul(&Number::from_i64(1)).max(Number::ONE);
            let from = least.sub(&margin);
            if from.is_positive() && from > span { (true, from) } else { (false, low) }
        }
        _ => (false, low),
    };
    let area = (LABELS, WIDTH.saturating_sub(LABELS).saturating_sub(FIGURES));
    let scale = (&low, &high);
    let mut inside = String::new();
    let mut y = 8_i64;
    let last = bars.len().saturating_sub(1);
    for (number, bar) in bars.iter().enumerate() {
        let from = if bar.whole { &low } else { &bar.from };
        let (one, other) = (place(from, scale, area), place(&bar.to, scale, area));
        let (left, right) = (one.min(other), one.max(other));
        let class = match (bar.whole, bar.worse) {
            (true, _) => "whole",
            (false, true) => "down",
            (false, false) => "up",
        };
        let title = format!("{}: {}", bar.label, bar.shown);
        inside.push_str(&text(
            LABELS.saturating_sub(12),
            y.saturating_add(18),
            "label end",
            &fitted(&bar.label, LABELS.saturating_sub(20)),
        ));
        inside.push_str(&rect(
            (left, y.saturating_add(4)),
            (right.saturating_sub(left), ROW.saturating_sub(10)),
            class,
            &title,
        ));
        if bar.whole && cut {
            // A gap in the bar says that it begins elsewhere.
            let x = LABELS.saturating_add(8);
            let (top, bottom) = (y.saturating_add(2), y.saturating_add(ROW).saturating_sub(4));
            inside.push_str(&format!(
                "<path d=\"M{x} {bottom} l6 {} M{} {bottom} l6 {}\" class=\"cut\"/>\n",
                top.saturating_sub(bottom),
                x.saturating_add(6),
                top.saturating_sub(bottom)
            ));
        }
        inside.push_str(&text(WIDTH.saturating_sub(8), y.saturating_add(18), "figure end", &bar.shown));
        if number < last {
            let x = place(&bar.to, scale, area);
            let bottom = y.saturating_add(ROW).saturating_sub(6);
            inside.push_str(&format!(
                "<line x1=\"{x}\" y1=\"{bottom}\" x2=\"{x}\" y2=\"{}\" class=\"tie\"/>\n",
                bottom.saturating_add(10)
            ));
        }
        y = y.saturating_add(ROW);
    }
    svg(y.saturating_add(8), title, &inside)
}

/// Two counts of one class.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pillar {
    /// The class.
    pub label: String,
    /// Before and after.
    pub counts: (Number, Number),
    /// As they are shown.
    pub shown: (String, String),
}

/// A distribution before and after: two pillars for each class, side by side.
#[must_use]
pub fn distribution(title: &str, (before, after): (&str, &str), pillars: &[Pillar]) -> String {
    const HEIGHT: i64 = 220;
    const TOP: i64 = 46;
    let most =
        pillars.iter().flat_map(|it| [&it.counts.0, &it.counts.1]).max().cloned().unwrap_or(Number::ONE);
    let most = most.max(Number::ONE);
    let count = i64::try_from(pillars.len()).unwrap_or(1).max(1);
    let slot = WIDTH.checked_div(count).unwrap_or(WIDTH).min(160);
    let wide = slot.saturating_mul(34).checked_div(100).unwrap_or(20);
    let mut inside = String::new();
    inside.push_str(&rect((8, 8), (14, 14), "before", ""));
    inside.push_str(&text(28, 20, "label", before));
    let second = 60_i64.saturating_add(i64::try_from(before.width()).unwrap_or(0).saturating_mul(LETTER));
    inside.push_str(&rect((second, 8), (14, 14), "after", ""));
    inside.push_str(&text(second.saturating_add(20), 20, "label", after));
    let base = TOP.saturating_add(HEIGHT);
    for (number, pillar) in (0_i64..).zip(pillars) {
        let x = slot.saturating_mul(number);
        let middle = x.saturating_add(slot.checked_div(2).unwrap_or(0));
        let mut stand = |value: &Number, shown: &str, left: i64, class: &str| {
            let height = place(value, (&Number::ZERO, &most), (0, HEIGHT));
            let title = format!("{}: {shown}", pillar.label);
            inside.push_str(&rect((left, base.saturating_sub(height)), (wide, height), class, &title));
            let above = base.saturating_sub(height).saturating_sub(5);
            inside.push_str(&text(
                left.saturating_add(wide.checked_div(2).unwrap_or(0)),
                above,
                "small middle",
                &fitted(shown, slot.checked_div(2).unwrap_or(40)),
            ));
        };
        stand(&pillar.counts.0, &pillar.shown.0, middle.saturating_sub(wide).saturating_sub(2), "before");
        stand(&pillar.counts.1, &pillar.shown.1, middle.saturating_add(2), "after");
        inside.push_str(&text(middle, base.saturating_add(20), "label middle", &fitted(&pillar.label, slot)));
    }
    inside.push_str(&format!(
        "<line x1=\"0\" y1=\"{base}\" x2=\"{}\" y2=\"{base}\" class=\"axis\"/>\n",
        slot.saturating_mul(count)
    ));
    svg(base.saturating_add(32), title, &inside)
}

/// A point of a curve.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Point {
    /// The value that was turned, and as it is shown.
    pub at: (Number, String),
    /// What comes of it, and as it is shown.
    pub height: (Number, String),
    /// It is what is now.
    pub now: bool,
}

/// A curve: what comes of a value as it is turned.
#[must_use]
pub fn curve(title: &str, points: &[Point]) -> String {
    const HEIGHT: i64 = 220;
    const TOP: i64 = 24;
    const LEFT: i64 = 150;
    let ats = || points.iter().map(|point| &point.at.0);
    let heights = || points.iter().map(|point| &point.height.0);
    let bound = |number: Option<&Number>| number.cloned().unwrap_or(Number::ZERO);
    let (first, last) = (bound(ats().min()), bound(ats().max()));
    let (low, high) = (bound(heights().min()), bound(heights().max()));
    let across = (LEFT, WIDTH.saturating_sub(LEFT).saturating_sub(60));
    let base = TOP.saturating_add(HEIGHT);
    let x = |point: &Point| place(&point.at.0, (&first, &last), across);
    let y = |point: &Point| base.saturating_sub(place(&point.height.0, (&low, &high), (0, HEIGHT)));
    let mut inside = format!(
        "<line x1=\"{LEFT}\" y1=\"{base}\" x2=\"{}\" y2=\"{base}\" class=\"axis\"/>\n<line x1=\"{LEFT}\" y1=\"{TOP}\" x2=\"{LEFT}\" y2=\"{base}\" class=\"axis\"/>\n",
        across.0.saturating_add(across.1)
    );
    for point in points.iter().filter(|point| point.height.0 == high || point.height.0 == low) {
        inside.push_str(&text(
            LEFT.saturating_sub(10),
            y(point).saturating_add(5),
            "small end",
            &point.height.1,
        ));
        if low == high {
            break;
        }
    }
    let line: Vec<String> = points.iter().map(|point| format!("{},{}", x(point), y(point))).collect();
    inside.push_str(&format!("<polyline points=\"{}\" class=\"curve\"/>\n", line.join(" ")));
    // Values are written below as far as they do not run into each other.
    let mut free = 0_i64;
    for point in points {
        let title = format!("{}: {}", point.at.1, point.height.1);
        let (x, y) = (x(point), y(point));
        let class = if point.now { "now" } else { "dot" };
        inside.push_str(&format!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"5\" class=\"{class}\"><title>{}</title></circle>\n",
            escaped(&title)
        ));
        let half =
            i64::try_from(point.at.1.width()).unwrap_or(0).saturating_mul(LETTER).checked_div(2).unwrap_or(0);
        if x.saturating_sub(half) >= free {
            inside.push_str(&text(x, base.saturating_add(20), "small middle", &point.at.1));
            free = x.saturating_add(half).saturating_add(14);
        }
    }
    svg(base.saturating_add(32), title, &inside)
}
