//! One mistake, one diagnostic: what only follows from a mistake that is told is left out, and a name that means nothing is told once,
//! with the places where it stands.
//!
//! What follows is found by what it speaks of: a name on a line that could not be read, or one that is declared by a construct with a
//! mistake in it. A mistake is never taken for a consequence of itself, so that of any text at least one is told.

use std::collections::{BTreeMap, BTreeSet};

use super::together::{OF_USES, together};
use super::{Source, hir};
use crate::base::{Span, Str};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::FieldType;

/// What says that a name is not there, or is not what it is taken for: as often as it is used, though it is one mistake.
pub(super) const OF_NAMES: [&str; 16] = [
    "E201", "E203", "E204", "E205", "E208", "E221", "E222", "E223", "E291", "E382", "E501", "E504", "E505",
    "E701", "E703", "E704",
];
/// The figures of such a diagnostic that are names.
pub(super) const NAMING: [&str; 7] = ["name", "kind", "part", "field", "code", "list", "tactic"];
/// What a wrong line of the header, of facts or of a kind may hold, so that it only seems to be lacking.
const OF_FACTS: [&str; 7] = ["E231", "E252", "E283", "E286", "E374", "E382", "E383"];
/// Which of the messages of these codes do not speak of what is lacking.
pub(super) const NOT_OF_LACK: [&str; 9] =
    ["two", "several", "behind", "type", "customer", "twice", "main", "multiple", "one"];
/// What two places disagree about: where the one that is pointed at is wrong itself, they may agree.
const OF_TYPES: [&str; 6] = ["E210", "E211", "E212", "E218", "E220", "E233"];
/// How far behind a name its value stands in a case.
const GIVEN: u32 = 3;
/// What is told of every row where the head of a table is wrong.
pub(super) const OF_ROWS: [&str; 3] = ["E301", "E302", "E303"];
/// What is told of a construct as a whole, and depends on lines of it that may not have been read.
const OF_WHOLE: [&str; 14] = [
    "E279", "E300", "E307", "E309", "E321", "E329", "E336", "E341", "E342", "W346", "E353", "E356", "E367",
    "E369",
];

/// The diagnostics without those that only follow from others.
pub(super) fn without(
    program: &hir::Program,
    sources: &[Source<'_>],
    unclear: &[Span],
    diagnostics: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let mended = || sources.iter().flat_map(|source| &source.file.mended);
    let unread = sources.iter().any(|source| !source.file.lost.is_empty()) || mended().next().is_some();
    let wrong = diagnostics.iter().filter(|told| told.is_error()).count();
    if !unread && (wrong == 0 || diagnostics.len() < 2) {
        return diagnostics;
    }
    // What a line says that was read as it was likely meant is a guess, and its mistake is told.
    let mut diagnostics = diagnostics;
    diagnostics.retain(|told| !told.span.is_some_and(|span| mended().any(|line| holds(*line, span))));
    let mut places = Places::of(program, sources);
    let (names, mut kept): (Vec<_>, Vec<_>) =
        diagnostics.into_iter().partition(|told| OF_NAMES.contains(&told.code));
    // Where no policy is named, nothing can say how it rounds or what its money is.
    let nameless = kept.iter().any(|told| told.code == "E225" && told.variant == "missing");
    kept.retain(|told| !nameless || !matches!((told.code, told.variant), ("E224", _) | ("E233", "mode")));
    kept.retain(|told| !places.follows_from_a_gap(told));
    let heads: Vec<Span> = spans_of(names.iter().chain(&kept), &["E203"]);
    let is_band = |told: &&Diagnostic| told.code == "E302" || told.code == "E307" && told.variant != "join";
    let bands: Vec<Span> = kept.iter().filter(is_band).filter_map(|told| told.span).collect();
    let typed: Vec<Span> = spans_of(&kept, &["E210", "E212"]);
    let twice: Vec<(Span, Vec<Str>)> = kept
        .iter()
        .filter(|told| ["E202", "E312"].contains(&told.code))
        .filter_map(|told| Some((told.span?, named(told))))
        .collect();
    kept.retain(|told| {
        let Some(span) = told.span else { return true };
        let in_one_with = |other: &Span| places.share(*other, span);
        // Where the head of its columns is wrong no row has the right number of cells.
        let of_rows = OF_ROWS.contains(&told.code) && heads.iter().any(in_one_with);
        // A band without its result is no end for the next.
        let of_bands = told.code == "E307"
            && (told.variant == "join" && bands.iter().any(in_one_with) || typed.contains(&span));
        // An amount that is none by its declaration cannot be the one that is measured.
        let of_minimum = told.code == "E383"
            && told.variant.is_empty()
            && typed.iter().any(|span| places.declared_of(*span).is_some());
        !of_rows
            && !of_bands
            && !of_minimum
            && !twice.iter().any(|twin| places.follows_from_a_twin(told, span, twin))
    });
    unclear.iter().for_each(|span| places.break_at(Some(*span)));
    places.note_wrong(kept.iter().chain(&names));
    kept.retain(|told| !places.follows_from_what_is_wrong(told));
    // Of a scale of one grade it is not known what the others are.
    spans_of(&kept, &["E341"]).iter().for_each(|span| places.break_at(Some(*span)));
    places.spread();
    let unused = names.iter().any(|told| told.code == "E501");
    let is_left = |told: &Diagnostic| {
        let of_unused = unused && told.code == "E201" && told.span.is_some_and(|span| places.in_case(span));
        !of_unused && !places.is_consequence(told) && !places.follows_from_what_is_wrong(told)
    };
    kept.extend(names.into_iter().filter(is_left));
    together(kept, &places)
}

/// The names of which a diagnostic speaks.
fn named(told: &Diagnostic) -> Vec<Str> {
    let names = told.args.iter().filter(|(key, _)| NAMING.contains(key));
    names.map(|(_, name)| name.clone()).collect()
}

fn spans_of<'d>(told: impl IntoIterator<Item = &'d Diagnostic>, codes: &[&str]) -> Vec<Span> {
    told.into_iter().filter(|told| codes.contains(&told.code)).filter_map(|told| told.span).collect()
}

/// A construct as far as mistakes spread by it.
struct Construct {
    span: Span,
    names: Vec<Str>,
    /// Where its names are declared.
    declared: Vec<Span>,
    is_header: bool,
    is_broken: bool,
    /// Whether lines of it could not be read.
    has_gap: bool,
    /// Whether it declares what others ask for: a header, facts, a kind.
    declares: bool,
    /// Whether it is one fact of several.
    is_fact: bool,
    is_case: bool,
    /// Whether something in it was told to be wrong.
    is_wrong: bool,
}

impl Construct {
    fn at(span: Span) -> Construct {
        Construct {
            span,
            names: Vec::new(),
            declared: Vec::new(),
            is_header: false,
            is_broken: false,
            has_gap: false,
            declares: false,
            is_fact: false,
            is_case: false,
            is_wrong: false,
        }
    }
}

/// The constructs of all sources, and what stands in which.
pub(super) struct Places {
    constructs: Vec<Construct>,
    /// Which construct reads which.
    reads: BTreeSet<(usize, usize)>,
    lost: BTreeSet<Str>,
    /// What is declared where, by the places where it is read.
    read_at: BTreeMap<Span, Span>,
    /// Facts, fields, parameters, values and members that could be read.
    known: BTreeSet<Str>,
    /// Whether whole constructs could not be read.
    lost_items: bool,
    /// Whether the header of the policy that is asked for could not be read.
    headless: bool,
    /// Whether it uses others.
    uses: bool,
}

impl Places {
    fn of(program: &hir::Program, sources: &[Source<'_>]) -> Places {
        let mut constructs = Vec::new();
        for source in sources {
            collect(&source.file.items, &mut constructs);
        }
        for value in program.values.iter() {
            if let Some(construct) = innermost(&mut constructs, value.name_span) {
                construct.names.push(value.name.clone());
                construct.declared.push(value.name_span);
                construct.is_broken |= matches!(value.kind, hir::DefinitionKind::Error);
            }
        }
        let lost = || sources.iter().flat_map(|source| &source.file.lost);
        let mut lost_items = false;
        for word in lost() {
            match innermost(&mut constructs, word.span) {
                Some(construct) => (construct.is_broken, construct.has_gap) = (true, true),
                None => lost_items = true,
            }
        }
        for line in sources.iter().flat_map(|source| &source.file.mended) {
            // A line may begin before the construct does, and end behind it.
            let met = |it: &&mut Construct| {
                it.span.file == line.file && it.span.start < line.end && line.start < it.span.end
            };
            constructs.iter_mut().filter(met).for_each(|construct| construct.is_wrong = true);
        }
        let by_name: BTreeMap<Span, usize> = constructs
            .iter()
            .enumerate()
            .flat_map(|(place, it)| it.declared.iter().map(move |span| (*span, place)))
            .collect();
        let mut reads = BTreeSet::new();
        for mention in program.mentions.iter().filter(|mention| mention.at != mention.of) {
            let read = by_name.get(&mention.of);
            let reader = constructs.iter().rposition(|it| holds(it.span, mention.at));
            reads.extend(read.zip(reader).map(|(read, reader)| (*read, reader)));
        }
        let last = sources.last().map(|source| source.file);
        let has_header =
            last.is_some_and(|file| file.items.iter().any(|it| matches!(it.kind, ast::ItemKind::Policy(_))));
        Places {
            constructs,
            reads,
            lost_items,
            uses: last
                .is_some_and(|file| file.items.iter().any(|it| matches!(it.kind, ast::ItemKind::Use(_)))),
            headless: !has_header && last.is_some_and(|file| !file.lost.is_empty()),
            read_at: program.mentions.iter().map(|mention| (mention.at, mention.of)).collect(),
            known: known(program),
            lost: lost().map(|word| word.text.clone()).collect(),
        }
    }

    /// Whether two places stand in the same construct.
    fn share(&self, one: Span, other: Span) -> bool {
        self.construct_of(one).is_some() && self.construct_of(one) == self.construct_of(other)
    }

    /// The innermost construct of a place.
    pub(super) fn construct_of(&self, span: Span) -> Option<usize> {
        self.constructs.iter().rposition(|construct| holds(construct.span, span))
    }

    /// Notes that a construct holds a mistake.
    fn break_at(&mut self, span: Option<Span>) {
        let found = span.and_then(|span| innermost(&mut self.constructs, span));
        if let Some(construct) = found {
            construct.is_broken = true;
        }
    }

    /// Where that is declared which is read at a place, or to which a case gives a value there.
    pub(super) fn declared_of(&self, span: Span) -> Option<Span> {
        if let Some(of) = self.read_at.get(&span) {
            return Some(*of);
        }
        let (at, of) = self.read_at.range(..span).next_back().filter(|_| self.in_case(span))?;
        let between = span.start.checked_sub(at.end)?;
        (at.file == span.file && between <= GIVEN).then_some(*of)
    }

    /// Whether a place stands in a case.
    pub(super) fn in_case(&self, span: Span) -> bool {
        self.constructs.iter().any(|it| it.is_case && holds(it.span, span))
    }

    /// Notes which constructs hold something that is told.
    fn note_wrong<'d>(&mut self, told: impl Iterator<Item = &'d Diagnostic>) {
        let wrong = told.filter(|told| told.is_error() && !OF_FACTS.contains(&told.code));
        let spans = wrong.filter_map(|told| told.span);
        for span in spans.collect::<Vec<_>>() {
            if let Some(construct) = innermost(&mut self.constructs, span) {
                construct.is_wrong = true;
            }
        }
    }

    /// Whether what stands twice is wrong in all it says.
    fn follows_from_a_twin(&self, told: &Diagnostic, span: Span, (twin, names): &(Span, Vec<Str>)) -> bool {
        let speaks = || told.args.iter().any(|(_, figure)| names.contains(figure));
        let same = *twin == span || span.start > twin.start && self.share(*twin, span) && speaks();
        told.code.starts_with("E3") && told.code != "E312" && same
    }

    /// Whether a diagnostic says that something is lacking, or does not fit, that is wrong itself.
    fn follows_from_what_is_wrong(&self, told: &Diagnostic) -> bool {
        let wrong = |it: &&Construct| it.has_gap || it.is_wrong || it.is_broken;
        let own = |it: &&Construct| told.span.is_some_and(|span| holds(it.span, span));
        let pointed = |it: &&Construct| told.labels.iter().any(|label| holds(it.span, label.span));
        if OF_FACTS.contains(&told.code) && !NOT_OF_LACK.contains(&told.variant) {
            let mut declaring = self.constructs.iter().filter(|it| it.declares && wrong(it));
            if !told.labels.is_empty() {
                return declaring.any(|it| pointed(&it));
            }
            // The first of its sort is lacking: it may stand on any line that is wrong.
            let declared_once = ["E231", "E283", "E286"].contains(&told.code);
            return !declared_once && (self.lost_items || declaring.next().is_some());
        }
        // What is wrong where it is declared does not fit where it is used.
        let used = || self.declared_of(told.span?);
        let names = named(told);
        let mut facts = self.constructs.iter().filter(|it| it.is_fact && wrong(it) && !own(it));
        let is_declared = |it: &Construct| {
            used().is_some_and(|of| holds(it.span, of)) || it.names.iter().any(|name| names.contains(name))
        };
        if OF_USES.contains(&told.code) && facts.any(is_declared) {
            return true;
        }
        let of_types = OF_TYPES.contains(&told.code);
        of_types && self.constructs.iter().filter(wrong).any(|it| !own(&it) && pointed(&it))
    }

    /// What reads a broken construct is broken.
    fn spread(&mut self) {
        loop {
            let mut more = false;
            for (read, reader) in &self.reads {
                let broken = self.constructs.get(*read).is_some_and(|read| read.is_broken);
                if let Some(reader) = self.constructs.get_mut(*reader).filter(|it| broken && !it.is_broken) {
                    (reader.is_broken, more) = (true, true);
                }
            }
            if !more {
                return;
            }
        }
    }

    /// Whether a diagnostic of a name speaks of what could not be read, or of what a broken construct declares.
    fn is_consequence(&self, told: &Diagnostic) -> bool {
        // Without its header it is not known what the policy uses, nor of a policy without its version what uses it.
        if told.code == "E501"
            && told.variant != "policy"
            && self.constructs.iter().any(|it| it.is_header && it.is_wrong)
        {
            return true;
        }
        if self.headless && self.uses || told.code == "E501" {
            return self.headless;
        }
        // The field of another list may have the name of one that could not be read.
        let first = |name: &Str| name.split('.').next().map(Str::from);
        let of_field = |(key, name): &(&str, Str)| {
            NAMING.contains(key) && first(name).is_some_and(|name| self.lost.contains(&name))
        };
        if ["E208", "E703"].contains(&told.code) && told.args.iter().any(of_field) {
            return true;
        }
        // The policy that declares it stands in a `use` that could not be read.
        let policy = told.args.iter().find(|(key, _)| *key == "policy");
        if policy.is_some_and(|(_, name)| told.variant == "unused" && self.lost.contains(name)) {
            return true;
        }
        // It is declared, and elsewhere than where it is read.
        if told.code == "E208" {
            return false;
        }
        let wrong = || self.constructs.iter().filter(|it| it.is_broken || it.is_fact && it.is_wrong);
        // What gives the reason may be wrong elsewhere; a code that is nearly another is misspelt.
        let near = told.args.iter().any(|(key, _)| *key == "near");
        let may_give =
            |it: &Construct| !it.is_case && !it.declares && (it.is_broken || it.is_wrong || it.has_gap);
        if told.code == "E704" && !near && self.constructs.iter().any(may_give) {
            return true;
        }
        let mut named = told.args.iter().filter(|(key, _)| NAMING.contains(key)).map(|(_, name)| name);
        if named.clone().any(|name| self.lost.contains(name) && !self.known.contains(name)) {
            return true;
        }
        // Of a name it is known where it is declared, or there is only one. No construct is its own excuse.
        let stands = |construct: &&Construct| told.span.is_some_and(|span| holds(construct.span, span));
        let declared = told.labels.iter().find(|label| label.key == "declared").map(|label| label.span);
        match declared {
            Some(declared) => wrong().any(|construct| holds(construct.span, declared) && !stands(&construct)),
            None if ["E201", "E291", "E504"].contains(&told.code) => false,
            None => named.any(|name| wrong().any(|it| it.names.contains(name) && !stands(&it))),
        }
    }

    /// Whether a diagnostic says of a construct as a whole what may be otherwise with the lines that could not be read.
    fn follows_from_a_gap(&self, told: &Diagnostic) -> bool {
        let Some(span) = told.span else { return false };
        match (told.code, told.variant) {
            ("E224" | "E225", "missing" | "version") | ("E233", "mode") => {
                self.headless || self.constructs.iter().any(|it| it.is_header && it.has_gap)
            }
            ("E256", _) => self.constructs.iter().any(|it| it.has_gap),
            ("E502", _) => self.headless || self.lost.contains("policy") || self.lost.contains("政策"),
            // It may be the item of a list whose construct could not be read.
            ("E285", _) => self.lost_items || self.constructs.iter().any(|it| it.has_gap),
            ("E302", "grid") => {
                self.constructs.iter().any(|it| (it.has_gap || it.is_wrong) && holds(it.span, span))
            }
            (code, _) if OF_WHOLE.contains(&code) => {
                self.constructs.iter().any(|it| (it.has_gap || it.is_wrong) && holds(it.span, span))
            }
            _ => false,
        }
    }
}

fn known(program: &hir::Program) -> BTreeSet<Str> {
    let fields = program.schema.fields.iter().flat_map(|field| {
        let inner = match &field.ty {
            FieldType::Records(fields) => fields.as_slice(),
            _ => &[],
        };
        inner.iter().map(|inner| inner.name.clone()).chain([field.name.clone()])
    });
    let params = program.params.iter().map(|param| param.name.clone());
    let values = program.values.iter().map(|value| value.name.clone());
    let members = program.schema.enums.iter().flat_map(|kind| &kind.members);
    let members = members.map(|member| member.name.clone());
    fields.chain(params).chain(values).chain(members).collect()
}

/// The constructs of a file, what stands inside behind what it stands in.
fn collect(items: &[ast::Item], into: &mut Vec<Construct>) {
    for item in items {
        let mut construct = Construct::at(item.span);
        if let ast::ItemKind::Kind(kind) = &item.kind {
            construct.names.push(kind.name.text.clone());
        }
        construct.is_header = matches!(item.kind, ast::ItemKind::Policy(_));
        construct.is_case = matches!(item.kind, ast::ItemKind::Case(_));
        construct.declares =
            construct.is_header || matches!(item.kind, ast::ItemKind::Facts(_) | ast::ItemKind::Kind(_));
        into.push(construct);
        match &item.kind {
            ast::ItemKind::ForEach(each) => collect(&each.items, into),
            // A list of records is asked for by itself.
            ast::ItemKind::Facts(facts) => {
                into.extend(facts.iter().map(|fact| Construct {
                    declares: true,
                    is_fact: true,
                    names: vec![fact.name.text.clone()],
                    ..Construct::at(fact.span)
                }));
            }
            _ => {}
        }
    }
}

fn innermost(constructs: &mut [Construct], span: Span) -> Option<&mut Construct> {
    constructs.iter_mut().rev().find(|construct| holds(construct.span, span))
}

fn holds(whole: Span, part: Span) -> bool {
    whole.file == part.file && whole.start <= part.start && part.end <= whole.end
}
