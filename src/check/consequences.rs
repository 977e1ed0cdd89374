//! One mistake, one diagnostic: what only follows from a mistake that is told is left out, and a name that means nothing is told once,
//! with the places where it stands.
//!
//! What follows is found by what it speaks of: a name on a line that could not be read, or one that is declared by a construct with a
//! mistake in it. A mistake is never taken for a consequence of itself, so that of any text at least one is told.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, hir};
use crate::base::{FileId, Span, Str};
use crate::diag::Diagnostic;
use crate::syntax::ast;
use crate::value::FieldType;

/// What says that a name is not there, or is not what it is taken for: as often as it is used, though it is one mistake.
const OF_NAMES: [&str; 16] = [
    "E201", "E203", "E204", "E205", "E208", "E221", "E222", "E223", "E291", "E382", "E501", "E504", "E505",
    "E701", "E703", "E704",
];
/// The figures of such a diagnostic that are names.
const NAMING: [&str; 7] = ["name", "kind", "part", "field", "code", "list", "tactic"];
/// Which of them means nothing, by code.
const UNKNOWN: [(&str, &str); 9] = [
    ("E201", "name"),
    ("E203", "name"),
    ("E204", "name"),
    ("E205", "name"),
    ("E221", "part"),
    ("E223", "name"),
    ("E291", "name"),
    ("E504", "name"),
    ("E703", "field"),
];
/// What is lacking as often as it is needed, though it is one mistake.
const OF_LACK: [&str; 6] = ["E231", "E233", "E252", "E256", "E283", "E286"];
/// What a wrong line of the header, of facts or of a kind may hold, so that it only seems to be lacking.
const OF_FACTS: [&str; 7] = ["E231", "E252", "E283", "E286", "E374", "E382", "E383"];
/// Which of the messages of these codes do not speak of what is lacking.
const NOT_OF_LACK: [&str; 9] =
    ["two", "several", "behind", "type", "customer", "twice", "main", "multiple", "one"];
/// What two places disagree about: where the one that is pointed at is wrong itself, they may agree.
const OF_TYPES: [&str; 6] = ["E210", "E211", "E212", "E218", "E220", "E233"];
/// What is told of a use that its declaration does not fit.
const OF_USES: [&str; 4] = ["E210", "E212", "E218", "E703"];
/// How far behind a name its value stands in a case.
const GIVEN: u32 = 3;
/// What is told of every row where the head of a table is wrong.
const OF_ROWS: [&str; 2] = ["E301", "E302"];
/// What is told of a construct as a whole, and depends on lines of it that may not have been read.
const OF_WHOLE: [&str; 11] =
    ["E300", "E307", "E309", "E321", "E341", "E342", "W346", "E353", "E356", "E367", "E369"];
/// How many further places of one mistake are shown, and mended together.
const PLACES: usize = 4;

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
    kept.retain(|told| !places.follows_from_a_gap(told));
    let heads: Vec<Span> = spans_of(&kept, &["E131"]);
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
        // Without the head of its columns no row of a grid has the right number of cells.
        let of_rows = OF_ROWS.contains(&told.code) && heads.iter().any(in_one_with);
        // A band without its result is no end for the next.
        let of_bands = told.code == "E307"
            && (told.variant == "join" && bands.iter().any(in_one_with) || typed.contains(&span));
        !of_rows && !of_bands && !twice.iter().any(|twin| places.follows_from_a_twin(told, span, twin))
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

/// The name that means nothing; of `over_limit.since` the first.
fn unknown(told: &Diagnostic) -> Option<Str> {
    let (_, key) = UNKNOWN.iter().find(|(code, _)| *code == told.code)?;
    let (_, name) = told.args.iter().find(|(own, _)| own == key)?;
    name.split('.').next().map(Str::from)
}

fn spans_of(told: &[Diagnostic], codes: &[&str]) -> Vec<Span> {
    told.iter().filter(|told| codes.contains(&told.code)).filter_map(|told| told.span).collect()
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
            is_case: false,
            is_wrong: false,
        }
    }
}

/// The constructs of all sources, and what stands in which.
struct Places {
    constructs: Vec<Construct>,
    /// Which construct reads which.
    reads: BTreeSet<(usize, usize)>,
    lost: BTreeSet<Str>,
    /// What is declared where, by the places where it is read.
    read_at: BTreeMap<Span, Span>,
    /// Facts, fields, parameters, values and members that could be read.
    known: BTreeSet<Str>,
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
        for word in lost() {
            if let Some(construct) = innermost(&mut constructs, word.span) {
                (construct.is_broken, construct.has_gap) = (true, true);
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
        let of = |span| self.constructs.iter().rposition(|construct| holds(construct.span, span));
        of(one).is_some() && of(one) == of(other)
    }

    /// Notes that a construct holds a mistake.
    fn break_at(&mut self, span: Option<Span>) {
        let found = span.and_then(|span| innermost(&mut self.constructs, span));
        if let Some(construct) = found {
            construct.is_broken = true;
        }
    }

    /// Where that is declared which is read at a place, or to which a case gives a value there.
    fn declared_of(&self, span: Span) -> Option<Span> {
        if let Some(of) = self.read_at.get(&span) {
            return Some(*of);
        }
        let (at, of) = self.read_at.range(..span).next_back().filter(|_| self.in_case(span))?;
        let between = span.start.checked_sub(at.end)?;
        (at.file == span.file && between <= GIVEN).then_some(*of)
    }

    /// Whether a place stands in a case.
    fn in_case(&self, span: Span) -> bool {
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
            return !["E231", "E283", "E286"].contains(&told.code) && declaring.next().is_some();
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
        // It is declared, and elsewhere than where it is read.
        if told.code == "E208" {
            return false;
        }
        let broken = || self.constructs.iter().filter(|construct| construct.is_broken);
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
            Some(declared) => {
                broken().any(|construct| holds(construct.span, declared) && !stands(&construct))
            }
            None if ["E201", "E291", "E504"].contains(&told.code) => false,
            None => named.any(|name| broken().any(|it| it.names.contains(name) && !stands(&it))),
        }
    }

    /// Whether a diagnostic says of a construct as a whole what may be otherwise with the lines that could not be read.
    fn follows_from_a_gap(&self, told: &Diagnostic) -> bool {
        let Some(span) = told.span else { return false };
        match (told.code, told.variant) {
            ("E224" | "E225", "missing" | "version") => {
                self.headless || self.constructs.iter().any(|it| it.is_header && it.has_gap)
            }
            ("E256", _) => self.constructs.iter().any(|it| it.has_gap),
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
                into.extend(
                    facts.iter().map(|fact| Construct { declares: true, ..Construct::at(fact.span) }),
                );
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

/// The same mistake in several places is one: told at the first, with the others as labels.
fn together(diagnostics: Vec<Diagnostic>, places: &Places) -> Vec<Diagnostic> {
    let mut firsts: BTreeMap<(&'static str, &'static str, Vec<Str>, usize), usize> = BTreeMap::new();
    // A name without a meaning is one mistake of its file, whatever it is taken for.
    let mut unknowns: BTreeMap<(FileId, Str), usize> = BTreeMap::new();
    let mut misread: BTreeMap<Span, usize> = BTreeMap::new();
    let mut kept: Vec<Diagnostic> = Vec::new();
    let mut further: BTreeMap<usize, usize> = BTreeMap::new();
    for told in diagnostics {
        let (of_names, of_rows) = (OF_NAMES.contains(&told.code), OF_ROWS.contains(&told.code));
        let of_lack = OF_LACK.contains(&told.code) && !NOT_OF_LACK.contains(&told.variant);
        let of_lack = of_lack && (told.code != "E233" || told.variant == "mode");
        // What is declared with the wrong type does not fit wherever it is read.
        let of_uses = OF_USES.contains(&told.code) && (told.code != "E703" || told.variant == "value");
        let read = told.span.filter(|_| of_uses).and_then(|span| places.declared_of(span));
        let Some(span) = told.span.filter(|_| of_names || of_rows || of_lack || read.is_some()) else {
            kept.push(told);
            continue;
        };
        // The names of one policy lack one `use`.
        let naming: &[&str] = if told.variant == "unused" { &["policy"] } else { &NAMING };
        let figures = told.args.iter().filter(|(key, _)| !of_names || naming.contains(key));
        let construct = places.constructs.iter().rposition(|it| of_rows && holds(it.span, span));
        let figures: Vec<Str> = figures.map(|(_, figure)| figure.clone()).collect();
        let place = match (construct, read) {
            (Some(place), _) => place.saturating_add(1),
            (None, Some(of)) => of.start as usize,
            (None, None) => 0,
        };
        let key = (told.code, told.variant, figures, place);
        let name = unknown(&told).map(|name| (span.file, name));
        let other = name.as_ref().and_then(|name| unknowns.get(name)).copied();
        let other = other.filter(|place| kept.get(*place).is_some_and(|first| first.code != told.code));
        // A value that a case gives is of the type that the policy reckons with.
        let given = read.filter(|_| places.in_case(span)).and_then(|of| misread.get(&of)).copied();
        if let Some(of) = read {
            misread.entry(of).or_insert(kept.len());
        }
        let Some(first) = firsts.get(&key).copied().or(other).or(given) else {
            if let Some(name) = name {
                unknowns.entry(name).or_insert(kept.len());
            }
            firsts.insert(key, kept.len());
            kept.push(told);
            continue;
        };
        let count = further.entry(first).or_default();
        *count = count.saturating_add(1);
        if let Some(first) = kept.get_mut(first).filter(|_| *count <= PLACES) {
            first.labels.push(crate::diag::Label { span, key: "again", args: Vec::new() });
            for (fix, same) in first.fixes.iter_mut().zip(told.fixes) {
                if fix.key == same.key && fix.safe == same.safe {
                    fix.edits.extend(same.edits);
                }
            }
        }
    }
    for (place, count) in further {
        let more = count.saturating_sub(PLACES);
        let first = kept.get_mut(place).filter(|_| more > 0);
        if let Some(label) = first.and_then(|first| first.labels.last_mut()) {
            (label.key, label.args) = ("more", vec![("more", Str::from(more.to_string()))]);
        }
    }
    kept
}
