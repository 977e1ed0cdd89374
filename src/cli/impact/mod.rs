//! Two policies, or one with other parameters, decided on one book and compared.

mod edits;
mod read;
mod sides;
pub mod text;

use std::collections::BTreeMap;

use self::edits::{Edits, Made};
use self::read::{Desk, Read};
use self::sides::Prepared;
use super::cmd::impact::Args;
use super::session::{Failure, Session};
use crate::base::{Label, Lang, Str, nearest};
use crate::diag::Diagnostic;
use crate::eval::Env;
use crate::plan::{ItemKind, Plan, Scope, StepId};
use crate::review::impact::decide::values;
use crate::review::impact::{
    Asked, Attribution, Cause, Condition, Cores, Done, Effect, Figures, Measures, Party, Report, Run, Shape,
    Stated, Sweep, Trial, View, attribute, blame, budgets, decide, view,
};
use crate::value::{FieldId, Type, Value};

/// Compares what the arguments name.
///
/// # Errors
/// A side, an option or the book cannot be read; a policy has mistakes; the sides have nothing in common.
pub fn report(args: &Args, session: &mut Session<'_>) -> Result<Report, Failure> {
    let set = &args.rules.settings;
    if args.sides.len() < 2 && set.is_empty() && args.sweep.is_none() {
        return Err(Diagnostic::nowhere("E588").arg("side", args.sides.concat()).help("second").into());
    }
    if args.sides.len() > 1 && !set.is_empty() {
        let side = args.sides.last().cloned().unwrap_or_default();
        return Err(Diagnostic::nowhere("E588").variant("both").arg("side", side).help("one").into());
    }
    if args.rules.moment.known_at.is_some() {
        return Err(Diagnostic::nowhere("E588").variant("known").help("version").into());
    }
    if args.facts.book.is_some() {
        return Err(Diagnostic::nowhere("E588").variant("book").help("all").into());
    }
    let conditions: Vec<Condition> =
        args.fail_if.iter().map(|written| Condition::parse(written)).collect::<Result<_, _>>()?;
    let swept = args.sweep.as_deref().map(Asked::parse).transpose()?;
    let stated = stated(args, session)?;
    let opened = sides::open(args, session)?;
    let (old, new) =
        (sides::prepare(&opened.0, false, args, session)?, sides::prepare(&opened.1, true, args, session)?);
    let decisions = sides::decisions(&old, &new, args)?;
    let mut look = View::of(&old.ready.plan, &new.ready.plan, &decisions);
    choose(&mut look, Shape::Grade, args.grade.as_deref())?;
    choose(&mut look, Shape::Limit, args.limit.as_deref())?;
    for budget in &stated {
        budget.hold(&look)?;
    }
    let (mut old, mut new) = (old, new);
    old.unite(&decisions);
    new.unite(&decisions);
    let cores = Cores::new(args.jobs);
    let wanted = Wanted::find(&mut old, args, session)?;
    let mut desk = Desk::new(&args.facts);
    let was_read = desk.read(&old, &cores, true, session)?;
    let is_read = desk.read(&new, &cores, was_read.rejected == 0, session)?;
    let book = Book { look: &look, stated: &stated, cores: &cores };
    let was = book.decide(&old, &old.ready.environment()?, &was_read, true);
    let figures = wanted.figures(&old, &was_read, &was, &cores, args.rules.show_personal)?;
    let is = book.decide(&new, &new.ready.environment()?, &is_read, true);
    let (mut effect, measures, found) = book.compare(&was, &is, &figures);
    if effect.all.customers == 0 {
        return Err(Diagnostic::nowhere("E593")
            .variant("customers")
            .arg("rejected", was_read.rejected)
            .into());
    }
    let together = Done::of(&effect, measures.clone());
    let (_, nothing, _) = book.compare(&was, &was, &figures);
    let found_edits = match args.sides.len() {
        0 | 1 => None,
        _ => Edits::find(&opened.0, &opened.1, session)?,
    };
    let attribution = if let Some(edits) = &found_edits {
        let causes = edits.causes(&session.sources);
        let (args, decisions) = (args, decisions.as_slice());
        let mut trial = Made {
            edits,
            args,
            decisions,
            desk: &mut desk,
            session,
            was: &was,
            figures: &figures,
            book: &book,
            last: None,
        };
        let own = (&together, &nothing);
        (!causes.is_empty()).then(|| attributed(causes, own, &mut effect, args.pairs, &mut trial))
    } else if set.is_empty() {
        None
    } else {
        let causes = set.iter().map(|(name, value)| of_setting(name, value, &new)).collect();
        let mut trial = Turned { set, side: &new, read: &is_read, was: &was, figures: &figures, book: &book };
        Some(attributed(causes, (&together, &nothing), &mut effect, args.pairs, &mut trial))
    };
    let sweep = match &swept {
        Some(asked) => Some(book.sweep(asked, &new, (&was, &is_read), &figures)?),
        None => None,
    };
    let judged = conditions.iter().map(|condition| condition.judge(&measures)).collect();
    let party = |side: &Prepared| Party::of(&side.written, &side.ready.plan, &side.ready.settings);
    Ok(Report {
        sides: (party(&old), party(&new)),
        day: old.ready.day,
        exposure: wanted.exposure,
        segment: wanted.segment,
        effect,
        measures,
        budgets: found,
        attribution,
        sweep,
        judged,
        rejected: was_read.rejected,
        most_movers: args.movers,
        view: look,
    })
}

/// Parameters that are set, one by one and together.
struct Turned<'t> {
    set: &'t [(String, String)],
    side: &'t Prepared,
    read: &'t Read,
    was: &'t Run,
    figures: &'t BTreeMap<Str, Figures>,
    book: &'t Book<'t>,
}

impl Trial for Turned<'_> {
    fn needs(&self, _: usize) -> Vec<usize> {
        Vec::new()
    }

    fn is_idle(&self, _: usize) -> bool {
        false
    }

    fn stands(&mut self, edits: &[usize]) -> bool {
        !edits.is_empty()
    }

    fn run(&mut self, edits: &[usize]) -> Option<Done> {
        let own: Vec<(String, String)> = edits.iter().filter_map(|at| self.set.get(*at).cloned()).collect();
        let env = self.side.ready.environment_with(&own).ok()?;
        let run = self.book.decide(self.side, &env, self.read, false);
        let (effect, measures, _) = self.book.compare(self.was, &run, self.figures);
        Some(Done::of(&effect, measures))
    }
}

/// A parameter that is set, as a cause: from what the policy says to what is said here.
fn of_setting(name: &str, value: &str, side: &Prepared) -> Cause {
    let plan = &side.ready.plan;
    let param = plan.params.iter().find(|param| &*param.name == name);
    let place = plan.params.iter().position(|param| &*param.name == name);
    let env = side.ready.environment().ok();
    let now = place.and_then(|place| env.as_ref()?.params.get(place).cloned());
    let words = |lang: Lang| {
        let was = param.map(|param| plan.shown(&param.default, &param.ty, lang, false)).unwrap_or_default();
        let label = param.map_or(name, |param| param.label.pick(lang));
        let is = now.as_ref().zip(param).map(|(now, param)| plan.shown(now, &param.ty, lang, false));
        Str::from(format!("{label} {was} → {}", is.as_deref().unwrap_or(value)))
    };
    Cause {
        words: Label { en: words(Lang::En), zh: words(Lang::Zh) },
        place: String::new(),
        class: String::new(),
    }
}

fn attributed(
    causes: Vec<Cause>,
    found: (&Done, &Measures),
    effect: &mut Effect,
    pairs: usize,
    trial: &mut dyn Trial,
) -> Attribution {
    let attribution = attribute(causes, found, pairs, trial);
    blame(effect, &attribution, trial);
    attribution
}

/// The budgets of the command line, then those of the settings that it does not state.
fn stated(args: &Args, session: &Session<'_>) -> Result<Vec<Stated>, Failure> {
    let mut found: Vec<Stated> =
        args.budgets.iter().map(|written| Stated::parse(written)).collect::<Result<_, _>>()?;
    for (name, most) in &session.settings.impact.budgets {
        if found.iter().any(|known| known.name == *name) {
            continue;
        }
        let wrong = || Diagnostic::nowhere("E594").arg("written", format!("{name} = {most}")).help("form");
        found.push(Stated::of(name, most).ok_or_else(wrong)?);
    }
    Ok(found)
}

/// Takes the grade or the limit that the reader names.
fn choose(look: &mut View, shape: Shape, name: Option<&str>) -> Result<(), Failure> {
    let Some(name) = name else { return Ok(()) };
    let found = look.find(name, shape);
    if found.is_none() {
        let variant = if shape == Shape::Grade { "grade" } else { "limit" };
        let told = Diagnostic::nowhere("E592").variant(variant).arg("name", name);
        return Err(near(told, name, look.named(shape)).into());
    }
    match shape {
        Shape::Grade => look.grade = found,
        _ => look.limit = found,
    }
    Ok(())
}

fn near(told: Diagnostic, name: &str, names: Vec<&str>) -> Diagnostic {
    match nearest(name, names.iter().copied()) {
        Some(near) => told.arg("near", near).help("near"),
        None if names.is_empty() => told,
        None => told.arg("known", names.join(", ")).help("known"),
    }
}

/// What is asked of each customer beside its decision.
struct Wanted {
    /// What it owes.
    exposure: Option<(Str, Label)>,
    /// The fact that is what it owes, where it is no value.
    owed: Option<FieldId>,
    segment: Option<Label>,
    /// The decision that lists them.
    place: Option<usize>,
    /// The fact that is the segment.
    fact: Option<FieldId>,
    /// The type of the segment, where it is a value.
    segment_ty: Option<Type>,
    name: Option<FieldId>,
}

impl Wanted {
    /// Finds in the old side what the reader asks for, or what the policy itself says.
    fn find(side: &mut Prepared, args: &Args, session: &Session<'_>) -> Result<Wanted, Failure> {
        let own = &session.settings.impact;
        let plan = &side.ready.plan;
        let mut listed: Vec<(Str, StepId)> = Vec::new();
        let exposure = match args.exposure.as_ref().or(own.exposure.as_ref()) {
            Some(name) => Some(exposure(plan, name)?),
            None => total(plan).map(|(name, label, step)| (name, label, Owed::Value(step))),
        };
        let owed = match &exposure {
            Some((_, _, Owed::Fact(fact))) => Some(*fact),
            Some((name, _, Owed::Value(step))) => {
                listed.push((name.clone(), *step));
                None
            }
            None => None,
        };
        let exposure = exposure.map(|(name, label, _)| (name, label));
        let name = named(plan);
        let mut wanted =
            Wanted { exposure, owed, segment: None, place: None, fact: None, segment_ty: None, name };
        if let Some(name) = args.segment.as_ref().or(own.segment.as_ref()) {
            wanted.segment(plan, name, &mut listed)?;
        }
        if !listed.is_empty() {
            wanted.place = Some(view::add_values(&mut side.ready.plan, &listed));
        }
        Ok(wanted)
    }

    fn segment(&mut self, plan: &Plan, name: &str, listed: &mut Vec<(Str, StepId)>) -> Result<(), Failure> {
        let fields = || plan.schema.fields.iter_enumerated();
        let headed = |label: &Label| label.is(name);
        let fact =
            plan.schema.find(name).or_else(|| fields().find(|(_, it)| headed(&it.label)).map(|(id, _)| id));
        if let Some((id, field)) = fact.and_then(|id| Some((id, plan.schema.fields.get(id)?))) {
            if field.personal {
                return Err(Diagnostic::nowhere("E592").variant("personal").arg("name", name).into());
            }
            (self.fact, self.segment) = (Some(id), Some(field.label.clone()));
            self.segment_ty = Some(field.ty.ty(id.0));
            return Ok(());
        }
        let step = plan.names.get(name).copied();
        let found = step.and_then(|step| Some((step, plan.steps.get(step)?)));
        match found.filter(|(_, step)| step.scope == Scope::Customer) {
            Some((step, it)) => {
                listed.push((Str::from(name), step));
                let item = plan.items.iter().find(|item| item.value == step);
                self.segment = Some(item.map_or_else(|| Label::same(name), |item| item.label.clone()));
                self.segment_ty = Some(it.ty.clone());
                Ok(())
            }
            None => {
                let told = Diagnostic::nowhere("E592").variant("segment").arg("name", name);
                let names =
                    fields().map(|(_, field)| &*field.name).chain(plan.names.keys().map(|name| &**name));
                Err(near(told, name, names.collect()).into())
            }
        }
    }

    /// What is known of each customer beside its decision.
    fn figures(
        &self,
        side: &Prepared,
        read: &Read,
        was: &Run,
        cores: &Cores,
        personal: bool,
    ) -> Result<BTreeMap<Str, Figures>, Failure> {
        let plan = &side.ready.plan;
        let env = side.ready.environment()?;
        let env = Env { book: was.book.as_ref(), ..env };
        let customers = (read.customers.as_slice(), read.rejected);
        let listed = self.place.map(|place| values(plan, place, &env, customers, cores)).unwrap_or_default();
        let mut found = BTreeMap::new();
        for facts in read.customers.iter() {
            let own = listed.get(&facts.id);
            let is_listed = self.exposure.is_some() && self.owed.is_none();
            let exposure = match self.owed {
                Some(fact) => facts.value(fact),
                None => own.and_then(|own| own.first()).filter(|_| is_listed),
            };
            let exposure = match exposure {
                Some(Value::Number(number)) => Some(number.clone()),
                _ => None,
            };
            let segment = match self.fact {
                Some(fact) => facts.value(fact).cloned(),
                None => own.and_then(|own| own.get(usize::from(is_listed))).cloned(),
            };
            let segment = self.segment_ty.as_ref().zip(segment).map(|(ty, value)| Label {
                en: Str::from(plan.shown(&value, ty, Lang::En, false)),
                zh: Str::from(plan.shown(&value, ty, Lang::Zh, false)),
            });
            let name = self.name.filter(|name| {
                personal || plan.schema.fields.get(*name).is_some_and(|field| !field.personal)
            });
            let name = match name.and_then(|name| facts.value(name)) {
                Some(Value::Text(name)) => Some(name.clone()),
                _ => None,
            };
            found.insert(facts.id.clone(), Figures { name, exposure, segment });
        }
        Ok(found)
    }
}

/// Where it stands what a customer owes.
enum Owed {
    Value(StepId),
    Fact(FieldId),
}

/// The value or fact of a name, in money.
fn exposure(plan: &Plan, name: &str) -> Result<(Str, Label, Owed), Failure> {
    let in_money = |ty: &Type| matches!(ty, Type::Number(unit) if unit.money == 1 && unit.days == 0);
    let is_money = |step: StepId| {
        let step = plan.steps.get(step).filter(|step| step.scope == Scope::Customer);
        step.is_some_and(|step| in_money(&step.ty))
    };
    if let Some(step) = plan.names.get(name).copied().filter(|step| is_money(*step)) {
        let item = plan.items.iter().find(|item| *item.name == *name);
        let label = item.map_or_else(|| Label::same(name), |item| item.label.clone());
        return Ok((Str::from(name), label, Owed::Value(step)));
    }
    let facts = || {
        let fields = plan.schema.fields.iter_enumerated();
        fields.filter(|(id, field)| !field.personal && in_money(&field.ty.ty(id.0)))
    };
    if let Some((id, field)) = facts().find(|(_, field)| *field.name == *name || field.label.is(name)) {
        return Ok((field.name.clone(), field.label.clone(), Owed::Fact(id)));
    }
    let told = Diagnostic::nowhere("E592").variant("exposure").arg("name", name);
    // A value has a name in each language; one of them will do.
    let mut seen: Vec<StepId> = Vec::new();
    let values = plan.names.iter().filter(|(_, step)| {
        let is_new = is_money(**step) && !seen.contains(*step);
        seen.push(**step);
        is_new
    });
    let names = facts().map(|(_, field)| &*field.name).chain(values.map(|(name, _)| &**name)).collect();
    Err(near(told, name, names).into())
}

/// The total in money that the policy itself adds up of a customer: its only one, or the one that is called exposure.
fn total(plan: &Plan) -> Option<(Str, Label, StepId)> {
    let own = plan.policies.len().checked_sub(1);
    let money = |step: StepId| match plan.steps.get(step).map(|step| &step.ty) {
        Some(Type::Number(unit)) => unit.money == 1 && unit.days == 0,
        _ => false,
    };
    let totals: Vec<_> = plan
        .items
        .iter()
        .filter(|item| matches!(item.kind, ItemKind::Total(_)) && item.scope == Scope::Customer)
        .filter(|item| money(item.value) && !plan.is_personal(item.value))
        .collect();
    let called = |name: &str| matches!(name, "exposure" | "敞口");
    let by_name = totals.iter().find(|item| called(&item.name));
    let mut of_policy = totals.iter().filter(|item| Some(item.policy) == own);
    let only = of_policy.next().filter(|_| of_policy.next().is_none());
    let item = by_name.or(only)?;
    Some((item.name.clone(), item.label.clone(), item.value))
}

/// The fact that is a customer's name.
fn named(plan: &Plan) -> Option<FieldId> {
    let is_name = |field: &crate::value::Field| {
        let called = matches!(&*field.name, "name" | "customer_name" | "名称" | "客户名称");
        let labelled = ["客户名称", "名称", "企业名称", "公司名称", "单位名称", "name"];
        !field.key
            && field.ty == crate::value::FieldType::Text
            && (called || labelled.iter().any(|label| field.label.is(label)))
    };
    plan.schema.fields.iter_enumerated().find(|(_, field)| is_name(field)).map(|(id, _)| id)
}

/// What every run of a comparison has in common.
struct Book<'b> {
    look: &'b View,
    stated: &'b [Stated],
    cores: &'b Cores,
}

impl Book<'_> {
    fn decide(&self, side: &Prepared, env: &Env<'_>, read: &Read, told: bool) -> Run {
        let customers = (read.customers.as_slice(), read.rejected);
        decide(&side.ready.plan, side.place, env, customers, self.look, told, self.cores)
    }

    fn compare(
        &self,
        was: &Run,
        is: &Run,
        figures: &BTreeMap<Str, Figures>,
    ) -> (Effect, Measures, Vec<crate::review::impact::Budget>) {
        let effect = Effect::of(self.look, was, is, figures);
        let found = budgets(self.look, was, is, &effect, self.stated);
        let exceeded = found.iter().filter(|budget| budget.is_exceeded()).count();
        let measures = Measures::of(self.look, &effect, exceeded);
        (effect, measures, found)
    }

    /// Turns a parameter of the new side, each value beside the old one.
    fn sweep(
        &self,
        asked: &Asked,
        side: &Prepared,
        (was, read): (&Run, &Read),
        figures: &BTreeMap<Str, Figures>,
    ) -> Result<Sweep, Failure> {
        let plan = &side.ready.plan;
        let place = plan.params.iter().position(|param| *param.name == *asked.name);
        let Some((place, param)) = place.and_then(|place| Some((place, plan.params.get(place)?))) else {
            let told = Diagnostic::nowhere("E541").arg("name", &asked.name);
            let told = match nearest(&asked.name, plan.params.iter().map(|param| &*param.name)) {
                Some(near) => told.arg("near", near).help("near"),
                None => told.help("params"),
            };
            return Err(told.into());
        };
        let values = asked.values(param)?;
        let env = side.ready.environment()?;
        let now = match env.params.get(place) {
            Some(Value::Number(now)) => now.clone(),
            _ => crate::value::Number::ZERO,
        };
        let unit = param.ty.unit().unwrap_or(crate::value::Unit::NUMBER);
        let mut points = Vec::new();
        for value in values {
            let mut env = env.clone();
            if let Some(slot) = env.params.get_mut(place) {
                *slot = Value::Number(value.clone());
            }
            let run = self.decide(side, &env, read, false);
            let (_, measures, _) = self.compare(was, &run, figures);
            points.push((value, measures));
        }
        Ok(Sweep { name: param.name.clone(), label: param.label.clone(), unit, now, points })
    }
}
