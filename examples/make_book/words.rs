//! What the companies of the book are called, where they are, and what they buy. All are made up.

/// A region and some of its cities, by how many customers it has.
pub const REGIONS: [(&str, &[&str]); 10] = [
    ("华东", &["杭州", "苏州", "宁波", "无锡", "合肥", "温州", "南通", "嘉兴"]),
    ("华东", &["济南", "青岛", "徐州", "临沂", "烟台"]),
    ("华东", &["南京", "绍兴", "金华", "芜湖", "常州"]),
    ("华南", &["佛山", "东莞", "中山", "惠州", "南宁", "汕头"]),
    ("华南", &["泉州", "厦门", "福州", "珠海", "柳州"]),
    ("华北", &["石家庄", "太原", "保定", "唐山", "沧州"]),
    ("华中", &["武汉", "长沙", "郑州", "襄阳", "洛阳", "株洲"]),
    ("西南", &["成都", "重庆", "贵阳", "绵阳", "曲靖"]),
    ("西北", &["西安", "兰州", "宝鸡", "银川"]),
    ("东北", &["沈阳", "大连", "长春", "哈尔滨"]),
];

/// The two signs of a company's own name.
pub const FIRST: [&str; 24] = [
    "恒", "瑞", "德", "华", "鼎", "信", "盛", "宏", "泰", "嘉", "金", "永", "广", "东", "佳", "百", "隆",
    "康", "远", "新", "同", "万", "天", "和",
];
/// See [`FIRST`].
pub const SECOND: [&str; 20] = [
    "达", "源", "丰", "茂", "昌", "润", "通", "利", "发", "诚", "安", "顺", "业", "辉", "兴", "海", "力",
    "益", "欣", "林",
];

/// What a company is, by size: the smallest first.
pub const FORMS: [&[&str]; 3] = [
    &["经营部", "批发部", "商行", "门市部"],
    &["商贸有限公司", "贸易有限公司", "有限公司", "有限责任公司"],
    &["股份有限公司", "集团有限公司", "实业有限公司", "控股有限公司"],
];

/// A line of products that we sell, and how we stand with it: what decides whether credit is loose or strict.
pub struct Line {
    /// What its dealers deal in.
    pub trade: &'static str,
    /// Days of stock that we hold.
    pub stock_cover: i64,
    /// How demand changes, in hundredths of a percent.
    pub demand_change: i64,
    /// What we earn, in hundredths of a percent.
    pub margin: i64,
    /// Whether goods are made to order.
    pub made_to_order: bool,
    /// How our share changes against rivals, in hundredths of a percent.
    pub share_change: i64,
}

const fn line(
    trade: &'static str,
    stock_cover: i64,
    (demand_change, margin, share_change): (i64, i64, i64),
    made_to_order: bool,
) -> Line {
    Line { trade, stock_cover, demand_change, margin, made_to_order, share_change }
}

/// Our lines: most in balance, two short, two piling up.
pub const LINES: [Line; 10] = [
    line("医药", 42, (180, 1450, 30), false),
    line("建材", 104, (-740, 1120, -90), false),
    line("食品", 31, (320, 1280, 0), false),
    line("电器", 58, (-410, 1830, -120), false),
    line("农资", 75, (260, 1390, 60), false),
    line("化工", 12, (-120, 1560, 40), false),
    line("五金", 66, (-230, 2140, -40), false),
    line("纺织", 97, (-560, 1720, -260), false),
    line("机电", 49, (150, 2380, 10), true),
    line("百货", 53, (90, 1610, -150), false),
];

/// The factors of the characteristic analysis, as headings, and which of three leanings of a customer they follow.
pub const FACTORS: [&str; 18] = [
    "表面印象",
    "组织管理",
    "产品与市场",
    "市场竞争性",
    "经营状况",
    "发展前景",
    "交易利润率",
    "对产品的要求",
    "对市场吸引力的影响",
    "对市场竞争力的影响",
    "担保条件",
    "可替代性",
    "付款记录",
    "银行信用",
    "获利能力",
    "资产负债表评估",
    "偿债能力",
    "资本总额",
];

/// Types of debtors.
pub const DEBTORS: [&str; 6] = ["强硬型", "阴谋型", "合作型", "感情型", "固执型", "虚荣型"];

/// Who looks after a customer; the policy does not ask.
pub const SALESMEN: [&str; 12] =
    ["王建国", "李晓红", "张伟", "刘洋", "陈静", "杨帆", "赵敏", "黄志强", "周婷", "吴磊", "徐丽", "孙浩"];
