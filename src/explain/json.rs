//! The story as JSON: decimals as strings, keys and codes never translated.

mod totals;

use serde_json::{Map, Value as Json, json as object};

use super::{
    CheckedItem, Comparison, Explanation, FaultLine, Figure, GrantLine, GrantStanding, LadderItem, Moved,
    Reason, ReasonLine, RuleLine, StageKind, Standing, Unknowing,
};
use crate::base::{Lang, Str};
use crate::eval::signatures::Weight;
use crate::plan::{GrantTest, Label, LineKind, Missing, Signers, Take};
use crate::value::{Enums, Precision, Rounding, Type, Unit, Value};

/// A value as JSON: numbers as decimal strings (percents as fractions, a number whose decimals never end as `1/3`), codes as their
/// names, days in ISO form, unknown as null.
#[must_use]
pub fn value_json(value: &Value, ty: &Type, enums: &Enums) -> Json {
    match value {
        Value::Unknown(_) => Json::Null,
        Value::Bool(yes) => Json::Bool(*yes),
        Value::Number(number) => Json::String(number.to_string()),
        Value::Date(day) => Json::String(day.to_string()),
        Value::Code(code) => member(ty, *code, enums),
        Value::Set(members) => Json::Array(
            (0..128)
                .filter(|code| members.checked_shr(*code).is_some_and(|bits| bits & 1 == 1))
                .map(|code| member(ty, code, enums))
                .collect(),
        ),
        Value::Text(text) => Json::String(text.to_string()),
        Value::List(values) => {
            let of = match ty {
                Type::List(of) => of,
                other => other,
            };
            Json::Array(values.iter().map(|value| value_json(value, of, enums)).collect())
        }
    }
}

fn member(ty: &Type, code: u32, enums: &Enums) -> Json {
    match ty {
        Type::Enum(id) | Type::Set(id) => enums
            .get(*id)
            .and_then(|it| it.member(code))
            .map_or(Json::Null, |member| Json::String(member.name.to_string())),
        _ => Json::String(code.to_string()),
    }
}

/// The story as one JSON document.
#[must_use]
pub fn json(story: &Explanation, enums: &Enums) -> Json {
    let it = Writer { enums, roles: &story.roles };
    let (policy, _, version, digest) = &story.policy;
    let changes =
        story.changes.as_ref().map(|changes| super::change::json(changes, &|figure| it.figure(figure)));
    let mut document = object!({
        "format_version": 1,
        "customer": &*story.customer,
        "policy": &**policy,
        "version": &**version,
        "digest": &**digest,
        "as_of": story.as_of,
        "decision": &*story.decision.0,
        "status": story.status,
        "outputs": story.outputs.iter().map(|output| object!({
            "name": &*output.name,
            "value": output.value.as_ref().map(|value| it.figure(value)),
            "unknown": output.because.as_ref().map(unknowing),
        })).collect::<Vec<_>>(),
        "changes": changes,
        "reasons": story.reasons.iter().map(|line| it.reason(line)).collect::<Vec<_>>(),
        "grades": story.grades.iter().map(|grade| object!({
            "name": &*grade.name,
            "value": it.figure(&grade.value),
            "unknown": grade.because.as_ref().map(unknowing),
            "score": it.figure(&grade.score),
            "stages": grade.stages.iter().map(|stage| object!({
                "stage": stage_kind(stage.kind),
                "after": it.figure(&stage.after),
                "rules": it.rules(&stage.rules),
            })).collect::<Vec<_>>(),
            "next": grade.next.as_ref().map(|(better, from, lacking)| object!({
                "grade": it.figure(better), "from": it.figure(from), "lacking": it.figure(lacking),
            })),
        })).collect::<Vec<_>>(),
        "book": story.book.iter().map(|it_is| super::book::json(it_is, &|figure| it.figure(figure))).collect::<Vec<_>>(),
        "limits": story.limits.iter().map(|limit| it.layers(limit, object!({
            "name": &*limit.name,
            "value": it.figure(&limit.value),
            "unknown": limit.because.as_ref().map(unknowing),
            "methods": limit.methods.iter().map(|method| object!({
                "name": &*method.name, "value": it.figure(&method.value), "taken": method.taken,
                "unknown": method.because.as_ref().map(unknowing),
            })).collect::<Vec<_>>(),
            "take": take(limit.take),
            "skip_unknown": limit.skip_unknown,
            "taken": it.figure(&limit.taken),
            "lines": limit.lines.iter().map(|line| {
                let mut object = it.rule(&line.rule);
                object.insert("does".into(), line_kind(&line.kind).into());
                object.insert("operand".into(), line.operand.as_ref().map_or(Json::Null, |operand| it.figure(operand)));
                object.insert("before".into(), it.figure(&line.before));
                object.insert("after".into(), it.figure(&line.after));
                object.insert("change".into(), line.change.as_ref().map_or(Json::Null, |change| it.figure(change)));
                object.insert("skipped".into(), line.skipped.into());
                Json::Object(object)
            }).collect::<Vec<_>>(),
        }))).collect::<Vec<_>>(),
        "scores": story.scores.iter().map(|score| object!({
            "name": &*score.name,
            "value": it.figure(&score.value),
            "unknown": score.because.as_ref().map(unknowing),
            "base": it.figure(&score.base),
            "factors": score.factors.iter().map(|factor| object!({
                "name": &*factor.name,
                "section": factor.section.as_deref(),
                "value": it.figure(&factor.value),
                "points": it.figure(&factor.points),
                "weight": it.figure(&factor.weight),
                "contribution": it.figure(&factor.contribution),
                "lost": it.figure(&factor.lost),
                "missing": factor.missing.as_ref().map(missing),
                "reason": reason(&factor.reason),
            })).collect::<Vec<_>>(),
            "sections": score.sections.iter().map(|(name, _, value)| object!({
                "name": &**name, "value": it.figure(value),
            })).collect::<Vec<_>>(),
            "sum": it.figure(&score.sum),
            "of": it.figure(&score.of),
            "known": it.figure(&score.known),
            "factors_in_all": score.factors_in_all,
            "weight_known": score.weight_known.as_ref().map(|value| it.figure(value)),
            "require": it.rules(&score.require),
            "raw": it.figure(&score.raw),
            "used": score.live,
            "gathers": score.gathers,
            "rounding": score.rounding.as_ref().map(rounding),
            "other_missing_mode": score.other_mode.as_ref().map(|value| it.figure(value)),
            "other_bands": score.other_grades.iter().map(|(name, _, grade)| object!({
                "name": &**name, "band": it.figure(grade),
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "tables": story.tables.iter().map(|table| object!({
            "name": &*table.name,
            "keys": table.keys.iter().map(|(name, _, value)| object!({"name": &**name, "value": it.figure(value)})).collect::<Vec<_>>(),
            "results": table.results.iter().map(|(name, _, value)| object!({
                "name": name.as_deref(), "value": it.figure(value),
            })).collect::<Vec<_>>(),
            "rows": it.rules(&table.rows.iter().map(|row| row.rule.clone()).collect::<Vec<_>>()),
        })).collect::<Vec<_>>(),
        "approvals": story.authorities.iter().map(|authority| object!({
            "name": &*authority.name,
            "subject": &*authority.subject,
            "value": it.figure(&authority.value),
            "needed": it.figure(&authority.needed),
            "given": it.figure(&authority.given),
            "missing": it.figure(&authority.missing),
            "granted": it.figure(&authority.granted),
            "refused": authority.refused,
            "disputed": authority.disputed,
            "arbiter": authority.arbiter.as_deref(),
            "carried": authority.carried.as_ref().map(|(amount, person, own)| object!({
                "amount": it.figure(amount), "person": it.figure(person), "own_limit": it.figure(own),
            })),
            "signatures": authority.signatures.iter().map(|line| object!({
                "person": it.figure(&line.person),
                "role": it.figure(&line.role),
                "on": it.figure(&line.on),
                "amount": it.figure(&line.amount),
                "verdict": it.figure(&line.verdict),
                "standing": weight(line.weight),
            })).collect::<Vec<_>>(),
            "rows": it.rules(&authority.table.rows.iter().map(|row| row.rule.clone()).collect::<Vec<_>>()),
        })).collect::<Vec<_>>(),
        "stances": story.stances.iter().map(|stance| object!({
            "name": &*stance.name,
            "value": it.figure(&stance.value),
            "fresh": it.figure(&stance.fresh),
            "groups": stance.groups.iter().map(|group| object!({
                "state": it.figure(&group.state),
                "needed": group.needed,
                "holding": group.holding,
                "fires": group.fires,
                "triggers": group.triggers.iter().map(|(name, _, rule)| {
                    let mut object = it.rule(rule);
                    object.insert("name".into(), name.to_string().into());
                    Json::Object(object)
                }).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "dwell": stance.dwell.as_ref().map(|(last, since, stays, kept)| object!({
                "last": it.figure(last), "since": it.figure(since), "stays": it.figure(stays), "kept": kept,
            })),
        })).collect::<Vec<_>>(),
        "checklists": story.checklists.iter().map(|list| object!({
            "name": &*list.name,
            "complete": it.figure(&list.complete),
            "papers": list.papers.iter().map(|paper| {
                let mut object = it.rule(&paper.rule);
                object.insert("paper".into(), it.figure(&paper.paper));
                object.insert("required".into(), paper.required.into());
                object.insert("paper_standing".into(), paper.standing.name().into());
                object.insert("until".into(), paper.until.map(|day| day.to_string()).into());
                object.insert("doubtful".into(), paper.doubtful.into());
                Json::Object(object)
            }).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "ladders": story.ladders.iter().map(|ladder| object!({
            "name": &*ladder.name,
            "items": ladder.items.iter().map(|item| it.ladder_item(item)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "checks": story.checks.iter().map(|checks| object!({
            "name": &*checks.name,
            "items": checks.items.iter().map(|item| it.checked_item(item)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "values": story.values.iter().map(|value| object!({
            "name": &*value.name,
            "values": value.values.iter().map(|figure| it.figure(figure)).collect::<Vec<_>>(),
            "interest": value.interest.iter().map(|interest| object!({
                "item": interest.item.as_ref().map(|key| it.figure(key)),
                "principal": it.figure(&interest.principal),
                "amount": it.figure(&interest.amount),
                "because": interest.because.as_ref().map(unknowing),
                "stretches": interest.stretches.iter().map(|line| object!({
                    "from": line.first.to_string(), "to": line.last.to_string(), "days": line.days,
                    "basis": line.basis, "rate": it.figure(&line.rate), "amount": it.figure(&line.amount),
                    "cite": line.cite.as_deref(),
                })).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "unknown": value.because.as_ref().map(unknowing),
        })).collect::<Vec<_>>(),
        "judgements": story.judgements.iter().map(|one| in_both(Some(&one.question), "question", object!({
            "name": &*one.name,
            "value": it.figure(&one.value),
            "unknown": one.because.as_ref().map(unknowing),
            "least": one.between.as_ref().map(|(least, _)| it.figure(least)),
            "most": one.between.as_ref().map(|(_, most)| it.figure(most)),
            "roles": one.roles.iter().map(|(name, _)| &**name).collect::<Vec<_>>(),
            "question": &*one.question.en,
            "answered": one.answered,
            "stand_in": it.figure(&one.stand_in),
            "answers": it.grants(&one.records),
        }))).collect::<Vec<_>>(),
        "exceptions": story.overrides.iter().map(|one| object!({
            "name": &*one.name,
            "value": it.figure(&one.value),
            "computed": it.figure(&one.computed),
            "applies": one.applies,
            "until": one.until.as_ref().map(|(until, _)| it.figure(until)),
            "at_most": one.most.as_ref().map(|most| it.figure(most)),
            "roles": one.roles.iter().map(|(name, _)| &**name).collect::<Vec<_>>(),
            "records": it.grants(&one.records),
        })).collect::<Vec<_>>(),
        "roundings": story.roundings.iter().map(|line| object!({
            "name": &*line.name, "before": it.figure(&line.before), "rounding": rounding(&line.rounding), "after": it.figure(&line.after),
        })).collect::<Vec<_>>(),
        "missing": story.missing.iter().map(|line| object!({
            "name": &*line.name, "feeds": line.feeds.iter().map(|(name, _)| &**name).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "not_judged": it.rules(&story.not_judged),
        "open": story.open.iter().map(|line| in_both(line.text.as_ref(), "text", object!({
            "role": &*line.role.0, "text": line.text.as_ref().map(|text| &*text.en), "address": &*line.address,
        }))).collect::<Vec<_>>(),
        "always": story.always.iter().map(|line| object!({
            "written": &*line.written, "holds": line.holds, "comparisons": it.comparisons(&line.comparisons),
        })).collect::<Vec<_>>(),
        "faults": story.faults.iter().map(fault).collect::<Vec<_>>(),
        "references": story.references.iter().map(|it| object!({
            "name": &*it.name, "file": &*it.file, "rows": it.rows, "digest": &*it.digest,
        })).collect::<Vec<_>>(),
        "facts": story.facts.iter().map(|fact| object!({
            "name": &*fact.name,
            "value": it.figure(&fact.value),
            "place": fact.origin.as_ref().map(|(place, _)| place.as_str()),
            "written": fact.origin.as_ref().map(|(_, written)| &**written),
            "personal": fact.personal,
            "items": fact.items.as_ref().map(|(names, rows)| rows.iter().map(|(values, place)| {
                let mut item: Map<String, Json> =
                    names.iter().zip(values).map(|((name, _), value)| (name.to_string(), it.figure(value))).collect();
                item.insert("@place".into(), place.clone().into());
                Json::Object(item)
            }).collect::<Vec<_>>()),
        })).collect::<Vec<_>>(),
    });
    it.totals(story, &mut document);
    if let (Some(day), Json::Object(entries)) = (&story.known_at, &mut document) {
        entries.insert(String::from("known_at"), Json::from(day.as_str()));
    }
    document
}

struct Writer<'a> {
    enums: &'a Enums,
    roles: &'a [Str],
}

impl Writer<'_> {
    fn grants(&self, records: &[GrantLine]) -> Vec<Json> {
        let one = |line: &GrantLine| {
            object!({
                "value": self.figure(&line.value),
                "person": line.person.as_deref(),
                "role": self.figure(&line.role),
                "from": self.figure(&line.from),
                "until": line.until.as_ref().map(|until| self.figure(until)),
                "scope": line.scope.as_ref().map(|scope| self.figure(scope)),
                "reason": line.reason.as_deref(),
                "standing": match line.standing {
                    GrantStanding::Stands => "stands",
                    GrantStanding::Outranked => "outranked",
                    GrantStanding::Contradicted => "contradicted",
                    GrantStanding::Fails(test) => match test {
                        GrantTest::Subject => "other_subject",
                        GrantTest::Verdict => "not_approved",
                        GrantTest::Role => "wrong_role",
                        GrantTest::Begun => "not_begun",
                        GrantTest::NotOver => "over",
                        GrantTest::Concerns => "other_customer",
                        GrantTest::NotNegative => "negative",
                        GrantTest::Floor => "below_floor",
                        GrantTest::Within => "out_of_bounds",
                    },
                },
            })
        };
        records.iter().map(one).collect()
    }

    fn figure(&self, figure: &Figure) -> Json {
        value_json(&figure.value, &figure.ty, self.enums)
    }

    fn comparisons(&self, comparisons: &[Comparison]) -> Vec<Json> {
        comparisons
            .iter()
            .map(|comparison| {
                object!({
                    "written": &*comparison.written,
                    "name": &*comparison.name,
                    "value": self.figure(&comparison.value),
                    "threshold": comparison.threshold.as_ref().map(|value| self.figure(value)),
                    "holds": comparison.holds,
                    "distance": comparison.distance.as_ref().map(|value| self.figure(value)),
                })
            })
            .collect()
    }

    fn reason(&self, line: &ReasonLine) -> Json {
        let mut object = words_of(&line.reason);
        object.insert("lost".into(), line.lost.as_ref().map(|lost| self.figure(lost)).into());
        object.insert("added".into(), line.added.as_ref().map(|added| self.figure(added)).into());
        object.insert("standing".into(), standing(line.standing).into());
        object.insert("item".into(), line.item.as_ref().map(|item| self.figure(item)).into());
        object.insert("address".into(), line.address.to_string().into());
        Json::Object(object)
    }

    fn rule(&self, rule: &RuleLine) -> Map<String, Json> {
        let mut object = Map::new();
        object.insert("address".into(), rule.address.to_string().into());
        object.insert("written".into(), rule.written.to_string().into());
        object.insert("standing".into(), standing(rule.standing).into());
        object.insert("comparisons".into(), self.comparisons(&rule.comparisons).into());
        object.insert("reason".into(), reason(&rule.reason));
        object.insert("place".into(), rule.place.clone().into());
        object
    }

    fn rules(&self, rules: &[RuleLine]) -> Vec<Json> {
        rules.iter().map(|rule| Json::Object(self.rule(rule))).collect()
    }

    /// Who signs, as an English policy writes it.
    fn signers(&self, signers: &Signers) -> String {
        signers.with_names(Lang::En, &|role| self.roles.get(role as usize).map_or("?", |it| it).to_owned())
    }

    fn checked_item(&self, item: &CheckedItem) -> Json {
        let figure = |figure: &Option<Figure>| figure.as_ref().map(|figure| self.figure(figure));
        object!({
            "key": figure(&item.key),
            "verdict": self.figure(&item.verdict),
            "worst": figure(&item.worst),
            "holds": item.holds.iter().map(|hold| {
                let mut object = self.rule(&hold.rule);
                object.insert("hold".into(), hold.name.to_string().into());
                object.insert("status".into(), self.figure(&hold.status));
                object.insert("since".into(), self.figure(&hold.since));
                object.insert("until".into(), figure(&hold.until).into());
                object.insert("release_by".into(), self.signers(&hold.release).into());
                object.insert("signing_for".into(), figure(&hold.amount).into());
                object.insert("at_most".into(), figure(&hold.at_most).into());
                object.insert("after_cure".into(), hold.after_cure.as_ref().map(|it| self.signers(it)).into());
                object.insert("measures".into(), hold.measures.iter().map(|measure| object!({
                    "value": self.figure(&measure.value),
                    "threshold": self.figure(&measure.threshold),
                    "over": self.figure(&measure.excess),
                    "tolerance": figure(&measure.tolerance),
                    "cure": figure(&measure.cure),
                })).collect::<Vec<_>>().into());
                Json::Object(object)
            }).collect::<Vec<_>>(),
            "exclusions": self.rules(&item.exclusions),
        })
    }

    fn ladder_item(&self, item: &LadderItem) -> Json {
        let figure = |figure: &Option<Figure>| figure.as_ref().map(|figure| self.figure(figure));
        object!({
            "key": figure(&item.key),
            "step": figure(&item.step),
            "day": figure(&item.day),
            "awaiting": figure(&item.awaiting),
            "next": item.next.as_ref().map(|(step, _)| self.figure(step)),
            "next_day": item.next.as_ref().map(|(_, day)| self.figure(day)),
            "act": item.act,
            "done": item.done.as_ref().map(|(step, _)| self.figure(step)),
            "done_on": item.done.as_ref().map(|(_, on)| self.figure(on)),
            "held_days": figure(&item.held_days),
            "tactics": item.tactics.iter().map(|tactic| self.figure(tactic)).collect::<Vec<_>>(),
            "steps": item.rungs.iter().map(|rung| {
                let mut object = self.rule(&rung.rule);
                object.insert("step".into(), self.figure(&rung.step));
                object.insert("day".into(), self.figure(&rung.day));
                object.insert("day_as_written".into(), self.figure(&rung.plain_day));
                object.insert("moved_by".into(), rung.moved.iter().map(|it| self.moved(it)).collect());
                object.insert("days_until".into(), rung.distance.into());
                object.insert("open".into(), rung.open.into());
                object.insert("approved".into(), rung.approved.into());
                Json::Object(object)
            }).collect::<Vec<_>>(),
            "rules": self.rules(&item.rules),
        })
    }

    fn moved(&self, moved: &Moved) -> Json {
        match moved {
            Moved::Delay(days) => object!({"by": "delay", "days": self.figure(days)}),
            Moved::Clock(days) => object!({"by": "clock", "days": self.figure(days)}),
            Moved::Grace(days) => object!({"by": "grace", "days": self.figure(days)}),
            Moved::Closed { later } => {
                object!({"by": if *later { "next_business_day" } else { "business_day_before" }})
            }
        }
    }
}

pub(super) fn unknowing(why: &Unknowing) -> Json {
    match why {
        Unknowing::Missing(name, _) => object!({"cause": "missing", "fact": &**name}),
        Unknowing::TooLittleKnown(card) => object!({"cause": "too_little_known", "in": &**card}),
        Unknowing::NotComputable(what, _) => object!({"cause": "not_computable", "in": &**what}),
        Unknowing::DividedByZero(what, _) => {
            object!({"cause": "not_computable", "in": &**what, "why": "divided_by_zero"})
        }
        Unknowing::NoItem(what, _) => object!({"cause": "not_computable", "in": &**what, "why": "no_item"}),
        Unknowing::Withheld => object!({"cause": "withheld"}),
        Unknowing::Referred => object!({"cause": "referred"}),
        Unknowing::Refused => object!({"cause": "refused"}),
        Unknowing::Script(error) => object!({"cause": "script", "error": &*error.en, "error_zh": &*error.zh}),
        Unknowing::PastCalendar => object!({"cause": "past_calendar"}),
        Unknowing::Expired(label, day, first, until) => object!({
            "cause": "expired", "what": &*label.en, "day": day.map(|day| day.to_string()),
            "from": first.map(|day| day.to_string()), "until": until.map(|day| day.to_string()),
        }),
        Unknowing::NoRow(label, keys) => object!({
            "cause": "no_row", "in": &*label.en,
            "keys": keys.iter().map(|key| value_json(&key.value, &key.ty, &Enums::default())).collect::<Vec<_>>(),
        }),
        Unknowing::Book(_, silence) => super::book::silence_json(silence),
    }
}

fn fault(fault: &FaultLine) -> Json {
    match fault {
        FaultLine::Always(written, _) => object!({"fault": "always", "written": &**written}),
        FaultLine::AlwaysUnknown(written, _, why) => {
            object!({"fault": "always_unknown", "written": &**written, "unknown": why.as_ref().map(unknowing)})
        }
        FaultLine::Digits(name, _, digits) => {
            object!({"fault": "digits", "output": &**name, "digits": digits})
        }
        FaultLine::Endless(name, _) => object!({"fault": "endless", "output": &**name}),
        FaultLine::Contradiction(name, _, people) => {
            object!({"fault": "contradiction", "value": &**name, "by": people.iter().map(|it| &**it).collect::<Vec<_>>()})
        }
        FaultLine::Script(error) => object!({"fault": "script", "error": &*error.en, "error_zh": &*error.zh}),
    }
}

pub(super) fn reason(reason: &Reason) -> Json {
    if reason.is_empty() {
        return Json::Null;
    }
    Json::Object(words_of(reason))
}

/// An object with the Chinese words under a name of their own, where they differ.
fn in_both(words: Option<&Label>, name: &str, mut object: Json) -> Json {
    if let (Some(words), Some(object)) = (words.filter(|it| it.en != it.zh), object.as_object_mut()) {
        object.insert(format!("{name}_zh"), words.zh.to_string().into());
    }
    object
}

/// The words of a reason; the Chinese ones apart where they differ.
fn words_of(reason: &Reason) -> Map<String, Json> {
    let mut object = Map::new();
    object.insert("code".into(), reason.code.as_deref().into());
    let mut text = |name: &str, label: Option<&Label>| {
        object.insert(name.into(), label.map(|it| it.en.to_string()).into());
        if let Some(label) = label.filter(|label| label.en != label.zh) {
            object.insert(format!("{name}_zh"), label.zh.to_string().into());
        }
    };
    text("text", reason.text.as_ref());
    if reason.customer.is_some() {
        text("customer_says", reason.customer.as_ref());
    }
    object.insert("cite".into(), reason.cite.as_deref().into());
    if reason.internal {
        object.insert("internal".into(), true.into());
    }
    if !reason.notes.is_empty() {
        let note = |(role, text): &(crate::base::Str, Label)| {
            in_both(Some(text), "text", object!({"to": &**role, "text": &*text.en}))
        };
        object.insert("notes".into(), reason.notes.iter().map(note).collect::<Vec<_>>().into());
    }
    object
}

fn missing(missing: &Missing) -> Json {
    match missing {
        Missing::LeftOut => "left_out".into(),
        Missing::Scores(points) => object!({"scores": points.to_string()}),
        Missing::Unknown => "unknown".into(),
    }
}

fn rounding(rounding: &Rounding) -> Json {
    let mode = rounding.mode.name();
    match &rounding.precision {
        Precision::Decimals(decimals) => object!({"mode": mode, "decimals": decimals}),
        Precision::Multiples(step) => {
            object!({"mode": mode, "multiples_of": value_json(&Value::Number(step.clone()), &Type::Number(Unit::NUMBER), &Enums::default())})
        }
    }
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Applies => "applies",
        Standing::DoesNotApply => "does_not_apply",
        Standing::UnknownApplies => "unknown_applies",
        Standing::UnknownDoesNot => "unknown_does_not_apply",
        Standing::Unknown => "unknown",
        Standing::NotReached => "not_reached",
    }
}

fn stage_kind(kind: StageKind) -> &'static str {
    match kind {
        StageKind::Band => "band",
        StageKind::Needs => "needs",
        StageKind::Notches => "notches",
        StageKind::Caps => "caps",
        StageKind::Forces => "forces",
        StageKind::Apart => "apart",
    }
}

fn line_kind(kind: &LineKind) -> &'static str {
    match kind {
        LineKind::Correct => "correct",
        LineKind::Times => "times",
        LineKind::Cap => "cap",
        LineKind::Floor => "floor",
        LineKind::Round(_) => "round",
    }
}

fn take(take: Take) -> &'static str {
    match take {
        Take::Lowest => "lowest",
        Take::Highest => "highest",
        Take::Average => "average",
        Take::Middle => "middle",
        Take::First => "first",
    }
}

/// What became of a signature.
fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::Elsewhere => "elsewhere",
        Weight::Later => "later_day",
        Weight::Proposal => "proposal",
        Weight::Replaced => "replaced",
        Weight::SamePerson => "same_person",
        Weight::ByProposer => "by_proposer",
        Weight::NoAmount => "no_amount",
        Weight::NotAsked => "not_asked",
        Weight::Refusal => "refusal",
        Weight::Counts => "counts",
        Weight::CountsForLess => "counts_for_less",
        Weight::Spare => "spare",
    }
}
