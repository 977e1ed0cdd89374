//! Customers just below, at and just above a threshold.

use super::customer::{Change, Customer, Grid, Place, figure};
use super::oracle::{Bench, Oracle};
use super::search::{Aim, compared, is_figure, of_aim, reach};
use super::thresholds::{Threshold, Way, is_fixed, pins};
use super::want::{Range, Want};
use crate::plan::{Op, Plan, StepId};
use crate::value::{Number, Value};

/// So many customers are run for one aim.
const TRIES: usize = 240;
/// So many known customers a threshold is looked for from.
const MOST_STARTS: usize = 5;
/// So many places where one threshold is compared are looked at.
const MOST_WAYS: usize = 3;
/// So often a stretch is halved: no grid of facts has more places than 2 to this power.
const MOST_HALVES: usize = 140;

/// What was found of a threshold.
#[derive(Clone, PartialEq, Debug)]
pub struct Probe {
    /// Where it is compared.
    pub way: Way,
    /// A customer just below it, or why there is none.
    pub below: Side,
    /// One at it.
    pub at: Side,
    /// One just above it.
    pub above: Side,
    /// Whether what the construct comes to differs between them.
    pub matters: bool,
}

/// A customer on one side of a threshold, or why there is none.
pub type Side = Result<Found, Why>;

/// A customer at a threshold.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// The customer.
    pub customer: Customer,
    /// The value that is compared.
    pub left: Value,
    /// Its bound.
    pub right: Value,
    /// What the comparison says.
    pub holds: bool,
}

/// Why there is no customer on a side of a threshold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// Proved: the value and its bound cannot come so near to each other, or past each other. The values that it can have.
    Range(Number, Number),
    /// Proved: the value has too few decimals.
    Decimals(u32),
    /// In the smallest step of a fact the value goes from the first of these to the second.
    Steps(Place, Value, Value),
    /// Not found among so many customers; that is no proof.
    NotFound(usize),
}

/// Looks for the customers of a threshold, from customers that are known.
#[must_use]
pub fn probe(bench: Bench<'_>, threshold: &Threshold, known: &[Customer]) -> Option<Probe> {
    let value = bench.plan.items.get(threshold.item).map(|item| item.value);
    let mut best: Option<Probe> = None;
    for way in threshold.ways.iter().take(MOST_WAYS) {
        let found = probe_way(bench, *way, value, known);
        if best.as_ref().is_none_or(|best| grade(&found) > grade(best)) {
            best = Some(found);
        }
        if best.as_ref().is_some_and(Probe::straddles) {
            break;
        }
    }
    best
}

fn probe_way(bench: Bench<'_>, way: Way, value: Option<StepId>, known: &[Customer]) -> Probe {
    let pins = pins(bench.plan, way.step, 0);
    let mut targets = vec![way.left, way.right];
    targets.extend(value);
    targets.extend(pins.iter().flat_map(Aim::steps));
    let mut oracle = Oracle::new(bench, &targets);
    let mut order: Vec<(bool, bool, usize, &Customer)> = Vec::new();
    for customer in known {
        oracle.ask(customer);
        let says = [way.left, way.right].iter().all(|step| oracle.value(*step, 0).is_known());
        // Real facts before given values; customers of whom something is known; small ones.
        order.push((!customer.values.is_empty(), !says, customer.size(), customer));
    }
    order.sort_by_key(|(given, unknown, size, _)| (*given, *unknown, *size));
    let mut best: Option<Probe> = None;
    // Where the threshold decides something, first by facts alone.
    for (pinned, gives) in [(true, false), (false, false), (true, true), (false, true)] {
        let enough = best.as_ref().is_some_and(Probe::straddles);
        if pinned && pins.is_empty() || enough && (gives || !pinned) {
            continue;
        }
        for (_, _, _, start) in order.iter().take(MOST_STARTS) {
            let aims: &[Aim] = if pinned { &pins } else { &[] };
            let found = Look { oracle: &mut oracle, way, value, gives }.from(start, aims);
            if best.as_ref().is_none_or(|best| grade(&found) > grade(best)) {
                best = Some(found);
            }
            if best.as_ref().is_some_and(|best| grade(best) == (true, true, true)) {
                break;
            }
        }
    }
    let mut probe = best.unwrap_or_else(|| nothing(way, oracle.asked));
    reasons(bench.plan, &mut probe, oracle.asked);
    probe
}

/// How good a find is: both sides, the very threshold, and whether it matters.
fn grade(probe: &Probe) -> (bool, bool, bool) {
    let sides = [&probe.below, &probe.at, &probe.above];
    let found: Vec<bool> = sides.iter().filter_map(|side| side.as_ref().ok().map(|it| it.holds)).collect();
    let straddles = found.contains(&true) && found.contains(&false);
    (straddles, sides.iter().all(|side| side.is_ok()), probe.matters)
}

impl Probe {
    /// Whether the comparison differs between the customers found.
    #[must_use]
    pub fn straddles(&self) -> bool {
        grade(self).0
    }

    /// The customers found, with the side on which they are: −1 below, 0 at, 1 above.
    pub fn found(&self) -> impl Iterator<Item = (i8, &Found)> {
        let sides = [(-1, &self.below), (0, &self.at), (1, &self.above)];
        sides.into_iter().filter_map(|(side, found)| found.as_ref().ok().map(|found| (side, found)))
    }
}

fn nothing(way: Way, tries: usize) -> Probe {
    let none = || Err(Why::NotFound(tries));
    Probe { way, below: none(), at: none(), above: none(), matters: false }
}

/// Why what was not found was not: what can be proved is proved.
fn reasons(plan: &Plan, probe: &mut Probe, tries: usize) {
    let bounds = |step: StepId| plan.steps.get(step).map(|step| step.bounds.clone());
    let (left, right) = (bounds(probe.way.left), bounds(probe.way.right));
    let range = |of: &Option<crate::plan::Bounds>| of.as_ref().and_then(|it| it.range.clone());
    // A parameter is what it is unless somebody turns it.
    let set = match plan.steps.get(probe.way.right).map(|step| &step.op) {
        Some(Op::Param(number)) => plan.params.get(*number as usize).and_then(|param| figure(&param.default)),
        Some(_) | None => None,
    };
    // A day on which the policy is in force.
    let in_force = |step: StepId| match plan.steps.get(step).map(|step| &step.op) {
        Some(Op::Today) => Grid::of(plan, Place::Day).map(|grid| (grid.least, grid.most)),
        Some(Op::Const(day)) => figure(day).map(|day| (day.clone(), day)),
        Some(_) | None => None,
    };
    let of_right = set
        .map(|bound| (bound.clone(), bound))
        .or_else(|| range(&right))
        .or_else(|| in_force(probe.way.right));
    let of_left = range(&left).or_else(|| in_force(probe.way.left));
    let proof = |side: i8| {
        let ((least, most), (from, to)) = (of_left.clone()?, of_right.clone()?);
        let out = match side {
            -1 => least >= to,
            0 => least > to || most < from,
            _ => most <= from,
        };
        if out {
            return Some(Why::Range(least, most));
        }
        let decimals = left.as_ref().and_then(|it| it.decimals)?;
        let bound = (from == to && is_fixed(plan, probe.way.right)).then_some(from)?;
        (side == 0 && bound.decimals().is_none_or(|own| own > decimals)).then_some(Why::Decimals(decimals))
    };
    for (side, found) in [(-1, &mut probe.below), (0, &mut probe.at), (1, &mut probe.above)] {
        if let Err(why) = found {
            match (proof(side), &*why) {
                (Some(proved), _) => *why = proved,
                (None, Why::NotFound(_)) => *why = Why::NotFound(tries),
                (None, _) => {}
            }
        }
    }
}

struct Look<'o, 'p> {
    oracle: &'o mut Oracle<'p>,
    way: Way,
    /// The value of the construct.
    value: Option<StepId>,
    gives: bool,
}

impl Look<'_, '_> {
    /// By how much the value lies above its bound; none where one of them is not known.
    fn gap(&mut self, customer: &Customer) -> Option<Number> {
        self.oracle.ask(customer);
        let left = figure(&self.oracle.value(self.way.left, 0))?;
        Some(left.sub(&figure(&self.oracle.value(self.way.right, 0))?))
    }

    /// What the comparison says; none where one of its sides is not known.
    fn says(&mut self, customer: &Customer) -> Option<bool> {
        self.oracle.ask(customer);
        let left = figure(&self.oracle.value(self.way.left, 0))?;
        Some(compared(self.way.how, &left, &figure(&self.oracle.value(self.way.right, 0))?))
    }

    /// That the comparison comes out so.
    fn comes_out(&self, yes: bool) -> Aim {
        let Way { how, left, right, .. } = self.way;
        Aim::Compared { how, left, right, item: 0, yes }
    }

    fn found(&mut self, customer: &Customer) -> Option<Found> {
        let holds = self.says(customer)?;
        Some(Found {
            customer: customer.clone(),
            left: self.oracle.value(self.way.left, 0),
            right: self.oracle.value(self.way.right, 0),
            holds,
        })
    }

    fn from(&mut self, start: &Customer, pins: &[Aim]) -> Probe {
        let before = self.oracle.asked;
        let mut aims = vec![Aim::Level { left: self.way.left, right: self.way.right, item: 0 }];
        aims.extend_from_slice(pins);
        let level = reach(self.oracle, start, &aims, TRIES, self.gives);
        let tries = self.oracle.asked.saturating_sub(before);
        let mut probe = nothing(self.way, tries);
        match level {
            Some(at) => self.around(&at, &mut probe),
            None => self.across(start, pins, &mut probe),
        }
        probe.matters = self.matters(&probe);
        probe
    }

    /// Whether the construct comes to different values.
    fn matters(&mut self, probe: &Probe) -> bool {
        let Some(value) = self.value else { return true };
        let mut values = Vec::new();
        let customers: Vec<Customer> = probe.found().map(|(_, found)| found.customer.clone()).collect();
        for customer in customers {
            self.oracle.ask(&customer);
            values.push(self.oracle.value(value, 0));
        }
        values.iter().any(|value| values.first() != Some(value))
    }

    /// From a customer at the threshold one smallest step to each side.
    fn around(&mut self, at: &Customer, probe: &mut Probe) {
        probe.at = self.found(at).ok_or(Why::NotFound(0));
        let mut below: Option<(Number, Customer)> = None;
        let mut above: Option<(Number, Customer)> = None;
        // One fact whose step leads to both sides before two facts that lead to one each.
        let mut both: Option<(Number, Customer, Customer)> = None;
        for place in self.movable(at) {
            let mut sides = [None, None];
            for up in [true, false] {
                if let Some((gap, customer)) = self.off(at, place, up) {
                    let side = if gap.is_negative() { 0 } else { 1 };
                    if let Some(slot) = sides.get_mut(side) {
                        *slot = Some((gap.abs(), customer));
                    }
                }
            }
            let [lower, upper] = sides;
            if let (Some((one, lower)), Some((other, upper))) = (&lower, &upper) {
                let wide = one.max(other).clone();
                if both.as_ref().is_none_or(|(best, ..)| wide < *best) {
                    both = Some((wide, lower.clone(), upper.clone()));
                }
            }
            for (best, one) in [(&mut below, lower), (&mut above, upper)] {
                if let Some((gap, customer)) = one
                    && best.as_ref().is_none_or(|(other, _)| gap < *other)
                {
                    *best = Some((gap, customer));
                }
            }
        }
        let (lower, upper) = match both {
            Some((_, lower, upper)) => (Some(lower), Some(upper)),
            None => (below.map(|(_, it)| it), above.map(|(_, it)| it)),
        };
        for (slot, customer) in [(&mut probe.below, lower), (&mut probe.above, upper)] {
            if let Some(found) = customer.and_then(|customer| self.found(&customer)) {
                *slot = Ok(found);
            }
        }
        // No single fact leads there: the search is free to change several.
        for (is_below, slot) in [(true, &mut probe.below), (false, &mut probe.above)] {
            if slot.is_err()
                && let Some(found) = self.beside(at, is_below)
            {
                *slot = Ok(found);
            }
        }
    }

    /// A customer on one side, by whatever change.
    fn beside(&mut self, at: &Customer, is_below: bool) -> Option<Found> {
        self.oracle.ask(at);
        let bound = figure(&self.oracle.value(self.way.right, 0))?;
        let value = figure(&self.oracle.value(self.way.left, 0))?;
        let (for_left, for_right) = match is_below {
            true => (Range::up_to(bound, false), Range::from(value, false)),
            false => (Range::from(bound, false), Range::up_to(value, false)),
        };
        for (step, range) in [(self.way.left, for_left), (self.way.right, for_right)] {
            let aim = Aim::step(step, 0, Want::Within(range));
            let reached = reach(self.oracle, at, &[aim], TRIES / 2, self.gives);
            if let Some(customer) = reached
                && let Some(gap) = self.gap(&customer)
                && !gap.is_zero()
                && gap.is_negative() == is_below
            {
                return self.found(&customer);
            }
        }
        None
    }

    /// Where the very threshold was not reached: two customers beside each other between whom the comparison turns.
    fn across(&mut self, start: &Customer, pins: &[Aim], probe: &mut Probe) {
        let mut from = start.clone();
        if self.says(start).is_none() {
            let mut aims =
                [self.way.left, self.way.right].map(|step| Aim::step(step, 0, Want::Known)).to_vec();
            aims.extend_from_slice(pins);
            let Some(known) = reach(self.oracle, start, &aims, TRIES, self.gives) else { return };
            from = known;
        }
        let Some(says) = self.says(&from) else { return };
        let mut aims = vec![self.comes_out(!says)];
        aims.extend_from_slice(pins);
        let other = reach(self.oracle, &from, &aims, TRIES, self.gives);
        let ends = [Some(from.clone()), other.clone()];
        let mut best: Option<(Number, Customer, Customer, Place)> = None;
        for end in ends.into_iter().flatten() {
            for (near, far, place) in self.turns(&end) {
                let (Some(a), Some(b)) = (self.gap(&near), self.gap(&far)) else { continue };
                let wide = a.sub(&b).abs();
                if best.as_ref().is_none_or(|(other, ..)| wide < *other) {
                    best = Some((wide, near, far, place));
                }
            }
        }
        match (best, other) {
            (Some((_, one, two, place)), _) => self.pair(&one, &two, Some(place), probe),
            (None, Some(other)) => self.pair(&from, &other, None, probe),
            (None, None) => self.place(&from, probe),
        }
    }

    fn pair(&mut self, one: &Customer, two: &Customer, place: Option<Place>, probe: &mut Probe) {
        self.place(one, probe);
        self.place(two, probe);
        let value = |side: &Side| side.as_ref().ok().map(|found| found.left.clone());
        if let (Some(place), Some(low), Some(high), Err(_)) =
            (place, value(&probe.below), value(&probe.above), &probe.at)
        {
            probe.at = Err(Why::Steps(place, low, high));
        }
        if let Ok(at) = probe.at.clone() {
            let (below, above) = (probe.below.clone(), probe.above.clone());
            self.around(&at.customer, probe);
            for (slot, before) in [(&mut probe.below, below), (&mut probe.above, above)] {
                if slot.is_err() {
                    *slot = before;
                }
            }
        }
    }

    fn place(&mut self, customer: &Customer, probe: &mut Probe) {
        let Some(gap) = self.gap(customer) else { return };
        let Some(found) = self.found(customer) else { return };
        if gap.is_zero() {
            probe.at = Ok(found);
        } else if gap.is_negative() {
            probe.below = Ok(found);
        } else {
            probe.above = Ok(found);
        }
    }

    /// The places of numbers and days that move the value or its bound.
    fn movable(&mut self, at: &Customer) -> Vec<Place> {
        self.oracle.ask(at);
        let mut places = Vec::new();
        for step in [self.way.left, self.way.right] {
            for up in [false, true] {
                let Some(now) = figure(&self.oracle.value(step, 0)) else { continue };
                let range = if up { Range::from(now, false) } else { Range::up_to(now, false) };
                for want in [Want::Within(range), Want::Move(up)] {
                    let aim = Aim::step(step, 0, want);
                    for change in of_aim(self.oracle, at, &aim, self.gives) {
                        let place = change.place();
                        let is_number = is_figure(&at.value(self.oracle.plan(), place))
                            && Grid::of(self.oracle.plan(), place).is_some();
                        if is_number && !places.contains(&place) {
                            places.push(place);
                        }
                    }
                }
            }
        }
        places.truncate(24);
        places
    }

    fn at_number(&self, customer: &Customer, place: Place, grid: &Grid, number: &Number) -> Option<Customer> {
        let change = Change::Set(place, grid.value(number));
        let admitted = super::customer::field_of(self.oracle.plan(), place).is_none_or(|field| {
            field.misfit(&grid.value(number)).is_none() && !field.unknown_when.contains(&grid.value(number))
        });
        if admitted { customer.with(self.oracle.plan(), &change) } else { None }
    }

    /// The nearest customer along one place whose value is not at the bound any more, and by how much it is not.
    fn off(&mut self, at: &Customer, place: Place, up: bool) -> Option<(Number, Customer)> {
        let plan = self.oracle.plan();
        let grid = Grid::of(plan, place)?;
        let from = figure(&at.value(plan, place))?;
        let by = |steps: &Number| {
            let way = grid.step.mul(steps);
            let to = if up { from.add(&way) } else { from.sub(&way) };
            (grid.least <= to && to <= grid.most).then_some(to)
        };
        let look = |look: &mut Self, steps: &Number| {
            let customer = look.at_number(at, place, &grid, &by(steps)?)?;
            let gap = look.gap(&customer)?;
            Some((gap, customer))
        };
        // Further and further, until something moves; then back to the first step that does.
        let (mut still, mut steps) = (Number::ZERO, Number::ONE);
        let mut found = loop {
            let (gap, customer) = look(self, &steps)?;
            if !gap.is_zero() {
                break (gap, customer);
            }
            still = steps.clone();
            steps = steps.mul(&Number::from_i64(8));
            if steps > Number::power_of_ten(12) {
                return None;
            }
        };
        let half = Number::ratio(1, 2).unwrap_or(Number::ZERO);
        for _ in 0..MOST_HALVES {
            let middle = still.add(&steps).mul(&half).floor();
            if middle <= still {
                break;
            }
            match look(self, &middle) {
                Some((gap, customer)) if !gap.is_zero() => {
                    found = (gap, customer);
                    steps = middle;
                }
                Some(_) => still = middle,
                None => break,
            }
        }
        Some(found)
    }

    /// For each place that alone turns the comparison: the two neighbours on its grid between which it turns.
    fn turns(&mut self, from: &Customer) -> Vec<(Customer, Customer, Place)> {
        let plan = self.oracle.plan();
        let Some(says) = self.says(from) else { return Vec::new() };
        let aim = self.comes_out(!says);
        let mut found = Vec::new();
        let mut tried: Vec<Change> = Vec::new();
        let mut changes = of_aim(self.oracle, from, &aim, self.gives);
        for step in [self.way.left, self.way.right] {
            for up in [true, false] {
                changes.extend(of_aim(self.oracle, from, &Aim::step(step, 0, Want::Move(up)), self.gives));
            }
        }
        for change in changes {
            let Change::Set(place, value) = &change else { continue };
            let (Some(grid), Some(start), Some(end)) =
                (Grid::of(plan, *place), figure(&from.value(plan, *place)), figure(value))
            else {
                continue;
            };
            if tried.contains(&change) || tried.len() > 40 {
                continue;
            }
            tried.push(change.clone());
            let says_at = |look: &mut Self, number: &Number| {
                let customer = look.at_number(from, *place, &grid, number)?;
                Some((look.says(&customer)?, customer))
            };
            let Some((turned, mut far)) = says_at(self, &end) else { continue };
            if turned == says {
                continue;
            }
            let (mut near, mut here, mut there) = (from.clone(), start, end);
            let half = Number::ratio(1, 2).unwrap_or(Number::ZERO);
            for _ in 0..MOST_HALVES {
                if here.sub(&there).abs() <= grid.step {
                    break;
                }
                let middle = grid.near(&here.add(&there).mul(&half));
                if middle == here || middle == there {
                    break;
                }
                match says_at(self, &middle) {
                    Some((turned, customer)) if turned == says => (near, here) = (customer, middle),
                    Some((_, customer)) => (far, there) = (customer, middle),
                    None => break,
                }
            }
            if here.sub(&there).abs() <= grid.step {
                found.push((near, far, *place));
            }
        }
        found
    }
}
