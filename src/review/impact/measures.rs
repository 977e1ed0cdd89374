//! The figures of an effect that have a name: conditions, budgets, curves and waterfalls speak of them.

use super::effect::Effect;
use super::view::{Output, Shape, View};
use crate::base::Lang;
use crate::eval::Status;
use crate::value::Number;

/// A figure of an effect.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Measure {
    /// Customers that both sides decide.
    Customers,
    /// Customers of whom anything moved.
    Changed,
    /// Customers with a worse grade.
    Downgraded,
    /// Customers with a better grade.
    Upgraded,
    /// Customers that had a grade of the scale and have none.
    NewlyUnrated,
    /// Customers that had none and have one.
    NewlyRated,
    /// What customers with a worse grade owe.
    ExposureDowngraded,
    /// What customers with a better grade owe.
    ExposureUpgraded,
    /// What all customers owe.
    Exposure,
    /// All limits before.
    LimitsBefore,
    /// All limits after.
    LimitsTotal,
    /// What all limits together won, or lost where it is below 0.
    LimitsNet,
    /// What limits that go down lose.
    LimitsLost,
    /// What limits that go up win.
    LimitsWon,
    /// Customers whose limit goes down.
    CustomersLosing,
    /// Customers whose limit goes up.
    CustomersWinning,
    /// Customers of whom a stance, another kind, a yes or no flips.
    StanceFlips,
    /// Items on another step of a ladder.
    StepsFlipped,
    /// Items with another verdict of order checks.
    VerdictsFlipped,
    /// Items that are held and were not.
    NewlyHeld,
    /// Items that were held and are not.
    Released,
    /// Customers with open questions that had none.
    NewlyOpen,
    /// Customers that the policy now refuses to decide.
    NewlyRefused,
    /// Customers whose decision a fault now withholds.
    NewlyWithheld,
    /// Customers that are now decided and were not.
    NewlyDecided,
    /// Budgets that do not reach.
    BudgetsExceeded,
}

/// Of what a percent of a measure is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whole {
    /// All customers.
    Customers,
    /// What all customers owe.
    Exposure,
    /// All limits before.
    Limits,
    /// All items on ladders or in checks.
    Items,
    /// Nothing: it is told as it is.
    None,
}

impl Measure {
    /// All of them.
    pub const ALL: [Measure; 26] = [
        Measure::Customers,
        Measure::Changed,
        Measure::Downgraded,
        Measure::Upgraded,
        Measure::NewlyUnrated,
        Measure::NewlyRated,
        Measure::ExposureDowngraded,
        Measure::ExposureUpgraded,
        Measure::Exposure,
        Measure::LimitsBefore,
        Measure::LimitsTotal,
        Measure::LimitsNet,
        Measure::LimitsLost,
        Measure::LimitsWon,
        Measure::CustomersLosing,
        Measure::CustomersWinning,
        Measure::StanceFlips,
        Measure::StepsFlipped,
        Measure::VerdictsFlipped,
        Measure::NewlyHeld,
        Measure::Released,
        Measure::NewlyOpen,
        Measure::NewlyRefused,
        Measure::NewlyWithheld,
        Measure::NewlyDecided,
        Measure::BudgetsExceeded,
    ];

    /// The name in conditions and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Measure::Customers => "customers",
            Measure::Changed => "changed",
            Measure::Downgraded => "downgraded",
            Measure::Upgraded => "upgraded",
            Measure::NewlyUnrated => "newly_unrated",
            Measure::NewlyRated => "newly_rated",
            Measure::ExposureDowngraded => "exposure_downgraded",
            Measure::ExposureUpgraded => "exposure_upgraded",
            Measure::Exposure => "exposure",
            Measure::LimitsBefore => "limits_before",
            Measure::LimitsTotal => "limits_total",
            Measure::LimitsNet => "limits_net",
            Measure::LimitsLost => "limits_lost",
            Measure::LimitsWon => "limits_won",
            Measure::CustomersLosing => "customers_losing",
            Measure::CustomersWinning => "customers_winning",
            Measure::StanceFlips => "stance_flips",
            Measure::StepsFlipped => "steps_flipped",
            Measure::VerdictsFlipped => "verdicts_flipped",
            Measure::NewlyHeld => "newly_held",
            Measure::Released => "released",
            Measure::NewlyOpen => "newly_open",
            Measure::NewlyRefused => "newly_refused",
            Measure::NewlyWithheld => "newly_withheld",
            Measure::NewlyDecided => "newly_decided",
            Measure::BudgetsExceeded => "budgets_exceeded",
        }
    }

    /// The measure of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Measure> {
        Measure::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// What people call it.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Measure::Customers => ("customers", "客户数"),
            Measure::Changed => ("customers that move", "有变动的客户"),
            Measure::Downgraded => ("downgraded", "降级"),
            Measure::Upgraded => ("upgraded", "升级"),
            Measure::NewlyUnrated => ("newly without a grade", "转为未评级"),
            Measure::NewlyRated => ("newly with a grade", "转为有评级"),
            Measure::ExposureDowngraded => ("exposure downgraded", "降级客户的敞口"),
            Measure::ExposureUpgraded => ("exposure upgraded", "升级客户的敞口"),
            Measure::Exposure => ("exposure", "敞口"),
            Measure::LimitsBefore => ("limits before", "原额度合计"),
            Measure::LimitsTotal => ("limits after", "新额度合计"),
            Measure::LimitsNet => ("change of limits", "额度净变动"),
            Measure::LimitsLost => ("limits lost", "减少的额度"),
            Measure::LimitsWon => ("limits won", "增加的额度"),
            Measure::CustomersLosing => ("customers with a lower limit", "额度下降的客户"),
            Measure::CustomersWinning => ("customers with a higher limit", "额度上升的客户"),
            Measure::StanceFlips => ("stance flips", "态势改变的客户"),
            Measure::StepsFlipped => ("steps that flip", "步骤改变的项目"),
            Measure::VerdictsFlipped => ("verdicts that flip", "结论改变的项目"),
            Measure::NewlyHeld => ("newly held", "新被扣留"),
            Measure::Released => ("released", "解除扣留"),
            Measure::NewlyOpen => ("newly with open questions", "新有待答问题"),
            Measure::NewlyRefused => ("newly refused", "新拒绝"),
            Measure::NewlyWithheld => ("newly withheld", "新不予发布"),
            Measure::NewlyDecided => ("newly decided", "新定案"),
            Measure::BudgetsExceeded => ("budgets that do not reach", "不足的预算"),
        };
        lang.pick(en, zh)
    }

    /// Whether it is an amount of money.
    #[must_use]
    pub fn is_money(self) -> bool {
        matches!(
            self,
            Measure::ExposureDowngraded
                | Measure::ExposureUpgraded
                | Measure::Exposure
                | Measure::LimitsBefore
                | Measure::LimitsTotal
                | Measure::LimitsNet
                | Measure::LimitsLost
                | Measure::LimitsWon
        )
    }

    /// Of what a percent of it is told.
    #[must_use]
    pub fn whole(self) -> Whole {
        match self {
            Measure::Customers | Measure::BudgetsExceeded => Whole::None,
            Measure::Changed
            | Measure::Downgraded
            | Measure::Upgraded
            | Measure::NewlyUnrated
            | Measure::NewlyRated
            | Measure::CustomersLosing
            | Measure::CustomersWinning
            | Measure::StanceFlips
            | Measure::NewlyOpen
            | Measure::NewlyRefused
            | Measure::NewlyWithheld
            | Measure::NewlyDecided => Whole::Customers,
            Measure::ExposureDowngraded | Measure::ExposureUpgraded | Measure::Exposure => Whole::Exposure,
            Measure::LimitsBefore
            | Measure::LimitsTotal
            | Measure::LimitsNet
            | Measure::LimitsLost
            | Measure::LimitsWon => Whole::Limits,
            Measure::StepsFlipped | Measure::VerdictsFlipped | Measure::NewlyHeld | Measure::Released => {
                Whole::Items
            }
        }
    }
}

/// All measures of one effect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Measures {
    values: Vec<Number>,
    items: usize,
}

fn count(count: usize) -> Number {
    Number::from_i64(i64::try_from(count).unwrap_or(i64::MAX))
}

impl Measures {
    /// The measures of an effect; so many budgets do not reach.
    #[must_use]
    pub fn of(view: &View, effect: &Effect, exceeded: usize) -> Measures {
        let reading = Reading { view, effect, exceeded };
        let values = Measure::ALL.into_iter().map(|measure| reading.value(measure)).collect();
        Measures { values, items: effect.items.values().map(|shift| shift.items).sum() }
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, measure: Measure) -> Number {
        let place = Measure::ALL.iter().position(|known| *known == measure);
        place.and_then(|place| self.values.get(place)).cloned().unwrap_or(Number::ZERO)
    }

    /// What all of a measure would be: a percent is told of it. None where there is none, or it is 0.
    #[must_use]
    pub fn whole(&self, measure: Measure) -> Option<Number> {
        let whole = match measure.whole() {
            Whole::Customers => self.get(Measure::Customers),
            Whole::Exposure => self.get(Measure::Exposure),
            Whole::Limits => self.get(Measure::LimitsBefore),
            Whole::Items => count(self.items),
            Whole::None => return None,
        };
        Some(whole).filter(|whole| !whole.is_zero())
    }

    /// Each measure of these beside those of others, put together.
    #[must_use]
    pub fn with(&self, other: &Measures, put: impl Fn(&Number, &Number) -> Number) -> Measures {
        let values = self.values.iter().zip(&other.values).map(|(one, other)| put(one, other)).collect();
        Measures { values, items: self.items }
    }

    /// These without others.
    #[must_use]
    pub fn minus(&self, other: &Measures) -> Measures {
        self.with(other, Number::sub)
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Measures) -> Measures {
        self.with(other, Number::add)
    }

    /// Whether nothing is left of any of them.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.values.iter().all(Number::is_zero)
    }
}

struct Reading<'r> {
    view: &'r View,
    effect: &'r Effect,
    exceeded: usize,
}

impl Reading<'_> {
    fn value(&self, measure: Measure) -> Number {
        let effect = self.effect;
        match measure {
            Measure::Customers => count(effect.all.customers),
            Measure::Changed => count(effect.movers.len()),
            Measure::Downgraded => count(self.graded(|was, is| is > was).customers),
            Measure::Upgraded => count(self.graded(|was, is| is < was).customers),
            Measure::ExposureDowngraded => self.graded(|was, is| is > was).exposure,
            Measure::ExposureUpgraded => self.graded(|was, is| is < was).exposure,
            Measure::NewlyUnrated => count(self.rated(true)),
            Measure::NewlyRated => count(self.rated(false)),
            Measure::Exposure => effect.all.exposure.clone(),
            Measure::LimitsBefore => self.limit(|shift| shift.sums.0.sum.clone()),
            Measure::LimitsTotal => self.limit(|shift| shift.sums.1.sum.clone()),
            Measure::LimitsNet => self.limit(|shift| shift.sums.1.sum.sub(&shift.sums.0.sum)),
            Measure::LimitsLost => self.limit(|shift| shift.down.sum.clone()),
            Measure::LimitsWon => self.limit(|shift| shift.up.sum.clone()),
            Measure::CustomersLosing => self.limit(|shift| count(shift.down.count)),
            Measure::CustomersWinning => self.limit(|shift| count(shift.up.count)),
            Measure::StanceFlips => count(self.stances()),
            Measure::StepsFlipped => count(self.items(Shape::Ladder, |shift| shift.flipped())),
            Measure::VerdictsFlipped => count(self.items(Shape::Checks, |shift| shift.flipped())),
            Measure::NewlyHeld => count(self.all_items(|shift| shift.held)),
            Measure::Released => count(self.all_items(|shift| shift.released)),
            Measure::NewlyOpen => count(self.status(Status::Open)),
            Measure::NewlyRefused => count(self.status(Status::Refused)),
            Measure::NewlyWithheld => count(self.status(Status::Withheld)),
            Measure::NewlyDecided => count(self.status(Status::Final)),
            Measure::BudgetsExceeded => count(self.exceeded),
        }
    }

    fn graded(&self, takes: impl Fn(usize, usize) -> bool) -> super::effect::Count {
        let grade = self.view.grade.and_then(|place| self.view.output(place));
        let (Some(grade), Some(shift)) = (grade, self.effect.shift(self.view.grade)) else {
            return super::effect::Count::default();
        };
        shift.customers(|was, is| match (grade.rank(was), grade.rank(is)) {
            (Some(was), Some(is)) => takes(was, is),
            _ => false,
        })
    }

    /// How many lost their place on the scale, or found one.
    fn rated(&self, lost: bool) -> usize {
        let grade = self.view.grade.and_then(|place| self.view.output(place));
        let (Some(grade), Some(shift)) = (grade, self.effect.shift(self.view.grade)) else { return 0 };
        let on_scale = |grade: &Output, figure: &super::view::Figure| grade.rank(figure).is_some();
        shift.customers(|was, is| on_scale(grade, was) == lost && on_scale(grade, is) != lost).customers
    }

    fn limit(&self, read: impl Fn(&super::effect::Shift) -> Number) -> Number {
        self.effect.shift(self.view.limit).map_or(Number::ZERO, read)
    }

    fn stances(&self) -> usize {
        let is_stance =
            |place: usize| self.view.output(place).is_some_and(|output| output.shape == Shape::Stance);
        let flips = |mover: &&super::effect::Mover| mover.outputs.iter().any(|(place, _)| is_stance(*place));
        self.effect.movers.iter().filter(flips).count()
    }

    fn items(&self, shape: Shape, read: impl Fn(&super::effect::ItemShift) -> usize) -> usize {
        let own = self
            .effect
            .items
            .iter()
            .filter(|(place, _)| self.view.output(**place).is_some_and(|output| output.shape == shape));
        own.map(|(_, shift)| read(shift)).sum()
    }

    fn all_items(&self, read: impl Fn(&super::effect::ItemShift) -> usize) -> usize {
        self.effect.items.values().map(read).sum()
    }

    fn status(&self, now: Status) -> usize {
        let ways = self.effect.statuses.iter().filter(|((was, is), _)| *is == now && *was != now);
        ways.map(|(_, count)| count.customers).sum()
    }
}
