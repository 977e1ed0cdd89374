//! From what the grammar has read to the tokens that are printed: each word in its spelling, a few in another order.
//!
//! English and Chinese mostly put the same things in the same order. Where they do not, as in `5% of x` and `x 的 5%`, what is
//! read is told in the order of the language that is printed, if it stands on one line without a comment.

use super::spelling;
use super::token::{Cell, Member, Shape, Token, bytes};
use crate::base::Lang;
use crate::syntax::{Node, Stretch, Stretches, Trivia, TriviaKind};

/// The rules whose text is one token, whatever they have read within.
const LEAVES: &[&str] = &["number", "phrase", "window_period", "frozen", "loose_date", "grouped"];
/// The rules whose entries may share a line.
const ENTRIES: &[&str] = &["names", "role_names", "decision", "given", "expect", "record", "case"];

/// Writes the tokens of a text.
pub(super) struct Words<'t> {
    source: &'t str,
    /// Comments and blank lines.
    trivia: &'t [Trivia],
    target: Option<Lang>,
    tokens: Vec<Token>,
    members: usize,
    begins: Option<Member>,
    cell: Option<(Cell, usize)>,
    on_a_line: bool,
}

/// What a node is emitted within.
#[derive(Clone, Copy, Default)]
struct Around {
    /// The member.
    member: Option<Member>,
    /// The rule above.
    parent: &'static str,
}

/// The tokens of a text that has been cut into its items.
pub(super) fn words(source: &str, read: &Stretches, target: Option<Lang>) -> Vec<Token> {
    let mut words = Words {
        source,
        trivia: &read.trivia,
        target,
        tokens: Vec::new(),
        members: 0,
        begins: None,
        cell: None,
        on_a_line: false,
    };
    for stretch in &read.items {
        words.on_a_line = true;
        match &stretch.item {
            Some(item) => words.member(item, Around::default()),
            None => words.verbatim(stretch),
        }
    }
    words.tokens
}

impl Words<'_> {
    fn text(&self, start: usize, end: usize) -> &str {
        self.source.get(start..end).unwrap_or("")
    }

    fn of(&self, node: &Node) -> &str {
        let (start, end) = bytes(node.span);
        self.text(start, end)
    }

    fn push(&mut self, text: impl Into<String>, shape: Shape, start: usize, end: usize) {
        // A comma belongs to what stands before it.
        let is_comma = shape == Shape::Behind;
        let begins = if is_comma { None } else { self.begins.take() };
        let cell = if is_comma { None } else { self.cell.take() };
        let on_a_line = !is_comma && std::mem::take(&mut self.on_a_line);
        let text = text.into();
        self.tokens.push(Token { text, shape, start, end, begins, cell, on_a_line, is_infix: false });
    }

    /// A stretch that does not read: as it was written.
    fn verbatim(&mut self, stretch: &Stretch) {
        let (start, end) = bytes(stretch.span);
        let written = self.text(start, end);
        // What is left of the line on which the item before ends: a comment, if anything.
        let behind = written
            .split_inclusive('\n')
            .next()
            .filter(|line| start > 0 && (line.trim().is_empty() || line.trim_start().starts_with('#')));
        let written = written.strip_prefix(behind.unwrap_or("")).unwrap_or(written);
        let from = end.saturating_sub(written.trim_start_matches(['\n', '\r', '\u{feff}']).len());
        let text = self.text(from, end).trim_end().to_owned();
        let end = from.saturating_add(text.len());
        self.push(text, Shape::Verbatim, from, end);
    }

    /// A member of a block, or an item.
    fn member(&mut self, node: &Node, around: Around) {
        // An item within a block stands in a wrapping of its own.
        let node = match (node.rule, node.children.as_slice()) {
            ("item", [inner]) => inner,
            _ => node,
        };
        let kind = match (node.rule, node.children.first()) {
            ("limit_line", Some(line)) if matches!(line.rule, "method" | "layer") => line.rule,
            ("columns", _) if around.parent == "authority" => "authority_row",
            ("columns", _) => "row",
            ("given" | "expect", _) => "side",
            (
                "version" | "effective" | "known_from" | "currency" | "header_rounding" | "calendar"
                | "applies_when",
                _,
            ) => "header",
            (rule, _) => rule,
        };
        let member = Member { number: self.members, within: around.member.map(|member| member.number), kind };
        self.members = self.members.saturating_add(1);
        self.begins = Some(member);
        self.node(node, Around { member: Some(member), parent: around.parent });
    }

    /// What one rule has read.
    fn node(&mut self, node: &Node, around: Around) {
        if self.leaf(node, around) || self.respelled(node, around) {
            return;
        }
        if node.children.iter().any(|child| child.rule == "open_curly") {
            self.block(node, around);
        } else {
            self.parts(node, &node.children, bytes(node.span), around);
        }
    }

    /// Children in the order in which they stand, with the marks between them.
    fn parts(&mut self, node: &Node, children: &[Node], whole: (usize, usize), around: Around) {
        let (mut at, end) = whole;
        let mut seen: Vec<&'static str> = Vec::new();
        let mut place = 0;
        while let Some(child) = children.get(place) {
            let (start, until) = bytes(child.span);
            self.marks(node, at, start);
            let nth = seen.iter().filter(|rule| **rule == child.rule).count();
            seen.push(child.rule);
            let taken = self.reordered(node, children, place, around);
            if taken > 0 {
                place = place.saturating_add(taken);
                at = children.get(place.saturating_sub(1)).map_or(until, |last| bytes(last.span).1);
                continue;
            }
            self.counted(node, children, place, start);
            self.begin_cell(node, child, nth, place, around);
            if !self.is_left_out(node, child) {
                if is_datum_of_list(node, child) {
                    self.member(child, Around { parent: node.rule, ..around })
                } else {
                    self.node(child, Around { parent: node.rule, ..around });
                }
            }
            at = until;
            place = place.saturating_add(1);
        }
        self.counted(node, children, place, end);
        self.marks(node, at, end);
    }

    /// What stands before the block, the members of the block, its end.
    fn block(&mut self, node: &Node, around: Around) {
        let (start, end) = bytes(node.span);
        let place = |rule: &str| node.children.iter().position(|child| child.rule == rule);
        let (Some(open), Some(close)) = (place("open_curly"), place("close_curly")) else {
            return self.parts(node, &node.children, (start, end), around);
        };
        let opening = node.children.get(open).map_or(start, |child| bytes(child.span).1);
        let closing = node.children.get(close).map_or(end, |child| bytes(child.span).0);
        let members = node.children.get(open.saturating_add(1)..close).unwrap_or_default();
        let edges = members.iter().map(|member| bytes(member.span));
        let mut at = opening;
        let mut gaps = Vec::new();
        for (from, to) in edges.chain(std::iter::once((closing, closing))) {
            gaps.push((at, from));
            at = to;
        }
        let breaks = |(from, to): &(usize, usize)| self.text(*from, *to).contains('\n');
        let is_tall = gaps.iter().any(breaks);
        let shares_lines = ENTRIES.contains(&node.rule);
        let broken: Vec<bool> =
            gaps.iter().map(|gap| is_tall && (!shares_lines || node.rule == "case" || breaks(gap))).collect();
        self.parts(
            node,
            node.children.get(..open).unwrap_or_default(),
            (start, opening.saturating_sub(1)),
            around,
        );
        if let Some(curly) = node.children.get(open) {
            self.begin_cell(node, curly, 0, open, around);
            self.node(curly, around);
            if let Some(opened) = self.tokens.last_mut() {
                opened.shape = Shape::OpenBlock { fills: shares_lines && node.rule != "case" };
            }
        }
        at = opening;
        for (nth, member) in members.iter().enumerate() {
            let (from, to) = bytes(member.span);
            self.marks(node, at, from);
            if nth > 0 && broken.get(nth) == Some(&false) && self.text(at, from).contains([';', '；']) {
                self.push(";", Shape::Behind, at, at);
            }
            self.on_a_line = broken.get(nth) == Some(&true) || (is_tall && nth == 0);
            self.begin_cell(node, member, 0, nth.saturating_add(open).saturating_add(1), around);
            self.member(member, Around { parent: node.rule, ..around });
            at = to;
        }
        self.marks(node, at, closing);
        self.on_a_line = is_tall;
        let rest = node.children.get(close..).unwrap_or_default();
        self.parts(node, rest, (closing, end), around);
    }

    /// The marks between two parts, which have no rules of their own.
    fn marks(&mut self, node: &Node, from: usize, to: usize) {
        let rest = self.source.get(from..to).unwrap_or("").char_indices();
        let wide =
            node.rule == "data_list" && node.children.iter().any(|child| child.child("record").is_some());
        let touches = node.rule == "apply" || node.rule == "script_function" && node.child("label").is_none();
        let mut marks = Vec::new();
        let comments: Vec<std::ops::Range<usize>> = self.comments(from, to).collect();
        for (place, ch) in rest {
            let here = from.saturating_add(place);
            if comments.iter().any(|comment| comment.contains(&here)) {
                continue;
            }
            let shape = match ch {
                ',' | '，' | '、' => (",", Shape::Behind),
                '.' | '。' | '．' => (".", Shape::Between),
                '(' | '（' => (
                    "(",
                    Shape::Open {
                        wide: false,
                        touches: touches || node.rule == "paren" && self.after_call(),
                    },
                ),
                ')' | '）' => (")", Shape::Close { wide: false }),
                '[' | '【' => ("[", Shape::Open { wide, touches }),
                ']' | '】' => ("]", Shape::Close { wide }),
                _ => continue,
            };
            marks.push((from.saturating_add(place), ch.len_utf8(), shape));
        }
        for (at, length, (text, shape)) in marks {
            self.push(text, shape, at, at.saturating_add(length));
        }
    }

    /// Whether the word before an opening bracket is one that is written like a function: `instalment(…)`.
    fn after_call(&self) -> bool {
        self.tokens.last().is_some_and(|token| matches!(token.text.as_str(), "instalment" | "等额还款"))
    }

    /// A rule that is one token; whether it was one.
    fn leaf(&mut self, node: &Node, around: Around) -> bool {
        let (start, end) = bytes(node.span);
        let text = self.of(node);
        if !node.children.is_empty() && !LEAVES.contains(&node.rule) {
            return false;
        }
        let spelled = match node.rule {
            "number" => spelling::number(text, self.target),
            "date" => spelling::date(text),
            "text" | "phrase" => spelling::quoted(text),
            "window_period" => spelling::window(node, text, self.target),
            "frozen" => spelling::frozen(node, text, self.target),
            "name" | "any_name" | "label_lang" | "loose_date" | "grouped" => text.to_owned(),
            // `1 decimal`, `2 decimals`.
            "kw_decimals" if self.tokens.last().is_some_and(|token| token.text == "1") => {
                match spelling::word(node.rule, text, self.target) {
                    Some("decimals") => "decimal".to_owned(),
                    other => other.unwrap_or(text).to_owned(),
                }
            }
            rule => match spelling::sign(rule).or_else(|| spelling::word(rule, text, self.target)) {
                Some(spelled) => spelled.to_owned(),
                None => text.split_whitespace().collect::<Vec<_>>().join(" "),
            },
        };
        let shape = match node.rule {
            "open_curly" => Shape::OpenBlock { fills: false },
            "close_curly" => Shape::CloseBlock,
            "dots" => Shape::Between,
            "minus" => Shape::Sign,
            "colon" if matches!(around.parent, "parameter" | "use_item") => Shape::Behind,
            _ => Shape::Word,
        };
        self.push(spelled, shape, start, end);
        if let Some(token) = self.tokens.last_mut() {
            token.is_infix = is_infix(node.rule) || is_infix(around.parent);
        }
        true
    }

    /// Notes that a column begins.
    fn begin_cell(&mut self, node: &Node, child: &Node, nth: usize, place: usize, around: Around) {
        let Some(member) = around.member else { return };
        let holds = match (node.rule, child.rule) {
            ("label", "label_lang") => "label",
            ("label", "text") if place == 0 => "label",
            ("label", _) => return,
            (_, "define") => "define",
            ("fact" | "param", "type") => "type",
            ("band", "from" | "above") => "bound",
            ("factor", "weight" | "points" | "missing") => child.rule,
            ("row" | "correction_row" | "authority_row" | "from_day" | "step", "colon") => "colon",
            ("outcomes", "outcome")
            | ("correction_row", "correction_outcome")
            | ("authority_row", "signers")
            | ("from_day", "quantity")
            | ("step", "step_actions")
            | ("columns", "cell") => "result",
            ("cells", "cell") if nth > 0 => "key",
            ("row" | "correction_row" | "authority_row", "row_when") if place > 0 => "when",
            (
                "version" | "effective" | "known_from" | "currency" | "header_rounding" | "calendar"
                | "applies_when",
                _,
            ) if place == 1 => "value",
            ("times" | "cap_at" | "floor_at", "expr") => "value",
            ("total_line", "name") => "name",
            ("step", "kw_step_at") => "at",
            ("case", "kw_as_of" | "open_curly") | ("given" | "expect", "open_curly") => "open",
            ("case", "expect") => "expect",
            ("role", "role_above") => "above",
            ("paper", "paper_always") => "when",
            (
                _,
                "when" | "because" | "cite" | "if_unknown" | "needs" | "internal" | "customer_says"
                | "note_to" | "late" | "validity" | "tolerance" | "release_by" | "after_cure"
                | "release_days" | "skip_unknown",
            ) if node.rule != "output" => child.rule,
            _ => return,
        };
        let nth =
            if matches!(holds, "result" | "key") { nth } else { usize::from(holds == "label" && place > 1) };
        self.cell = Some((Cell { holds, nth }, member.number));
    }

    /// `2 项`, `1 级`: Chinese counts with a word that English leaves out. It stands before the child at `place`.
    fn counted(&mut self, node: &Node, children: &[Node], place: usize, at: usize) {
        if self.target != Some(Lang::Zh) {
            return;
        }
        let before = place.checked_sub(1).and_then(|before| children.get(before)).map(|child| child.rule);
        let next = children.get(place).map(|child| child.rule);
        let missing = match (node.rule, before, next) {
            ("grade_down" | "grade_up", Some("quantity"), next) if next != Some("kw_notches") => "级",
            ("quorum_least", Some("quantity"), None) | ("require_known", None, Some("kw_known")) => "项",
            ("list_of", Some("number"), None) => "项",
            _ => return,
        };
        self.push(missing, Shape::Word, at, at);
    }

    /// Whether a word is said in Chinese only.
    fn is_left_out(&self, node: &Node, child: &Node) -> bool {
        self.target == Some(Lang::En)
            && (child.rule == "kw_notches" || child.rule == "kw_items" && node.rule != "latest_of")
    }

    // ------------------------------------------------------------------------------------------- another order

    /// Whether a stretch without a comment goes on over lines.
    fn wraps(&self, (start, end): (usize, usize)) -> bool {
        self.is_plain(start, end) && self.text(start, end).contains('\n')
    }

    /// Where the comments stand that begin between two places.
    fn comments(&self, start: usize, end: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
        let first = self.trivia.partition_point(|it| it.span.range().start < start);
        let rest = self.trivia.iter().skip(first).map_while(move |it| {
            let range = it.span.range();
            (range.start < end).then_some((it.kind, range))
        });
        rest.filter(|(kind, _)| *kind != TriviaKind::BlankLines).map(|(_, range)| range)
    }

    /// Whether what stands between two places can be told in another order: without a comment. It then stands on one line.
    fn is_plain(&self, start: usize, end: usize) -> bool {
        self.comments(start, end).next().is_none()
    }

    /// Emits parts that stand in another order than they were written in.
    fn in_order(&mut self, start: usize, end: usize, parts: &[Said<'_>], around: Around) {
        let from = self.tokens.len();
        for part in parts {
            match part {
                Said::Node(node) => self.node(node, around),
                Said::Word(word) => self.push(*word, Shape::Word, start, start),
                Said::Text(text) => self.push(text.clone(), Shape::Word, start, start),
                Said::Comma => self.push(",", Shape::Behind, start, start),
            }
        }
        self.at_one_place(from, (start, end));
    }

    /// Puts all tokens from one on at the beginning of a stretch: they are printed on one line.
    fn at_one_place(&mut self, from: usize, (start, end): (usize, usize)) {
        let moved = self.tokens.get_mut(from..).unwrap_or_default();
        for token in moved.iter_mut() {
            (token.start, token.end) = (start, start);
        }
        if let Some(last) = moved.last_mut() {
            last.end = end;
        }
    }

    /// What another order would put on one line stands on one line in its own order, too: there and back is the same text. Whether
    /// it stood on several.
    fn joined(&mut self, node: &Node, around: Around) -> bool {
        const ORDERED: &[&str] = &[
            "rounding",
            "unknown_when",
            "minimum_item",
            "minimum_customer",
            "points_per",
            "points_per_zh",
            "climbs",
            "after_cure",
            "beyond",
            "latest_of",
        ];
        let (start, end) = bytes(node.span);
        if !ORDERED.contains(&node.rule) || !self.text(start, end).contains('\n') {
            return false;
        }
        let from = self.tokens.len();
        self.parts(node, &node.children, (start, end), around);
        self.at_one_place(from, (start, end));
        true
    }

    /// Operands and operators at `place` that the target tells in another order; how many children they are.
    fn reordered(&mut self, node: &Node, children: &[Node], place: usize, around: Around) -> usize {
        let Some(lang) = self.target.filter(|_| matches!(node.rule, "expr" | "sum")) else { return 0 };
        let rule = |at: usize| children.get(at).map_or("", |child| child.rule);
        let starts_operand = place.checked_sub(1).is_none_or(|before| is_infix(rule(before)));
        let ends_operand = |behind: usize| children.get(behind).is_none_or(|child| is_infix(child.rule));
        if !starts_operand {
            return 0;
        }
        let around = Around { parent: node.rule, ..around };
        let parts: Vec<&Node> = children.iter().skip(place).take(3).collect();
        let span = |first: &Node, last: &Node| (bytes(first.span).0, bytes(last.span).1);
        match parts.as_slice() {
            [one, of, other]
                if matches!((of.rule, lang), ("op_of", Lang::Zh) | ("op_of_zh", Lang::En))
                    && is_operand(one.rule)
                    && is_operand(other.rule)
                    && ends_operand(place.saturating_add(3))
                    && !binds(place.checked_sub(1).map_or("", rule))
                    && !binds(rule(place.saturating_add(3))) =>
            {
                let (start, end) = span(one, other);
                if !self.is_plain(start, end) {
                    return 0;
                }
                let word = if lang == Lang::Zh { "的" } else { "of" };
                self.in_order(start, end, &[Said::Node(other), Said::Word(word), Said::Node(one)], around);
                3
            }
            [one, of, other]
                if matches!(of.rule, "op_of" | "op_of_zh")
                    && is_operand(one.rule)
                    && is_operand(other.rule)
                    && ends_operand(place.saturating_add(3))
                    && self.wraps(span(one, other)) =>
            {
                let (start, end) = span(one, other);
                self.in_order(start, end, &[Said::Node(one), Said::Node(of), Said::Node(other)], around);
                3
            }
            [first, second, ..]
                if (is_anchor(first.rule) && is_operand(second.rule)
                    || is_operand(first.rule) && is_anchor(second.rule))
                    && is_told_so(first.rule, second.rule, lang)
                    && ends_operand(place.saturating_add(2))
                    && self.wraps(span(first, second)) =>
            {
                let (start, end) = span(first, second);
                self.in_order(start, end, &[Said::Node(first), Said::Node(second)], around);
                2
            }
            [anchor, operand, ..]
                if lang == Lang::Zh
                    && matches!(anchor.rule, "kw_end_of_month_of" | "day_after" | "of_year")
                    && is_operand(operand.rule)
                    && ends_operand(place.saturating_add(2)) =>
            {
                let (start, end) = span(anchor, operand);
                let Some(word) = spelling::anchor(anchor.rule, self.of(anchor), lang) else { return 0 };
                if !self.is_plain(start, end) {
                    return 0;
                }
                self.in_order(start, end, &[Said::Node(operand), Said::Text(word)], around);
                2
            }
            [operand, anchor, ..]
                if lang == Lang::En
                    && matches!(anchor.rule, "month_end_zh" | "day_after_zh" | "of_year_zh")
                    && is_operand(operand.rule)
                    && ends_operand(place.saturating_add(2)) =>
            {
                let (start, end) = span(operand, anchor);
                let Some(word) = spelling::anchor(anchor.rule, self.of(anchor), lang) else { return 0 };
                if !self.is_plain(start, end) {
                    return 0;
                }
                self.in_order(start, end, &[Said::Text(word), Said::Node(operand)], around);
                2
            }
            [fold, paren, ..]
                if lang == Lang::Zh
                    && fold.rule == "fold"
                    && paren.rule == "paren"
                    && paren.children.len() > 1 =>
            {
                let word = fold.children.first().and_then(|word| spelling::pick(word.rule));
                let Some(word) = word.and_then(|pick| spelling::word(pick, "", Some(lang))) else { return 0 };
                let (start, end) = bytes(fold.span);
                self.push(word, Shape::Word, start, end);
                1
            }
            // `占比` is a name's part too, but before a bracket.
            [fold, operand, ..]
                if lang == Lang::Zh
                    && fold.rule == "fold"
                    && operand.rule != "paren"
                    && fold.child("fold_share").is_some() =>
            {
                let (start, end) = bytes(fold.span);
                self.push("share of", Shape::Word, start, end);
                1
            }
            _ => 0,
        }
    }

    /// A construct that the target tells in another order; whether it was one.
    fn respelled(&mut self, node: &Node, around: Around) -> bool {
        let Some(lang) = self.target else { return false };
        let (start, end) = bytes(node.span);
        let is_plain = self.is_plain(start, end);
        let (outer, around) = (around, Around { parent: node.rule, ..around });
        let parts: Vec<(&str, &Node)> = node.children.iter().map(|child| (child.rule, child)).collect();
        let said: Vec<Said<'_>> = match (node.rule, lang, parts.as_slice()) {
            _ if !is_plain => return false,
            ("rounding", ..) => rounding(node, lang),
            ("unknown_when", Lang::Zh, [("kw_unknown_when", _), values @ ..])
                if values.iter().all(|(_, value)| value.child("path").is_none()) =>
            {
                values.iter().map(|(_, value)| Said::Node(value)).chain([Said::Word("视为未知")]).collect()
            }
            ("unknown_when", Lang::En, [values @ .., ("kw_taken_as_unknown", _)]) => {
                std::iter::once(Said::Word("unknown when"))
                    .chain(values.iter().map(|(_, value)| Said::Node(value)))
                    .collect()
            }
            ("minimum_item", Lang::Zh, [("quantity", it), _]) => vec![Said::Word("每笔"), Said::Node(it)],
            ("minimum_item", Lang::En, [("kw_each_item", _), (_, it)]) => {
                vec![Said::Node(it), Said::Word("per item")]
            }
            ("minimum_customer", Lang::Zh, [("quantity", it), _]) => vec![Said::Word("每户"), Said::Node(it)],
            ("minimum_customer", Lang::En, [("kw_each_customer", _), (_, it)]) => {
                vec![Said::Node(it), Said::Word("per customer")]
            }
            ("points_per", Lang::Zh, [("quantity", counts), ("kw_per", _), (_, each), rest @ ..]) => {
                [Said::Word("每"), Said::Node(each), Said::Word("计"), Said::Node(counts)]
                    .into_iter()
                    .chain(up_to(rest))
                    .collect()
            }
            ("points_per_zh", Lang::En, [(_, _), (_, each), (_, _), (_, counts), rest @ ..]) => {
                [Said::Node(counts), Said::Word("per"), Said::Node(each)]
                    .into_iter()
                    .chain(up_to(rest))
                    .collect()
            }
            ("climbs", Lang::Zh, [(_, climbs), ("kw_at_least", _), (_, days), (_, _)]) => {
                vec![Said::Node(climbs), Said::Comma, Said::Word("间隔至少"), Said::Node(days)]
            }
            ("climbs", Lang::En, [(_, climbs), ("kw_interval_at_least", _), (_, days)]) => {
                vec![
                    Said::Node(climbs),
                    Said::Comma,
                    Said::Word("at least"),
                    Said::Node(days),
                    Said::Word("apart"),
                ]
            }
            ("after_cure", Lang::Zh, [("kw_needs_sign_off_of", _), (_, role), _]) => {
                vec![Said::Word("消除后须签批"), Said::Node(role)]
            }
            ("after_cure", Lang::En, [("kw_signed_after_cure", _), (_, role)]) => {
                vec![Said::Word("needs sign-off of"), Said::Node(role), Said::Word("after cure")]
            }
            ("beyond", Lang::Zh, [(_, head), (_, colon), ("kw_carries", _), (_, part), _]) => {
                vec![Said::Node(head), Said::Node(colon), Said::Word("自担超额"), Said::Node(part)]
            }
            ("beyond", Lang::En, [(_, head), (_, colon), ("kw_carries_excess", _), (_, part)]) => {
                vec![
                    Said::Node(head),
                    Said::Node(colon),
                    Said::Word("carries"),
                    Said::Node(part),
                    Said::Word("of the excess"),
                ]
            }
            ("latest_of", Lang::Zh, [(_, latest), (_, number), ("kw_of", _), (_, of)]) => {
                vec![Said::Node(latest), Said::Node(number), Said::Word("项"), Said::Node(of)]
            }
            ("latest_of", Lang::En, [(_, latest), (_, number), ("kw_items", _), (_, of)]) => {
                vec![Said::Node(latest), Said::Node(number), Said::Word("of"), Said::Node(of)]
            }
            _ => return self.joined(node, outer),
        };
        if said.is_empty() {
            return self.joined(node, outer);
        }
        // The comma before a clause is read with it.
        let comma = self.of(node).starts_with([',', '，', '、']);
        let said: Vec<Said<'_>> = comma.then_some(Said::Comma).into_iter().chain(said).collect();
        self.in_order(start, end, &said, around);
        true
    }
}

/// A part of what is told in another order.
enum Said<'n> {
    Node(&'n Node),
    Word(&'static str),
    Text(String),
    Comma,
}

/// `rounded half_up to 2 decimals` · `四舍五入 保留 2 位小数`; nothing where it is told in the language already.
fn rounding<'n>(node: &'n Node, lang: Lang) -> Vec<Said<'n>> {
    let is_english = node.child("kw_rounded").is_some();
    if is_english == (lang == Lang::En) {
        return Vec::new();
    }
    let mode = node.child("rounding_mode").map(Said::Node);
    let (multiples, decimals) = (node.child("sum"), node.child("number"));
    let mut said = Vec::new();
    match lang {
        Lang::Zh => {
            said.extend(mode);
            match (multiples, decimals) {
                (Some(sum), _) => said.extend([Said::Word("取整到"), Said::Node(sum)]),
                (None, Some(number)) => {
                    said.extend([Said::Word("保留"), Said::Node(number), Said::Word("位小数")])
                }
                (None, None) => return Vec::new(),
            }
        }
        Lang::En => {
            said.push(Said::Word("rounded"));
            said.extend(mode);
            said.push(Said::Word("to"));
            match (multiples, decimals, node.child("kw_decimals")) {
                (Some(sum), ..) => said.extend([Said::Word("multiples of"), Said::Node(sum)]),
                (None, Some(number), Some(word)) => said.extend([Said::Node(number), Said::Node(word)]),
                (None, ..) => return Vec::new(),
            }
        }
    }
    said
}

/// `, up to 20` · `, 至多 20`
fn up_to<'n>(rest: &[(&str, &'n Node)]) -> Vec<Said<'n>> {
    let mut said: Vec<Said<'n>> = rest.iter().map(|(_, node)| Said::Node(node)).collect();
    if !said.is_empty() {
        said.insert(0, Said::Comma);
    }
    said
}

/// Whether a value of a list stands in a list of data: it may begin a line.
fn is_datum_of_list(node: &Node, child: &Node) -> bool {
    node.rule == "data_list" && child.rule == "datum"
}

fn is_infix(rule: &str) -> bool {
    rule.starts_with("op_") && rule != "op_not"
        || matches!(rule, "slip_equal" | "slip_not_equal" | "slip_and" | "slip_or")
}

/// Whether a rule is a day told from another one.
fn is_anchor(rule: &str) -> bool {
    matches!(
        rule,
        "kw_end_of_month_of" | "day_after" | "of_year" | "month_end_zh" | "day_after_zh" | "of_year_zh"
    )
}

/// Whether a day and what it is told from stand in the order of a language: in Chinese the day stands behind.
fn is_told_so(first: &str, second: &str, lang: Lang) -> bool {
    match lang {
        Lang::En => matches!(first, "kw_end_of_month_of" | "day_after" | "of_year"),
        Lang::Zh => matches!(second, "month_end_zh" | "day_after_zh" | "of_year_zh"),
    }
}

/// Whether an operator binds as tightly as `of`.
fn binds(rule: &str) -> bool {
    matches!(rule, "op_of" | "op_of_zh" | "op_power")
}

/// Whether a rule is an operand by itself, with nothing before or behind it.
fn is_operand(rule: &str) -> bool {
    matches!(rule, "literal" | "path" | "paren" | "list")
}
