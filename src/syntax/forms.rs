//! How each construct and each line of one is written: what a message shows to whom knows what to say and not how.

use super::keywords::{begins_with, begins_with_word, ends_with, keyword};

/// A construct, by the role of the word that begins it, with one of its lines.
pub(super) struct Form {
    role: &'static str,
    head: [&'static str; 2],
    /// A line of its block; empty where it has none.
    line: [&'static str; 2],
}

const fn form(role: &'static str, head: [&'static str; 2], line: [&'static str; 2]) -> Form {
    Form { role, head, line }
}

/// English, then Chinese.
const FORMS: &[Form] = &[
    form(
        "policy",
        [r#"policy credit_policy "credit policy""#, r#"政策 信用政策 "信用政策""#],
        [r#"version "2026.1""#, r#"版本 "2026.1""#],
    ),
    form("use", [r#"use credit_rating "2026.1": grade"#, r#"引用 客户评级 "2026.1"：信用等级"#], ["", ""]),
    form("roles", ["roles", "岗位"], [r#"credit_manager "credit manager""#, "信用经理"]),
    form("actions", ["actions", "动作"], [r#"letter "reminder""#, "信函"]),
    form("kind", ["kind region", "类别 大区"], [r#"south "the South", north "the North""#, "华南，华北"]),
    form(
        "facts",
        ["facts", "事实"],
        [r#"net_assets "net assets" money >= 0 optional"#, "净资产 金额 >= 0 可缺"],
    ),
    form(
        "param",
        [r#"param standard_term "standard term" days 0..180 = 30 days"#, "参数 标准期限 天数 0..180 = 30天"],
        ["from 2026-01-01 : 3.00%", "自 2026-01-01 ：3.00%"],
    ),
    form(
        "reference",
        [r#"reference rates from "rates.csv""#, r#"参照表 汇率表 取自 "rates.csv""#],
        ["day date key", "日 日期 主键"],
    ),
    form(
        "let",
        [
            r#"let working_capital "working capital" = current_assets - current_liabilities"#,
            "设 营运资本 = 流动资产 - 流动负债",
        ],
        ["", ""],
    ),
    form(
        "for_each",
        ["for each invoice in invoices", "逐笔 票 于 发票"],
        ["let open = amount - paid", "设 未收 = 金额 - 已付"],
    ),
    form(
        "table",
        ["table share by risk_class -> percent", "对照表 比率 按 信用等级 -> 百分比"],
        ["CA1 or CA2 : 25%", "CA1 或 CA2 ：25%"],
    ),
    form(
        "scorecard",
        [r#"scorecard rating "rating""#, "评分卡 信用评分"],
        ["payment_record weight 12", "付款记录 权重 12"],
    ),
    form(
        "section",
        [r#"section finance "financial standing""#, "分组 财务"],
        ["payment_record weight 12", "付款记录 权重 12"],
    ),
    form("points", ["age_years points", "成立年限 分值"], ["from 5 : 20", "满 5 ：20"]),
    form(
        "grades",
        [r#"grades risk_class "risk class" from rating"#, "等级 信用等级 依 信用评分"],
        [r#"CA1 "excellent" from 86"#, r#"CA1 "极佳" 满 86"#],
    ),
    form(
        "correction",
        ["correction by_class by risk_class", "修正 等级修正 按 信用等级"],
        ["CA1 : up 50%", "CA1 ：上调 50%"],
    ),
    form(
        "limit",
        [r#"limit credit_limit "credit limit""#, "额度 信用额度"],
        ["method assets = net_assets * 10%", "方法 净资产法 = 净资产 × 10%"],
    ),
    form(
        "total",
        [r#"total exposure "exposure""#, "合计表 敞口"],
        ["plus deliveries = shipped_value", "加 发出商品 = 发出商品额"],
    ),
    form(
        "triggers",
        ["triggers stance else standard", "触发 松紧 否则 标准"],
        ["strict when any { custom_order when custom_made }", "严格 当 任一 { 定制营销 当 按单定制 }"],
    ),
    form(
        "any",
        ["strict when any", "严格 当 任一"],
        [r#"custom_order "custom order" when custom_made"#, "定制营销 当 按单定制"],
    ),
    form(
        "escalation",
        [
            "escalation collection for each invoice in invoices when open > 0",
            "催收 账款催收 逐笔 票 于 发票 当 未收 > 0",
        ],
        ["step remind at due - 5 days : do letter", "步骤 付款提醒 于 到期日 - 5天 ：执行 信函"],
    ),
    form(
        "checks",
        ["checks release for each order in orders", "核查 发货核查 逐笔 单 于 订单"],
        [
            "overdue when oldest > 60 days, release by credit_manager",
            "有逾期 当 最长逾期 > 60天，放行由 信用经理",
        ],
    ),
    form(
        "authority",
        ["authority grant for credit_limit by risk_class", "审批权限 授信审批 对 信用额度 按 信用等级"],
        ["CA1 or CA2 : credit_manager", "CA1 或 CA2 ：信用经理"],
    ),
    form(
        "judgement",
        [
            r#"judgement granted money between lowest_limit and highest_limit by credit_manager asks "How much?" until answered lowest"#,
            r#"人工核定 核定额 金额 介于 最低额度 至 最高额度 由 信用经理 提问 "给多少？" 答复前取 最低"#,
        ],
        ["", ""],
    ),
    form(
        "portfolio",
        ["portfolio book", "组合 账簿"],
        [
            "group affiliates by group_id { group_exposure = sum of exposure }",
            "归组 关联方 按 集团号 { 集团敞口 = 合计 敞口 }",
        ],
    ),
    form(
        "group",
        ["group affiliates by group_id", "归组 关联方 按 集团号"],
        ["group_exposure = sum of exposure", "集团敞口 = 合计 敞口"],
    ),
    form(
        "override",
        [
            "override credit_limit from exceptions at most 120% of credit_limit.computed by finance_head for at most 90 days",
            "特批 信用额度 取自 特批记录 不超过 信用额度.计算值 的 120% 由 财务总监 最长 90天",
        ],
        ["", ""],
    ),
    form(
        "allocate",
        [
            "allocate cash over invoices by due up to open -> applied",
            "核销 本次回款 冲抵 发票 顺序 到期日 至多 未收 -> 已核销",
        ],
        ["", ""],
    ),
    form(
        "checklist",
        ["checklist papers of paper against documents", "资料清单 必备资料 之 资料 对照 已交资料"],
        ["statements always valid 18 months since period_end", "财务报表 必备 有效期 18个月 自 期末日"],
    ),
    form(
        "decision",
        [r#"decision review "quarterly review""#, "决定 季度评审"],
        ["risk_class, credit_limit optional", "信用等级，信用额度 可缺"],
    ),
    form("always", ["always credit_limit <= net_assets", "始终 信用额度 <= 净资产"], ["", ""]),
    form(
        "case",
        [r#"case "a sound wholesaler" as of 2026-10-01"#, r#"案例 "经营稳健的批发商" 截至 2026-10-01"#],
        ["given { net_assets 600万 }", "给定 { 净资产 600万 }"],
    ),
    form("given", ["given", "给定"], ["net_assets 600万, custom_made no", "净资产 600万，按单定制 否"]),
    form("expect", ["expect", "应得"], ["risk_class CA1, credit_limit 60万", "信用等级 CA1，信用额度 60万"]),
    form(
        "script",
        [r#"script "seasonality.rhai""#, r#"脚本 "seasonality.rhai""#],
        ["seasonal(money) -> percent", "季节系数（金额）-> 百分比"],
    ),
];

/// A line that begins with a word of its own, which stands in no other construct.
struct Line {
    role: &'static str,
    /// The role of the construct.
    within: &'static str,
    text: [&'static str; 2],
}

const fn line(role: &'static str, within: &'static str, text: [&'static str; 2]) -> Line {
    Line { role, within, text }
}

/// English, then Chinese.
const LINES: &[Line] = &[
    line("version", "policy", [r#"version "2026.1""#, r#"版本 "2026.1""#]),
    line(
        "effective_from",
        "policy",
        ["effective from 2026-10-01 until 2026-12-31", "生效自 2026-10-01 止 2026-12-31"],
    ),
    line("known_from", "policy", ["known from 2026-09-01", "公布于 2026-09-01"]),
    line("currency", "policy", ["currency CNY", "币种 CNY"]),
    line("rounding", "policy", ["rounding half_up", "舍入 四舍五入"]),
    line("scale", "scorecard", ["scale 0..10 to 0..100", "换算 0..10 到 0..100"]),
    line("missing", "scorecard", ["missing left out", "缺项 剔除"]),
    line(
        "require",
        "scorecard",
        [
            r#"require at least 80% of weight known because "too little is known""#,
            r#"要求 至少 80% 权重 已知 理由 "资料不足""#,
        ],
    ),
    line("base", "scorecard", ["base 100", "基础分 100"]),
    line("rounded", "scorecard", ["rounded to 2 decimals", ""]),
    line("keep", "scorecard", ["", "保留 2 位小数"]),
    line("rounded", "limit", ["rounded down to multiples of 1_000", ""]),
    line("whole_to", "limit", ["", "取整到 1_000"]),
    line(
        "force",
        "grades",
        [r#"force CA4 when insolvent because "insolvent""#, r#"直接评为 CA4 当 破产 理由 "破产""#],
    ),
    line(
        "down",
        "grades",
        [r#"down 1 when days_late > 60 days because "late""#, r#"降 1 级 当 逾期天数 > 60天 理由 "逾期""#],
    ),
    line("up", "grades", [r#"up 1 when secured because "secured""#, r#"升 1 级 当 有担保 理由 "有担保""#]),
    line(
        "not_above",
        "grades",
        [
            r#"not above CA3 when equity < 0 because "in debt""#,
            r#"不得高于 CA3 当 净资产 < 0 理由 "资不抵债""#,
        ],
    ),
    line("method", "limit", ["method assets = net_assets * 10%", "方法 净资产法 = 净资产 × 10%"]),
    line("take", "limit", ["take lowest, skip unknown", "取 最低，未知不计"]),
    line("correct_by", "limit", ["correct by class_correction", "修正按 等级修正"]),
    line(
        "cap_at",
        "limit",
        [
            r#"cap at net_assets when stance is strict because "while strict""#,
            r#"上限 净资产 当 松紧 为 严格 理由 "从严期间""#,
        ],
    ),
    line("floor_at", "limit", ["floor at 0", "下限 0"]),
    line(
        "layer",
        "limit",
        [
            "layer mortgage = property_value, haircut 30%, share at most 50%",
            "分层 抵押 = 房产评估额，折扣 30%，占比 不超过 50%",
        ],
    ),
    line(
        "step",
        "escalation",
        ["step remind at due - 5 days : do letter", "步骤 付款提醒 于 到期日 - 5天 ：执行 信函"],
    ),
    line(
        "hold",
        "escalation",
        [
            r#"hold when disputed, clock stops because "disputed""#,
            r#"暂缓 当 有争议，期限中止 理由 "投诉处理中""#,
        ],
    ),
    line("delay", "escalation", ["delay 7 days when risk_class is CA1", "顺延 7天 当 信用等级 为 CA1"]),
    line("skip", "escalation", ["skip remind when risk_class is CA1", "跳过 付款提醒 当 信用等级 为 CA1"]),
    line(
        "tactics_by",
        "escalation",
        [
            "tactics by debtor { tough : silence;  any : probe }",
            "策略 按 债务人 { 强硬型：沉默；任一：试探 }",
        ],
    ),
    line("given", "case", ["given { net_assets 600万 }", "给定 { 净资产 600万 }"]),
    line("expect", "case", ["expect { risk_class CA1 }", "应得 { 信用等级 CA1 }"]),
];

impl Line {
    /// The line that a text begins as, in one construct or in any.
    fn of(text: &str, within: Option<&str>) -> Option<&'static Self> {
        let text = text.trim_start();
        let begins = |word: &str| begins_with_word(text, word.split(' ').next().unwrap_or(""));
        let mut lines = LINES.iter().filter(|line| within.is_none_or(|role| role == line.within));
        lines.find(|line| keyword(line.role).is_some_and(|known| begins(known.en) || begins(known.zh)))
    }
}

impl Form {
    /// The construct in which alone such a line can stand, with that line.
    pub(super) fn around(text: &str, chinese: bool) -> Option<String> {
        let line = Line::of(text, None)?;
        let form = FORMS.iter().find(|form| form.role == line.within)?;
        let text = Some(pick(line.text, chinese)).filter(|text| !text.is_empty())?;
        Some(format!("{} {{ {text} }}", pick(form.head, chinese)))
    }

    /// A line of the block with this head: the one that begins like this. Where all lines begin alike, it shows how they are written;
    /// where each begins with a word of its own, one of another word would mislead.
    pub(super) fn of_line(head: &str, begun: &str, chinese: bool) -> Option<&'static str> {
        let form = Self::of(head)?;
        let mut within = LINES.iter().filter(|line| line.within == form.role);
        let text = match Line::of(begun, Some(form.role)) {
            Some(line) => line.text,
            None if within.any(|line| line.text == form.line) => return None,
            None => form.line,
        };
        Some(pick(text, chinese)).filter(|line| !line.is_empty())
    }

    /// The form of the construct or the block that a head begins with, or of which it tells the sort.
    pub(super) fn of(head: &str) -> Option<&'static Self> {
        let by_role = |role: &str| FORMS.iter().find(|form| form.role == role);
        FORMS.iter().find(|form| begins_with(head, form.role)).or_else(|| {
            let sorts = [
                ("list", "facts"),
                ("points", "points"),
                ("any", "any"),
                ("all", "any"),
                ("by_date", "param"),
            ];
            sorts.into_iter().find(|(word, _)| ends_with(head, word)).and_then(|(_, role)| by_role(role))
        })
    }

    /// The construct with one of its lines.
    pub(super) fn whole(&self, chinese: bool) -> String {
        let (head, line) = (pick(self.head, chinese), pick(self.line, chinese));
        // A param by date is told otherwise: the common one has no block.
        if line.is_empty() || self.role == "param" { head.to_owned() } else { format!("{head} {{ {line} }}") }
    }

    /// Whether its lines stand in a block.
    pub(super) const fn has_block(&self) -> bool {
        let [line, _] = self.line;
        !line.is_empty()
    }
}

fn pick(of: [&'static str; 2], chinese: bool) -> &'static str {
    let [en, zh] = of;
    if chinese { zh } else { en }
}

#[cfg(test)]
mod tests;
