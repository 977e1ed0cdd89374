//! What a step reads.

use super::{Op, StepId};

impl Op {
    /// Calls `found` with each step that this one reads, in the order of the operation.
    pub fn each_operand(&self, mut found: impl FnMut(StepId)) {
        match self {
            Op::Const(_) | Op::Fact(_) | Op::Field(..) | Op::Param(_) | Op::Today | Op::Unknown(_) => {}
            Op::Same(a)
            | Op::Negate(a)
            | Op::Power(a, _)
            | Op::Round(a, _)
            | Op::Floor(a)
            | Op::OneOf(a, _)
            | Op::NameOfItem(_, a)
            | Op::Has(a, _)
            | Op::Not(a)
            | Op::IsKnown(a)
            | Op::Rank(a, _)
            | Op::OfRank(a, _)
            | Op::ToBusinessDay(a, _, _)
            | Op::EndOfMonth(a)
            | Op::ByDate(_, a)
            | Op::Anchor(a, _)
            | Op::PeriodStart(a, _, _)
            | Op::ListWeightedMean(a, _)
            | Op::Recent { list: a, .. }
            | Op::InARow { list: a, .. }
            | Op::ListAggregate { list: a, .. } => found(*a),
            Op::Add(a, b)
            | Op::Subtract(a, b)
            | Op::Multiply(a, b)
            | Op::Divide(a, b)
            | Op::Compare(_, a, b)
            | Op::Equal(a, b)
            | Op::IfUnknown(a, b)
            | Op::AddDays(a, b)
            | Op::AddBusinessDays(a, b, _)
            | Op::AddMonths(a, b, _)
            | Op::DaysBetween(a, b) => {
                found(*a);
                found(*b);
            }
            Op::If(a, b, c) | Op::Instalment(a, b, c) => {
                found(*a);
                found(*b);
                found(*c);
            }
            Op::Pick { of, .. }
            | Op::And(of)
            | Op::Or(of)
            | Op::AtLeast(_, of)
            | Op::FirstTrue(of)
            | Op::List(of)
            | Op::Reference { keys: of, .. }
            | Op::Script(_, of) => of.iter().copied().for_each(found),
            Op::Choose(place, of) => {
                found(*place);
                of.iter().copied().for_each(found);
            }
            Op::WeightedMean(terms) | Op::WeightedSum(terms) | Op::KnownWeight(terms) => {
                terms.iter().for_each(|(_, step)| found(*step));
            }
            Op::Collect(rows) => rows.iter().for_each(|(step, _)| found(*step)),
            Op::Aggregate { operand, filter, .. } => {
                operand.iter().copied().for_each(&mut found);
                filter.iter().copied().for_each(found);
            }
            Op::Interest(it) => {
                found(it.principal);
                found(it.from);
                found(it.to);
                it.rates.iter().for_each(|(_, step)| found(*step));
            }
            Op::Running { of, keys, .. } => {
                found(*of);
                keys.iter().copied().for_each(found);
            }
            Op::Latest { of, keys, filter, .. } => {
                found(*of);
                keys.iter().copied().for_each(&mut found);
                filter.iter().copied().for_each(found);
            }
            // What the other customers' steps give is no operand: it is there before this customer is looked at.
            Op::Book(_, _, key) => key.iter().copied().for_each(found),
            Op::SignedOn(signed) => {
                found(signed.subject);
                signed.amount.iter().copied().for_each(found);
            }
            Op::Signed(signed) => signed.each_operand(found),
            Op::Lookup { key, .. } => {
                if let Some((_, step)) = key {
                    found(*step);
                }
            }
        }
    }

    /// Each step that this one reads, in the order of the operation.
    #[must_use]
    pub fn operands(&self) -> Vec<StepId> {
        let mut operands = Vec::new();
        self.each_operand(|step| operands.push(step));
        operands
    }
}
