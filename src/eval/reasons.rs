//! Which rules gave a decision its shape, and which wait for the answer of a role.
//!
//! What has to be looked at is found once for a plan; for a customer it is a look at some values.

use std::cell::OnceCell;

use super::live::rests_on;
use super::row::Scratch;
use crate::base::{Idx, Label, Lang, Str};
use crate::plan::{
    AuthorityItem, ChecklistItem, ChecksItem, EscalationItem, GradesItem, HoldStatus, IfUnknown, Item,
    ItemId, ItemKind, LimitItem, Plan, Question, RowItem, Rule, RuleId, RuleKind, Scope, ScorecardItem,
    StepId, TableItem, Take, TotalItem, TriggersItem, WordsId, gathers,
};
use crate::value::{FieldId, Number, Value};

/// Why a decision is as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReasonRef {
    /// What gives the reason.
    pub source: ReasonSource,
    /// The item it concerns, by its place in its list; none where it concerns the customer.
    pub item: Option<usize>,
    /// The points that it cost, on the scale of its card; none where it is no matter of points lost.
    pub lost: Option<Number>,
    /// The points that it added to a card that gathers what speaks against the customer.
    pub added: Option<Number>,
    /// The values that its texts show.
    pub figures: Vec<(StepId, Value)>,
}

impl ReasonRef {
    /// One of the texts of its rule, for a reader of a language.
    #[must_use]
    pub fn say(&self, plan: &Plan, words: WordsId, lang: Lang) -> String {
        let value =
            |step: StepId| self.figures.iter().find(|(shown, _)| *shown == step).map(|(_, value)| value);
        plan.say(words, lang, value)
    }

    /// Why, in words: none where its rule gives none.
    #[must_use]
    pub fn because(&self, plan: &Plan, lang: Lang) -> Option<String> {
        let ReasonSource::Rule(id) = self.source else { return None };
        Some(self.say(plan, plan.rules.get(id)?.reason.because?, lang))
    }
}

/// What gives a reason.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ReasonSource {
    /// A rule that applied; its code, words and citation stand in the plan.
    Rule(RuleId),
    /// An output is unknown, and why.
    Unknown {
        /// The output, by its place in the decision.
        output: usize,
        /// Why.
        cause: crate::value::Cause,
    },
}

/// A question that a role has not answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenQuestion {
    /// The role.
    pub role: Str,
    /// What it is asked; the reason of the rule says it where the policy gives no words.
    pub text: Option<Label>,
    /// The rule that asks.
    pub rule: RuleId,
    /// The item it concerns.
    pub item: Option<usize>,
}

/// What is looked at for one construct.
pub(super) struct Probes {
    item: ItemId,
    list: Option<FieldId>,
    /// Only items for which this is not no: those on the ladder.
    gate: Option<StepId>,
    probes: Vec<Probe>,
}

struct Probe {
    rule: RuleId,
    /// Whether the rule has words, a code or a citation.
    speaks: bool,
    /// The steps that its texts show.
    shows: Vec<StepId>,
    when: When,
    lost: Option<Lost>,
    asks: Option<Asks>,
    /// The set of the roles that are asked to sign, where the rule is the one taken.
    signs: Option<StepId>,
    /// Another application of the same table may say the same.
    once: bool,
    /// The value of its card or judgement: where the outcome does not rest on it, it says nothing.
    of: Option<StepId>,
}

impl Probe {
    /// Looks at a rule that says nothing and asks nobody yet.
    fn new(rule: RuleId, when: When) -> Probe {
        Probe {
            rule,
            speaks: false,
            shows: Vec::new(),
            when,
            lost: None,
            asks: None,
            signs: None,
            once: false,
            of: None,
        }
    }
}

/// When a rule has shaped the decision.
enum When {
    /// This is yes.
    Applies(Option<StepId>),
    /// This is no.
    Fails(StepId),
    /// This place was taken.
    Chosen(StepId, u32),
    /// Of these conditions the last is the first that is yes; none always is.
    First(Vec<Option<StepId>>),
    /// This is above 0.
    Positive(StepId),
    /// This is a number other than 0.
    Counts(StepId),
    /// It applies, and these two differ.
    Moved(Option<StepId>, StepId, StepId),
    /// Its value is the one taken, or it went into an average.
    Taken(StepId, StepId, bool),
    /// It applies, and the grade before was better than this place, or unknown.
    Capped(Option<StepId>, StepId, u32),
    /// The need is not met, and the band was reached by the score but not given.
    Unmet { met: Option<StepId>, by_band: StepId, given: StepId, band: u32 },
    /// It applies, and the code is this one.
    State(Option<StepId>, StepId, u32),
    /// The code is one of these.
    Among(StepId, Vec<u32>),
    /// It applies, and one of the codes is this one.
    Some(Option<StepId>, Vec<StepId>, u32),
    /// Points were lost; in a card that gathers, points were added.
    Lost,
}

/// What a factor cost.
struct Lost {
    counted: StepId,
    best: Number,
    weight: Number,
    /// The weights of all factors with what they counted; none in an added card.
    of: Vec<(Number, StepId)>,
    /// From the scale of the factors to that of the card.
    stretch: Number,
    /// The card gathers what speaks against the customer: what counts is what was added.
    gathered: bool,
}

/// When a role is asked.
struct Asks {
    role: Str,
    text: Option<Label>,
    /// Asked where this is unknown; where there is none, where the rule is the one taken.
    unknown: Option<StepId>,
    /// Asked only where the rule is the one taken.
    if_taken: bool,
    /// Asked also where the outcome does not rest on the answer: who put a judgement into the policy wants it made.
    always: bool,
}

impl Probes {
    /// The construct.
    pub(super) fn item(&self) -> ItemId {
        self.item
    }

    /// The steps that are looked at; some of them only show a stage on the way, and no value rests on them.
    pub(super) fn reads(&self) -> Vec<StepId> {
        let mut steps: Vec<StepId> = self.gate.into_iter().collect();
        for probe in &self.probes {
            probe.when.reads(&mut steps);
            steps.extend(&probe.shows);
            steps.extend(probe.asks.iter().filter_map(|asks| asks.unknown));
            steps.extend(probe.signs);
            if let Some(lost) = &probe.lost {
                steps.push(lost.counted);
                steps.extend(lost.of.iter().map(|(_, counted)| *counted));
            }
        }
        steps
    }

    /// Whether one of its rules can ask this role.
    pub(super) fn may_ask(&self, role: &Str) -> bool {
        self.probes.iter().any(|probe| probe.asks.as_ref().is_some_and(|asks| asks.role == *role))
    }

    /// Whether one of its rules has this reason code.
    pub(super) fn may_say(&self, plan: &Plan, code: &Str) -> bool {
        let rules = self.probes.iter().filter_map(|probe| plan.rules.get(probe.rule));
        rules.into_iter().any(|rule| rule.reason.code.as_ref() == Some(code))
    }
}

/// All that is to be looked at, of the constructs of which some step is among those needed.
pub(super) fn find(plan: &Plan, needed: &dyn Fn(StepId) -> bool) -> Vec<Probes> {
    plan.items
        .iter_enumerated()
        .map(|(id, item)| Finder { plan, needed, probes: Vec::new() }.of(id, item))
        .filter(|probes| !probes.probes.is_empty())
        .collect()
}

struct Finder<'f> {
    plan: &'f Plan,
    needed: &'f dyn Fn(StepId) -> bool,
    probes: Vec<Probe>,
}

impl Finder<'_> {
    fn of(mut self, id: ItemId, item: &Item) -> Probes {
        let mut gate = None;
        match &item.kind {
            ItemKind::Let | ItemKind::Allocation(_) => {}
            ItemKind::Total(total) => self.total(total),
            ItemKind::Table(table) => self.table(item, table),
            ItemKind::Scorecard(card) => {
                self.scorecard(item, card);
                self.probes.iter_mut().for_each(|probe| probe.of = Some(item.value));
            }
            ItemKind::Grades(grades) => self.grades(item, grades),
            ItemKind::Correction(correction) => self.rows(&correction.rows, Some(correction.chosen), false),
            ItemKind::Limit(limit) => self.limit(limit),
            ItemKind::Triggers(triggers) => self.triggers(item, triggers),
            ItemKind::Checks(checks) => self.checks(checks),
            ItemKind::Authority(authority) => self.authority(authority),
            ItemKind::Checklist(papers) => self.checklist(papers),
            ItemKind::Escalation(ladder) => {
                gate =
                    self.rule(ladder.entry).and_then(|rule| rule.applies).filter(|step| (self.needed)(*step));
                self.escalation(ladder);
            }
            ItemKind::Judgement(it) => {
                let waits = self.rule(it.rule).and_then(|rule| rule.applies);
                if (self.needed)(item.value) {
                    self.add_always(it.rule, When::Applies(waits), Some(&it.question), false);
                    self.probes.iter_mut().for_each(|probe| probe.of = Some(item.value));
                }
            }
            ItemKind::Override(it) => self.add(it.rule, item.value, When::Applies(Some(it.exceptions.any))),
            ItemKind::Book(book) => {
                if let Some(cap) = &book.cap {
                    self.add(cap.rule, cap.served, When::Applies(Some(cap.short)));
                }
            }
        }
        let list = match item.scope {
            Scope::Customer => None,
            Scope::Items(list) => Some(list),
        };
        Probes { item: id, list, gate, probes: self.probes }
    }

    fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.plan.rules.get(id)
    }

    /// Looks at a rule, if the step by which it is known is needed.
    fn add(&mut self, rule: RuleId, known_by: StepId, when: When) {
        if (self.needed)(known_by) {
            self.add_always(rule, when, None, false);
        }
    }

    fn add_always(&mut self, id: RuleId, when: When, question: Option<&Question>, row: bool) {
        let Some(rule) = self.plan.rules.get(id) else { return };
        let asks = match (question, &rule.if_unknown) {
            (Some(question), _) => Some(Asks {
                role: question.role.clone(),
                text: question.text.clone(),
                unknown: None,
                if_taken: true,
                always: rule.kind == RuleKind::Judgement,
            }),
            (None, Some(IfUnknown::Refer { role, question })) => Some(Asks {
                role: role.clone(),
                text: question.clone(),
                unknown: rule.condition,
                if_taken: row,
                always: false,
            }),
            (None, Some(IfUnknown::Applies | IfUnknown::DoesNotApply | IfUnknown::Refuse) | None) => None,
        };
        let speaks = !rule.reason.is_empty();
        if speaks || asks.is_some() {
            let shows = self.plan.figures_of(&rule.reason);
            self.probes.push(Probe { speaks, shows, asks, ..Probe::new(id, when) });
        }
    }

    /// Rows of which the first that matches is taken.
    fn rows(&mut self, rows: &[RowItem], chosen: Option<StepId>, once: bool) {
        let Some(chosen) = chosen.filter(|step| (self.needed)(*step)) else { return };
        for (place, row) in (0_u32..).zip(rows) {
            let before = self.probes.len();
            self.add_always(row.rule, When::Chosen(chosen, place), row.question.as_ref(), true);
            self.probes.iter_mut().skip(before).for_each(|probe| probe.once = once);
        }
    }

    fn table(&mut self, item: &Item, table: &TableItem) {
        self.rows(&table.rows, table.chosen, table.applied.is_some());
        if table.chosen.is_some() || !(self.needed)(item.value) {
            return;
        }
        for (place, row) in table.rows.iter().enumerate() {
            let when = match table.slices.get(place) {
                Some(slice) => When::Positive(slice.part),
                None => When::Applies(self.rule(row.rule).and_then(|rule| rule.applies)),
            };
            self.add_always(row.rule, when, row.question.as_ref(), true);
        }
    }

    /// A row that is taken asks the roles whose signature is missing.
    fn authority(&mut self, authority: &AuthorityItem) {
        let Some(chosen) = authority.table.chosen.filter(|step| (self.needed)(*step)) else { return };
        let signs = [authority.granted, authority.missing].iter().any(|step| (self.needed)(*step));
        for (place, row) in (0_u32..).zip(&authority.table.rows) {
            let when = || When::Chosen(chosen, place);
            let before = self.probes.len();
            self.add_always(row.rule, when(), row.question.as_ref(), true);
            if !signs {
                continue;
            }
            if self.probes.len() == before {
                self.probes.push(Probe::new(row.rule, when()));
            }
            self.probes.iter_mut().skip(before).for_each(|probe| probe.signs = Some(authority.missing));
        }
    }

    fn scorecard(&mut self, item: &Item, card: &ScorecardItem) {
        let gathered = gathers(self.plan, item);
        let of: Vec<(Number, StepId)> = if card.added {
            Vec::new()
        } else {
            card.factors.iter().map(|factor| (factor.weight.clone(), factor.counted)).collect()
        };
        let stretch = card.scale.as_ref().and_then(|(from_low, from_high, to_low, to_high)| {
            to_high.sub(to_low).div(&from_high.sub(from_low))
        });
        for factor in card.factors.iter().filter(|factor| (self.needed)(factor.counted)) {
            let before = self.probes.len();
            self.add_always(factor.rule, When::Lost, None, false);
            for (place, row) in factor.rows.iter().enumerate() {
                let until = factor.rows.iter().take(place.saturating_add(1));
                let steps = until.map(|row| self.rule(row.rule).and_then(|rule| rule.applies)).collect();
                self.add_always(row.rule, When::First(steps), row.question.as_ref(), true);
            }
            // A factor that speaks tells its points by itself; its row does not tell them again.
            let factor_speaks = self.rule(factor.rule).is_some_and(|rule| !rule.reason.is_empty());
            for probe in self.probes.iter_mut().skip(before) {
                if factor_speaks && probe.rule != factor.rule {
                    continue;
                }
                probe.lost = Some(Lost {
                    counted: factor.counted,
                    best: factor.best.clone(),
                    weight: factor.weight.clone(),
                    of: of.clone(),
                    stretch: stretch.clone().unwrap_or(Number::ONE),
                    gathered,
                });
            }
        }
        for require in &card.require {
            if let Some(enough) = self.rule(require.rule).and_then(|rule| rule.condition) {
                self.add(require.rule, enough, When::Fails(enough));
            }
        }
    }

    fn grades(&mut self, item: &Item, grades: &GradesItem) {
        for band in &grades.bands {
            if let Some(rule) = band.needs {
                let met = self.rule(rule).and_then(|rule| rule.applies);
                let (by_band, given) = (grades.by_band, grades.after_needs);
                self.add(rule, item.value, When::Unmet { met, by_band, given, band: band.code });
            }
        }
        for apart in &grades.apart {
            let applies = self.rule(apart.rule).and_then(|rule| rule.applies);
            self.add(apart.rule, item.value, When::State(applies, item.value, apart.code));
        }
        for (rule, _) in &grades.notches {
            let applies = self.rule(*rule).and_then(|rule| rule.applies);
            self.add(*rule, item.value, When::Applies(applies));
        }
        for (rule, place) in &grades.caps {
            let applies = self.rule(*rule).and_then(|rule| rule.applies);
            self.add(*rule, item.value, When::Capped(applies, grades.after_notches, *place));
        }
        for (rule, _) in &grades.forces {
            let applies = self.rule(*rule).and_then(|rule| rule.applies);
            self.add(*rule, item.value, When::Applies(applies));
        }
    }

    fn limit(&mut self, limit: &LimitItem) {
        for method in &limit.methods {
            let average = matches!(limit.take, Take::Average);
            self.add(method.rule, limit.taken, When::Taken(method.value, limit.taken, average));
        }
        if let Some(rule) = limit.take_rule {
            self.add(rule, limit.taken, When::Taken(limit.taken, limit.taken, false));
        }
        // Security that does not count is what people ask for.
        for layer in &limit.layers {
            if let Some(applies) = self.rule(layer.rule).and_then(|rule| rule.applies) {
                self.add(layer.rule, layer.bears, When::Fails(applies));
            }
        }
        for line in &limit.lines {
            let applies = self.rule(line.rule).and_then(|rule| rule.applies);
            self.add(line.rule, line.after, When::Moved(applies, line.before, line.after));
        }
    }

    /// A line speaks where it is not 0; a role is asked where the line is unknown.
    fn total(&mut self, total: &TotalItem) {
        for line in total.lines.iter().filter(|line| (self.needed)(line.counted)) {
            let speaks = self.rule(line.rule).is_some_and(|rule| !rule.reason.is_empty());
            let asks = line.question.as_ref().map(|question| Asks {
                role: question.role.clone(),
                text: question.text.clone(),
                unknown: Some(line.raw),
                if_taken: false,
                always: false,
            });
            if speaks || asks.is_some() {
                let when = When::Counts(line.counted);
                let shows = match self.rule(line.rule) {
                    Some(rule) => self.plan.figures_of(&rule.reason),
                    None => Vec::new(),
                };
                self.probes.push(Probe { speaks, shows, asks, ..Probe::new(line.rule, when) });
            }
        }
        if let Some((_, rule)) = total.floor {
            self.add(rule, total.floored, When::Moved(None, total.sum, total.floored));
        }
    }

    /// A stance that is kept for its dwell time has the reasons that still speak for it, if any do.
    fn triggers(&mut self, item: &Item, triggers: &TriggersItem) {
        for group in &triggers.groups {
            for (_, _, rule) in &group.triggers {
                let applies = self.rule(*rule).and_then(|rule| rule.applies);
                self.add(*rule, item.value, When::State(applies, item.value, group.state));
            }
        }
    }

    /// A hold that stands says why; one that was excluded or released does not, the exclusion does.
    fn checks(&mut self, checks: &ChecksItem) {
        for hold in &checks.holds {
            let stands = HoldStatus::STANDING.map(HoldStatus::code).to_vec();
            self.add(hold.rule, hold.status, When::Among(hold.status, stands));
        }
        for (rule, except) in &checks.exclusions {
            let excluded = (0u32..).zip(&checks.holds).filter(|(place, _)| !except.contains(place));
            let statuses: Vec<StepId> = excluded.map(|(_, hold)| hold.status).collect();
            let applies = self.rule(*rule).and_then(|rule| rule.applies);
            if statuses.iter().any(|step| (self.needed)(*step)) {
                let when = When::Some(applies, statuses, HoldStatus::Excluded.code());
                self.add_always(*rule, when, None, false);
            }
        }
    }

    /// A paper speaks where it is wanted and not there.
    fn checklist(&mut self, papers: &ChecklistItem) {
        for paper in &papers.papers {
            self.add(paper.rule, paper.required, When::Applies(Some(paper.lacking)));
        }
    }

    fn escalation(&mut self, ladder: &EscalationItem) {
        if ![ladder.step, ladder.awaiting].iter().any(|step| (self.needed)(*step)) {
            return;
        }
        let applies = |finder: &Self, rule: RuleId| finder.rule(rule).and_then(|rule| rule.applies);
        self.add_always(ladder.entry, When::Applies(applies(self, ladder.entry)), None, false);
        for (place, rung) in (0_u32..).zip(&ladder.rungs) {
            // A step that waits for its approval says why as much as one that stands.
            let when = When::Some(None, vec![ladder.step, ladder.awaiting], place);
            self.add_always(rung.rule, when, None, false);
            for skip in &rung.skips {
                self.add_always(*skip, When::Applies(applies(self, *skip)), None, false);
            }
        }
        for hold in &ladder.holds {
            self.add_always(hold.rule, When::Applies(applies(self, hold.rule)), None, false);
        }
        for (delay, _) in &ladder.delays {
            self.add_always(*delay, When::Applies(applies(self, *delay)), None, false);
        }
        if let Some((_, _, rows, chosen)) = &ladder.tactics
            && (self.needed)(*chosen)
        {
            for (place, row) in (0_u32..).zip(rows) {
                let when = When::Chosen(*chosen, place);
                self.add_always(row.row.rule, when, row.row.question.as_ref(), true);
            }
        }
    }
}

/// What the values of one customer make of it: the reasons and the questions, in the order of the policy.
pub(super) fn collect(
    plan: &Plan,
    all: &[Probes],
    outputs: &[StepId],
    items: &dyn Fn(FieldId) -> usize,
    scratch: &Scratch,
    reasons: &mut Vec<ReasonRef>,
    open: &mut Vec<OpenQuestion>,
) {
    let live: OnceCell<Vec<bool>> = OnceCell::new();
    let of_customer = |step: StepId| Some(scratch.value(step, 0));
    for probes in all {
        let count = probes.list.map_or(1, items);
        for place in 0..count {
            let item = probes.list.map(|_| place);
            let read = |step: StepId| scratch.value(step, place);
            if probes.gate.is_some_and(|gate| read(gate) == &Value::Bool(false)) {
                continue;
            }
            for probe in &probes.probes {
                let used = |of: StepId| {
                    live.get_or_init(|| rests_on(plan, outputs, &of_customer)).get(of.place()) == Some(&true)
                };
                let taken = probe.holds(&read);
                // What plays no part in the outcome gives no reason.
                let counts = taken && probe.of.is_none_or(used);
                if probe.speaks && counts && !(probe.once && said(plan, probe.rule, item, reasons)) {
                    let points = |gathered: bool| {
                        let of = probe.lost.as_ref().filter(|lost| lost.gathered == gathered);
                        of.and_then(|lost| lost.points(&read))
                    };
                    let figures = probe.shows.iter().map(|step| (*step, read(*step).clone())).collect();
                    reasons.push(ReasonRef {
                        source: ReasonSource::Rule(probe.rule),
                        item,
                        lost: points(false),
                        added: points(true),
                        figures,
                    });
                }
                if let (true, Some(Value::Set(roles))) = (counts, probe.signs.map(&read)) {
                    open.extend(roles_of(plan, *roles).map(|role| OpenQuestion {
                        role,
                        text: None,
                        rule: probe.rule,
                        item,
                    }));
                }
                let Some(asks) = &probe.asks else { continue };
                let unknown = asks.unknown.is_none_or(|step| !read(step).is_known());
                if unknown && (counts || !asks.if_taken || (taken && asks.always)) {
                    let (role, text) = (asks.role.clone(), asks.text.clone());
                    open.push(OpenQuestion { role, text, rule: probe.rule, item });
                }
            }
        }
    }
}

/// The names of the roles of a set.
fn roles_of(plan: &Plan, roles: u128) -> impl Iterator<Item = Str> {
    let bit = move |place: u32| roles.checked_shr(place).is_some_and(|bits| bits & 1 == 1);
    plan.roles.iter().zip(0_u32..).filter(move |(_, place)| bit(*place)).map(|((name, _), _)| name.clone())
}

/// Whether the same row of the same table has said it already, applied elsewhere.
fn said(plan: &Plan, rule: RuleId, item: Option<usize>, reasons: &[ReasonRef]) -> bool {
    let address = |id: RuleId| plan.rules.get(id).map(|rule| &rule.address);
    reasons.iter().any(|reason| match reason.source {
        ReasonSource::Rule(other) => reason.item == item && address(other) == address(rule),
        ReasonSource::Unknown { .. } => false,
    })
}

impl Probe {
    fn holds<'v>(&self, read: &impl Fn(StepId) -> &'v Value) -> bool {
        let yes = |step: &Option<StepId>| step.is_none_or(|step| read(step) == &Value::Bool(true));
        let place = |step: StepId| match read(step) {
            Value::Code(code) => Some(*code),
            _ => None,
        };
        match &self.when {
            When::Applies(applies) => yes(applies),
            When::Fails(condition) => read(*condition) == &Value::Bool(false),
            When::Chosen(chosen, row) => place(*chosen) == Some(*row),
            When::First(conditions) => {
                let no = |step: &Option<StepId>| step.is_some_and(|step| read(step) == &Value::Bool(false));
                let first = conditions.iter().position(|step| !no(step));
                first.is_some_and(|first| first.saturating_add(1) == conditions.len())
                    && conditions.last().is_some_and(yes)
            }
            When::Positive(part) => read(*part).as_number().is_some_and(Number::is_positive),
            When::Counts(line) => read(*line).as_number().is_some_and(|number| !number.is_zero()),
            When::Moved(applies, before, after) => yes(applies) && read(*before) != read(*after),
            When::Taken(value, taken, average) => {
                read(*value).is_known() && (*average || read(*value) == read(*taken))
            }
            When::Capped(applies, before, cap) => {
                yes(applies) && place(*before).is_none_or(|before| before < *cap)
            }
            When::Unmet { met, by_band, given, band } => {
                let passed = place(*by_band).is_some_and(|reached| reached <= *band)
                    && place(*given).is_none_or(|given| given > *band);
                passed && met.is_some_and(|met| read(met) != &Value::Bool(true))
            }
            When::State(applies, state, code) => yes(applies) && place(*state) == Some(*code),
            When::Among(step, codes) => place(*step).is_some_and(|code| codes.contains(&code)),
            When::Some(applies, steps, code) => {
                yes(applies) && steps.iter().any(|step| place(*step) == Some(*code))
            }
            When::Lost => self
                .lost
                .as_ref()
                .and_then(|lost| {
                    let counted = read(lost.counted).as_number()?;
                    Some(if lost.gathered { counted.is_positive() } else { *counted < lost.best })
                })
                .unwrap_or(false),
        }
    }
}

impl When {
    fn reads(&self, steps: &mut Vec<StepId>) {
        match self {
            When::Applies(applies) => steps.extend(applies),
            When::Fails(step)
            | When::Chosen(step, _)
            | When::Positive(step)
            | When::Counts(step)
            | When::Among(step, _) => steps.push(*step),
            When::Some(applies, of, _) => steps.extend(applies.iter().chain(of)),
            When::First(conditions) => steps.extend(conditions.iter().flatten()),
            When::Moved(applies, before, after) => steps.extend(applies.iter().chain([before, after])),
            When::Taken(value, taken, _) => steps.extend([value, taken]),
            When::Capped(applies, step, _) | When::State(applies, step, _) => {
                steps.extend(applies.iter().chain([step]));
            }
            When::Unmet { met, by_band, given, .. } => steps.extend(met.iter().chain([by_band, given])),
            When::Lost => {}
        }
    }
}

impl Lost {
    /// weight × (best − counted) / Σ weight of what counts, on the scale of the card; where it gathers, what was added.
    fn points<'v>(&self, read: &impl Fn(StepId) -> &'v Value) -> Option<Number> {
        if self.gathered {
            return read(self.counted).as_number().map(|counted| self.weight.mul(counted));
        }
        let lost = self.weight.mul(&self.best.sub(read(self.counted).as_number()?));
        if self.of.is_empty() {
            return Some(lost);
        }
        let weights = Number::sum(
            self.of.iter().filter(|(_, counted)| read(*counted).is_known()).map(|(weight, _)| weight),
        );
        lost.mul(&self.stretch).div(&weights)
    }
}
