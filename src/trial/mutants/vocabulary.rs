//! Which rule of the grammar is what to a credit manager, which words change places, which lines can be left out.

use crate::base::Lang;
use crate::syntax::keywords::keyword;

/// Words in both languages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Both {
    /// English.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
}

impl Both {
    /// The words in a language.
    #[must_use]
    pub fn pick(self, lang: Lang) -> &'static str {
        lang.pick(self.en, self.zh)
    }
}

const fn both(en: &'static str, zh: &'static str) -> Both {
    Both { en, zh }
}

/// What stands in a stretch of a rule; none where the rule says nothing of it, and what it stands in does.
pub(super) fn role(rule: &str) -> Option<Both> {
    Some(match rule {
        "weight" => both("weight", "权重"),
        "points" | "points_when" | "points_per" | "points_per_zh" => both("points", "分值"),
        "base" => both("base", "基础分"),
        "scale_line" => both("scale", "换算"),
        "missing" => both("treatment of a missing factor", "缺项处理"),
        "require" => both("part that must be known", "已知要求"),
        "pattern" | "columns" => both("bound", "界限"),
        "band" => both("lower bound", "下限"),
        "needs" => both("need", "附加条件"),
        "outcomes" | "correction_outcome" | "signers" => both("result", "结果"),
        "row_when" | "when" | "hold" | "exclude" | "conditional" => both("condition", "条件"),
        "filter" => both("filter", "筛选"),
        "grade_down" | "grade_up" => both("notches", "升降级数"),
        "grade_not_above" => both("cap on the grade", "等级上限"),
        "grade_force" => both("forced grade", "直接评定"),
        "method" => both("method", "方法"),
        "take" => both("choice among the methods", "方法取舍"),
        "cap_at" | "book_cap" => both("cap", "上限"),
        "floor_at" | "total_floor" => both("floor", "下限"),
        "times" => both("factor", "系数"),
        "rounding" | "header_rounding" => both("rounding", "舍入"),
        "quorum" => both("number of triggers that must hold", "触发数"),
        "stays" => both("least time in force", "最短维持"),
        "wins" => both("precedence", "优先次序"),
        "step_date" | "step_done" => both("day", "日期"),
        "climbs" => both("interval", "间隔"),
        "delay" => both("delay", "顺延"),
        "grace" => both("grace", "宽限"),
        "minimum" => both("minimum", "起催额"),
        "holiday" => both("day on a holiday", "遇假日"),
        "tolerance" => both("tolerance", "容忍"),
        "release_days" => both("length of a release", "放行期限"),
        "between" => both("bounds of the answer", "答复范围"),
        "valid_for" | "validity" => both("validity", "有效期"),
        "until_answered" => both("value until answered", "答复前取值"),
        "override_most" => both("most that may be granted", "特批上限"),
        "for_at_most" => both("longest time", "最长期限"),
        "haircut" => both("haircut", "折扣"),
        "valid_until" => both("end of validity", "有效截止"),
        "share_at_most" => both("greatest share", "最大占比"),
        "beyond" => both("part of the excess that is carried", "自担比例"),
        "total_at_most" => both("most of the line", "本行上限"),
        "total_line" => both("line", "项目"),
        "from_day" => both("figure by date", "分期数值"),
        "default" => both("default", "默认值"),
        "unknown_when" => both("value that counts as unknown", "视为未知的值"),
        "if_unknown" => both("effect of an unknown condition", "条件未知时的处理"),
        "interest" => both("interest", "计息"),
        "param" => both("value", "取值"),
        "let_item" | "book_value" | "layer" | "allocation" => both("formula", "算式"),
        "escalation" | "paper" | "trigger" | "check" | "applies_when" => both("condition", "条件"),
        "window" => both("period", "期间"),
        _ => return None,
    })
}

/// What a line or clause is that can be left out; none for what cannot be.
pub(super) fn droppable(rule: &str) -> Option<Both> {
    Some(match rule {
        "row" | "correction_row" | "authority_row" => both("row", "行"),
        "factor" => both("factor", "指标"),
        "missing" => both("treatment of a missing factor", "缺项处理"),
        "scale_line" => both("scale", "换算"),
        "require" => both("requirement of what must be known", "已知要求"),
        "needs" => both("need", "附加条件"),
        "apart" => both("grade apart", "另列等级"),
        "grade_down" => both("notch down", "降级"),
        "grade_up" => both("notch up", "升级"),
        "grade_not_above" => both("cap on the grade", "等级上限"),
        "grade_force" => both("forced grade", "直接评定"),
        "rounding" => both("rounding", "舍入"),
        "when" | "row_when" => both("condition", "条件"),
        "filter" => both("filter", "筛选"),
        "method" => both("method", "方法"),
        "correct_by" => both("correction", "修正"),
        "times" => both("factor", "系数"),
        "cap_at" | "book_cap" => both("cap", "上限"),
        "floor_at" | "total_floor" => both("floor", "下限"),
        "limit_round" => both("rounding", "舍入"),
        "layer" => both("layer", "分层"),
        "trigger" => both("trigger", "触发条件"),
        "wins" => both("precedence", "优先次序"),
        "stays" => both("least time in force", "最短维持"),
        "step" => both("step", "步骤"),
        "climbs" => both("climbing step by step", "逐级推进"),
        "hold" => both("hold", "暂缓"),
        "delay" => both("delay", "顺延"),
        "skip" => both("skip", "跳过"),
        "grace" => both("grace", "宽限"),
        "minimum" => both("minimum", "起催额"),
        "one_letter" => both("one letter a customer", "每户一函"),
        "holiday" => both("rule on holidays", "遇假日"),
        "late" => both("action when late", "逾限处理"),
        "clock_stops" => both("stopped clock", "期限中止"),
        "since" => both("beginning of the hold", "暂缓起始"),
        "check" => both("check", "核查"),
        "exclude" => both("exclusion", "豁免"),
        "except" => both("exception from the exclusion", "豁免例外"),
        "tolerance" => both("tolerance", "容忍"),
        "after_cure" => both("sign-off after cure", "消除后签批"),
        "release_days" => both("end of a release", "放行期限"),
        "paper" => both("paper", "资料"),
        "validity" => both("validity", "有效期"),
        "total_line" => both("line", "项目"),
        "total_at_most" => both("most of the line", "本行上限"),
        "override_most" => both("most that may be granted", "特批上限"),
        "for_at_most" => both("longest time", "最长期限"),
        "valid_for" => both("validity", "有效期"),
        "haircut" => both("haircut", "折扣"),
        "valid_until" => both("end of validity", "有效截止"),
        "share_at_most" => both("greatest share", "最大占比"),
        "on_disagreement" => both("decision on disagreement", "意见不一的裁定"),
        "beyond" => both("rule beyond one's own limit", "超权限规则"),
        "skip_unknown" => both("`skip unknown`", "未知不计"),
        "unknown_when" => both("value that counts as unknown", "视为未知的值"),
        "default" => both("default", "默认值"),
        "from_day" => both("figure by date", "分期数值"),
        "or_month_end" => both("rule on the end of the month", "逢月末"),
        "fold_known" => both("`known`", "已知"),
        "applies_when" => both("scope of the policy", "适用范围"),
        _ => return None,
    })
}

/// What an operand of `and` and `or` is called that is left out.
pub(super) const PART: Both = both("part of the condition", "条件的一部分");
/// What an action of a step is called that is left out.
pub(super) const ACTION: Both = both("action", "动作");
/// What somebody is called who is asked, told, or signs.
pub(super) const ROLE: Both = both("role", "岗位");
/// What a part is called of which nothing else is known.
pub(super) const FIGURE: Both = both("figure", "数值");

/// The rules whose text is not what decides: labels, reasons, types, declarations; and cases, which are the tests.
pub(super) fn is_passed_over(rule: &str) -> bool {
    matches!(
        rule,
        "label"
            | "because"
            | "cite"
            | "internal"
            | "customer_says"
            | "note_to"
            | "text"
            | "type"
            | "range"
            | "use_item"
            | "roles"
            | "actions"
            | "kind"
            | "script"
            | "reference"
            | "case"
            | "decision"
            | "always"
            | "results"
            | "keys"
            | "version"
            | "effective"
            | "known_from"
            | "currency"
            | "calendar"
            | "decimals"
            | "latest_within"
            | "from_records"
    )
}

/// The rules that have a name of their own within a construct.
pub(super) fn is_member(rule: &str) -> bool {
    matches!(
        rule,
        "row"
            | "correction_row"
            | "authority_row"
            | "factor"
            | "band"
            | "apart"
            | "trigger"
            | "step"
            | "check"
            | "paper"
            | "total_line"
            | "layer"
            | "method"
            | "book_value"
            | "fact"
            | "let_item"
            | "from_day"
            | "grade_not_above"
            | "grade_force"
            | "section"
            | "state"
    )
}

/// A keyword of another role in the language of `written`.
pub(super) fn spelled(role: &str, written: &str) -> Option<&'static str> {
    let keyword = keyword(role)?;
    let text = if written.is_ascii() { keyword.en } else { keyword.zh };
    (!text.is_empty()).then_some(text)
}

/// The keyword rule that is mistaken for this one, where they stand under a parent: `below` for `at most`.
pub(super) fn twin(rule: &str, parent: &str) -> Option<&'static str> {
    Some(match (rule, parent) {
        ("kw_at_most", "at_most") => "below",
        ("kw_below", "below") => "at_most",
        ("kw_from_bound", "from") => "above",
        ("kw_above", "above") => "from_bound",
        ("kw_or_better", _) => "or_worse",
        ("kw_or_worse", _) => "or_better",
        ("kw_is", "is_part") => "is_not",
        ("kw_is_not", "is_part") => "is",
        ("kw_is_known", _) => "is_unknown",
        ("kw_is_unknown", _) => "is_known",
        ("kw_yes", _) => "no",
        ("kw_no", _) => "yes",
        ("kw_lowest", "take_lowest" | "stand_in_lowest") => "highest",
        ("kw_highest", "take_highest" | "stand_in_highest") => "lowest",
        ("kw_average", "take_average") | ("kw_middle", "take_middle") | ("kw_first", "take_first") => {
            "lowest"
        }
        ("kw_any", "quorum_any") => "all",
        ("kw_all", "quorum_all") => "any",
        ("kw_down", "grade_down") => "up",
        ("kw_up", "grade_up") => "down",
        ("kw_raise", _) => "lower",
        ("kw_lower", _) => "raise",
        ("kw_cancel" | "kw_no_recommendation", _) => "unchanged",
        ("kw_unchanged", _) => "cancel",
        ("kw_plus", _) => "minus",
        ("kw_minus", _) => "plus",
        ("kw_mode_down", _) => "mode_up",
        ("kw_mode_up", _) => "mode_down",
        ("kw_mode_floor", _) => "mode_ceiling",
        ("kw_mode_ceiling", _) => "mode_floor",
        ("kw_half_up", _) => "mode_down",
        ("kw_half_even", _) => "half_up",
        ("kw_applies", "if_unknown") => "does_not_apply",
        ("kw_does_not_apply", "if_unknown") => "applies",
        ("kw_highest_first", _) => "lowest_first",
        ("kw_lowest_first", _) => "highest_first",
        ("kw_next_business_day", _) => "previous_business_day",
        ("kw_previous_business_day", _) => "next_business_day",
        ("kw_first_day_excluded", _) => "first_day_included",
        ("kw_first_day_included", _) => "first_day_excluded",
        ("kw_last_day_excluded", _) => "last_day_included",
        ("kw_last_day_included", _) => "last_day_excluded",
        ("kw_left_out", "missing_left_out") => "unknown",
        ("kw_unknown", "missing_unknown") => "left_out",
        ("kw_rises", _) => "falls",
        ("kw_falls", _) => "rises",
        _ => return None,
    })
}

/// The text that is mistaken for that of a rule without a keyword role: an operator, an aggregate, a period.
pub(super) fn mistaken(rule: &str, written: &str) -> Option<&'static str> {
    let zh = !written.is_ascii();
    let words = |en: &'static str, in_zh: &'static str| Some(if zh { in_zh } else { en });
    match rule {
        "op_lt" => Some("<="),
        "op_le" => Some("<"),
        "op_gt" => Some(">="),
        "op_ge" => Some(">"),
        "op_add" => Some("-"),
        "op_subtract" => Some("+"),
        "op_multiply" => Some("/"),
        "op_divide" => Some("*"),
        "fold_sum" | "fold_average" => words("highest of", "最大"),
        "fold_lowest" => words("highest of", "最大"),
        "fold_highest" => words("lowest of", "最小"),
        "fold_any" => words("all of", "全部满足"),
        "fold_all" => words("any of", "存在"),
        "pick_lowest" => words("highest of", "取大"),
        "pick_highest" => words("lowest of", "取小"),
        "pick_average" | "pick_middle" => words("lowest of", "取小"),
        "pick_earliest" => words("latest of", "取最晚"),
        "pick_latest" => words("earliest of", "取最早"),
        "window_this" => words("last", "上"),
        "window_last" => words("this", "本"),
        "period_month" => words("quarter", "季度"),
        "period_quarter" => words("year", "年"),
        "period_year" => words("quarter", "季度"),
        _ => None,
    }
}
