//! Decisions as rows: whole for machines, flat for spreadsheets and terminals.

use std::borrow::Cow;

use super::table;
use crate::base::{Lang, Str};
use crate::eval::{CheckRecord, Decision, Facts, Fault, LadderRecord, Outcome, ReasonRef, ReasonSource};
use crate::interop::{self, Cell, Row};
use crate::plan::{
    ChecksItem, DecisionItem, EscalationItem, HIDDEN, ItemKind, OutputItem, Plan, Signers, WordsId,
};
use crate::review::approval::Standing;
use crate::value::display::{Show, show};
use crate::value::{Cause, Date, FieldId, FieldType, Number, Type, Value};

/// Writes decisions of one plan.
pub struct Writer<'p> {
    plan: &'p Plan,
    decision: &'p DecisionItem,
    settings: &'p [(String, String)],
    lang: Lang,
    /// The facts that records keep.
    facts: Vec<FieldId>,
    known_at: Option<Date>,
    standing: Option<&'p Standing>,
}

/// Where a record says that the version decided without all the approvals that it needs. It is of the day on which the decision was
/// made, and cannot be made again.
pub const APPROVAL: &str = "approval";

fn approval(standing: &Standing) -> Cell {
    let mut cells = vec![entry("state", text(standing.verdict.key()))];
    cells.extend(standing.verdict.until().map(|until| entry("until", Cell::Date(until))));
    cells.push(entry("by", Cell::List(standing.given.iter().map(|it| text(&it.by)).collect())));
    Cell::Map(cells)
}

fn text(text: impl AsRef<str>) -> Cell {
    Cell::Text(Str::from(text.as_ref()))
}

fn entry(name: &str, cell: Cell) -> (Str, Cell) {
    (Str::from(name), cell)
}

impl<'p> Writer<'p> {
    /// A writer for a decision; `settings` are the parameters that were set.
    #[must_use]
    pub fn new(
        plan: &'p Plan,
        decision: &'p DecisionItem,
        settings: &'p [(String, String)],
        lang: Lang,
    ) -> Self {
        Writer { plan, decision, settings, lang, facts: Vec::new(), known_at: None, standing: None }
    }

    /// The same, with records that say so where the version decides without all the approvals that it needs.
    #[must_use]
    pub fn standing(mut self, standing: Option<&'p Standing>) -> Self {
        self.standing = standing;
        self
    }

    /// The same, with records that name the day of what was known, where it was asked for.
    #[must_use]
    pub fn known(mut self, day: Option<Date>) -> Self {
        self.known_at = day;
        self
    }

    /// The same, with records that keep these facts, so that a later run can tell which of them moved a decision.
    #[must_use]
    pub fn keeping(mut self, facts: impl IntoIterator<Item = FieldId>) -> Self {
        let kept = |id: &FieldId| self.plan.schema.fields.get(*id).is_some_and(crate::explain::kept);
        self.facts = facts.into_iter().filter(kept).collect();
        self
    }

    /// The facts as a record keeps them: values as outputs are; of a list of records, how many items it has, and their digest.
    fn facts(&self, facts: &Facts) -> Row {
        let mut row = Vec::new();
        for id in &self.facts {
            let Some(field) = self.plan.schema.fields.get(*id) else { continue };
            let cell = match (&field.ty, facts.records(*id), facts.value(*id)) {
                (FieldType::Records(_), Some(records), _) => Cell::Map(vec![
                    entry("items", text(records.items.to_string())),
                    entry("digest", Cell::Text(crate::explain::fingerprint(self.plan, records))),
                ]),
                (_, _, Some(value)) => self.cell(value, &field.ty.ty(id.0)),
                (_, _, None) => Cell::Empty,
            };
            row.push((field.name.clone(), cell));
        }
        row
    }

    /// A value as a cell.
    #[must_use]
    pub fn cell(&self, value: &Value, ty: &Type) -> Cell {
        interop::cell(value, ty, &self.plan.schema.enums)
    }

    fn member(&self, ty: &Type, code: u32) -> Cell {
        self.cell(&Value::Code(code), ty)
    }

    fn output_type(&self, output: &OutputItem) -> Type {
        self.plan.steps.get(output.step).map_or(Type::YesNo, |step| step.ty.clone())
    }

    fn ladder(&self, output: &OutputItem) -> Option<&'p EscalationItem> {
        match &self.plan.items.get(output.item?)?.kind {
            ItemKind::Escalation(ladder) => Some(ladder),
            _ => None,
        }
    }

    /// The checks whose verdict an output is.
    #[must_use]
    pub fn checks(&self, output: &OutputItem) -> Option<&'p ChecksItem> {
        match &self.plan.items.get(output.item?)?.kind {
            ItemKind::Checks(checks) => Some(checks),
            _ => None,
        }
    }

    /// The whole decision of a customer: one object.
    #[must_use]
    pub fn record(&self, decided: &Decision, facts: &Facts) -> Row {
        let decided = &*self.masked(decided);
        let policy = self.plan.policies.last();
        let mut row = vec![
            entry("id", Cell::Text(decided.id.clone())),
            entry("policy", policy.map_or(Cell::Empty, |policy| Cell::Text(policy.name.clone()))),
            entry("version", policy.map_or(Cell::Empty, |policy| Cell::Text(policy.version.clone()))),
            entry("digest", Cell::Text(self.plan.digest.clone())),
            entry("as_of", Cell::Date(decided.as_of)),
        ];
        row.extend(self.standing.map(|standing| entry(APPROVAL, approval(standing))));
        row.extend(self.known_at.map(|day| entry("known_at", Cell::Date(day))));
        row.push(entry("decision", Cell::Text(self.decision.name.clone())));
        row.push(entry("status", text(decided.status.name())));
        if !self.settings.is_empty() {
            let set = self.settings.iter().map(|(name, value)| entry(name, text(value))).collect();
            row.push(entry("set", Cell::Map(set)));
        }
        let mut values = Vec::new();
        let mut since = Vec::new();
        let mut unknown = Vec::new();
        let mut done = Vec::new();
        for (output, value) in self.decision.outputs.iter().zip(&decided.values) {
            let ty = self.output_type(output);
            let cell = match &value.outcome {
                Outcome::One(value) => {
                    if let Value::Unknown(cause) = value {
                        unknown.push((output.name.clone(), text(self.cause(*cause))));
                    }
                    self.cell(value, &ty)
                }
                Outcome::Items(items) => Cell::List(
                    items
                        .iter()
                        .map(|item| {
                            let key =
                                item.key.as_ref().map_or(Cell::Empty, |key| self.cell(key, &Type::Text));
                            Cell::Map(vec![entry("key", key), entry("value", self.cell(&item.value, &ty))])
                        })
                        .collect(),
                ),
                Outcome::Checks(records) => {
                    let Some(checks) = self.checks(output) else { continue };
                    let last = records.iter().map(|record| Cell::Map(self.was(checks, record)));
                    done.push((output.name.clone(), Cell::List(last.collect())));
                    Cell::List(
                        records.iter().map(|record| Cell::Map(self.checked(checks, record, &ty))).collect(),
                    )
                }
                Outcome::Ladder(records) => {
                    let Some(ladder) = self.ladder(output) else { continue };
                    done.push((output.name.clone(), self.carried_out(ladder, records, facts, decided.as_of)));
                    Cell::List(
                        records.iter().map(|record| Cell::Map(self.rung(ladder, record, &ty))).collect(),
                    )
                }
            };
            values.push((output.name.clone(), cell));
            if let Some(day) = value.since {
                since.push((output.name.clone(), Cell::Date(day)));
            }
        }
        row.push(entry("values", Cell::Map(values)));
        row.push(entry("unknown", Cell::Map(unknown)));
        row.push(entry("since", Cell::Map(since)));
        if !done.is_empty() {
            row.push(entry("last", Cell::Map(done)));
        }
        if !self.facts.is_empty() {
            row.push(entry("facts", Cell::Map(self.facts(facts))));
        }
        row.push(entry("reasons", Cell::List(self.reasons(decided))));
        let notes = self.notes(decided);
        if !notes.is_empty() {
            row.push(entry("notes", Cell::List(notes.into_iter().map(Cell::Map).collect())));
        }
        row.push(entry("open", Cell::List(self.open(decided))));
        row.push(entry(
            "faults",
            Cell::List(decided.faults.iter().map(|fault| text(self.fault(fault))).collect()),
        ));
        row
    }

    /// Where an item stands on a ladder.
    fn rung(&self, ladder: &EscalationItem, record: &LadderRecord, ty: &Type) -> Row {
        let key_name = self.key_name(ladder);
        let mut row = Vec::new();
        if let Some(key) = &record.key {
            row.push((key_name, self.cell(key, &Type::Text)));
        }
        row.push(entry("step", self.cell(&record.step, ty)));
        row.push(entry("day", self.cell(&record.day, &Type::Date)));
        row.push(entry("act", self.cell(&record.act, &Type::YesNo)));
        if let Some(rung) = record.rung(ladder) {
            let names =
                |names: &[Str]| Cell::List(names.iter().map(|name| Cell::Text(name.clone())).collect());
            row.push(entry("do", names(&rung.actions)));
            row.push(entry("notify", names(&rung.notify)));
        }
        row.push(entry("awaiting", self.cell(&record.awaiting, ty)));
        row.push(entry("next", self.cell(&record.next, ty)));
        row.push(entry("next_day", self.cell(&record.next_day, &Type::Date)));
        row.push(entry("held", self.cell(&record.held, &Type::YesNo)));
        if let Some((_, kind, _, _)) = &ladder.tactics {
            let tactics =
                record.tactics(ladder).iter().map(|code| self.member(&Type::Enum(*kind), *code)).collect();
            row.push(entry("tactics", Cell::List(tactics)));
        }
        row
    }

    /// What checks come to for an item, hold by hold.
    fn checked(&self, checks: &ChecksItem, record: &CheckRecord, ty: &Type) -> Row {
        let mut row = self.keyed(checks, record);
        row.push(entry("verdict", self.cell(&record.verdict, ty)));
        row.push(entry("standing", self.cell(&record.standing, &Type::Set(checks.holds_enum))));
        row.push(entry("worst", self.cell(&record.worst, &Type::Enum(checks.holds_enum))));
        let asked = record.asked(checks).into_iter().map(|by| text(self.signers(by))).collect();
        row.push(entry("release_by", Cell::List(asked)));
        let statuses = Type::Enum(checks.statuses);
        let holds = checks.holds.iter().zip(&record.holds).map(|(hold, record)| {
            Cell::Map(vec![
                entry("hold", Cell::Text(hold.name.clone())),
                entry("status", self.cell(&record.status, &statuses)),
                entry("since", self.cell(&record.since, &Type::Date)),
                entry("until", self.cell(&record.until, &Type::Date)),
            ])
        });
        row.push(entry("holds", Cell::List(holds.collect())));
        row
    }

    /// What the holds are, as the next run reads it back with `--last`.
    fn was(&self, checks: &ChecksItem, record: &CheckRecord) -> Row {
        let mut row = self.keyed(checks, record);
        let statuses = Type::Enum(checks.statuses);
        for (hold, record) in checks.holds.iter().zip(&record.holds) {
            row.push((hold.name.clone(), self.cell(&record.status, &statuses)));
            row.push((Str::from(format!("{}.since", hold.name)), self.cell(&record.since, &Type::Date)));
        }
        row
    }

    /// Who signs, as an English policy writes it.
    fn signers(&self, signers: &Signers) -> String {
        let roles = &self.plan.roles;
        signers.with_names(Lang::En, &|role| {
            roles.get(role as usize).map_or_else(String::new, |(name, _)| name.to_string())
        })
    }

    fn keyed(&self, checks: &ChecksItem, record: &CheckRecord) -> Row {
        let name = self.key_of(checks.list, checks.item_key);
        record.key.iter().map(|key| (name.clone(), self.cell(key, &Type::Text))).collect()
    }

    fn key_name(&self, ladder: &EscalationItem) -> Str {
        self.key_of(ladder.list, ladder.item_key)
    }

    fn key_of(&self, list: Option<FieldId>, item_key: Option<u32>) -> Str {
        let fields = list.and_then(|list| self.plan.schema.fields.get(list)).map(|field| &field.ty);
        match (fields, item_key) {
            (Some(FieldType::Records(fields)), Some(key)) => {
                fields.get(key as usize).map_or_else(|| Str::from("key"), |field| field.name.clone())
            }
            _ => Str::from("key"),
        }
    }

    /// What was carried out so far, as the next run reads it back with `--last`: a step in force is not a step done.
    fn carried_out(
        &self,
        ladder: &EscalationItem,
        records: &[LadderRecord],
        facts: &Facts,
        today: crate::value::Date,
    ) -> Cell {
        let ty = Type::Enum(ladder.steps);
        let last = facts.records(ladder.last.list);
        let approved = |key: &Option<Value>| -> Cell {
            let found = last.and_then(|last| {
                let keys = last.columns.get(ladder.last.key as usize)?;
                let place = match key {
                    Some(key) => keys.iter().position(|known| known == key)?,
                    None => 0,
                };
                last.columns.get(ladder.last.approved as usize)?.get(place)
            });
            found.map_or(Cell::Empty, |value| self.cell(value, &ty))
        };
        let rows = records.iter().filter_map(|record| {
            // The days of the hold that stands are counted anew from its first day.
            let over = match (&record.held_days, &record.held_since) {
                (Value::Number(days), Value::Date(since)) => {
                    // A hold of which the day has not come counts none.
                    Cell::Number(days.sub(&Number::from_i64(since.days_until(today).max(0))))
                }
                (Value::Number(days), _) => Cell::Number(days.clone()),
                _ => Cell::Empty,
            };
            let step = self.cell(&record.done, &ty);
            let since = self.cell(&record.held_since, &Type::Date);
            let nothing = step == Cell::Empty
                && since == Cell::Empty
                && matches!(&over, Cell::Number(days) if days.is_zero());
            if nothing {
                return None;
            }
            let mut row = Vec::new();
            if let Some(key) = &record.key {
                row.push((self.key_name(ladder), self.cell(key, &Type::Text)));
            }
            row.push(entry("step", step));
            row.push(entry("on", self.cell(&record.done_on, &Type::Date)));
            row.push(entry("approved", approved(&record.key)));
            row.push(entry("held", over));
            row.push(entry("held_since", since));
            Some(Cell::Map(row))
        });
        Cell::List(rows.collect())
    }

    /// Why something is unknown, as a code.
    fn cause(&self, cause: Cause) -> String {
        match cause {
            Cause::Missing(fact) => {
                let field = self.plan.schema.fields.get(FieldId(fact));
                format!("missing {}", field.map_or("?", |field| &field.name))
            }
            Cause::NotComputable(_) => String::from("not_computable"),
            Cause::Withheld(_) => String::from("withheld"),
            Cause::Referred(_) => String::from("referred"),
            Cause::Refused(_) => String::from("refused"),
            Cause::Script(_) => String::from("script"),
            Cause::PastCalendar(_) => String::from("past_calendar"),
            Cause::Expired(_) => String::from("expired"),
            Cause::NoRow(_) => String::from("no_row"),
            Cause::Book(_) => String::from("book"),
        }
    }

    fn reasons(&self, decided: &Decision) -> Vec<Cell> {
        let mut cells = Vec::new();
        for reason in &decided.reasons {
            let ReasonSource::Rule(id) = reason.source else { continue };
            let Some(rule) = self.plan.rules.get(id) else { continue };
            // What a rule does not say is left out; its address is always there.
            let mut row: Row = Vec::new();
            row.extend(rule.reason.code.as_ref().map(|code| entry("code", Cell::Text(code.clone()))));
            if rule.reason.because.is_some() {
                self.words("text", reason, rule.reason.because, &mut row);
            }
            row.extend(rule.reason.cite.as_ref().map(|cite| entry("cite", Cell::Text(cite.clone()))));
            row.push(entry("address", Cell::Text(rule.address.clone())));
            if rule.reason.internal {
                row.push(entry("internal", Cell::Bool(true)));
            }
            if rule.reason.customer.is_some() {
                self.words("customer_says", reason, rule.reason.customer, &mut row);
            }
            if let Some(lost) = &reason.lost {
                row.push(entry("points", Cell::Number(lost.clone())));
            }
            if let Some(added) = &reason.added {
                row.push(entry("points_added", Cell::Number(added.clone())));
            }
            cells.push(Cell::Map(row));
        }
        cells
    }

    /// A text of a reason: in English, and in Chinese where that differs.
    fn words(&self, name: &str, reason: &ReasonRef, words: Option<WordsId>, row: &mut Row) {
        let Some(words) = words else {
            row.push(entry(name, Cell::Empty));
            return;
        };
        let (en, zh) = (reason.say(self.plan, words, Lang::En), reason.say(self.plan, words, Lang::Zh));
        let apart = (en != zh).then(|| entry(&format!("{name}_zh"), text(zh)));
        row.push(entry(name, text(en)));
        row.extend(apart);
    }

    /// What roles are told, each once.
    fn notes(&self, decided: &Decision) -> Vec<Row> {
        let mut told: Vec<Row> = Vec::new();
        for reason in &decided.reasons {
            let ReasonSource::Rule(id) = reason.source else { continue };
            let Some(rule) = self.plan.rules.get(id) else { continue };
            for (role, words) in &rule.reason.notes {
                let mut row = vec![entry("to", Cell::Text(role.clone()))];
                self.words("text", reason, Some(*words), &mut row);
                row.push(entry("address", Cell::Text(rule.address.clone())));
                if !told.contains(&row) {
                    told.push(row);
                }
            }
        }
        told
    }

    fn open(&self, decided: &Decision) -> Vec<Cell> {
        let question = |open: &crate::eval::OpenQuestion| {
            let address = self.plan.rules.get(open.rule).map(|rule| rule.address.clone());
            let mut row = vec![entry("role", Cell::Text(open.role.clone()))];
            match &open.text {
                Some(asked) => {
                    row.push(entry("text", Cell::Text(asked.en.clone())));
                    row.extend(
                        (asked.en != asked.zh).then(|| entry("text_zh", Cell::Text(asked.zh.clone()))),
                    );
                }
                None => row.push(entry("text", Cell::Empty)),
            }
            row.push(entry("address", address.map_or(Cell::Empty, Cell::Text)));
            Cell::Map(row)
        };
        decided.open.iter().map(question).collect()
    }

    fn fault(&self, fault: &Fault) -> String {
        let output = |place: usize| self.decision.outputs.get(place).map_or("?", |output| &output.name);
        let always = |place: usize| self.plan.always.get(place).map_or("?", |always| &always.address);
        match fault {
            Fault::Always(place) => format!("broken: {}", always(*place)),
            Fault::AlwaysUnknown(place, _) => format!("not judged: {}", always(*place)),
            Fault::Digits(place, digits) => format!("{} has {digits} digits, more than 28", output(*place)),
            Fault::Endless(place) => format!("{} has decimals that never end", output(*place)),
            Fault::Script(failure) => format!("script: {}", failure.message.en),
            Fault::Contradiction(item, people) => {
                let name = self.plan.items.get(*item).map_or("?", |item| &item.name);
                format!("contradicting: {name} by {}", people.join(", "))
            }
        }
    }

    /// The decision with what is personal among its outputs hidden.
    fn masked<'d>(&self, decided: &'d Decision) -> Cow<'d, Decision> {
        let mut masked = Cow::Borrowed(decided);
        if !self.plan.has_personal() {
            return masked;
        }
        for (place, output) in self.decision.outputs.iter().enumerate() {
            if !self.plan.is_personal(output.step) {
                continue;
            }
            let hide = |value: &mut Value| {
                if value.is_known() {
                    *value = Value::Text(Str::from(HIDDEN));
                }
            };
            match masked.to_mut().values.get_mut(place).map(|value| &mut value.outcome) {
                Some(Outcome::One(value)) => hide(value),
                Some(Outcome::Items(items)) => items.iter_mut().for_each(|item| hide(&mut item.value)),
                Some(Outcome::Ladder(_) | Outcome::Checks(_)) | None => {}
            }
        }
        masked
    }

    /// What went wrong, for people: a clause as it reads in their language.
    fn fault_told(&self, fault: &Fault) -> String {
        let output = |place: usize| {
            let label =
                self.decision.outputs.get(place).map(|output| output.label.pick(self.lang).to_string());
            label.unwrap_or_else(|| String::from("?"))
        };
        let clause = |place: usize| match self.plan.always.get(place) {
            Some(always) => crate::explain::phrase(self.plan, always.holds, self.lang),
            None => String::from("?"),
        };
        match (fault, self.lang) {
            (Fault::Always(place), Lang::En) => format!("broken: always {}", clause(*place)),
            (Fault::Always(place), Lang::Zh) => format!("违反：始终 {}", clause(*place)),
            (Fault::AlwaysUnknown(place, _), Lang::En) => {
                format!("could not be judged: always {}", clause(*place))
            }
            (Fault::AlwaysUnknown(place, _), Lang::Zh) => format!("无法判断：始终 {}", clause(*place)),
            (Fault::Digits(place, digits), Lang::Zh) => {
                format!("{}有 {digits} 位数字，超过 28 位", output(*place))
            }
            (Fault::Endless(place), Lang::Zh) => format!("{}的小数位无穷无尽", output(*place)),
            (Fault::Script(failure), Lang::Zh) => format!("脚本执行失败：{}", failure.message.zh),
            (Fault::Contradiction(item, people), Lang::Zh) => {
                let label = self.plan.items.get(*item).map(|item| item.label.zh.to_string());
                format!("{}：同一层级的决定互相矛盾：{}", label.unwrap_or_default(), people.join("、"))
            }
            (
                Fault::Digits(..) | Fault::Endless(_) | Fault::Script(_) | Fault::Contradiction(..),
                Lang::En,
            ) => self.fault(fault),
        }
    }

    /// The decision as one line of a spreadsheet.
    #[must_use]
    pub fn flat(&self, decided: &Decision) -> Row {
        let decided = &*self.masked(decided);
        let mut row =
            vec![entry("id", Cell::Text(decided.id.clone())), entry("status", text(decided.status.name()))];
        for (output, value) in self.decision.outputs.iter().zip(&decided.values) {
            let ty = self.output_type(output);
            let cell = match &value.outcome {
                Outcome::One(Value::Unknown(Cause::Withheld(_))) => text("withheld"),
                Outcome::One(value) => self.cell(value, &ty),
                Outcome::Items(items) => {
                    Cell::List(items.iter().map(|item| self.cell(&item.value, &ty)).collect())
                }
                Outcome::Checks(records) => {
                    let checks = self.checks(output);
                    let line = |record| checks.map(|checks| text(self.verdict(checks, record, &ty, false)));
                    Cell::List(records.iter().filter_map(line).collect())
                }
                Outcome::Ladder(records) => Cell::List(
                    records
                        .iter()
                        .filter(|record| record.step.is_known())
                        .map(|record| {
                            let key = record.key.as_ref().map(|key| {
                                show(key, &Type::Text, &self.plan.schema.enums, &Show::new(self.lang))
                            });
                            let step =
                                show(&record.step, &ty, &self.plan.schema.enums, &Show::new(self.lang));
                            text(key.map_or(step.clone(), |key| format!("{key} {step}")))
                        })
                        .collect(),
                ),
            };
            row.push((output.name.clone(), cell));
        }
        let mut reasons: Vec<String> = Vec::new();
        for reason in &decided.reasons {
            if let Some(because) = reason.because(self.plan, self.lang)
                && !reasons.contains(&because)
            {
                reasons.push(because);
            }
        }
        row.push(entry("reasons", text(reasons.join("; "))));
        let open: Vec<String> = decided
            .open
            .iter()
            .map(|open| match &open.text {
                Some(question) => format!("{}: {}", open.role, question.pick(self.lang)),
                None => open.role.to_string(),
            })
            .collect();
        row.push(entry("open", text(open.join("; "))));
        let faults: Vec<String> = decided
            .faults
            .iter()
            .filter(|fault| fault.withholds())
            .map(|fault| self.fault_told(fault))
            .collect();
        row.push(entry("faults", text(faults.join("; "))));
        row
    }

    /// `O-1 needs_release: over the limit (credit manager), overdue (finance head)`; for people `needs release`.
    fn verdict(&self, checks: &ChecksItem, record: &CheckRecord, ty: &Type, people: bool) -> String {
        let shown =
            |value: &Value, ty: &Type| show(value, ty, &self.plan.schema.enums, &Show::new(self.lang));
        let verdict = if people {
            self.plan.shown(&record.verdict, ty, self.lang, true)
        } else {
            shown(&record.verdict, ty)
        };
        let mut line = match &record.key {
            Some(key) => format!("{} {verdict}", shown(key, &Type::Text)),
            None => verdict,
        };
        let standing = record.releases(checks).into_iter().map(|(hold, by)| {
            let (hold, by) = (hold.label.pick(self.lang), released_by(self.plan, by, self.lang));
            match self.lang {
                Lang::En => format!("{hold} ({by})"),
                Lang::Zh => format!("{hold}（{by}）"),
            }
        });
        let standing: Vec<String> = standing.collect();
        if !standing.is_empty() {
            line.push_str(self.lang.pick(": ", "："));
            line.push_str(&standing.join(self.lang.pick(", ", "、")));
        }
        line
    }

    /// The decision as a line for a terminal: figures as people write them.
    #[must_use]
    pub fn line(&self, decided: &Decision) -> Vec<String> {
        let decided = &*self.masked(decided);
        let how = Show {
            home: self.plan.policies.last().map(|policy| policy.currency),
            approximate: Some(4),
            ..Show::new(self.lang)
        };
        let flat = self.flat(decided);
        flat.iter()
            .enumerate()
            .map(|(column, (_, cell))| {
                let output = column.checked_sub(2).and_then(|at| self.decision.outputs.get(at));
                let value =
                    column.checked_sub(2).and_then(|at| decided.values.get(at)).map(|value| &value.outcome);
                match (output, value, cell) {
                    (Some(_), Some(Outcome::One(Value::Unknown(Cause::Withheld(_)))), _) => {
                        self.lang.pick("withheld", "不予核定").to_owned()
                    }
                    (Some(output), Some(Outcome::One(value)), _) => {
                        show(value, &self.output_type(output), &self.plan.schema.enums, &how)
                    }
                    (Some(output), Some(Outcome::Checks(records)), _) => {
                        let (checks, ty) = (self.checks(output), self.output_type(output));
                        let line = |record| checks.map(|checks| self.verdict(checks, record, &ty, true));
                        records.iter().filter_map(line).collect::<Vec<_>>().join(self.lang.pick("; ", "；"))
                    }
                    (_, _, Cell::Text(text)) if column == 1 => self.status(text).to_owned(),
                    (_, _, Cell::Text(text)) => text.to_string(),
                    (_, _, Cell::List(cells)) => cells
                        .iter()
                        .filter_map(|cell| match cell {
                            Cell::Text(text) => Some(text.to_string()),
                            _ => None,
                        })
                        .collect::<Vec<_>>()
                        .join(", "),
                    _ => String::new(),
                }
            })
            .collect()
    }

    /// How a decision stands, in the reader's language.
    fn status<'t>(&self, status: &'t str) -> &'t str {
        match (status, self.lang) {
            ("final", Lang::Zh) => "已定案",
            ("open", Lang::Zh) => "待答复",
            ("refused", Lang::Zh) => "已拒绝",
            ("withheld", Lang::Zh) => "不予发布",
            _ => status,
        }
    }

    /// The headings of [`Writer::line`], in the reader's language.
    #[must_use]
    pub fn titles(&self) -> Vec<Str> {
        let pick = |en: &'static str, zh: &'static str| Str::from(self.lang.pick(en, zh));
        let outputs = self.decision.outputs.iter().map(|output| output.name.clone());
        let mut titles = vec![pick("id", "客户"), pick("status", "状态")];
        titles.extend(outputs);
        titles.extend([pick("reasons", "理由"), pick("open", "待答问题"), pick("faults", "故障")]);
        titles
    }

    /// The headings of [`Writer::flat`].
    #[must_use]
    pub fn headings(&self) -> Vec<Str> {
        let outputs = self.decision.outputs.iter().map(|output| output.name.clone());
        let mut headings = vec![Str::from("id"), Str::from("status")];
        headings.extend(outputs);
        headings.extend([Str::from("reasons"), Str::from("open"), Str::from("faults")]);
        headings
    }
}

/// Lines whose columns stand under each other; a column that is empty in all lines is left out. Figures stand on the right.
#[must_use]
pub fn aligned(headings: &[Str], lines: &[Vec<String>]) -> String {
    let filled =
        |column: usize| lines.iter().filter_map(move |line| line.get(column)).filter(|cell| !cell.is_empty());
    let used: Vec<usize> = (0..headings.len()).filter(|column| filled(*column).next().is_some()).collect();
    let is_figure = |cell: &String| {
        let unit = |ch: char| ch.is_alphabetic() && ch != '天';
        matches!(cell.as_str(), "unknown" | "未知" | "withheld" | "不予核定")
            || cell.starts_with(|ch: char| ch.is_ascii_digit() || matches!(ch, '-' | '+'))
                && !cell.contains(unit)
    };
    let right: Vec<usize> = used
        .iter()
        .enumerate()
        .filter(|(place, column)| *place > 0 && filled(**column).all(is_figure))
        .map(|(place, _)| place)
        .collect();
    let heads: Vec<&str> =
        used.iter().filter_map(|column| headings.get(*column)).map(|name| &**name).collect();
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| used.iter().map(|column| line.get(*column).cloned().unwrap_or_default()).collect())
        .collect();
    table::aligned(&heads, &rows, &right)
}

/// Who can do something about a hold, by the labels of the roles; `nobody` where nobody can.
pub fn released_by(plan: &Plan, by: Option<&Signers>, lang: Lang) -> String {
    let label = |role: u32| {
        let label = plan.roles.get(role as usize).map(|(_, label)| label.pick(lang).to_string());
        label.unwrap_or_default()
    };
    by.map_or_else(|| lang.pick("nobody", "无人可放行").to_owned(), |by| by.told(lang, &label))
}
