//! Totals, layers and allocations as JSON; a story without them has no such keys.

use serde_json::{Value as Json, json as object};

use super::super::totals::{AllocationLine, LayerLine, TotalSum};
use super::super::{Explanation, LimitStory};
use super::{Writer, reason, rounding, unknowing};

impl Writer<'_> {
    /// Adds the totals and allocations of a story.
    pub(super) fn totals(&self, story: &Explanation, document: &mut Json) {
        let Some(document) = document.as_object_mut() else { return };
        if !story.totals.is_empty() {
            let totals = story.totals.iter().map(|total| {
                let sums: Vec<Json> = total.sums.iter().map(|sum| self.sum(sum)).collect();
                object!({"name": &*total.name, "sums": sums})
            });
            document.insert("totals".into(), totals.collect());
        }
        if !story.allocations.is_empty() {
            let allocations = story.allocations.iter().map(|it| {
                let items: Vec<Json> = it.items.iter().map(|item| self.served(item)).collect();
                object!({"name": &*it.name, "amount": self.figure(&it.amount), "items": items})
            });
            document.insert("allocations".into(), allocations.collect());
        }
    }

    fn sum(&self, sum: &TotalSum) -> Json {
        let lines = sum.lines.iter().map(|line| {
            object!({
                "name": &*line.name,
                "sign": if line.minus { "minus" } else { "plus" },
                "by_itself": self.figure(&line.raw),
                "at_most": line.at_most.as_ref().map(|(_, most, _)| self.figure(most)),
                "capped": line.at_most.as_ref().is_some_and(|(.., bites)| *bites),
                "value": self.figure(&line.value),
                "left_out": line.left_out,
                "unknown": line.because.as_ref().map(unknowing),
                "reason": reason(&line.reason),
            })
        });
        object!({
            "item": sum.key.as_ref().map(|key| self.figure(key)),
            "lines": lines.collect::<Vec<_>>(),
            "sum": self.figure(&sum.sum),
            "floor": sum.floor.as_ref().map(|(least, why, bites)| object!({
                "least": self.figure(least), "binds": bites, "reason": reason(why),
            })),
            "rounding": sum.rounding.as_ref().map(|(_, how)| rounding(how)),
            "value": self.figure(&sum.value),
            "unknown": sum.because.as_ref().map(unknowing),
        })
    }

    fn served(&self, item: &AllocationLine) -> Json {
        object!({
            "item": item.key.as_ref().map(|key| self.figure(key)),
            "order": item.order.iter().map(|key| self.figure(key)).collect::<Vec<_>>(),
            "up_to": self.figure(&item.up_to),
            "left": self.figure(&item.left),
            "applied": self.figure(&item.applied),
            "unknown": item.because.as_ref().map(unknowing),
        })
    }

    /// Adds the layers of a limit that has some.
    pub(super) fn layers(&self, limit: &LimitStory, mut told: Json) -> Json {
        if let (false, Some(told)) = (limit.layers.is_empty(), told.as_object_mut()) {
            told.insert("layers".into(), limit.layers.iter().map(|layer| self.layer(layer)).collect());
            let amount = limit.layers_for.as_ref().map(|(amount, unsecured)| {
                object!({"amount": self.figure(amount), "unsecured": self.figure(unsecured)})
            });
            told.insert("layers_for".into(), amount.into());
        }
        told
    }

    fn layer(&self, layer: &LayerLine) -> Json {
        let mut object = self.rule(&layer.rule);
        let mut put = |key: &str, value: Json| object.insert(key.into(), value);
        put("name", (*layer.name).into());
        put("worth", self.figure(&layer.worth));
        put("haircut", layer.haircut.as_ref().map(|it| self.figure(it)).into());
        put("valid_until", layer.valid_until.as_ref().map(|(last, _)| self.figure(last)).into());
        put("lendable", self.figure(&layer.lendable));
        put(
            "share",
            layer
                .share
                .as_ref()
                .map(|(share, most, bites)| {
                    object!({"of_the_whole": self.figure(share), "most": self.figure(most), "binds": bites})
                })
                .into(),
        );
        put("left", layer.left.as_ref().map(|(left, _)| self.figure(left)).into());
        put("bears", self.figure(&layer.bears));
        put("unknown", layer.because.as_ref().map(unknowing).into());
        Json::Object(object)
    }
}
