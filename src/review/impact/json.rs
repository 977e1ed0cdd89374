//! A comparison as JSON: decimals are texts, names are those of the policy, whatever the reader's language.

use serde_json::{Map, Value as Json, json};

use super::decide::Standing;
use super::effect::{Count, NumberSum};
use super::measures::{Measure, Measures};
use super::report::{Party, Report};
use super::view::{Figure, Shape};
use crate::base::Label;
use crate::value::Number;

/// The document.
#[must_use]
pub fn json(report: &Report) -> Json {
    let view = &report.view;
    let name = |place: Option<usize>| {
        place.and_then(|place| view.output(place)).map(|output| output.name.to_string())
    };
    let effect = &report.effect;
    let statuses: Vec<Json> = effect
        .statuses
        .iter()
        .map(|((was, is), all)| put(all, json!({"before": was.name(), "after": is.name()})))
        .collect();
    json!({
        "format_version": 1,
        "before": party(&report.sides.0),
        "after": party(&report.sides.1),
        "as_of": report.day.to_string(),
        "decisions": view.decisions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "grade": name(view.grade),
        "limit": name(view.limit),
        "exposure": report.exposure.as_ref().map(|(name, _)| name.to_string()),
        "segment": report.segment.as_ref().map(label),
        "only_before": view.gone.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "only_after": view.added.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "rejected": report.rejected,
        "customers_only_before": effect.apart.0,
        "customers_only_after": effect.apart.1,
        "exposure_unknown": effect.without_exposure,
        "measures": measures(&report.measures),
        "outputs": outputs(report),
        "limits_by_segment": effect.segments.values().map(|(own, segment)| json!({
            "segment": label(own),
            "customers": segment.all.customers,
            "exposure": text(&segment.all.exposure),
            "before": text(&segment.sums.0.sum),
            "after": text(&segment.sums.1.sum),
            "won": sum(&segment.won),
            "lost": sum(&segment.lost),
        })).collect::<Vec<_>>(),
        "statuses": statuses,
        "budgets": report.budgets.iter().map(|budget| json!({
            "name": label(&budget.name),
            "group": budget.group.to_string(),
            "budget": text(&budget.most),
            "before": text(&budget.used.0),
            "after": text(&budget.used.1),
            "exceeded": budget.is_exceeded(),
            "short_before": budget.short.map(|(was, _)| was),
            "short_after": budget.short.map(|(_, is)| is),
        })).collect::<Vec<_>>(),
        "attribution": attribution(report),
        "sweep": report.sweep.as_ref().map(|sweep| json!({
            "param": sweep.name.to_string(),
            "now": text(&sweep.now),
            "points": sweep.points.iter().map(|(value, own)| json!({
                "value": text(value), "measures": measures(own),
            })).collect::<Vec<_>>(),
        })),
        "movers": movers(report),
        "conditions": report.judged.iter().map(|judged| json!({
            "condition": judged.written,
            "holds": judged.holds,
            "told": judged.told.iter().map(|told| json!({
                "measure": told.measure.name(),
                "value": text(&told.value),
                "share": told.share.as_ref().map(text),
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn text(number: &Number) -> String {
    number.fraction_string()
}

fn label(label: &Label) -> Json {
    json!({"en": label.en.to_string(), "zh": label.zh.to_string()})
}

fn sum(sum: &NumberSum) -> Json {
    json!({"sum": text(&sum.sum), "customers": sum.count})
}

/// Adds a count to an object.
fn put(count: &Count, own: Json) -> Json {
    let mut object = match own {
        Json::Object(object) => object,
        _ => Map::new(),
    };
    object.insert(String::from("customers"), Json::from(count.customers));
    object.insert(String::from("exposure"), Json::from(text(&count.exposure)));
    Json::Object(object)
}

fn party(party: &Party) -> Json {
    let set = party.set.iter().map(|(name, value)| (name.clone(), Json::from(value.as_str())));
    json!({
        "side": party.written,
        "policy": party.policy.to_string(),
        "version": party.version.to_string(),
        "digest": party.digest.to_string(),
        "set": set.collect::<Map<_, _>>(),
    })
}

fn measures(measures: &Measures) -> Json {
    let own = Measure::ALL
        .into_iter()
        .map(|measure| (measure.name().to_owned(), Json::from(text(&measures.get(measure)))));
    Json::Object(own.collect())
}

fn figure(figure: &Figure) -> Json {
    match figure {
        Figure::Unknown => Json::Null,
        Figure::Member(name) | Figure::Text(name) => Json::from(&**name),
        Figure::Number(number) => Json::from(text(number)),
        Figure::Bool(yes) => Json::from(*yes),
        Figure::Date(day) => Json::from(day.to_string()),
    }
}

/// Each output with the ways that customers or items go.
fn outputs(report: &Report) -> Json {
    let mut found = Map::new();
    for (place, output) in report.view.outputs.iter().enumerate() {
        let mut own = Map::new();
        if let Some(shift) = report.effect.shifts.get(&place) {
            match output.shape {
                Shape::Grade | Shape::Stance => {
                    let way = |((was, is), all): (&super::effect::Way, &Count)| {
                        put(all, json!({"before": figure(was), "after": figure(is)}))
                    };
                    own.insert(String::from("ways"), shift.ways.iter().map(way).collect());
                }
                Shape::Limit | Shape::Number => {
                    own.insert(String::from("before"), Json::from(text(&shift.sums.0.sum)));
                    own.insert(String::from("after"), Json::from(text(&shift.sums.1.sum)));
                    own.insert(String::from("up"), sum(&shift.up));
                    own.insert(String::from("down"), sum(&shift.down));
                }
                Shape::Other | Shape::Ladder | Shape::Checks | Shape::Items => {}
            }
        }
        if let Some(shift) = report.effect.items.get(&place) {
            let way = |((was, is), all): (&super::effect::Way, &usize)| json!({"before": figure(was), "after": figure(is), "items": all});
            own.insert(String::from("ways"), shift.ways.iter().map(way).collect());
            own.insert(String::from("newly_held"), Json::from(shift.held));
            own.insert(String::from("released"), Json::from(shift.released));
        }
        found.insert(output.name.to_string(), Json::Object(own));
    }
    Json::Object(found)
}

fn attribution(report: &Report) -> Json {
    let Some(attribution) = &report.attribution else { return Json::Null };
    let edits = attribution.causes.iter().zip(&attribution.alone);
    let edits: Vec<Json> = edits
        .map(|(cause, alone)| {
            json!({
                "edit": label(&cause.words),
                "place": cause.place,
                "class": cause.class,
                "needs": alone.needs,
                "measures": measures(&alone.measures),
            })
        })
        .collect();
    json!({
        "exact": attribution.is_exact(),
        "pairs_tried": attribution.tried.0,
        "pairs": attribution.tried.1,
        "edits": edits,
        "interactions": attribution.pairs.iter().map(|pair| json!({
            "edits": [pair.edits.0, pair.edits.1],
            "measures": measures(&pair.measures),
        })).collect::<Vec<_>>(),
        "rest": measures(&attribution.rest),
        "together": measures(&attribution.whole),
    })
}

fn movers(report: &Report) -> Json {
    let standing = |standing: &Option<Standing>| match standing {
        Some(it) => json!({"at": figure(&it.at), "held": it.held}),
        None => Json::Null,
    };
    let name = |place: usize| report.view.output(place).map(|output| output.name.to_string());
    let labels = |labels: &[Label]| labels.iter().map(label).collect::<Vec<_>>();
    let movers = report.effect.movers.iter().map(|mover| {
        json!({
            "id": mover.id.to_string(),
            "name": mover.figures.name.as_deref(),
            "exposure": mover.figures.exposure.as_ref().map(text),
            "status": {"before": mover.status.0.name(), "after": mover.status.1.name()},
            "limit_change": text(&mover.change),
            "outputs": mover.outputs.iter().map(|(place, (was, is))| json!({
                "name": name(*place), "before": figure(was), "after": figure(is),
            })).collect::<Vec<_>>(),
            "items": mover.items.iter().map(|item| json!({
                "name": name(item.output), "item": item.key.to_string(),
                "before": standing(&item.was), "after": standing(&item.is),
            })).collect::<Vec<_>>(),
            "reasons_new": labels(&mover.appeared),
            "reasons_gone": labels(&mover.went),
            "reasons_kept": labels(&mover.stayed),
            "edits": mover.causes,
            "pairs": mover.pairs.iter().map(|(one, other)| json!([one, other])).collect::<Vec<_>>(),
        })
    });
    movers.collect()
}
