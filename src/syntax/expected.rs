//! What could have stood where the grammar stopped, in words that a credit manager knows.

use super::forms::Form;
use super::grammar::Rule;
use super::keywords::{self, keyword};
use super::offices;
use super::slips::{self, Place};
use crate::base::{Span, nearest};
use crate::diag::Diagnostic;

/// How many expected things are told.
const MOST: usize = 4;

/// Things that could stand somewhere, in the order in which they are told, in English and in Chinese.
#[derive(Default)]
struct Nouns {
    en: Vec<String>,
    zh: Vec<String>,
}

impl Nouns {
    /// Adds a thing; in a language that has no word for it, nothing.
    fn add(&mut self, en: &str, zh: &str) {
        for (list, word) in [(&mut self.en, en), (&mut self.zh, zh)] {
            if !word.is_empty() && !list.iter().any(|known| known == word) {
                list.push(word.to_owned());
            }
        }
    }
}

/// Says what was found and what could have stood there.
pub(super) fn unexpected(place: &Place<'_>, rules: &[Rule]) -> Diagnostic {
    let found = place.found();
    if rules.iter().any(|rule| matches!(rule, Rule::item | Rule::item_alone | Rule::file | Rule::kw_policy)) {
        return unknown_item(place);
    }
    let mut nouns = Nouns::default();
    let mut words: Vec<&str> = Vec::new();
    let mut ranked: Vec<Class> = rules.iter().map(|rule| class(*rule)).collect();
    ranked.sort();
    let behind_value = ranked.contains(&Class::Operator);
    let begins = place.at_member_start();
    let word_at = place.word();
    // Where only words can stand, one of them is meant; a line of a limit may begin with any of a dozen.
    let words_alone = !ranked.iter().any(|class| matches!(class, Class::Noun(..)))
        && ranked.iter().any(|class| matches!(class, Class::Word(_)));
    if begins {
        let all = keywords::KEYWORDS.iter().filter(|_| !words_alone);
        words.extend(all.flat_map(|word| [word.en, word.zh]).filter(|word| !word.is_empty()));
    } else if may_end(rules, behind_value) && !place.at_line_end() {
        nouns.add("the end of the line", "行尾");
    }
    for class in ranked {
        match class {
            Class::Word(role) => {
                if let Some(word) = keyword(role) {
                    words.extend([word.en, word.zh].into_iter().filter(|word| !word.is_empty()));
                    words.extend(word.others);
                    let ticked =
                        |word: &str| if word.is_empty() { String::new() } else { format!("`{word}`") };
                    nouns.add(&ticked(word.en), &ticked(word.zh));
                }
            }
            Class::Noun(en, zh) => nouns.add(en, zh),
            Class::Operator => nouns.add("an operator", "运算符"),
            Class::Silent => {}
        }
    }
    nouns.en.truncate(MOST);
    nouns.zh.truncate(MOST);
    // `取整到千元`: the keyword is there, glued to what follows.
    let begun = words.iter().filter(|known| known.chars().count() >= 2 && !known.is_ascii());
    let begun = begun.filter(|known| word_at.len() > known.len() && word_at.starts_with(**known));
    if let Some(glued) = begun.max_by_key(|known| known.len()).filter(|_| begins) {
        return slips::two_words(place, place.at, word_at, glued, false);
    }
    let mut diagnostic = Diagnostic::new("E101", place.span()).arg_in("found", &found.0, &found.1).arg_in(
        "expected",
        joined(&nouns.en, ", ", " or "),
        joined(&nouns.zh, "、", "或"),
    );
    if nouns.en.is_empty() || nouns.zh.is_empty() {
        diagnostic = diagnostic.variant("found");
    }
    if let Some((sign, written)) = place.joined_by() {
        diagnostic = diagnostic.arg("sign", written).label(sign, "goes_on");
    }
    // Two letters are near to everything.
    let near = nearest(word_at, words.iter().copied());
    let near = near.filter(|near| *near != word_at && word_at.len() > 2 && near.len() > 2);
    if let Some(near) = near {
        return diagnostic.arg("near", near).fix("near", place.word_span(), near, false);
    }
    match form(place) {
        Some(form) => diagnostic.arg("form", form).help("form"),
        None => diagnostic,
    }
}

/// How what stands here is written: a line of the block that it stands in, or a construct of its own with its block.
fn form(place: &Place<'_>) -> Option<String> {
    // Inside a value it is the value that is not understood; between two lines, the sign.
    if place.before().contains(" = ") || place.joined_by().is_some() {
        return None;
    }
    let chinese = place.chinese();
    let member = place.text.get(place.from..place.to)?.trim_start();
    let line = || Form::of_line(place.head, member, chinese).map(str::to_owned);
    Form::of(member).map(|form| form.whole(chinese)).or_else(line)
}

/// A word at the beginning of an item that begins none.
fn unknown_item(place: &Place<'_>) -> Diagnostic {
    let word = place.word();
    let span = if word.is_empty() { place.span() } else { place.word_span() };
    let diagnostic = Diagnostic::new("E105", span).arg(
        "found",
        if word.is_empty() { place.found().0.trim_matches('`').to_owned() } else { word.to_owned() },
    );
    // A line that begins with an operator was to go on with the one before, which had ended.
    if place.found().0.trim_matches('`').starts_with(['-', '−', '－', '<', '>', '=']) {
        return diagnostic.help("goes_on");
    }
    let begins = || keywords::items().flat_map(|item| [item.en, item.zh]);
    // `对照表账期 按 …`, `决定授信 { … }`
    let heads = begins().filter(|known| known.chars().count() > 1 && !known.is_ascii());
    let glued = heads.filter(|known| word.len() > known.len() && word.starts_with(known));
    if let Some(glued) =
        glued.max_by_key(|known| known.len()).filter(|_| place.rest().contains(['{', '=', '｛']))
    {
        return slips::two_words(place, place.at, word, glued, true);
    }
    // `版本` is no slip of the pen for `脚本`: it stands elsewhere.
    if let Some(form) = Form::around(place.rest(), place.chinese()) {
        return diagnostic.arg("form", form).help("inside");
    }
    let own = keywords::KEYWORDS.iter().any(|known| known.zh == word || known.en == word);
    // `信用政策 …`: the keyword with what it is about before it.
    let ends = begins().filter(|known| !known.is_empty() && !known.is_ascii() && word.ends_with(known));
    let near = ends.max_by_key(|known| known.len()).or_else(|| nearest(word, begins()));
    match near.filter(|near| !own && !is_another(word, near)) {
        _ if keywords::ASKS.contains(&word.to_lowercase().as_str()) => diagnostic.help("condition"),
        Some(near) if near != word => diagnostic.arg("near", near).fix("near", span, near, false),
        _ if offices::is_prose(place) => {
            diagnostic.fix("prose", Span { end: span.start, ..span }, "# ", false)
        }
        _ => {
            let words =
                |of: fn(&keywords::Keyword) -> &'static str| keywords::items().map(of).collect::<Vec<_>>();
            let (en, zh) = (words(|item| item.en).join(", "), words(|item| item.zh).join("、"));
            diagnostic.arg_in("items", en, zh).help("items")
        }
    }
}

/// Whether a word of two characters, one of them a letter, is near only by being short: `A级` is no slip for `等级`.
fn is_another(word: &str, near: &str) -> bool {
    word.chars().count() == near.chars().count() && word.chars().any(|ch| ch.is_ascii()) && !near.is_ascii()
}

fn joined(parts: &[String], comma: &str, last: &str) -> String {
    match parts.split_last() {
        Some((one, [])) => one.clone(),
        Some((end, rest)) => format!("{}{last}{end}", rest.join(comma)),
        None => String::new(),
    }
}

/// Whether a member may end where these rules could go on.
fn may_end(rules: &[Rule], behind_value: bool) -> bool {
    // A condition that has begun goes on.
    if rules.iter().any(|rule| matches!(rule, Rule::kw_then | Rule::kw_else)) {
        return false;
    }
    behind_value
        || rules.iter().any(|rule| {
            matches!(
                rule,
                Rule::EOI | Rule::because | Rule::cite | Rule::when | Rule::if_unknown | Rule::close_curly
            )
        })
}

/// How a rule is told; in the order in which it is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Noun(&'static str, &'static str),
    Word(&'static str),
    Operator,
    Silent,
}

fn class(rule: Rule) -> Class {
    match rule {
        Rule::name
        | Rule::any_name
        | Rule::named
        | Rule::names
        | Rule::dotted
        | Rule::use_names
        | Rule::output
        | Rule::each => Class::Noun("a name", "名称"),
        Rule::text | Rule::words | Rule::phrase => Class::Noun("a text in quotation marks", "引号内的文字"),
        Rule::expr
        | Rule::sum
        | Rule::path
        | Rule::literal
        | Rule::paren
        | Rule::list
        | Rule::quantity
        | Rule::outcome
        | Rule::outcomes
        | Rule::datum
        | Rule::is_pattern => Class::Noun("a value", "一个值"),
        Rule::number | Rule::figure => Class::Noun("a number", "数字"),
        Rule::date => Class::Noun("a date", "日期"),
        Rule::r#type | Rule::results | Rule::result => Class::Noun("a type", "类型"),
        Rule::cell | Rule::cells | Rule::columns | Rule::pattern => Class::Noun("a cell", "单元格条件"),
        Rule::signer | Rule::signers => Class::Noun("who signs", "由谁签批"),
        Rule::role => Class::Noun("a role", "岗位"),
        Rule::row | Rule::correction_row | Rule::authority_row => Class::Noun("a row", "一行规则"),
        Rule::correction_outcome => {
            Class::Noun("`up`, `down`, `unchanged`, `cancel`", "`上调`、`下调`、`不变`、`取消`")
        }
        Rule::quorum | Rule::quorum_any | Rule::quorum_all | Rule::quorum_least => Class::Noun(
            "`any { … }`, `all { … }`, `at least 2 { … }`",
            "`任一 { … }`、`全部 { … }`、`至少 2 项 { … }`",
        ),
        Rule::step_actions | Rule::step_action | Rule::action_do => Class::Word("do"),
        Rule::action_notify => Class::Word("notify"),
        Rule::action_approval => Class::Word("approval"),
        Rule::colon => Class::Noun("`:`", "`：`"),
        Rule::define => Class::Noun("`=`", "`=`"),
        Rule::arrow => Class::Noun("`->`", "`->`"),
        Rule::dots => Class::Noun("`..`", "`..`"),
        Rule::open_curly => Class::Noun("`{`", "`{`"),
        Rule::limit_line => Class::Noun("a line of the limit", "额度的一行"),
        Rule::total_line => Class::Noun("a line of the total", "合计表的一行"),
        Rule::order_keys => Class::Word("order_by"),
        Rule::layer => Class::Word("layer"),
        Rule::fact => Class::Noun("a fact", "一项事实"),
        Rule::factor => Class::Noun("a factor", "一个因素"),
        Rule::band => Class::Noun("a grade", "一个等级"),
        Rule::trigger => Class::Noun("a trigger", "一个触发条件"),
        Rule::paper => Class::Noun("a paper", "一项资料"),
        Rule::validity => Class::Word("valid_period"),
        Rule::state => Class::Noun("a state", "一个状态"),
        Rule::rounding_mode => Class::Noun("a rounding mode", "舍入方式"),
        Rule::when | Rule::row_when => Class::Word("when"),
        Rule::because | Rule::expect_because => Class::Word("because"),
        Rule::cite => Class::Word("cite"),
        // They stand behind `because` and everywhere with it; told of, they would crowd out what is wanted.
        Rule::internal | Rule::customer_says | Rule::note_to => Class::Silent,
        Rule::if_unknown => Class::Word("if_unknown"),
        Rule::rounding => Class::Word("rounded"),
        Rule::weight => Class::Word("weight"),
        Rule::points => Class::Word("points"),
        Rule::missing => Class::Word("missing"),
        Rule::from => Class::Word("from_bound"),
        Rule::above => Class::Word("above"),
        Rule::needs => Class::Word("needs"),
        Rule::apart => Class::Word("apart"),
        Rule::given => Class::Word("given"),
        Rule::expect => Class::Word("expect"),
        Rule::method => Class::Word("method"),
        Rule::take => Class::Word("take"),
        Rule::cap_at => Class::Word("cap_at"),
        Rule::floor_at => Class::Word("floor_at"),
        Rule::times => Class::Word("times"),
        Rule::step => Class::Word("step"),
        Rule::hold => Class::Word("hold"),
        Rule::delay => Class::Word("delay"),
        Rule::skip => Class::Word("skip"),
        Rule::tactics => Class::Word("tactics_by"),
        Rule::check => Class::Noun("a hold", "一项核查"),
        Rule::tolerance => Class::Word("by_more_than"),
        Rule::release_by => Class::Word("release_by"),
        Rule::release_days => Class::Word("at_most_days"),
        Rule::exclude => Class::Word("exclude_when"),
        Rule::except => Class::Word("except"),
        Rule::section => Class::Word("section"),
        Rule::book_value => Class::Noun("a value of the book", "账簿的一个值"),
        Rule::book_fold => Class::Noun("`sum of`, `average of`", "`合计`、`均值`"),
        Rule::book_count => Class::Noun("`count of members`", "`计数 成员`"),
        Rule::book_share => Class::Word("cumulated_share_by"),
        Rule::book_rank => Class::Word("rank_by"),
        Rule::book_group => Class::Word("group"),
        Rule::book_cap => Class::Word("cap"),
        Rule::book_keys | Rule::book_key => Class::Noun("a name", "名称"),
        Rule::scale_line => Class::Word("scale"),
        Rule::require => Class::Word("require"),
        Rule::version => Class::Word("version"),
        Rule::effective => Class::Word("effective_from"),
        Rule::known_from => Class::Word("known_from"),
        Rule::currency => Class::Word("currency"),
        Rule::header_rounding => Class::Word("rounding"),
        Rule::calendar => Class::Word("calendar"),
        Rule::op_and
        | Rule::op_or
        | Rule::op_add
        | Rule::op_subtract
        | Rule::op_multiply
        | Rule::op_divide
        | Rule::op_lt
        | Rule::op_gt
        | Rule::op_le
        | Rule::op_ge
        | Rule::is_part
        | Rule::in_a_row
        | Rule::kw_and
        | Rule::kw_or
        | Rule::kw_is
        | Rule::kw_is_not
        | Rule::kw_is_known
        | Rule::kw_is_unknown
        | Rule::kw_in_list
        | Rule::kw_where
        | Rule::kw_in_the_last
        | Rule::kw_or_month_end
        | Rule::kw_of
        | Rule::kw_of_zh => Class::Operator,
        Rule::by_date => Class::Word("by_date"),
        Rule::from_day => Class::Word("from_day"),
        Rule::until_day => Class::Word("until"),
        Rule::basis => Class::Word("basis"),
        Rule::first_day => Class::Word("first_day_excluded"),
        Rule::kw_not
        | Rule::kw_end_of_month_of
        | Rule::kw_weighted_average
        | Rule::kw_if
        | Rule::kw_interest_on
        | Rule::kw_instalment
        | Rule::kw_convert
        | Rule::kw_running_sum_of
        | Rule::kw_latest
        | Rule::kw_rises
        | Rule::kw_falls => Class::Silent,
        _ => word_of(rule).map_or(Class::Silent, Class::Word),
    }
}

/// The role of a keyword's rule.
pub(super) fn word_of(rule: Rule) -> Option<&'static str> {
    let name = format!("{rule:?}");
    let role = name.strip_prefix("kw_")?;
    keyword(role).map(|word| word.role)
}

impl Place<'_> {
    /// The place of the mistake: the word or the sign there.
    pub(super) fn span(&self) -> Span {
        let length = match self.word() {
            "" if self.at_line_end() => 0,
            "" => self.rest().chars().next().map_or(0, char::len_utf8),
            word => word.len(),
        };
        self.stretch(self.at, self.at.saturating_add(length))
    }
}
