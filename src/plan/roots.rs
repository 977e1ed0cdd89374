//! What can be unknown merely because of something that is told already: a table without a row for 5 years, a notch that does not
//! say what happens without a balance sheet. The mistake is told; all that hangs on it would go with it, and is counted there.
//!
//! To find out, the plan is taken as if every such mistake were mended, from the first step to the last: what can be unknown even
//! so is a mistake of its own, and nothing that would stay is left out.

use std::collections::BTreeMap;

use super::lower::Findings;
use super::{Op, Step, StepId, infer};
use crate::base::{IndexVec, Span, Str};
use crate::check::hir;
use crate::diag::Diagnostic;
use crate::value::Value;

/// So many of what hangs on a mistake are named.
const MOST_NAMED: usize = 4;

/// The steps of a plan whose mistakes are mended, and what those mistakes leave unknown.
pub(super) struct Roots {
    /// The steps with the bounds that they would have; the ends of gaps are taken for rows.
    pub(super) steps: IndexVec<StepId, Step>,
    /// The steps that a mistake leaves unknown, each with where the mistake is told.
    left: BTreeMap<StepId, Span>,
    /// Of what is told where: how much hangs on it, and in what.
    follow: BTreeMap<Span, (usize, Vec<Str>)>,
}

impl Roots {
    /// Takes the mistakes of the conditions, of the cards and of the tables for mended.
    pub(super) fn of(
        program: &hir::Program,
        steps: &IndexVec<StepId, Step>,
        findings: &Findings,
        gaps: &[Diagnostic],
    ) -> Roots {
        let mut roots = Roots { steps: steps.clone(), left: BTreeMap::new(), follow: BTreeMap::new() };
        for said in findings.said.iter().filter(|said| said.must && !said.said) {
            roots.left.insert(said.applies, said.span);
        }
        for one in &findings.unsaid_missing {
            roots.left.insert(one.counted, one.span);
        }
        let closed = roots.close(gaps);
        if roots.left.is_empty() && !closed {
            return roots;
        }
        for id in steps.ids() {
            // What is known with the mistakes is known without them.
            if !steps.get(id).is_some_and(|step| step.bounds.unknown) {
                continue;
            }
            let told = roots.left.contains_key(&id) && !roots.is_search(id);
            let unknown = !told && {
                roots.decide(id);
                infer::unknown(&infer::Plan { program, steps: &roots.steps }, id)
            };
            if let Some(step) = roots.steps.get_mut(id) {
                step.bounds.unknown = unknown;
            }
        }
        roots
    }

    fn is_search(&self, id: StepId) -> bool {
        self.steps.get(id).is_some_and(|step| matches!(step.op, Op::FirstTrue(_)))
    }

    /// Ends every search that has a gap with what always holds: a scale at its last grade, a table behind its last row.
    fn close(&mut self, gaps: &[Diagnostic]) -> bool {
        let gaps = gaps.iter().filter(|gap| matches!(gap.code, "E460" | "E464"));
        let gaps: Vec<(Span, bool)> = gaps.filter_map(|gap| Some((gap.span?, gap.code == "E464"))).collect();
        let Some(of) = self.steps.as_slice().first().filter(|_| !gaps.is_empty()) else { return false };
        let always = Step {
            op: Op::Const(Value::Bool(true)),
            ty: crate::value::Type::YesNo,
            scope: hir::Scope::Customer,
            bounds: super::Bounds::default(),
            span: of.span,
        };
        let always = self.steps.push(always);
        let mut found = Vec::new();
        for (id, step) in self.steps.iter_enumerated() {
            let Op::FirstTrue(conditions) = &step.op else { continue };
            let gap = gaps.iter().find(|(gap, _)| holds(step.span, *gap) || holds(*gap, step.span));
            if let Some((gap, of_scale)) = gap {
                let kept = conditions.len().saturating_sub(usize::from(*of_scale));
                let ended = conditions.iter().copied().take(kept).chain([always]).collect();
                found.push((id, *gap, ended));
            }
        }
        for (id, gap, ended) in found {
            self.left.insert(id, gap);
            if let Some(step) = self.steps.get_mut(id) {
                step.op = Op::FirstTrue(ended);
            }
        }
        true
    }

    /// A choice whose condition asks whether something is known that is known now has one way.
    fn decide(&mut self, id: StepId) {
        let way = match self.steps.get(id).map(|step| &step.op) {
            Some(Op::If(condition, one, _)) if self.always(*condition) => *one,
            _ => return,
        };
        if let Some(step) = self.steps.get_mut(id) {
            step.op = Op::Same(way);
        }
    }

    /// Whether a condition only asks for what is known.
    fn always(&self, condition: StepId) -> bool {
        match self.steps.get(condition).map(|step| &step.op) {
            Some(Op::IsKnown(of)) => self.steps.get(*of).is_some_and(|step| !step.bounds.unknown),
            Some(Op::And(of)) => of.iter().all(|one| self.always(*one)),
            Some(Op::Or(of)) => of.iter().any(|one| self.always(*one)),
            _ => false,
        }
    }

    /// Whether a step can be unknown though all that is told were mended.
    pub(super) fn unknown(&self, step: StepId) -> bool {
        self.steps.get(step).is_none_or(|it| it.bounds.unknown)
    }

    /// Notes that something hangs on a mistake by way of these steps, and in what it stands. The last mistake on the way follows
    /// from no other.
    pub(super) fn follows(&mut self, way: &[StepId], of: &Str) {
        let Some(root) = way.iter().rev().find_map(|step| self.left.get(step)) else { return };
        let (count, names) = self.follow.entry(*root).or_default();
        *count = count.saturating_add(1);
        if !names.contains(of) {
            names.push(of.clone());
        }
    }

    /// Adds to each mistake what hangs on it.
    pub(super) fn counted(&self, told: &mut [Diagnostic]) {
        for one in told.iter_mut().filter(|it| matches!(it.code, "E401" | "E405" | "E460" | "E464")) {
            let Some((count, names)) = one.span.and_then(|span| self.follow.get(&span)) else { continue };
            let more = if names.len() > MOST_NAMED { ", …" } else { "" };
            let named: Vec<String> = names.iter().take(MOST_NAMED).map(|name| format!("`{name}`")).collect();
            one.args.push(("follow", count.to_string().into()));
            one.args.push(("follow_in", format!("{}{more}", named.join(", ")).into()));
            one.notes.push(if *count == 1 { "follow_one" } else { "follow" });
        }
    }
}

fn holds(whole: Span, part: Span) -> bool {
    whole.file == part.file && whole.start <= part.start && part.end <= whole.end
}
