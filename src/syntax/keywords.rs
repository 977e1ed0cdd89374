//! The words of the language by role: one list, English and Chinese.

/// A role of a word, with its spellings. A role that only one language needs is empty in the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Keyword {
    /// The role; in the grammar its rule is `kw_<role>`.
    pub role: &'static str,
    /// The English spelling; blanks between its words.
    pub en: &'static str,
    /// The Chinese spelling.
    pub zh: &'static str,
    /// Further spellings that are understood and never printed.
    pub others: &'static [&'static str],
}

const fn word(
    role: &'static str,
    en: &'static str,
    zh: &'static str,
    others: &'static [&'static str],
) -> Keyword {
    Keyword { role, en, zh, others }
}

/// The keyword of a role.
#[must_use]
pub fn keyword(role: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|keyword| keyword.role == role)
}

/// Whether a text begins with a word or with words, and goes on with another.
#[must_use]
pub fn begins_with_word(text: &str, word: &str) -> bool {
    let rest = text.strip_prefix(word).filter(|_| !word.is_empty());
    rest.is_some_and(|rest| !rest.starts_with(unicode_ident::is_xid_continue))
}

/// Whether a text ends with a word or with words that are not the end of a longer one.
#[must_use]
pub fn ends_with_word(text: &str, word: &str) -> bool {
    let rest = text.strip_suffix(word).filter(|_| !word.is_empty());
    rest.is_some_and(|rest| !rest.ends_with(unicode_ident::is_xid_continue))
}

/// Whether a text begins with the word of a role, blanks aside.
#[must_use]
pub fn begins_with(text: &str, role: &str) -> bool {
    let text = text.trim_start();
    keyword(role).is_some_and(|word| begins_with_word(text, word.en) || begins_with_word(text, word.zh))
}

/// Whether a text ends with the word of a role, blanks aside.
#[must_use]
pub fn ends_with(text: &str, role: &str) -> bool {
    let text = text.trim_end();
    keyword(role).is_some_and(|word| ends_with_word(text, word.en) || ends_with_word(text, word.zh))
}

/// The members and keys whose names the language gives, English and Chinese: `.step` is `.步骤`.
pub const MEMBERS: &[(&str, &str)] = &[
    ("step", "步骤"),
    ("awaiting", "待批"),
    ("computed", "计算值"),
    ("known", "已知"),
    ("of", "满分"),
    ("on", "日期"),
    ("since", "起始日"),
    ("required", "应交"),
    ("missing", "缺交"),
    ("expired", "过期"),
    ("complete", "齐备"),
    ("needed", "须批"),
    ("given", "已批"),
    ("missing", "缺批"),
    ("granted", "核准"),
    ("carried", "自担额"),
    ("carrier", "自担人"),
    ("verdict", "结论"),
    ("standing", "未消除项"),
    ("worst", "最重项"),
    ("served", "实得"),
    ("left", "剩余"),
    ("place", "次序"),
    ("budget", "预算"),
    ("members", "成员数"),
    ("left_out", "未计数"),
];

/// The English name of a member that the language gives.
#[must_use]
pub fn member(written: &str) -> Option<&'static str> {
    MEMBERS.iter().find(|(en, zh)| *en == written || *zh == written).map(|(en, _)| *en)
}

/// The roles of the words that begin an item.
const ITEMS: &[&str] = &[
    "policy",
    "use",
    "roles",
    "actions",
    "kind",
    "facts",
    "param",
    "reference",
    "let",
    "for_each",
    "table",
    "scorecard",
    "grades",
    "correction",
    "limit",
    "triggers",
    "escalation",
    "authority",
    "checks",
    "checklist",
    "decision",
    "always",
    "case",
    "script",
    "portfolio",
    "judgement",
    "override",
    "total",
    "allocate",
];

/// The roles of the words whose block holds entries that a comma may separate.
const ENTRIES: &[&str] = &["roles", "actions", "kind", "decision", "given", "expect"];

/// The words that a condition begins with, here and elsewhere.
pub(super) const ASKS: &[&str] = &["if", "when", "whenever", "若", "当", "如果", "如", "凡"];

/// The words of expressions, which cannot be names without back-ticks.
pub const RESERVED: &[&str] = &[
    "and",
    "or",
    "not",
    "is",
    "if",
    "in",
    "of",
    "then",
    "else",
    "unknown",
    "known",
    "where",
    "today",
    "yes",
    "no",
    "last",
    "且",
    "或更优",
    "或更差",
    "或",
    "非",
    "为",
    "不为",
    "若未知",
    "若",
    "则",
    "否则",
    "未知",
    "已知",
    "于",
    "其中",
    "今日",
    "是",
    "否",
    "上次",
    "的",
    "逢月末",
    "当月末",
    "之后首个",
    "当年",
    "及以上",
    "及以下",
    "在近",
    "在本月",
    "在本季度",
    "在本年",
    "在上月",
    "在上季度",
    "在上年",
    "在本",
    "在上",
    "在",
    "合计",
    "计数",
    "最小",
    "最大",
    "均值",
    "存在",
    "全部满足",
    "加权平均",
    "取小",
    "取大",
    "取中",
    "取平均",
    "取最早",
    "取最晚",
];

/// Whether a word is the first of one of the roles.
fn first_of(roles: &[&str], word: &str) -> bool {
    roles.iter().filter_map(|role| keyword(role)).any(|keyword| {
        keyword.en.split(' ').next() == Some(word) || keyword.zh == word || keyword.others.contains(&word)
    })
}

/// Whether an item may begin with a word.
#[must_use]
pub fn begins_item(word: &str) -> bool {
    first_of(ITEMS, word)
}

/// Whether the entries of the block behind a word may be separated by commas.
#[must_use]
pub fn holds_entries(word: &str) -> bool {
    first_of(ENTRIES, word)
}

/// The roles of the items in whose heads no value stands, before the block that they hold.
const BLOCKS: &[&str] = &[
    "policy",
    "roles",
    "actions",
    "kind",
    "facts",
    "for_each",
    "scorecard",
    "grades",
    "limit",
    "total",
    "triggers",
    "checks",
    "checklist",
    "decision",
    "case",
    "portfolio",
];

/// The roles of the items in whose heads a value may stand, too.
const HEADED: &[&str] = &["table", "correction", "escalation", "authority", "reference", "script"];

/// The roles of the words within an item behind which a block stands.
const INNER: &[&str] = &["given", "expect", "list"];

/// The roles of the words behind which a value stands.
const BEFORE_VALUES: &[&str] = &["when", "by", "authority_for", "and", "or", "not", "is"];

/// Whether behind a word that begins an item round and square brackets can only stand for curly ones.
pub(super) fn holds_block_alone(word: &str) -> bool {
    first_of(BLOCKS, word)
}

/// Whether the item that a word begins holds a block, behind a head in which values may stand.
pub(super) fn begins_block(word: &str) -> bool {
    first_of(HEADED, word)
}

/// Whether a block stands behind a word within an item.
pub(super) fn holds_block_within(word: &str) -> bool {
    first_of(INNER, word)
}

/// Whether a value stands behind a word.
pub(super) fn wants_value(word: &str) -> bool {
    first_of(BEFORE_VALUES, word)
}

/// The keywords that begin an item.
pub fn items() -> impl Iterator<Item = &'static Keyword> {
    ITEMS.iter().filter_map(|role| keyword(role))
}

/// All words by role.
pub const KEYWORDS: &[Keyword] = &[
    // items
    word("policy", "policy", "政策", &[]),
    word("use", "use", "引用", &[]),
    word("roles", "roles", "岗位", &[]),
    word("actions", "actions", "动作", &[]),
    word("kind", "kind", "类别", &[]),
    word("facts", "facts", "事实", &[]),
    word("param", "param", "参数", &[]),
    word("let", "let", "设", &[]),
    word("for_each", "for each", "逐笔", &[]),
    word("table", "table", "对照表", &[]),
    word("scorecard", "scorecard", "评分卡", &[]),
    word("grades", "grades", "等级", &[]),
    word("correction", "correction", "修正", &[]),
    word("limit", "limit", "额度", &[]),
    word("triggers", "triggers", "触发", &[]),
    word("escalation", "escalation", "催收", &["升级"]),
    word("checks", "checks", "核查", &[]),
    word("decision", "decision", "决定", &[]),
    word("always", "always", "始终", &[]),
    word("case", "case", "案例", &[]),
    word("script", "script", "脚本", &[]),
    word("portfolio", "portfolio", "组合", &[]),
    // header
    word("version", "version", "版本", &[]),
    word("effective_from", "effective from", "生效自", &[]),
    word("until", "until", "止", &[]),
    word("known_from", "known from", "公布于", &[]),
    word("currency", "currency", "币种", &[]),
    word("rounding", "rounding", "舍入", &[]),
    word("calendar", "calendar", "日历", &[]),
    // rounding
    word("half_up", "half_up", "四舍五入", &[]),
    word("half_even", "half_even", "四舍六入", &[]),
    word("mode_down", "down", "去尾", &[]),
    word("mode_up", "up", "进一", &[]),
    word("mode_floor", "floor", "向下", &[]),
    word("mode_ceiling", "ceiling", "向上", &[]),
    word("rounded", "rounded", "", &[]),
    word("to", "to", "", &[]),
    word("multiples_of", "multiples of", "", &[]),
    word("decimals", "decimals", "位小数", &["decimal"]),
    word("keep", "", "保留", &[]),
    word("whole_to", "", "取整到", &[]),
    // types
    word("money", "money", "金额", &[]),
    word("number", "number", "数值", &[]),
    word("percent", "percent", "百分比", &[]),
    word("date", "date", "日期", &[]),
    word("days", "days", "天数", &[]),
    word("months", "months", "月数", &[]),
    word("text", "text", "文本", &[]),
    word("yes_no", "yes/no", "是/否", &[]),
    word("list", "list", "列表", &[]),
    word("set_of", "set of", "集合", &[]),
    word("in_currency", "in", "币种", &[]),
    word("items", "", "项", &[]),
    // facts
    word("optional", "optional", "可缺", &[]),
    word("default", "default", "默认", &[]),
    word("unknown_when", "unknown when", "", &[]),
    word("taken_as_unknown", "", "视为未知", &[]),
    word("key", "key", "主键", &[]),
    word("personal", "personal", "个人信息", &[]),
    word("oldest_first", "oldest first", "由远及近", &[]),
    // values
    word("yes", "yes", "是", &[]),
    word("no", "no", "否", &[]),
    word("today", "today", "今日", &[]),
    word("last", "last", "上次", &[]),
    // operators
    word("and", "and", "且", &[]),
    word("or", "or", "或", &[]),
    word("not", "not", "非", &[]),
    word("is", "is", "为", &[]),
    word("is_not", "is not", "不为", &[]),
    word("is_known", "is known", "已知", &["为 已知"]),
    word("is_unknown", "is unknown", "未知", &["is not known", "为 未知"]),
    word("if", "if", "若", &[]),
    word("then", "then", "则", &[]),
    word("else", "else", "否则", &[]),
    word("if_unknown", "if unknown", "若未知", &[]),
    word("of", "of", "", &[]),
    word("of_zh", "", "的", &[]),
    word("end_of_month_of", "end of month of", "", &[]),
    word("or_month_end", "or month end", "逢月末", &[]),
    word("in_the_last", "in the last", "在近", &[]),
    word("in_list", "in", "于", &[]),
    word("where", "where", "其中", &[]),
    word("known", "known", "已知", &[]),
    word("unknown", "unknown", "未知", &[]),
    word("weighted_average", "weighted average of", "加权平均", &[]),
    word("by", "by", "按", &[]),
    // clauses
    word("when", "when", "当", &[]),
    word("because", "because", "理由", &[]),
    word("cite", "cite", "依据", &[]),
    word("applies", "applies", "适用", &[]),
    word("does_not_apply", "does not apply", "不适用", &[]),
    word("refer_to", "refer to", "转", &[]),
    word("refuse", "refuse", "拒绝", &[]),
    word("skip_unknown", "skip unknown", "未知不计", &[]),
    // tables
    word("unique", "unique", "互斥", &[]),
    word("all", "all", "全部", &[]),
    word("grid", "grid", "矩阵", &[]),
    word("by_slices", "by slices", "分段累计", &[]),
    word("any", "any", "任一", &[]),
    word("at_most", "at most", "不超过", &[]),
    word("below", "below", "不满", &[]),
    word("from_bound", "from", "满", &[]),
    word("above", "above", "超过", &[]),
    word("or_better", "or better", "及以上", &["或更优"]),
    word("or_worse", "or worse", "及以下", &["或更差"]),
    // scorecards
    word("added", "added", "累加", &[]),
    word("section", "section", "分组", &[]),
    word("weight", "weight", "权重", &[]),
    word("points", "points", "分值", &[]),
    word("per", "per", "", &[]),
    word("up_to", "up to", "至多", &[]),
    word("each_so_much", "", "每", &[]),
    word("counts", "", "计", &[]),
    word("missing", "missing", "缺项", &[]),
    word("left_out", "left out", "剔除", &[]),
    word("scores", "scores", "计分", &[]),
    word("base", "base", "基础分", &[]),
    word("scale", "scale", "换算", &[]),
    word("scale_to", "to", "到", &[]),
    word("require", "require", "要求", &[]),
    word("at_least", "at least", "至少", &[]),
    word("of_weight_known", "of weight known", "权重 已知", &[]),
    // grades
    word("grades_from", "from", "依", &[]),
    word("needs", "needs", "且须", &[]),
    word("apart", "apart", "另列", &[]),
    word("down", "down", "降", &[]),
    word("up", "up", "升", &[]),
    word("notches", "", "级", &[]),
    word("not_above", "not above", "不得高于", &[]),
    word("force", "force", "直接评为", &[]),
    // corrections
    word("raise", "up", "上调", &[]),
    word("lower", "down", "下调", &[]),
    word("unchanged", "unchanged", "不变", &[]),
    word("cancel", "cancel", "取消", &[]),
    word("no_recommendation", "no recommendation", "不建议", &[]),
    // limits
    word("method", "method", "方法", &[]),
    word("take", "take", "取", &[]),
    word("lowest", "lowest", "最低", &[]),
    word("highest", "highest", "最高", &[]),
    word("average", "average", "平均", &[]),
    word("middle", "middle", "居中", &[]),
    word("first", "first", "首个", &[]),
    word("correct_by", "correct by", "修正按", &[]),
    word("times", "times", "乘以", &[]),
    word("cap_at", "cap at", "上限", &[]),
    word("floor_at", "floor at", "下限", &[]),
    // triggers
    word("else_state", "else", "否则", &[]),
    word("wins_over", "wins over", "优先于", &[]),
    word("stays", "stays at least", "至少维持", &[]),
    // escalations
    word("step", "step", "步骤", &[]),
    word("step_at", "at", "于", &[]),
    word("done", "done", "完成日", &[]),
    word("do", "do", "执行", &[]),
    word("notify", "notify", "通知", &[]),
    word("approval", "approval", "报批", &[]),
    word("late", "late", "逾限", &[]),
    word("climbs", "climbs one step at a time", "逐级推进", &[]),
    word("apart_days", "apart", "", &[]),
    word("interval_at_least", "", "间隔至少", &[]),
    word("hold", "hold", "暂缓", &[]),
    word("since", "since", "自", &["起始日"]),
    word("clock_stops", "clock stops", "期限中止", &[]),
    word("delay", "delay", "顺延", &[]),
    word("skip", "skip", "跳过", &[]),
    word("tactics_by", "tactics by", "策略 按", &[]),
    word("grace", "grace", "宽限", &[]),
    word("minimum", "minimum", "起催额", &[]),
    word("minimum_of", "of", "按", &[]),
    word("per_item", "per item", "", &[]),
    word("per_customer", "per customer", "", &[]),
    word("each_item", "", "每笔", &[]),
    word("each_customer", "", "每户", &[]),
    word("one_letter", "one letter per customer at the highest step", "每户一函取最高级", &[]),
    word("on_a_holiday", "on a holiday", "遇假日", &[]),
    word("next_business_day", "next business day", "顺至下一工作日", &[]),
    word("previous_business_day", "previous business day", "提前至上一工作日", &["previous"]),
    word("as_it_is", "as it is", "不调整", &[]),
    // approval
    word("sign_off", "sign_off", "签批", &[]),
    word("exception", "exception", "特批", &[]),
    word("value_of", "of", "之", &[]),
    word("above_role", "above", "高于", &[]),
    word("authority", "authority", "审批权限", &[]),
    word("authority_for", "for", "对", &[]),
    word("nobody", "nobody", "无人可批", &[]),
    word("exactly", "exactly", "仅限", &[]),
    word("on_disagreement", "on disagreement", "意见不一转", &[]),
    word("beyond_own_limit", "beyond own limit", "超越自身权限", &[]),
    word("carries", "carries", "", &[]),
    word("of_the_excess", "of the excess", "", &[]),
    word("carries_excess", "", "自担超额", &[]),
    // totals and lists
    word("total", "total", "合计表", &[]),
    word("plus", "plus", "加", &[]),
    word("minus", "minus", "减", &[]),
    word("layer", "layer", "分层", &[]),
    word("layers_for", "layers for", "分层用于", &[]),
    word("haircut", "haircut", "折扣", &[]),
    word("valid_until", "valid until", "有效至", &[]),
    word("share_at_most", "share at most", "占比 不超过", &[]),
    word("allocate", "allocate", "核销", &[]),
    word("over", "over", "冲抵", &[]),
    word("rest", "rest", "余额", &[]),
    word("order_by", "by", "顺序", &[]),
    word("running_sum_of", "running sum of", "累计", &[]),
    word("latest", "latest", "最近", &[]),
    word("latest_first", "latest first", "由近及远", &[]),
    word("rises", "rises for", "连升", &[]),
    word("falls", "falls for", "连降", &[]),
    word("in_a_row", "in a row", "期", &[]),
    // order checks
    word("by_more_than", "by more than", "超出", &[]),
    word("needs_sign_off_of", "needs sign-off of", "", &[]),
    word("after_cure", "after cure", "", &[]),
    word("signed_after_cure", "", "消除后须签批", &[]),
    word("release_by", "release by", "放行由", &[]),
    word("at_most_days", "at most", "最长", &[]),
    word("exclude_when", "exclude when", "豁免当", &[]),
    word("except", "except", "但不含", &[]),
    // decisions and cases
    word("as_of", "as of", "截至", &[]),
    word("given", "given", "给定", &[]),
    word("expect", "expect", "应得", &[]),
    word("withheld", "withheld", "不予核定", &[]),
    // the book
    word("group", "group", "归组", &[]),
    word("members", "members", "成员", &[]),
    word("cumulated_share_by", "cumulated share by", "累计占比按", &[]),
    word("rank_by", "rank by", "名次按", &[]),
    word("highest_first", "highest first", "由大到小", &[]),
    word("lowest_first", "lowest first", "由小到大", &[]),
    word("cap", "cap", "封顶", &[]),
    word("capped_at", "at", "于", &[]),
    word("serve_in_order_of", "serve in order of", "依次满足按", &[]),
    // judgements, exceptions, scope
    word("judgement", "judgement", "人工核定", &[]),
    word("between", "between", "介于", &[]),
    word("between_and", "and", "至", &[]),
    word("by_role", "by", "由", &[]),
    word("asks", "asks", "提问", &[]),
    word("from_records", "from", "取自", &[]),
    word("valid_for", "valid for", "有效期", &[]),
    word("until_answered", "until answered", "答复前取", &[]),
    word("override", "override", "特批", &[]),
    word("for_at_most", "for at most", "最长", &[]),
    word("applies_when", "applies when", "适用于", &[]),
    word("fault", "fault", "不予发布", &[]),
    word("final", "final", "已定案", &[]),
    word("open", "open", "待答复", &[]),
    word("refused", "refused", "已拒绝", &[]),
    // papers and words
    word("internal", "internal", "不对外", &[]),
    word("customer_says", "customer says", "告知客户", &[]),
    word("checklist", "checklist", "资料清单", &[]),
    word("checklist_of", "of", "之", &[]),
    word("against", "against", "对照", &[]),
    word("paper_always", "always", "必备", &[]),
    word("valid_while", "valid while", "有效当", &[]),
    word("valid_period", "valid", "有效期", &[]),
    word("valid_since", "since", "自", &[]),
    word("note_to", "note to", "提示", &[]),
    // numbers by date
    word("by_date", "by date", "按日期", &[]),
    word("from_day", "from", "自", &[]),
    word("reference", "reference", "参照表", &[]),
    word("taken_from", "from", "取自", &[]),
    word("latest_within", "latest within", "取最近不超过", &[]),
    word("interest_on", "interest on", "计息", &[]),
    word("interest_from", "from", "自", &[]),
    word("interest_to", "to", "至", &[]),
    word("interest_at", "at", "利率", &[]),
    word("frozen_by", "frozen by", "锁定按", &[]),
    word("basis", "basis", "年基数", &[]),
    word("actual", "actual", "实际天数", &[]),
    word("first_day_excluded", "first day excluded", "首日不计", &[]),
    word("first_day_included", "first day included", "首日计入", &[]),
    word("last_day_excluded", "last day excluded", "末日不计", &[]),
    word("last_day_included", "last day included", "末日计入", &[]),
    word("instalment", "instalment", "等额还款", &[]),
    word("convert", "convert", "折算", &[]),
    word("convert_to", "to", "成", &[]),
    word("convert_at", "at", "按", &[]),
];

#[cfg(test)]
mod tests;
