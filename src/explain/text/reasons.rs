//! The reasons, ranked: what forced, capped or withheld first, by what it moved; then the scores, by the points lost. Each says
//! what it did.

use super::super::words::Words;
use super::super::{
    CheckedItem, Comparison, Explanation, Figure, GradeStory, HoldLine, LimitLine, LimitStory, ReasonLine,
    RuleLine, ScoreStory, StageKind, Standing, Subject, TableStory, Unknowing,
};
use super::lines::Lines;
use super::{Audience, checks, factors, ladders, money, rules};
use crate::base::Lang;
use crate::plan::{HoldStatus, Item, ItemKind, LineKind, RuleId, RuleKind};
use crate::value::{FieldType, Number, Type, Value};

/// How weighty a reason is: the lower, the earlier it is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Nothing is given at all, or an order is held.
    Withholds,
    /// A grade was forced.
    Forces,
    /// A grade was capped.
    Caps,
    /// A grade was moved.
    Notches,
    /// A limit was moved.
    Limits,
    /// A method, a row, a trigger, a signer was chosen.
    Chooses,
    /// A step was taken, a paper is wanted.
    Acts,
    /// Nothing more is known of it.
    Other,
    /// Points were lost, or gathered against the customer.
    Scores,
}

/// What a reason did.
struct Effect<'s> {
    rank: Rank,
    /// By how much, where that is a number.
    size: Number,
    /// In words.
    text: Option<String>,
    /// What it goes by where the policy gives it no words.
    head: Option<String>,
    /// Its rule.
    rule: Option<&'s RuleLine>,
}

impl<'s> Effect<'s> {
    fn new(rank: Rank, text: impl Into<Option<String>>, rule: Option<&'s RuleLine>) -> Self {
        Effect { rank, size: Number::ZERO, text: text.into(), head: None, rule }
    }
}

/// A reason as it is told.
struct Told {
    rank: Rank,
    size: Number,
    /// The items that it concerns: what holds several orders is told once.
    items: Vec<String>,
    text: String,
}

impl Told {
    fn line(&self, words: &Words<'_>) -> String {
        let items = words.items(&self.items);
        let colon = words.pick(": ", "：");
        if items.is_empty() { self.text.clone() } else { format!("{items}{colon}{}", self.text) }
    }
}

/// Whether a reason says only that a question of yes or no is not settled: that is told among what is still looked into.
fn looked_into(words: &Words<'_>, line: &ReasonLine) -> bool {
    let question = |it: &Comparison| match &it.because {
        Some(Unknowing::Missing(name, _)) => {
            let fact = words.plan.schema.find(name).and_then(|fact| words.plan.schema.fields.get(fact));
            fact.is_some_and(|fact| matches!(fact.ty, FieldType::YesNo))
        }
        _ => false,
    };
    let mut unknown = line.comparisons.iter().filter(|it| !it.value.value.is_known()).peekable();
    line.standing == Standing::UnknownApplies
        && line.item.is_none()
        && line.reason.customer.is_none()
        && unknown.peek().is_some()
        && unknown.all(question)
}

/// The rules that shaped the decision, numbered, the weightiest first; nothing where there are none.
pub(super) fn reasons(words: &Words<'_>, story: &Explanation, audience: Audience, out: &mut Lines) {
    let mut told: Vec<Told> = Vec::new();
    let told_here = |line: &&ReasonLine| audience != Audience::Customer || for_customer(words, story, line);
    for line in story.reasons.iter().filter(told_here) {
        if (audience == Audience::Customer && looked_into(words, line)) || idle(story, line) {
            continue;
        }
        // What says no word and moved nothing that is told stands in its section, with its clause.
        let minor = audience == Audience::Sales && factors::minor(story, line);
        if minor || audience != Audience::Customer && silent(words, story, line) {
            continue;
        }
        let effect = effect(words, story, line);
        let Some(text) = sentence(words, story, line, &effect, audience) else { continue };
        let item = line.item.as_ref().map(|item| words.bare(item));
        match told.iter_mut().find(|known| known.text == text && known.items.is_empty() == item.is_none()) {
            Some(known) => {
                known.items.extend(item.filter(|item| !known.items.contains(item)));
            }
            None => {
                let points = line.lost.as_ref().or(line.added.as_ref());
                let size = points.and_then(|points| points.value.as_number().cloned());
                let items = item.into_iter().collect();
                told.push(Told { rank: effect.rank, size: size.unwrap_or(effect.size), items, text });
            }
        }
    }
    if audience != Audience::Customer {
        let (factors, lines) = (factors::unsaid(words, story), money::unsaid(words, story));
        for (rank, of) in [(Rank::Scores, factors), (Rank::Limits, lines)] {
            told.extend(of.into_iter().map(|(text, size)| Told { rank, size, items: Vec::new(), text }));
        }
    }
    // What is told first is what moved most; where that is the same, the order of the policy stands.
    told.sort_by(|a, b| a.rank.cmp(&b.rank).then_with(|| b.size.cmp(&a.size)));
    if audience == Audience::Customer {
        // What is told with its clause is not told again without.
        let lines: Vec<String> = told.iter().map(|line| line.line(words)).collect();
        let again = |line: &str| lines.iter().any(|other| other.starts_with(&format!("{line} [")));
        told.retain(|told| !again(&told.line(words)));
        let mut lines: Vec<String> = told.iter().map(|line| line.line(words)).collect();
        lines.extend(factors::main(words, story, &lines));
        if !lines.is_empty() {
            out.heading(words.pick("Why", "理由"));
            lines.iter().for_each(|line| out.line(1, &format!("- {line}")));
        }
        return;
    }
    let mut texts: Vec<String> = told.iter().map(|line| line.line(words)).collect();
    let cards = || story.scores.iter().filter(|score| score.live && score.value.value.is_known());
    texts.extend(cards().filter(|score| score.gathers).filter_map(|score| factors::in_all(words, score)));
    let sums: Vec<String> =
        cards().filter(|score| !score.gathers).filter_map(|score| factors::in_all(words, score)).collect();
    if texts.is_empty() && sums.is_empty() {
        return;
    }
    out.heading(words.pick("Reasons, the weightiest first", "理由（按影响大小排列）"));
    for (place, text) in texts.iter().enumerate() {
        out.line(1, &format!("{}. {text}", place.saturating_add(1)));
    }
    sums.iter().for_each(|text| out.line(1, text));
}

/// Whether a rule gives no words and nothing that the decision lists comes of it: a row of a table that is read on the way, a
/// correction that leaves all as it is, a paper. Its clause stands in its section.
fn silent(words: &Words<'_>, story: &Explanation, line: &ReasonLine) -> bool {
    if line.reason.text.is_some()
        || line.reason.customer.is_some()
        || line.lost.is_some()
        || line.added.is_some()
    {
        return false;
    }
    let kind = words.plan.rules.iter().find(|rule| rule.address == line.address).map(|rule| rule.kind);
    let listed = |name: &str| {
        story
            .outputs
            .iter()
            .any(|output| *output.name == *name || output.name.starts_with(&format!("{name}.")))
    };
    let is = |table: &&TableStory| table.rows.iter().any(|row| row.rule.address == line.address);
    match (kind, story.tables.iter().find(is)) {
        (_, Some(table)) if table.correction => {
            let factor = table.results.first().and_then(|(.., it)| it.value.as_number());
            factor.is_some_and(|factor| *factor == Number::ONE)
        }
        (_, Some(table)) => !listed(&table.name),
        (Some(RuleKind::Paper), None) => true,
        (Some(RuleKind::Row), None) => line.item.is_some(),
        _ => false,
    }
}

/// Whether the customer is told of a rule at all: not who must sign, nor that somebody is asked and what stands meanwhile, nor how
/// tight the policy is, nor what was gathered against it; and what holds its orders stands with the orders. A text that the
/// policy has for the customer is told wherever it stands.
fn for_customer(words: &Words<'_>, story: &Explanation, line: &ReasonLine) -> bool {
    // What moved only outputs of the house's own is told where the policy has words for it that it does not keep inside.
    let open = line.live && line.reason.text.is_some() && !line.reason.internal;
    if !line.counts && !open {
        return false;
    }
    let key = line.item.as_ref().map(|item| &item.value);
    let mut items = story.ladders.iter().flat_map(|ladder| &ladder.items);
    let awaited = items.any(|item| {
        let rung = item.rungs.iter().find(|rung| rung.rule.address == line.address);
        item.key.as_ref().map(|it| &it.value) == key
            && rung.is_some_and(|rung| item.awaiting.as_ref() == Some(&rung.step))
    });
    let is = |rule: &RuleLine| rule.address == line.address;
    let held = story
        .checks
        .iter()
        .flat_map(|it| &it.items)
        .any(|item| item.holds.iter().any(|hold| is(&hold.rule)) || item.exclusions.iter().any(is));
    // What holds an order stands with the orders, a step that waits for a signature is none yet.
    if awaited || held {
        return false;
    }
    if line.reason.customer.is_some() {
        return true;
    }
    // What concerns only a ladder or checks that the house alone reads is none of the customer's.
    let names = story.ladders.iter().map(|it| &it.name).chain(story.checks.iter().map(|it| &it.name));
    let mut own = names.filter(|name| line.address.split('/').any(|part| *part == ***name));
    if own.any(|name| story.outputs.iter().any(|output| output.internal && output.name == *name)) {
        return false;
    }
    // Who must sign is ours; that nobody may, and why, concerns the customer.
    let signed = story
        .authorities
        .iter()
        .filter(|it| !it.nobody)
        .flat_map(|it| &it.table.rows)
        .any(|row| is(&row.rule));
    let tight =
        story.stances.iter().flat_map(|it| &it.groups).flat_map(|it| &it.triggers).any(|it| is(&it.2));
    let kind = words.plan.rules.iter().find(|rule| rule.address == line.address).map(|rule| rule.kind);
    // Which step of ours is left out concerns us; which paper is wanted stands with the papers.
    let ours = matches!(kind, Some(RuleKind::Judgement | RuleKind::Skip | RuleKind::Paper));
    !(signed || tight || ours || line.added.is_some())
}

/// A reason in a sentence; none where this reader is told nothing of it.
fn sentence(
    words: &Words<'_>,
    story: &Explanation,
    line: &ReasonLine,
    effect: &Effect<'_>,
    audience: Audience,
) -> Option<String> {
    let customer = audience == Audience::Customer;
    // What is settled and waits for a signature is not told in the figures that raised it: they no longer hold.
    if let Some(hold) = awaiting(story, line).filter(|_| !customer) {
        let mut text = checks::settled(words, hold);
        if audience == Audience::Auditor {
            text.push_str(&format!("  {}", words.address(&line.address)));
        }
        return Some(text);
    }
    // How methods are combined is the house's own.
    if customer && line.address.ends_with("/take") {
        return None;
    }
    let hidden = line.reason.internal && customer;
    let said = match (customer, &line.reason.customer) {
        (true, Some(said)) => Some(said),
        _ => line.reason.text.as_ref().filter(|_| !hidden),
    };
    let because = said.map(|text| {
        let text = words.label(text).to_owned();
        // What is kept inside is not named as unverified, either: the customer reads the words that the policy has for it.
        if hidden {
            return text;
        }
        let text = if customer { text } else { foreign(words, effect.rule, text) };
        unjudged(words, line.standing, &line.comparisons, text, audience)
    });
    let factor = line.factor.as_ref().map(|label| words.label(label).to_owned());
    let head = match (factor, because) {
        (Some(factor), Some(because)) => format!("{factor}{}{because}", words.pick(": ", "：")),
        (None, Some(because)) => because,
        // Points lost say little to the customer, who must not see what weighs how much.
        (_, None) if customer => return None,
        (Some(factor), None) => factor,
        (None, None) => {
            let own = effect.head.clone().or_else(|| effect.rule.map(|rule| words.sentence(rule)));
            let own = own.or_else(|| {
                place(words, line).filter(|_| audience == Audience::Auditor || effect.text.is_some())
            })?;
            unjudged(words, line.standing, &line.comparisons, own, audience)
        }
    };
    let mut text = head;
    let cite = line.reason.cite.as_ref().filter(|_| !hidden).map(|cite| format!(" [{cite}]"));
    if customer {
        text.push_str(&cite.unwrap_or_default());
        return Some(text);
    }
    let lost = factors::points_lost(words, story, line);
    let added =
        line.added.as_ref().filter(|added| added.value.as_number().is_some_and(|added| !added.is_zero()));
    let added = added.map(|added| match words.lang {
        Lang::En => format!("{} points added", words.bare(added)),
        Lang::Zh => format!("加 {} 分", words.bare(added)),
    });
    if let Some(did) = lost.or(added).or_else(|| effect.text.clone()).filter(|did| *did != text) {
        text.push_str(&format!("{}{did}", words.pick(": ", "：")));
    }
    text.push_str(&cite.unwrap_or_default());
    if line.reason.internal {
        text.push_str(words.pick(" ", ""));
        text.push_str(&words.internal(&line.reason));
    }
    if audience == Audience::Auditor {
        text.push_str(&format!("  {}", words.address(&line.address)));
    }
    Some(text)
}

/// Whether a reason tells of points of a card that has no value, or of a bound on a grade that nobody could give.
fn idle(story: &Explanation, line: &ReasonLine) -> bool {
    let without = |score: &ScoreStory| !score.value.value.is_known() && factors::within(line, score);
    let bounded = |grade: &GradeStory| {
        let mut bounds = grade.stages.iter().filter(|stage| stage.kind != StageKind::Apart);
        !grade.value.value.is_known()
            && !grade.score.value.is_known()
            && bounds.any(|stage| stage.rules.iter().any(|rule| rule.address == line.address))
    };
    (line.lost.is_some() && story.scores.iter().any(without)) || story.grades.iter().any(bounded)
}

/// The hold of which a reason tells, where its cause is cured and a signature is wanted.
fn awaiting<'s>(story: &'s Explanation, line: &ReasonLine) -> Option<&'s HoldLine> {
    let items = story.checks.iter().flat_map(|checks| &checks.items);
    let own = |item: &&CheckedItem| {
        item.key.as_ref().map(|key| &key.value) == line.item.as_ref().map(|item| &item.value)
    };
    let mut holds = items.filter(own).flat_map(|item| &item.holds);
    holds.find(|hold| hold.rule.address == line.address && hold.is == Some(HoldStatus::Awaiting))
}

/// Where a rule stands that says no word: the construct as people call it, and which part of it.
fn place(words: &Words<'_>, line: &ReasonLine) -> Option<String> {
    called(words, &line.address)
}

/// A rule that says no word, by its address.
pub(super) fn called(words: &Words<'_>, address: &str) -> Option<String> {
    let mut parts = address.split('/').rev();
    let (part, of) = (parts.next()?, parts.next()?);
    let item = words.plan.items.iter().find(|item| *item.name == *of);
    let rule = words.plan.rules.iter().find(|rule| *rule.address == *address);
    // A paper goes by itself: `forms of the desk: grade form`.
    if let Some(item) = item
        && let ItemKind::Checklist(list) = &item.kind
        && let Some(paper) = list
            .papers
            .iter()
            .find(|paper| words.plan.rules.get(paper.rule).is_some_and(|rule| *rule.address == *address))
    {
        let (of, paper) = (words.label(&item.label), words.member(&Type::Enum(list.kind), paper.code));
        return Some(format!("{of}{}{paper}", words.pick(": ", "：")));
    }
    // A factor goes by what it scores, a line of a limit by what it does.
    if let Some(own) = item.and_then(|item| part_of(words, item, address)) {
        let of = item.map(|item| words.label(&item.label)).unwrap_or_default();
        return Some(format!("{of}{}{own}", words.pick(": ", "：")));
    }
    // A row goes by what it asks: `treatment: object is goods in our hands`.
    if let (Some(item), Some(condition)) = (item, rule.and_then(|rule| rule.condition)) {
        let (of, when) = (words.label(&item.label), words.phrase(condition));
        return Some(format!("{of}{}{when}", words.pick(": ", "：")));
    }
    let of = item.map_or_else(|| of.to_owned(), |item| words.label(&item.label).to_owned());
    let part = words.address(part);
    Some(format!("{of}{}{part}", words.pick(", ", "，")))
}

/// What a part of a construct goes by: the label of a factor or method, the sentence of a line.
fn part_of(words: &Words<'_>, item: &Item, address: &str) -> Option<String> {
    let is = |rule: RuleId| words.plan.rules.get(rule).is_some_and(|rule| *rule.address == *address);
    match &item.kind {
        ItemKind::Scorecard(card) => {
            let factor = card.factors.iter().find(|factor| is(factor.rule))?;
            Some(words.plain(&factor.name, &factor.label).to_owned())
        }
        ItemKind::Limit(limit) => {
            let line = limit.lines.iter().find(|line| is(line.rule))?;
            let condition = words.plan.rules.get(line.rule).and_then(|rule| rule.condition);
            Some(money::does(words, &line.kind, line.operand, condition))
        }
        _ => None,
    }
}

/// A text that the policy has in the other language only, with what the rule says in the reader's.
fn foreign(words: &Words<'_>, rule: Option<&RuleLine>, text: String) -> String {
    let doubtful = rule.is_some_and(|rule| rule.standing == Standing::UnknownApplies);
    if words.lang == Lang::Zh
        || doubtful
        || text.is_ascii()
        || text.chars().any(|ch| ch.is_ascii_alphabetic())
    {
        return text;
    }
    let own = rule.and_then(|rule| match &rule.subject {
        Subject::Trigger(label) => Some(words.label(label).to_owned()),
        _ => rule.condition.map(|condition| words.phrase(condition)),
    });
    match own.filter(|own| *own != text) {
        Some(own) => format!("{own} ({text})"),
        None => text,
    }
}

/// What is not established is not told as if it were so: the customer reads only that it is not yet verified, the salesman what
/// it is treated as meanwhile, the auditor also by what.
pub(super) fn unjudged(
    words: &Words<'_>,
    standing: Standing,
    comparisons: &[Comparison],
    text: String,
    audience: Audience,
) -> String {
    if standing != Standing::UnknownApplies {
        return text;
    }
    let missing = words.unestablished(comparisons).join(words.pick(", ", "、"));
    let not_yet = words.pick("not yet verified", "尚未核实");
    if missing.is_empty() {
        return format!("{text}{}", words.bracketed(not_yet));
    }
    // What was not given is not doubted: nobody has it yet.
    let given = comparisons.iter().filter(|it| !it.value.value.is_known()).all(|it| {
        let fact = match &it.because {
            Some(Unknowing::Missing(name, _)) => words.plan.schema.find(name),
            _ => None,
        };
        let field = fact.and_then(|fact| words.plan.schema.fields.get(fact));
        field.is_some_and(|field| !matches!(field.ty, FieldType::YesNo) && !field.internal)
    });
    let not_yet = if given { words.pick("not provided yet", "尚未提供") } else { not_yet };
    let missing = format!("{missing}{}{not_yet}", words.pick(": ", "："));
    match (audience, words.lang) {
        (Audience::Customer, _) => missing,
        (Audience::Sales, Lang::En) => format!("{missing}, treated for now as “{text}”"),
        (Audience::Sales, Lang::Zh) => format!("{missing}，暂按“{text}”处理"),
        (Audience::Auditor, Lang::En) => format!("{missing}; the policy then treats it as “{text}”"),
        (Audience::Auditor, Lang::Zh) => format!("{missing}，按政策规定作“{text}”处理"),
    }
}

/// What a reason did, by its address in the story.
fn effect<'s>(words: &Words<'_>, story: &'s Explanation, line: &ReasonLine) -> Effect<'s> {
    if line.lost.is_some() || line.added.is_some() {
        return Effect::new(Rank::Scores, None, None);
    }
    let address = &line.address;
    let is = |rule: &RuleLine| rule.address == *address;
    for grade in &story.grades {
        if let Some(found) = graded(words, grade, &is) {
            return found;
        }
    }
    for limit in &story.limits {
        if let Some(found) = limited(words, limit, address, &is) {
            return found;
        }
    }
    for table in &story.tables {
        if let Some(row) = table.rows.iter().find(|row| is(&row.rule)) {
            return chosen(words, story, table, &row.rule);
        }
    }
    if let Some(rule) = story.scores.iter().flat_map(|score| &score.require).find(|rule| is(rule)) {
        let known: Vec<String> = rule.comparisons.iter().map(|it| words.comparison(it)).collect();
        return Effect::new(Rank::Withholds, known.join(words.pick("; ", "；")), Some(rule));
    }
    for stance in &story.stances {
        for group in &stance.groups {
            if let Some((.., rule)) = group.triggers.iter().find(|(.., rule)| is(rule)) {
                let text = format!("{} {}", words.label(&stance.label), words.figure(&group.state));
                return Effect::new(Rank::Chooses, with_figures(words, text, rule), Some(rule));
            }
        }
    }
    if let Some(found) = story.checks.iter().flat_map(|it| &it.items).find_map(|it| checked(words, it, line))
    {
        return found;
    }
    for it in &story.authorities {
        if let Some(row) = it.table.rows.iter().find(|row| is(&row.rule)) {
            let (subject, value, needed) =
                (words.phrase(it.subject_step), words.figure(&it.value), words.figure(&it.needed));
            let text = match (words.lang, it.nobody) {
                (Lang::En, true) => format!("nobody may approve {subject} {value}"),
                (Lang::En, false) => format!("{subject} {value} needs {needed}"),
                (Lang::Zh, true) => format!("{subject} {value} 无人可批"),
                (Lang::Zh, false) => format!("{subject} {value} 须由{needed}签批"),
            };
            return Effect::new(
                if it.nobody { Rank::Withholds } else { Rank::Chooses },
                text,
                Some(&row.rule),
            );
        }
    }
    if let Some(found) = acted(words, story, line) {
        return found;
    }
    if let Some((text, rule)) = rules::gave(words, story, line) {
        return Effect { head: Some(text.clone()), ..Effect::new(Rank::Other, text, Some(rule)) };
    }
    by_name(words, story, address)
}

/// A text with what the rule compares, where that is one thing: the input that did it.
fn with_figures(words: &Words<'_>, text: String, rule: &RuleLine) -> String {
    match rule.comparisons.as_slice() {
        [only] if only.threshold.is_some() => format!("{text}{}", words.bracketed(&words.comparison(only))),
        _ => text,
    }
}

fn graded<'s>(
    words: &Words<'_>,
    grade: &'s GradeStory,
    is: &dyn Fn(&RuleLine) -> bool,
) -> Option<Effect<'s>> {
    let name = words.label(&grade.label);
    for (place, stage) in grade.stages.iter().enumerate() {
        let Some(rule) = stage.rules.iter().find(|rule| is(rule)) else { continue };
        let before = place.checked_sub(1).and_then(|place| grade.stages.get(place)).map(|stage| &stage.after);
        let after = words.bare(&stage.after);
        let rank = match stage.kind {
            StageKind::Forces | StageKind::Apart => Rank::Forces,
            StageKind::Caps | StageKind::Needs => Rank::Caps,
            StageKind::Notches | StageKind::Band => Rank::Notches,
        };
        let several = stage.rules.iter().filter(|rule| rule.standing.takes_effect()).count() > 1;
        let text = match before {
            Some(before) if before.value != stage.after.value => {
                let moved = format!("{name} {} → {after}", words.bare(before));
                match (stage.kind == StageKind::Notches && several, words.lang) {
                    (true, Lang::En) => format!("{moved} with the other notches"),
                    (true, Lang::Zh) => format!("{moved}（与其他升降级合计）"),
                    (false, _) => moved,
                }
            }
            _ => match words.lang {
                Lang::En => format!("{name} stays {after}"),
                Lang::Zh => format!("{name}仍为 {after}"),
            },
        };
        if let Subject::Needs(wanted) = &rule.subject {
            // Of several bands that are passed over each says only that it is not reached.
            let past = match (before.map(|before| &before.value), &stage.after.value) {
                (Some(Value::Code(before)), Value::Code(after)) => after.saturating_sub(*before) > 1,
                _ => false,
            };
            return Some(needs(words, wanted, rule, if past { not(words, name, wanted) } else { text }));
        }
        return Some(Effect::new(rank, with_figures(words, text, rule), Some(rule)));
    }
    None
}

fn not(words: &Words<'_>, name: &str, wanted: &Figure) -> String {
    let wanted = words.bare(wanted);
    match words.lang {
        Lang::En => format!("{name} not {wanted}"),
        Lang::Zh => format!("{name}不能为 {wanted}"),
    }
}

/// What a grade needs and does not have: what is missed alone, with its distance.
fn needs<'s>(words: &Words<'_>, wanted: &Figure, rule: &'s RuleLine, text: String) -> Effect<'s> {
    let wanted = words.bare(wanted);
    let missed = rule.comparisons.iter().filter(|it| it.met() != Some(true));
    let missed: Vec<String> = missed.map(|it| words.comparison(it)).collect();
    let missed = missed.join(words.pick("; ", "；"));
    let head = match words.lang {
        Lang::En => format!("{wanted} needs more: {missed}"),
        Lang::Zh => format!("未满足 {wanted} 的条件：{missed}"),
    };
    // The clause and the reason of the policy stand before what they did.
    let text = if rule.reason.text.is_some() { with_figures(words, text, rule) } else { text };
    Effect { head: Some(head), ..Effect::new(Rank::Caps, text, Some(rule)) }
}

fn limited<'s>(
    words: &Words<'_>,
    limit: &'s LimitStory,
    address: &str,
    is: &dyn Fn(&RuleLine) -> bool,
) -> Option<Effect<'s>> {
    let name = words.label(&limit.label);
    if let Some(line) = limit.lines.iter().find(|line| is(&line.rule)) {
        return Some(moved(words, name, line, &money::sentence(words, line)));
    }
    if let Some(layer) = limit.layers.iter().find(|layer| is(&layer.rule)) {
        let (label, bears) = (words.label(&layer.label), words.figure(&layer.bears));
        let text = match (layer.rule.standing.takes_effect(), words.lang) {
            (true, Lang::En) => format!("{name}: {label} bears {bears}"),
            (false, Lang::En) => format!("{name}: {label} bears nothing"),
            (true, Lang::Zh) => format!("{name}：{label}承担 {bears}"),
            (false, Lang::Zh) => format!("{name}：{label}不予承担"),
        };
        return Some(Effect::new(Rank::Limits, text, Some(&layer.rule)));
    }
    // The address of a method ends in its name.
    let method = limit.methods.iter().find(|method| {
        let mut parts = address.rsplit('/');
        parts.next() == Some(&*method.name) && parts.next() == Some(&*limit.name)
    });
    if let Some(method) = method {
        let (label, value) = (words.label(&method.label), words.figure(&method.value));
        let text = match words.lang {
            Lang::En => format!("{name} by {label}, {value}"),
            Lang::Zh => format!("{name}按{label}，{value}"),
        };
        return Some(Effect::new(Rank::Chooses, text, None));
    }
    let mut parts = address.rsplit('/');
    (parts.next() == Some("take") && parts.next() == Some(&*limit.name)).then(|| {
        let (how, value) = (words.take(limit.take), words.figure(&limit.taken));
        let text = match words.lang {
            Lang::En => format!("{name}: {how} taken, {value}"),
            Lang::Zh => format!("{name}取{how}，{value}"),
        };
        Effect::new(Rank::Chooses, text, None)
    })
}

/// `credit limit 4,666.63 → 3,733.30 (times 80%)`
fn moved<'s>(words: &Words<'_>, name: &str, line: &'s LimitLine, how: &str) -> Effect<'s> {
    let corrects = matches!(line.kind, LineKind::Correct);
    let with = match (&line.kind, line.operand.as_ref()) {
        (LineKind::Times, Some(by)) => format!("× {}", words.figure(by)),
        (LineKind::Cap, Some(at)) => match words.lang {
            Lang::En => format!("the cap of {} binds", words.figure(at)),
            Lang::Zh => format!("上限 {} 起作用", words.figure(at)),
        },
        (LineKind::Floor, Some(at)) => match words.lang {
            Lang::En => format!("the floor of {} binds", words.figure(at)),
            Lang::Zh => format!("下限 {} 起作用", words.figure(at)),
        },
        _ if corrects => how.to_owned(),
        _ => String::new(),
    };
    let change = line.change.as_ref().map(|change| words.change(change));
    let with = Some(with).filter(|with| !with.is_empty());
    let note = [change, with].into_iter().flatten().collect::<Vec<_>>().join(words.pick(", ", "，"));
    let (before, after) = (words.figure(&line.before), words.figure(&line.after));
    let text = format!("{name} {before} → {after}{}", words.bracketed(&note));
    let lost = !line.after.value.is_known() && line.before.value.is_known();
    let mut effect = Effect::new(if lost { Rank::Withholds } else { Rank::Limits }, text, Some(&line.rule));
    effect.head = Some(how.to_owned());
    effect.size = line.change.as_ref().and_then(|it| it.value.as_number()).map_or(Number::ZERO, Number::abs);
    effect
}

/// A row that was chosen: what it moved where it corrects a limit, else what it gives.
fn chosen<'s>(
    words: &Words<'_>,
    story: &'s Explanation,
    table: &TableStory,
    rule: &'s RuleLine,
) -> Effect<'s> {
    let name = words.label(&table.label);
    if table.correction {
        let corrects = |line: &&LimitLine| {
            matches!(line.kind, LineKind::Correct)
                && line.before.value != line.after.value
                && line.operand_step.is_some_and(|step| words.phrase(step) == name)
        };
        for limit in &story.limits {
            if let Some(line) = limit.lines.iter().find(corrects) {
                let shown = table.results.first().map(|(.., it)| words.correction(it)).unwrap_or_default();
                let mut effect = moved(words, words.label(&limit.label), line, &format!("{name} {shown}"));
                // A row of a correction goes by what it asks, `grade is AA`; what it does stands behind.
                (effect.rule, effect.head) = (Some(rule), None);
                return effect;
            }
        }
    }
    let withheld = table.because.is_some();
    let results = results(words, table, rule);
    let behind = if results.len() > 1 { words.pick(": ", "：") } else { " " };
    let text = format!("{name}{behind}{}", results.join(words.pick(", ", "，")));
    Effect::new(if withheld { Rank::Withholds } else { Rank::Chooses }, text, Some(rule))
}

/// What a row gives: of a table that gathers its rows, what this one adds.
fn results(words: &Words<'_>, table: &TableStory, rule: &RuleLine) -> Vec<String> {
    let taken = table.rows.iter().filter(|row| row.rule.standing.takes_effect()).count();
    let own = table.rows.iter().find(|row| row.rule.address == rule.address).filter(|_| taken > 1);
    match own {
        Some(row) => row.results.iter().map(|figure| words.figure(figure)).collect(),
        None => rules::results(words, table),
    }
}

fn checked<'s>(words: &Words<'_>, item: &'s CheckedItem, line: &ReasonLine) -> Option<Effect<'s>> {
    if item.key.as_ref().map(|key| &key.value) != line.item.as_ref().map(|key| &key.value) {
        return None;
    }
    let verdict = || words.figure(&item.verdict);
    if let Some(hold) = item.holds.iter().find(|hold| hold.rule.address == line.address) {
        return Some(Effect::new(Rank::Withholds, verdict(), Some(&hold.rule)));
    }
    let rule = item.exclusions.iter().find(|rule| rule.address == line.address)?;
    Some(Effect::new(Rank::Acts, verdict(), Some(rule)))
}

/// A step of a ladder, a paper, a line of a total.
fn acted<'s>(words: &Words<'_>, story: &'s Explanation, line: &ReasonLine) -> Option<Effect<'s>> {
    let key = line.item.as_ref().map(|key| &key.value);
    for item in story.ladders.iter().flat_map(|ladder| &ladder.items) {
        if item.key.as_ref().map(|key| &key.value) != key {
            continue;
        }
        if let Some(rung) = item.rungs.iter().find(|rung| rung.rule.address == line.address) {
            let (step, day) = (words.figure(&rung.step), words.figure(&rung.day));
            // What waits for a signature is not told as done.
            if item.awaiting.as_ref() == Some(&rung.step) {
                let text = ladders::awaited(words, rung);
                return Some(Effect {
                    head: Some(text.clone()),
                    ..Effect::new(Rank::Acts, text, Some(&rung.rule))
                });
            }
            let text = match words.lang {
                Lang::En => format!("{step} since {day}"),
                Lang::Zh => format!("{day} 起{step}"),
            };
            let head = Some(text.clone());
            return Some(Effect { head, ..Effect::new(Rank::Acts, text, Some(&rung.rule)) });
        }
        let own = item.rules.iter().chain(std::iter::once(&item.entry));
        if let Some(rule) = own.into_iter().find(|rule| rule.address == line.address) {
            // What holds a step comes first; a step that is left out moves nobody.
            let rank = match rule.kind {
                RuleKind::Hold => Rank::Withholds,
                RuleKind::Skip => Rank::Other,
                _ => Rank::Acts,
            };
            return Some(Effect::new(rank, words.sentence(rule), Some(rule)));
        }
    }
    for list in &story.checklists {
        if let Some(paper) = list.papers.iter().find(|paper| paper.rule.address == line.address) {
            let paper_name = words.figure(&paper.paper);
            let text = match words.lang {
                Lang::En => format!("{paper_name} required"),
                Lang::Zh => format!("须交{paper_name}"),
            };
            return Some(Effect::new(Rank::Acts, text, Some(&paper.rule)));
        }
    }
    None
}

/// What goes by the name of a construct alone: exceptions, shares of a budget, judgements.
fn by_name<'s>(words: &Words<'_>, story: &'s Explanation, address: &str) -> Effect<'s> {
    let named = |name: &str| address.split('/').any(|part| part == name);
    if let Some(it) = story.overrides.iter().find(|it| it.applies && named(&it.name)) {
        let (name, from, to) = (words.label(&it.label), words.figure(&it.computed), words.figure(&it.value));
        let until = it.until.as_ref().map(|(until, _)| words.figure(until));
        let text = match (words.lang, until) {
            (Lang::En, Some(until)) => format!("{name} {from} → {to} by exception until {until}"),
            (Lang::En, None) => format!("{name} {from} → {to} by exception"),
            (Lang::Zh, Some(until)) => format!("{name} {from} → {to}（特批，有效至 {until}）"),
            (Lang::Zh, None) => format!("{name} {from} → {to}（特批）"),
        };
        return Effect::new(Rank::Limits, text, None);
    }
    if let Some(it) = story.book.iter().find(|it| named(&it.name))
        && let Some(served) = &it.served
    {
        let (name, asked, got) =
            (words.label(&it.label), words.figure(&served.asked), words.figure(&served.served));
        let text = match words.lang {
            Lang::En => format!("{name}: asked for {asked}, gets {got}"),
            Lang::Zh => format!("{name}：应得 {asked}，实得 {got}"),
        };
        return Effect::new(Rank::Limits, text, None);
    }
    if let Some(it) = story.judgements.iter().find(|it| named(&it.name)) {
        let text = format!("{} {}", words.label(&it.label), words.figure(&it.value));
        return Effect::new(Rank::Chooses, text, None);
    }
    for total in story.totals.iter().filter(|total| named(&total.name)) {
        for sum in &total.sums {
            let Some(line) = sum.lines.iter().find(|line| named(&line.name)) else { continue };
            let sign = if line.minus { "−" } else { "+" };
            let zero = matches!(&line.value.value, Value::Number(number) if number.is_zero());
            let value = if zero { String::from("0") } else { format!("{sign}{}", words.figure(&line.value)) };
            return Effect::new(Rank::Chooses, format!("{} {value}", words.label(&total.label)), None);
        }
    }
    Effect::new(Rank::Other, None, None)
}
