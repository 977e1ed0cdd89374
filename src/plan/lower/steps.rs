//! Making steps: shared where they do the same, folded where all is constant, simplified where nothing is left to decide.

use super::super::{Bounds, Op, Scope, Silence, Step, StepId, Take, infer, text};
use super::{Lower, whole};
use crate::base::{Idx, Span};
use crate::check::hir::Compare;
use crate::value::{EnumId, Number, Rounding, Type, Unit, Value};

impl Lower<'_> {
    /// A step in the scope of its operands; an equal one that is there already.
    pub(super) fn push(&mut self, op: Op, ty: Type, span: Span) -> StepId {
        let scope = self.scope_of(&op);
        let key = format!("{scope:?} {} {}", self.number_of(&ty), text::canonical(&op));
        if let Some(step) = self.shared.get(&key) {
            return *step;
        }
        let step = self.push_own(op, ty, scope, span);
        self.share(key, step);
        step
    }

    /// A number that stands for a type in keys: its words are long, and types are few.
    fn number_of(&mut self, ty: &Type) -> usize {
        match self.types.iter().position(|known| known == ty) {
            Some(known) => known,
            None => {
                self.types.push(ty.clone());
                self.types.len().saturating_sub(1)
            }
        }
    }

    /// Lets others find a step.
    fn share(&mut self, key: String, step: StepId) {
        if let Some((_, own)) = self.owners.get_mut(step.place()) {
            *own = Some(key.clone());
        }
        self.shared.insert(key, step);
    }

    /// A step that nothing else shares.
    pub(super) fn push_own(&mut self, op: Op, ty: Type, scope: Scope, span: Span) -> StepId {
        let step = self.steps.push(Step { op, ty, scope, bounds: Bounds::default(), span });
        let bounds = infer::bounds(&infer::Plan { program: self.program, steps: &self.steps }, step);
        if let Some(it) = self.steps.get_mut(step) {
            it.bounds = bounds;
        }
        self.owners.push((self.under_way.last().copied(), None));
        step
    }

    /// The same value as a step of its own, of which nothing is said where it is unknown.
    pub(super) fn left_open(&mut self, of: StepId) -> StepId {
        match self.steps.get(of).map(|it| (it.ty.clone(), it.scope, it.span)) {
            Some((ty, scope, span)) => self.push_own(Op::Same(of), ty, scope, span),
            None => of,
        }
    }

    /// Whose value an operation gives.
    fn scope_of(&self, op: &Op) -> Scope {
        match op {
            Op::Field(list, _) | Op::Running { list, .. } => Scope::Items(*list),
            Op::Aggregate { .. } | Op::Latest { .. } | Op::Signed(_) => Scope::Customer,
            _ => {
                let mut scope = Scope::Customer;
                op.each_operand(|operand| {
                    if let Some(Step { scope: Scope::Items(list), .. }) = self.steps.get(operand) {
                        scope = Scope::Items(*list);
                    }
                });
                scope
            }
        }
    }

    /// The same value for each item of a list.
    pub(super) fn for_items(&mut self, step: StepId, scope: Scope) -> StepId {
        match self.steps.get(step) {
            Some(it) if it.scope != scope => {
                let (ty, span) = (it.ty.clone(), it.span);
                let key = format!("{scope:?} {} {}", self.number_of(&ty), text::canonical(&Op::Same(step)));
                if let Some(found) = self.shared.get(&key) {
                    return *found;
                }
                let same = self.push_own(Op::Same(step), ty, scope, span);
                self.share(key, same);
                same
            }
            Some(_) | None => step,
        }
    }

    /// The type of a step.
    pub(super) fn ty(&self, step: StepId) -> Type {
        self.steps.get(step).map_or(Type::YesNo, |it| it.ty.clone())
    }

    /// Declares the type of a step, where the place asks for another style of the same unit.
    pub(super) fn set_type(&mut self, step: StepId, ty: &Type) {
        if let Some(it) = self.steps.get_mut(step)
            && matches!((&it.ty, ty), (Type::Number(_), Type::Number(_)))
        {
            it.ty = ty.clone();
        }
    }

    /// What is known of a step.
    pub(super) fn bounds(&self, step: StepId) -> Bounds {
        self.steps.get(step).map(|it| it.bounds.clone()).unwrap_or_default()
    }

    /// Whether a step can be unknown.
    pub(super) fn can_be_unknown(&self, step: StepId) -> bool {
        self.steps.get(step).is_none_or(|it| it.bounds.unknown)
    }

    /// The value of a constant step.
    pub(super) fn constant(&self, step: StepId) -> Option<&Value> {
        match &self.steps.get(step)?.op {
            Op::Const(value) => Some(value),
            _ => None,
        }
    }

    /// The number of a constant step.
    pub(super) fn constant_number(&self, step: StepId) -> Option<Number> {
        self.constant(step).and_then(Value::as_number).cloned()
    }

    /// A constant.
    pub(super) fn value_of(&mut self, value: Value, ty: Type, span: Span) -> StepId {
        self.push(Op::Const(value), ty, span)
    }

    /// Yes or no.
    pub(super) fn yes_no(&mut self, yes: bool, span: Span) -> StepId {
        self.value_of(Value::Bool(yes), Type::YesNo, span)
    }

    /// A constant number.
    pub(super) fn number(&mut self, number: Number, unit: Unit, span: Span) -> StepId {
        self.value_of(Value::Number(number), Type::Number(unit), span)
    }

    /// A place in an order, a count.
    pub(super) fn place(&mut self, place: i64, span: Span) -> StepId {
        self.number(Number::from_i64(place), Unit::NUMBER, span)
    }

    /// A member of an enumeration.
    pub(super) fn member(&mut self, code: u32, kind: EnumId, span: Span) -> StepId {
        self.value_of(Value::Code(code), Type::Enum(kind), span)
    }

    /// Unknown because the policy says so.
    pub(super) fn unknown(&mut self, silence: Silence, ty: Type, span: Span) -> StepId {
        // Each is one of its own: the explanation tells which row or rule left it open.
        let scope = self.here().map_or(Scope::Customer, |it| it.scope);
        self.push_own(Op::Unknown(silence), ty, scope, span)
    }

    /// A sum.
    pub(super) fn add(&mut self, a: StepId, b: StepId, ty: Type, span: Span) -> StepId {
        match (self.constant_number(a), self.constant_number(b)) {
            (Some(a), Some(b)) => self.value_of(Value::Number(a.add(&b)), ty, span),
            _ => self.push(Op::Add(a, b), ty, span),
        }
    }

    /// A difference.
    pub(super) fn subtract(&mut self, a: StepId, b: StepId, ty: Type, span: Span) -> StepId {
        match (self.constant_number(a), self.constant_number(b)) {
            (Some(a), Some(b)) => self.value_of(Value::Number(a.sub(&b)), ty, span),
            _ => self.push(Op::Subtract(a, b), ty, span),
        }
    }

    /// A product.
    pub(super) fn multiply(&mut self, a: StepId, b: StepId, ty: Type, span: Span) -> StepId {
        match (self.constant_number(a), self.constant_number(b)) {
            (Some(a), Some(b)) => self.value_of(Value::Number(a.mul(&b)), ty, span),
            _ => self.push(Op::Multiply(a, b), ty, span),
        }
    }

    /// A quotient; of constants a fraction (30/90 is 1/3).
    pub(super) fn divide(&mut self, a: StepId, b: StepId, ty: Type, span: Span) -> StepId {
        let folded = match (self.constant_number(a), self.constant_number(b)) {
            (Some(a), Some(b)) => a.div(&b),
            _ => None,
        };
        match folded {
            Some(quotient) => self.value_of(Value::Number(quotient), ty, span),
            None => self.push(Op::Divide(a, b), ty, span),
        }
    }

    /// The other sign.
    pub(super) fn negate(&mut self, a: StepId, ty: Type, span: Span) -> StepId {
        match self.constant_number(a) {
            Some(a) => self.value_of(Value::Number(a.neg()), ty, span),
            None => self.push(Op::Negate(a), ty, span),
        }
    }

    /// A rounding, where there is one.
    pub(super) fn rounded(&mut self, step: StepId, rounding: Option<&Rounding>, span: Span) -> StepId {
        match rounding {
            Some(rounding) => {
                let ty = self.ty(step);
                self.push(Op::Round(step, rounding.clone()), ty, span)
            }
            None => step,
        }
    }

    /// The lowest or highest of two.
    pub(super) fn pick(&mut self, take: Take, of: Vec<StepId>, ty: Type, span: Span) -> StepId {
        match of.as_slice() {
            [only] => *only,
            _ => self.push(Op::Pick { take, of, skip_unknown: false }, ty, span),
        }
    }

    /// A comparison.
    pub(super) fn compare(&mut self, how: Compare, a: StepId, b: StepId, span: Span) -> StepId {
        if let (Some(left), Some(right)) = (self.constant_number(a), self.constant_number(b)) {
            let holds = match how {
                Compare::Less => left < right,
                Compare::LessOrEqual => left <= right,
                Compare::Greater => left > right,
                Compare::GreaterOrEqual => left >= right,
            };
            return self.yes_no(holds, span);
        }
        self.push(Op::Compare(how, a, b), Type::YesNo, span)
    }

    /// All hold. Constants are left out; one that never holds decides.
    pub(super) fn and(&mut self, of: Vec<StepId>, span: Span) -> StepId {
        let mut left: Vec<StepId> = Vec::new();
        for step in of {
            match self.constant(step) {
                Some(Value::Bool(true)) => {}
                Some(Value::Bool(false)) => return self.yes_no(false, span),
                _ if left.contains(&step) => {}
                _ => left.push(step),
            }
        }
        match left.as_slice() {
            [] => self.yes_no(true, span),
            [only] => *only,
            _ => self.push(Op::And(left), Type::YesNo, span),
        }
    }

    /// One holds.
    pub(super) fn or(&mut self, of: Vec<StepId>, span: Span) -> StepId {
        let mut left: Vec<StepId> = Vec::new();
        for step in of {
            match self.constant(step) {
                Some(Value::Bool(false)) => {}
                Some(Value::Bool(true)) => return self.yes_no(true, span),
                _ if left.contains(&step) => {}
                _ => left.push(step),
            }
        }
        match left.as_slice() {
            [] => self.yes_no(false, span),
            [only] => *only,
            _ => self.push(Op::Or(left), Type::YesNo, span),
        }
    }

    /// It does not hold.
    pub(super) fn not(&mut self, a: StepId, span: Span) -> StepId {
        match self.constant(a) {
            Some(Value::Bool(yes)) => {
                let yes = *yes;
                self.yes_no(!yes, span)
            }
            _ => self.push(Op::Not(a), Type::YesNo, span),
        }
    }

    /// Whether it is known.
    pub(super) fn is_known(&mut self, a: StepId, span: Span) -> StepId {
        self.push(Op::IsKnown(a), Type::YesNo, span)
    }

    /// The first, or where it is unknown the second. Where it never is, the first.
    pub(super) fn if_unknown(&mut self, a: StepId, b: StepId, span: Span) -> StepId {
        if !self.can_be_unknown(a) {
            return a;
        }
        let ty = self.ty(a);
        self.push(Op::IfUnknown(a, b), ty, span)
    }

    /// One or the other.
    pub(super) fn choose_if(&mut self, c: StepId, a: StepId, b: StepId, ty: Type, span: Span) -> StepId {
        match self.constant(c) {
            Some(Value::Bool(true)) => a,
            Some(Value::Bool(false)) => b,
            _ if a == b && !self.can_be_unknown(c) => a,
            _ => self.push(Op::If(c, a, b), ty, span),
        }
    }

    /// The place of a member in its order.
    pub(super) fn rank(&mut self, a: StepId, kind: EnumId, span: Span) -> StepId {
        match (self.constant(a), self.program.schema.enums.get(kind)) {
            (Some(Value::Code(code)), Some(of)) if of.member(*code).is_some_and(|it| !it.apart) => {
                let place = i64::from(*code);
                self.place(place, span)
            }
            _ => self.push(Op::Rank(a, kind), Type::Number(Unit::NUMBER), span),
        }
    }

    /// The member at a place of the order.
    pub(super) fn of_rank(&mut self, a: StepId, kind: EnumId, span: Span) -> StepId {
        self.push(Op::OfRank(a, kind), Type::Enum(kind), span)
    }

    /// The place of the first condition that holds.
    pub(super) fn first_true(&mut self, of: Vec<StepId>, ty: Type, span: Span) -> StepId {
        self.push(Op::FirstTrue(of), ty, span)
    }

    /// The operand at a place.
    pub(super) fn choose(&mut self, place: StepId, of: Vec<StepId>, ty: Type, span: Span) -> StepId {
        match of.as_slice() {
            [first, rest @ ..] if rest.iter().all(|it| it == first) && !self.can_be_unknown(place) => *first,
            _ => self.push(Op::Choose(place, of), ty, span),
        }
    }

    /// The number of the calendar of the policy in which the construct under way stands.
    pub(super) fn calendar(&mut self) -> Option<u32> {
        let policy = self.here()?.policy;
        let name = self.program.policies.get(policy)?.calendar.clone()?;
        let place = match self.calendars.iter().position(|it| *it == name) {
            Some(place) => place,
            None => {
                self.calendars.push(name);
                self.calendars.len().saturating_sub(1)
            }
        };
        Some(super::code(place))
    }

    /// How many of these are known.
    pub(super) fn count(&mut self, of: Vec<StepId>, span: Span) -> StepId {
        let all = whole(of.len());
        let terms: Vec<(Number, StepId)> = of.into_iter().map(|step| (Number::ONE, step)).collect();
        if terms.iter().all(|(_, step)| !self.can_be_unknown(*step)) {
            return self.number(all, Unit::NUMBER, span);
        }
        self.push(Op::KnownWeight(terms), Type::Number(Unit::NUMBER), span)
    }
}
