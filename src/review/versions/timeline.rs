//! The versions of policies as bars over time, for a terminal: drawn in ASCII, which is one column wide everywhere, beside names that
//! may be Chinese.
//!
//! ```text
//!               |2026-04      |2026-07      |2026-10      |2027-01
//!                                                :2026-11-16
//! trade_credit  [ 2026.3 ==================][ 2026.4:==============>
//! ```

use unicode_width::UnicodeWidthStr as _;

use crate::store::{RulesFolder, Version};
use crate::value::{Date, MonthEnd};

/// So many columns are drawn.
const WIDTH: i64 = 64;
/// So far before and after the day asked about is drawn, in months.
const EARLIEST: i32 = 60;
const LATEST: i32 = 36;
/// Columns from one label of the axis to the next, at least: `2026-10` and a blank.
const TICK: i64 = 10;
/// Months from one label to the next.
const STEPS: [i32; 6] = [1, 3, 6, 12, 24, 60];

/// The days that are drawn.
struct Axis {
    first: Date,
    days: i64,
}

impl Axis {
    /// All periods, as far as they are near the day.
    fn of(versions: &[Version<'_>], day: Date) -> Axis {
        let near = |months: i32, other: Date| day.add_months(months, MonthEnd::Last).unwrap_or(other);
        let (least, most) = (near(EARLIEST.saturating_neg(), Date::MIN), near(LATEST, Date::MAX));
        let days = || versions.iter().flat_map(|it| [it.from, it.until]).flatten().chain([day]);
        let first = days().min().unwrap_or(day).max(least).first_of_month();
        let last = days().max().unwrap_or(day).min(most);
        // What has no end is seen to go on.
        let beyond = first.days_until(last).checked_div(8).unwrap_or(0).max(31);
        let last = last.add_days(beyond).unwrap_or(last);
        Axis { first, days: first.days_until(last).saturating_add(1) }
    }

    /// The column in which a day stands; that behind the last for what lies beyond.
    fn column(&self, day: Date) -> i64 {
        let ahead = self.first.days_until(day);
        ahead.saturating_mul(WIDTH).checked_div(self.days).unwrap_or(0).clamp(0, WIDTH)
    }

    /// The first day of a column.
    fn day(&self, column: i64) -> Date {
        let days = column.saturating_mul(self.days).saturating_add(WIDTH.saturating_sub(1));
        self.first.add_days(days.checked_div(WIDTH).unwrap_or(0)).unwrap_or(Date::MAX)
    }

    /// The months under their columns.
    fn labels(&self) -> String {
        let column_of_days = |days: i64| days.saturating_mul(WIDTH).checked_div(self.days).unwrap_or(0);
        let step =
            STEPS.into_iter().find(|months| column_of_days(i64::from(*months).saturating_mul(30)) >= TICK);
        let mut line = String::new();
        let mut at = Some(self.first.first_of_year());
        while let Some(month) = at.filter(|month| self.first.days_until(*month) < self.days) {
            let column = usize::try_from(self.column(month)).unwrap_or(0);
            if month >= self.first && (line.is_empty() || column > line.len()) {
                line.push_str(&" ".repeat(column.saturating_sub(line.len())));
                line.push('|');
                line.extend(month.to_string().chars().take(7));
            }
            at = month.add_months(step.unwrap_or(120), MonthEnd::Last);
        }
        line
    }
}

/// A version in its columns, from the first to the one behind the last.
struct Bar<'v> {
    version: &'v Version<'v>,
    from: i64,
    to: i64,
}

impl Bar<'_> {
    /// Its columns: `=` where it decides, `-` where another has replaced it or nobody knows it yet.
    fn draw(&self, axis: &Axis, decides: &dyn Fn(Date) -> bool) -> Vec<char> {
        let inner = |column: i64| if decides(axis.day(column)) { '=' } else { '-' };
        let mut drawn: Vec<char> = (self.from..self.to).map(inner).collect();
        let begins = self.version.from.is_some_and(|from| from >= axis.first);
        let ends = self.version.until.is_some_and(|_| self.to < WIDTH);
        let label: Vec<char> = format!(" {} ", self.version.version).chars().collect();
        if self.version.version.is_ascii() && drawn.len() >= label.len().saturating_add(3) {
            drawn.iter_mut().skip(1).zip(label).for_each(|(slot, ch)| *slot = ch);
        }
        if let Some(last) = drawn.last_mut() {
            *last = if ends { ']' } else { '>' };
        }
        if let Some(first) = drawn.first_mut() {
            *first = if begins { '[' } else { '<' };
        }
        drawn
    }
}

/// Draws the versions of a folder, some of them, as seen from a day: policies under each other, versions of one beside each other.
#[must_use]
pub fn draw(folder: &RulesFolder, versions: &[Version<'_>], day: Date) -> String {
    let axis = Axis::of(versions, day);
    let today = axis.column(day).min(WIDTH.saturating_sub(1));
    let names: Vec<&str> = versions.iter().map(|version| version.name).collect();
    let widest = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let indented = |name: &str, line: &str| {
        let blanks = " ".repeat(widest.saturating_sub(name.width()).saturating_add(2));
        format!("{}\n", format!("{name}{blanks}{line}").trim_end())
    };
    let blanks = " ".repeat(usize::try_from(today).unwrap_or(0));
    let mut out = indented("", &axis.labels());
    out.push_str(&indented("", &format!("{blanks}:{day}")));
    let mut rest = versions;
    while let Some(first) = rest.first() {
        let own = rest.iter().take_while(|version| version.name == first.name).count();
        let (versions, others) = rest.split_at(own);
        rest = others;
        for (place, lane) in lanes(versions, &axis).iter().enumerate() {
            let mut line: Vec<char> = (0..WIDTH).map(|at| if at == today { ':' } else { ' ' }).collect();
            for bar in lane {
                let decides = |day: Date| {
                    RulesFolder::in_force(&folder.choice(day), first.name, day)
                        .is_some_and(|chosen| chosen.version == bar.version.version)
                };
                let drawn = bar.draw(&axis, &decides);
                for (column, ch) in (bar.from..).zip(drawn) {
                    let through = column == today && matches!(ch, '=' | '-' | ' ');
                    if let Some(slot) = usize::try_from(column).ok().and_then(|at| line.get_mut(at)) {
                        *slot = if through { ':' } else { ch };
                    }
                }
            }
            let name = if place == 0 { first.name } else { "" };
            out.push_str(&indented(name, &line.into_iter().collect::<String>()));
        }
    }
    out
}

/// The versions of a policy in as few lines as they need so as not to cover each other.
fn lanes<'v>(versions: &'v [Version<'v>], axis: &Axis) -> Vec<Vec<Bar<'v>>> {
    let mut lanes: Vec<Vec<Bar<'v>>> = Vec::new();
    for version in versions {
        let from = version.from.map_or(0, |from| axis.column(from)).min(WIDTH.saturating_sub(1));
        let behind = version.until.and_then(|until| until.add_days(1));
        let to = behind.map_or(WIDTH, |day| axis.column(day)).max(from.saturating_add(1));
        let bar = Bar { version, from, to };
        match lanes.iter_mut().find(|lane| lane.last().is_none_or(|last| last.to <= from)) {
            Some(lane) => lane.push(bar),
            None => lanes.push(vec![bar]),
        }
    }
    lanes
}
