//! An order in which values can be lowered, each behind what it reads: a chain of a thousand `let`s does not nest a
//! thousand calls.

use crate::base::Idx;
use crate::check::hir;

/// All values, each behind those that it reads. In a circle, some value comes before one that it reads.
pub(super) fn order(program: &hir::Program) -> Vec<hir::ValueId> {
    let mut order = Vec::new();
    let mut seen = vec![false; program.values.len()];
    for root in program.values.ids() {
        // What is still to be done: a value that is to be looked at, or one whose operands have been.
        let mut open = vec![(root, false)];
        while let Some((id, ready)) = open.pop() {
            if ready {
                order.push(id);
                continue;
            }
            match seen.get_mut(id.place()) {
                Some(seen) if !*seen => *seen = true,
                Some(_) | None => continue,
            }
            open.push((id, true));
            if let Some(definition) = program.values.get(id) {
                let mut reads = Vec::new();
                definition_reads(definition, &mut reads);
                if let Some(it) = program.overrides.get(&id) {
                    it.most.iter().chain(&it.length).for_each(|of| expr(of, &mut reads));
                }
                open.extend(reads.into_iter().rev().map(|id| (id, false)));
            }
        }
    }
    order
}

type Reads = Vec<hir::ValueId>;

fn definition_reads(definition: &hir::Definition, found: &mut Reads) {
    match &definition.kind {
        hir::DefinitionKind::Let(it) => expr(&it.value, found),
        hir::DefinitionKind::Table(it) => {
            keys(&it.keys, found);
            rows(&it.rows, found);
        }
        hir::DefinitionKind::Scorecard(it) => {
            for factor in &it.factors {
                expr(&factor.value, found);
                match &factor.points {
                    hir::Points::Rows(of) => rows(of, found),
                    hir::Points::When(_, of) => pattern(of, found),
                    hir::Points::Value | hir::Points::Per { .. } => {}
                }
            }
        }
        hir::DefinitionKind::Grades(it) => {
            expr(&it.score, found);
            for band in &it.bands {
                expr(&band.from, found);
                condition(&band.needs, found);
            }
            it.apart.iter().for_each(|one| condition(&one.condition, found));
            it.rules.iter().for_each(|one| condition(&one.condition, found));
        }
        hir::DefinitionKind::Correction(it) => {
            keys(&it.keys, found);
            rows(&it.rows, found);
        }
        hir::DefinitionKind::Limit(it) => {
            it.methods.iter().for_each(|method| expr(&method.value, found));
            for layer in &it.layers {
                expr(&layer.value, found);
                layer.haircut.iter().chain(&layer.share).for_each(|part| expr(part, found));
                condition(&layer.condition, found);
            }
            it.layers_for.iter().for_each(|amount| expr(amount, found));
            for line in &it.lines {
                match &line.kind {
                    hir::LimitLineKind::Correct(of)
                    | hir::LimitLineKind::Times(of)
                    | hir::LimitLineKind::Cap(of)
                    | hir::LimitLineKind::Floor(of) => expr(of, found),
                    hir::LimitLineKind::Round(_) => {}
                }
                condition(&line.condition, found);
            }
        }
        hir::DefinitionKind::Triggers(it) => {
            for group in &it.groups {
                group.triggers.iter().for_each(|trigger| condition(&trigger.condition, found));
            }
            it.stays.iter().for_each(|stays| expr(stays, found));
        }
        hir::DefinitionKind::Escalation(it) => escalation(it, found),
        hir::DefinitionKind::Total(it) => {
            for line in &it.lines {
                expr(&line.value, found);
                line.at_most.iter().for_each(|most| expr(most, found));
            }
            it.floor.iter().for_each(|(least, ..)| expr(least, found));
        }
        hir::DefinitionKind::Allocation(it) => {
            expr(&it.amount, found);
            it.keys.iter().for_each(|key| expr(key, found));
            expr(&it.up_to, found);
        }
        hir::DefinitionKind::Checks(it) => checks(it, found),
        hir::DefinitionKind::Judgement(it) => {
            if let Some((least, most)) = &it.between {
                expr(least, found);
                expr(most, found);
            }
            it.valid.iter().for_each(|of| expr(of, found));
            if let hir::StandIn::Value(of) = &it.stand_in {
                expr(of, found);
            }
        }
        hir::DefinitionKind::Book(it) => book(it, found),
        hir::DefinitionKind::Authority(it) => {
            keys(&it.table.keys, found);
            rows(&it.table.rows, found);
        }
        hir::DefinitionKind::Checklist(it) => {
            for paper in &it.papers {
                condition(&paper.condition, found);
                match paper.validity.as_ref().map(|validity| &validity.kind) {
                    Some(hir::ValidityKind::While(of)) => expr(of, found),
                    Some(hir::ValidityKind::Since(length, since)) => {
                        offset(length, found);
                        expr(since, found);
                    }
                    None => {}
                }
            }
        }
        hir::DefinitionKind::Error => {}
    }
}

fn book(it: &hir::BookValue, found: &mut Reads) {
    it.group.iter().for_each(|group| expr(&group.key, found));
    it.filter.iter().for_each(|filter| expr(filter, found));
    match &it.kind {
        hir::BookKind::Fold { operand, .. } => operand.iter().for_each(|operand| expr(operand, found)),
        hir::BookKind::CumulatedShare(keys) | hir::BookKind::Rank(keys) => {
            keys.iter().for_each(|key| expr(&key.value, found));
        }
    }
    if let Some(cap) = &it.cap {
        expr(&cap.budget, found);
        cap.keys.iter().for_each(|key| expr(&key.value, found));
    }
}

fn escalation(it: &hir::Escalation, found: &mut Reads) {
    condition(&it.condition, found);
    for step in &it.steps {
        condition(&step.condition, found);
        match &step.day {
            hir::StepDay::Anchor { date, offset: of, .. } => {
                expr(date, found);
                of.iter().for_each(|of| offset(of, found));
            }
            hir::StepDay::Done { offset: of, .. } => of.iter().for_each(|of| offset(of, found)),
        }
    }
    it.climbs.iter().flat_map(|climbs| &climbs.apart).for_each(|apart| offset(apart, found));
    for hold in &it.holds {
        condition(&hold.condition, found);
        hold.since.iter().for_each(|since| expr(since, found));
    }
    for delay in &it.delays {
        condition(&delay.condition, found);
        offset(&delay.by, found);
    }
    it.skips.iter().for_each(|skip| condition(&skip.condition, found));
    if let Some(tactics) = &it.tactics {
        expr(&tactics.key, found);
        for (cell, guard, _) in &tactics.rows {
            cell.patterns.iter().for_each(|one| pattern(one, found));
            condition(guard, found);
        }
    }
    it.grace.iter().for_each(|grace| expr(grace, found));
    if let Some(minimum) = &it.minimum {
        expr(&minimum.of, found);
        minimum.per_item.iter().chain(&minimum.per_customer).for_each(|least| expr(least, found));
    }
}

fn checks(it: &hir::Checks, found: &mut Reads) {
    for hold in &it.holds {
        condition(&hold.condition, found);
        for measure in &hold.measures {
            expr(&measure.value, found);
            expr(&measure.threshold, found);
            measure.tolerance.iter().for_each(|tolerance| expr(tolerance, found));
        }
        hold.at_most.iter().for_each(|days| expr(days, found));
        if let hir::Releaser::Granted(of, _) = &hold.release {
            expr(of, found);
        }
    }
    it.exclusions.iter().for_each(|exclusion| condition(&exclusion.condition, found));
}

fn offset(offset: &hir::Offset, found: &mut Reads) {
    match offset {
        hir::Offset::Days(of) | hir::Offset::BusinessDays(of) | hir::Offset::Months(of, _) => expr(of, found),
    }
}

fn keys(keys: &[hir::Key], found: &mut Reads) {
    for key in keys {
        match key {
            hir::Key::Value(of) => expr(of, found),
            hir::Key::Parameter { .. } => {}
        }
    }
}

fn rows(rows: &[hir::Row], found: &mut Reads) {
    for row in rows {
        row.cells.iter().flat_map(|cell| &cell.patterns).for_each(|one| pattern(one, found));
        condition(&row.condition, found);
        for result in &row.results {
            if let hir::OutcomeKind::Value(of) = &result.kind {
                expr(of, found);
            }
        }
    }
}

fn condition(condition: &hir::Condition, found: &mut Reads) {
    condition.when.iter().for_each(|when| expr(when, found));
}

fn pattern(pattern: &hir::Pattern, found: &mut Reads) {
    match pattern {
        hir::Pattern::Bounds { lower, upper } => {
            lower.iter().chain(upper).for_each(|(bound, _)| expr(bound, found));
        }
        hir::Pattern::Equals(of) => expr(of, found),
        hir::Pattern::OrBetter(_)
        | hir::Pattern::OrWorse(_)
        | hir::Pattern::Code(_)
        | hir::Pattern::Any
        | hir::Pattern::Unknown => {}
    }
}

fn expr(of: &hir::Expr, found: &mut Reads) {
    match &of.kind {
        hir::ExprKind::Value(id, _) => found.push(*id),
        hir::ExprKind::Apply(id, _, of) => {
            found.push(*id);
            of.iter().for_each(|it| expr(it, found));
        }
        hir::ExprKind::Const(_)
        | hir::ExprKind::Fact(_)
        | hir::ExprKind::Field(..)
        | hir::ExprKind::Param(_)
        | hir::ExprKind::TableParameter(_)
        | hir::ExprKind::Today
        | hir::ExprKind::RateThere(_)
        | hir::ExprKind::Error => {}
        hir::ExprKind::Interest(it) => {
            [&it.principal, &it.from, &it.to, &it.rate].into_iter().for_each(|of| expr(of, found));
        }
        hir::ExprKind::Instalment(of) => of.iter().for_each(|it| expr(it, found)),
        hir::ExprKind::Reference(_, _, of) => of.iter().for_each(|it| expr(it, found)),
        hir::ExprKind::Negate(a)
        | hir::ExprKind::Not(a)
        | hir::ExprKind::Power(a, _)
        | hir::ExprKind::IsKnown(a)
        | hir::ExprKind::WeightedAverage(a, _)
        | hir::ExprKind::EndOfMonth(a)
        | hir::ExprKind::DayAfter(a, _)
        | hir::ExprKind::OfYear(a, ..)
        | hir::ExprKind::ByDate(_, a)
        | hir::ExprKind::ListAggregate { list: a, .. } => expr(a, found),
        hir::ExprKind::Arithmetic(_, a, b)
        | hir::ExprKind::Compare(_, a, b)
        | hir::ExprKind::Convert(a, b)
        | hir::ExprKind::IfUnknown(a, b)
        | hir::ExprKind::AddDays(a, b)
        | hir::ExprKind::AddBusinessDays(a, b)
        | hir::ExprKind::AddMonths(a, b, _)
        | hir::ExprKind::DaysBetween(a, b) => {
            expr(a, found);
            expr(b, found);
        }
        hir::ExprKind::If(c, a, b) => {
            expr(c, found);
            expr(a, found);
            expr(b, found);
        }
        hir::ExprKind::And(of)
        | hir::ExprKind::Or(of)
        | hir::ExprKind::Pick(_, of)
        | hir::ExprKind::Call(_, of)
        | hir::ExprKind::List(of) => of.iter().for_each(|it| expr(it, found)),
        hir::ExprKind::Is(a, by) => {
            expr(a, found);
            pattern(by, found);
        }
        hir::ExprKind::Aggregate { operand, filter, .. } => {
            operand.iter().chain(filter).for_each(|it| expr(it, found));
        }
        hir::ExprKind::Running { of, keys, .. } => {
            expr(of, found);
            keys.iter().for_each(|key| expr(key, found));
        }
        hir::ExprKind::LatestIn { of, keys, filter, .. } => {
            expr(of, found);
            keys.iter().for_each(|key| expr(key, found));
            filter.iter().for_each(|it| expr(it, found));
        }
        hir::ExprKind::Recent { list, .. } | hir::ExprKind::InARow { list, .. } => expr(list, found),
        hir::ExprKind::InWindow(a, window) => {
            expr(a, found);
            match window {
                hir::Window::LastDays(n) | hir::Window::LastMonths(n) => expr(n, found),
                hir::Window::Calendar { .. } => {}
            }
        }
    }
}
