//! What can differ, by name: a key for programs, words for people.

/// A kind of thing that a policy says: a construct, a part of one, a clause.
#[derive(Clone, Copy, Debug)]
pub struct What {
    /// Its key, never translated: `weight`.
    pub key: &'static str,
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

impl PartialEq for What {
    fn eq(&self, other: &What) -> bool {
        self.key == other.key
    }
}

impl Eq for What {}

macro_rules! whats {
    ($($name:ident $key:literal $en:literal $zh:literal;)*) => {
        $(
            #[doc = concat!("`", $key, "`: ", $en, ".")]
            pub const $name: What = What { key: $key, en: $en, zh: $zh };
        )*
    };
}

whats! {
    // Constructs.
    POLICY "policy" "policy" "政策";
    USE "use" "use" "引用";
    ROLES "roles" "roles" "角色";
    ACTIONS "actions" "actions" "动作";
    KIND "kind" "kind" "类型";
    FACTS "facts" "facts" "资料";
    PARAM "param" "param" "参数";
    REFERENCE "reference" "reference" "参照表";
    LET "let" "let" "计算";
    FOR_EACH "for_each" "for each" "逐项";
    TABLE "table" "table" "表";
    SCORECARD "scorecard" "scorecard" "评分卡";
    GRADES "grades" "grades" "等级";
    CORRECTION "correction" "correction" "修正";
    LIMIT "limit" "limit" "额度";
    TRIGGERS "triggers" "triggers" "触发";
    ESCALATION "escalation" "escalation" "催收阶梯";
    JUDGEMENT "judgement" "judgement" "裁量";
    OVERRIDE "override" "override" "例外";
    AUTHORITY "authority" "authority" "审批权限";
    CHECKS "checks" "checks" "核查";
    CHECKLIST "checklist" "checklist" "资料清单";
    DECISION "decision" "decision" "决定";
    ALWAYS "always" "always" "恒成立";
    SCRIPT "script" "script" "脚本";
    PORTFOLIO "portfolio" "portfolio" "组合";
    TOTAL "total" "total" "合计";
    ALLOCATION "allocation" "allocation" "分配";
    CALENDAR "calendar" "calendar" "日历";

    // Parts of constructs.
    ROLE "role" "role" "角色";
    ACTION "action" "action" "动作";
    MEMBER "member" "member" "成员";
    FACT "fact" "fact" "资料项";
    PERIOD "period" "value from a day" "分期取值";
    FUNCTION "function" "function" "函数";
    ROW "row" "row" "行";
    KEY "key" "key" "条件列";
    RESULT "result" "result" "结果";
    COLUMN "column" "column" "列";
    SECTION "section" "section" "部分";
    FACTOR "factor" "factor" "因素";
    REQUIRE "require" "require" "最低要求";
    BAND "band" "band" "档";
    APART "apart" "grade apart" "单列等级";
    NOTCH_DOWN "down" "notch down" "下调";
    NOTCH_UP "up" "notch up" "上调";
    NOT_ABOVE "not_above" "cap on the grade" "等级上限";
    FORCE "force" "forced grade" "强制等级";
    METHOD "method" "method" "方法";
    TAKE "take" "choice among methods" "方法取舍";
    CORRECT "correct" "correction" "修正";
    TIMES "times" "coefficient" "系数";
    CAP "cap" "cap" "上限";
    FLOOR "floor" "floor" "下限";
    ROUND "round" "rounding" "舍入";
    LAYER "layer" "layer" "担保层";
    LAYERS_FOR "layers_for" "amount that is secured" "担保对象";
    STATE "state" "state" "状态";
    TRIGGER "trigger" "trigger" "触发条件";
    WINS "wins" "precedence" "优先关系";
    STEP "step" "step" "步骤";
    HOLD "hold" "hold" "暂停";
    DELAY "delay" "delay" "顺延";
    SKIP "skip" "skip" "跳过";
    CHECK "check" "hold" "扣单项";
    EXCLUSION "exclusion" "exclusion" "豁免";
    PAPER "paper" "paper" "资料";
    OUTPUT "output" "output" "输出";
    VALUE "value" "value" "值";
    GROUP "group" "group" "分组";
    LINE "line" "line" "行";
    NOTE "note" "note" "提示";

    // What they say.
    LABEL "label" "label" "名称";
    VERSION "version" "version" "版本";
    FROM_DAY "effective_from" "first day" "生效日";
    UNTIL_DAY "effective_until" "last day" "失效日";
    KNOWN_FROM "known_from" "known from" "公布日";
    CURRENCY "currency" "currency" "货币";
    ROUNDING_MODE "rounding_mode" "usual rounding" "默认舍入方式";
    APPLIES "applies_when" "to whom it applies" "适用范围";
    NAMES "names" "names that come in bare" "直接引入的名称";
    ABOVE "above" "roles below" "下级角色";
    TYPE "type" "type" "类型";
    RANGE "range" "range" "取值范围";
    DECIMALS "decimals" "decimals" "小数位数";
    OPTIONAL "optional" "may be missing" "可缺";
    DEFAULT "default" "value where it is missing" "缺省值";
    UNKNOWN_WHEN "unknown_when" "counts as unknown" "视为未知的值";
    IS_KEY "is_key" "key of the records" "记录主键";
    PERSONAL "personal" "personal data" "个人信息";
    INTERNAL "internal" "kept inside" "仅内部可见";
    ORDER "order" "order" "次序";
    LATEST_WITHIN "latest_within" "age at most" "最长时效";
    CITE "cite" "citation" "依据";
    BECAUSE "because" "reason" "理由";
    CODE "code" "reason code" "理由代码";
    CUSTOMER_SAYS "customer_says" "words for the customer" "对客户的说法";
    FILE "file" "file" "文件";
    WHEN "when" "condition" "条件";
    IF_UNKNOWN "if_unknown" "where it cannot be judged" "无法判断时";
    ROUNDED "rounded" "rounding" "舍入";
    MODE "mode" "how rows are taken" "取行方式";
    KEYS "keys" "keys" "条件列";
    BORDER "border" "border between rows" "分界";
    RESULTS "results" "results" "结果列";
    GRID "grid" "columns of the grid" "网格列";
    CELLS "cells" "cells" "条件";
    WEIGHT "weight" "weight" "权重";
    POINTS "points" "points" "分值";
    SCORE "score" "score" "得分";
    ADDED "added" "points added up" "分值相加";
    BASE "base" "base" "基础分";
    SCALE "scale" "scale" "分制";
    MISSING "missing" "where it is unknown" "缺失时";
    FROM "from" "from" "起点";
    NEEDS "needs" "also needs" "附加条件";
    GRADE "grade" "grade" "等级";
    BY "by" "by how much" "幅度";
    AMOUNT "amount" "amount" "金额";
    HAIRCUT "haircut" "haircut" "折扣";
    VALID_UNTIL "valid_until" "valid until" "有效期至";
    SHARE "share" "share" "占比";
    SKIP_UNKNOWN "skip_unknown" "left out where unknown" "未知时略去";
    OTHERWISE "otherwise" "state where nothing fires" "默认状态";
    QUORUM "quorum" "how many must hold" "须满足的数目";
    STAYS "stays" "stays at least" "最短持续";
    EACH "each" "items" "逐项对象";
    DAY "day" "day" "日期";
    ACTIONS_DONE "actions" "what is done" "动作";
    LATE "late" "what is done when it is late" "逾期动作";
    CLIMBS "climbs" "one step at a time" "逐级升级";
    TACTICS_KEY "tactics_by" "what tactics go by" "策略依据";
    GRACE "grace" "grace" "宽限";
    MINIMUM "minimum" "minimum" "最低金额";
    ONE_LETTER "one_letter" "one letter a customer" "每客户一函";
    HOLIDAY "holiday" "on a holiday" "遇节假日";
    SINCE "since" "since" "起始日";
    CLOCK_STOPS "clock_stops" "clock stops" "停止计日";
    STEP_NAME "which_step" "step" "步骤";
    BETWEEN "between" "bounds" "区间";
    BY_ROLES "by_roles" "who may" "有权人";
    QUESTION "question" "question" "问题";
    LIST "list" "list" "列表";
    VALID_FOR "valid_for" "valid for" "有效期";
    STAND_IN "stand_in" "what stands until it is answered" "答复前的取值";
    MOST "most" "at most" "最高";
    LENGTH "length" "for at most" "最长期限";
    OF "of" "what it is of" "对象";
    ON_DISAGREEMENT "on_disagreement" "who decides a disagreement" "意见不一时的决定人";
    BEYOND "beyond" "beyond one's own limit" "超出本人权限";
    TOLERANCE "tolerance" "tolerance" "容差";
    RELEASE "release" "who may release" "放行人";
    AFTER_CURE "after_cure" "sign-off after cure" "消除后须签批";
    AT_MOST "at_most" "at most" "上限";
    EXCEPT "except" "holds that stand all the same" "不豁免的项";
    VALIDITY "validity" "how long it holds" "有效期限";
    SORT "sort" "kind of papers" "资料类型";
    UP_TO "up_to" "an item takes at most" "每项上限";
    APPLIED "applied" "name of what an item gets" "各项所得的名称";
    REST "rest" "name of what is left" "剩余的名称";
    MINUS "minus" "sign" "加减";
    FILTER "filter" "which count" "计入范围";
    PARAMETERS "parameters" "parameters" "参数";
    TEXT "text" "text" "内容";
}
