//! The command's own words in both languages: greeting and help.
//!
//! English help stands at the arguments (args.rs); the Chinese table here holds a text for each command and argument, by
//! its id, and a test holds it complete.

use clap::builder::PossibleValue;

use super::examples;
use crate::base::Lang;

/// What `gradus` alone prints: what to do first.
pub(super) fn greeting(lang: Lang, command: &clap::Command) -> String {
    let known: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let mut text = String::from(lang.pick(
        "Gradus is a language for credit policies: one text that a credit manager reads and a machine runs.\n\
         It grades customers, sets limits, chases invoices, and explains every figure. First steps:\n\n",
        "Gradus 是信用政策语言: 同一份文本, 信用经理能读, 机器能运行。\n\
         它评定客户等级、核定额度、催收账款, 并解释每一个数字。先试试:\n\n",
    ));
    for (name, example, en, zh) in FIRST_STEPS {
        if known.contains(name) {
            text.push_str(&format!("  gradus {example:<34} {}\n", lang.pick(*en, *zh)));
        }
    }
    text.push_str(lang.pick(
        "\nA policy is a file that ends in .gradus; facts are csv, json, toml or xlsx files.\n\
         `gradus COMMAND --help` tells the rest. 中文: gradus --lang zh\n",
        "\n政策是以 .gradus 结尾的文件; 事实数据是 csv、json、toml 或 xlsx 文件。\n\
         `gradus 命令 --help` 说明其余用法。English: gradus --lang en\n",
    ));
    text
}

/// A command, an example, and what the example does.
const FIRST_STEPS: &[(&str, &str, &str, &str)] = &[
    ("new", "new my-policy", "begin a project that works at once", "新建一个马上可用的项目"),
    ("check", "check --fix", "are the policies sound? mend what is plain", "政策有没有错误? 明显的顺手改正"),
    ("decide", "decide customers.csv", "decide a book of customers", "为一批客户作出决定"),
    ("why", "why C001 customers.csv", "tell one decision in full", "完整说明一个客户的决定"),
    ("worklist", "worklist customers.csv", "what to do today for each invoice", "今天每张发票该做什么"),
    ("test", "test", "run the cases, compare with what was accepted", "运行案例, 与已接受的结果比较"),
    ("diff", "diff main:rules rules", "what a change of the rules means", "规则的改动是什么意思"),
    ("explain", "explain E525", "what a message means", "一条提示是什么意思"),
];

/// The help of a command in a language, with examples behind it.
pub(super) fn translated(command: clap::Command, lang: Lang) -> clap::Command {
    let command = command.mut_subcommands(|command| examples::shown(command, lang));
    match lang {
        Lang::En => command,
        Lang::Zh => in_chinese(command),
    }
}

fn in_chinese(command: clap::Command) -> clap::Command {
    let name = command.get_name().to_owned();
    let command = match find(COMMANDS, &name) {
        Some(about) => command.about(about).long_about(None),
        None => command,
    };
    command
        .help_template("{about-with-newline}\n用法: {usage}\n\n{all-args}{after-help}")
        .subcommand_help_heading("命令")
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            let mut help = find(ARGUMENTS, arg.get_id().as_str()).unwrap_or_default().to_owned();
            let names: Vec<String> =
                arg.get_value_names().unwrap_or_default().iter().map(|name| place_in_chinese(name)).collect();
            let arg = arg.long_help(None).help_heading(heading);
            let arg = if names.is_empty() || !arg.get_action().takes_values() {
                arg
            } else {
                arg.value_names(names)
            };
            if !arg.get_action().takes_values() {
                return arg.help(help);
            }
            let possible = arg.get_possible_values();
            let values: Vec<&str> =
                possible.iter().filter(|value| !value.is_hide_set()).map(PossibleValue::get_name).collect();
            if !values.is_empty() {
                help.push_str(&format!(" [可取: {}]", values.join(", ")));
            }
            let defaults: Vec<String> =
                arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
            if !defaults.is_empty() {
                help.push_str(&format!(" [默认: {}]", defaults.join(", ")));
            }
            arg.help(help).hide_possible_values(true).hide_default_value(true)
        })
        .mut_subcommands(in_chinese)
}

/// What stands for a value, in Chinese: `FACT=FILE` is `事实=文件`.
fn place_in_chinese(name: &str) -> String {
    let mut text = String::new();
    let mut word = String::new();
    for ch in name.chars().chain(['\n']) {
        if ch.is_ascii_alphabetic() {
            word.push(ch);
            continue;
        }
        text.push_str(find(PLACES, &word).unwrap_or(&word));
        word.clear();
        text.push(ch);
    }
    text.trim_end().to_owned()
}

/// What clap says by itself in usage lines, in the reader's language.
pub(super) fn usage(text: &str, lang: Lang) -> String {
    match lang {
        Lang::En => text.to_owned(),
        Lang::Zh => {
            let words = [
                ("[OPTIONS]", "[选项]"),
                ("[COMMAND]", "[命令]"),
                ("Usage:", "用法:"),
                ("[alias: ", "[别名: "),
                ("[aliases: ", "[别名: "),
            ];
            words.iter().fold(text.to_owned(), |text, (en, zh)| text.replace(en, zh))
        }
    }
}

const PLACES: &[(&str, &str)] = &[
    ("ADDRESS", "地址"),
    ("AMOUNT", "金额"),
    ("CODE", "编号"),
    ("COLUMNS", "列"),
    ("CONDITION", "条件"),
    ("CUSTOMER", "客户"),
    ("DATE", "日期"),
    ("DIR", "文件夹"),
    ("ENCODING", "编码"),
    ("FACT", "事实"),
    ("FACTS", "客户文件"),
    ("FILE", "文件"),
    ("FORMAT", "格式"),
    ("HASH", "哈希"),
    ("HOW", "方式"),
    ("LANG", "语言"),
    ("LOG", "日志"),
    ("N", "数"),
    ("NAME", "名称"),
    ("NAMES", "名称"),
    ("NEW", "新"),
    ("NUMBER", "号"),
    ("OLD", "旧"),
    ("PARAM", "参数"),
    ("PATH", "路径"),
    ("PATHS", "路径"),
    ("PATTERNS", "写法"),
    ("PERCENT", "百分数"),
    ("POLICY", "政策"),
    ("READER", "读者"),
    ("REGEX", "正则表达式"),
    ("REV", "版本"),
    ("ROLE", "岗位"),
    ("SAMPLE", "样例"),
    ("SHELL", "外壳"),
    ("SIDE", "一方"),
    ("TEXT", "文字"),
    ("TIME", "时间"),
    ("VALUE", "值"),
    ("VERSION", "版本"),
    ("VERSIONS", "版本"),
    ("BOOK", "账簿"),
    ("WHEN", "何时"),
];

fn find(table: &[(&str, &'static str)], key: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == key).map(|(_, text)| *text)
}

const COMMANDS: &[(&str, &str)] = &[
    ("gradus", "信用政策语言: 评定客户等级、核定额度、催收账款, 并解释每一个数字"),
    ("new", "新建项目: 政策、客户、案例、已接受的结果、设置"),
    ("check", "检查政策: 一次列出全部错误, 指明位置和改法"),
    ("fmt", "统一政策的版式, 不论由谁录入"),
    ("lint", "指出政策中合法却不妥之处: 断崖、不起作用的封顶、无人用到的事实"),
    ("decide", "为客户作出决定: 等级、额度、期限, 各附理由"),
    ("why", "完整说明一个客户的决定"),
    ("needs", "列出客户尚缺的事实与资料, 影响大者在前"),
    ("worklist", "列出每张发票今天及其后该做什么"),
    ("test", "运行政策和案例文件中的案例"),
    ("pending", "列出与已接受的不同、等待审定的结果"),
    ("review", "逐个审阅待定的结果, 决定接受或拒绝"),
    ("accept", "接受待定的结果, 并记录谁因何接受"),
    ("reject", "拒绝待定的结果: 保留原已接受的"),
    ("mutants", "逐处改动政策, 找出没有测试察觉的改动"),
    ("cases", "生成处于各阈值的客户, 写成案例文件"),
    ("approve", "批准一个版本: 对其含义签名, 或列出谁已批准、还差谁"),
    ("diff", "列出两方规则在含义上的变化, 用政策的语言"),
    ("impact", "说明政策改动对账簿的影响: 谁有变动、变动多少、由哪处修改引起"),
    ("versions", "列出政策的各个版本及其有效期"),
    ("release", "发布版本: 记下其含义, 此后由 `check` 核对"),
    ("verify", "核对决定日志: 没有改动、缺漏、调换"),
    ("replay", "按日志重新作出每一项决定, 列出结果不同的"),
    ("explain", "说明一条提示: 是什么、为什么、怎么办, 附例子"),
    ("lsp", "供编辑器启动的语言服务: 诊断、悬停、补全、改名、排版"),
    ("completions", "输出命令行补全脚本"),
];

const ARGUMENTS: &[(&str, &str)] = &[
    ("help", "显示帮助"),
    ("version", "显示版本"),
    ("lang", "提示所用的语言; 对 `fmt` 也是关键词的语言, 对 `new` 也是项目的语言"),
    ("color", "何时使用颜色"),
    ("output", "把结果写入文件; `-` 为标准输出"),
    ("config", "设置文件; 省略时向上查找最近的 gradus.toml"),
    ("quiet", "只报告出错之处"),
    ("verbose", "报告更多"),
    ("paths", "规则文件和文件夹, `-` 为标准输入; 省略时用 gradus.toml 所列的, 或文件夹 `rules`"),
    ("rules", "其他规则文件和文件夹, 写法与其他命令相同"),
    ("format", "输出格式"),
    ("was", "旧的一方: 文件、文件夹、`名称@版本`, 或其在 git 某版本中的样子 (`main:rules`)"),
    ("is", "新的一方, 写法相同"),
    ("policy_compared", "只看这一政策"),
    ("stdio", "经标准输入输出通信; 只有这一种方式"),
    ("stdin_filename", "标准输入 (`-`) 的名称; 结尾说明格式"),
    ("files", "客户文件: csv, json, jsonl, toml, xlsx; `-` 为标准输入"),
    ("lists", "列表事实的文件, 以客户编号关联"),
    ("map", "对照文件: 哪个列名是哪个事实, 各列怎样书写"),
    ("last", "上次的决定: 上次运行输出的 jsonl"),
    ("book", "以往运行所写的全体客户账簿, 供单独评定的客户使用"),
    ("book_out", "把本次运行的账簿写入此文件"),
    ("strict", "不是事实的列视为错误"),
    ("sheet", "工作表名称; 省略时取第一个"),
    ("encoding", "文本编码"),
    ("numbers", "数字写法, 以 1234.56 为例: `1,234.56`、`1.234,56`、`1 234,56`"),
    ("dates", "日期写法, 多种以逗号分隔: yyyy-mm-dd, yyyy/mm/dd, dd.mm.yyyy"),
    ("policy", "政策: 名称或 名称@版本; 不写版本时用当日有效的版本"),
    ("decision", "政策中的决定"),
    ("as_of", "所问的日期; 省略时为今天"),
    ("known_at", "以哪一天所知为准: 当时尚未公布的版本视同不存在; 省略时为现有的全部版本"),
    ("show_personal", "显示个人信息; 省略时隐去"),
    ("settings", "改用参数的另一个值作决定; 记在每一项决定中"),
    ("jobs", "用几个线程; 省略时用全部核心"),
    ("rejects", "无法读入的客户写入此文件, 附错误之处"),
    ("max_rejects", "拒收的客户超过此数时以 1 结束"),
    ("with_facts", "在每条记录中保留所用资料 (个人信息除外), 供 `why --last` 说明变动由何引起"),
    ("log", "决定日志: 每项决定续接在前一项之后"),
    ("log_facts", "日志所用客户资料另存于此文件, 以便清除某人的资料"),
    ("head", "另处记下的哈希: 日志中必须有这一行"),
    ("compare", "现行结果所在的列, 与政策的决定对照"),
    ("customer", "客户编号"),
    ("due", "只列今天该做的"),
    ("reader", "给谁看: 客户、销售, 或可看全部的审计"),
    ("address", "只要此构件的阈值, 或地址以此开头者: `trade_credit/risk_class`"),
    ("smallest", "为其他案例未覆盖之处生成最少的案例, 其中任何一个都不可省去"),
    ("check_only", "不写入; 有文件与将要写入的不同时以 1 结束"),
    ("diff", "不写入; 显示将有的改动"),
    ("folder", "项目文件夹; 没有则新建, 已有的须为空"),
    ("template", "以何为起点: `minimal` 有评分、等级、额度; `trade-credit` 还有期限、发票、催收"),
    ("fix", "修复改法确定无疑的错误, 并列出其余的"),
    ("unsafe_fixes", "与 `--fix` 或 `--diff` 同用: 改法未必合原意的也一并采用, 请逐处核对"),
    ("force", "经人工改动的文件也覆盖"),
    ("deny_warnings", "有任何一条提示即以 1 结束"),
    ("run", "只运行 `政策/案例名` 中有一部分与此正则表达式相符的案例"),
    ("coverage", "列出案例覆盖了政策的哪些行、阈值及其他部分, 哪些没有"),
    ("coverage_html", "把覆盖情况写成一个 HTML 页面: 在政策原文中标出未覆盖之处"),
    ("coverage_json", "把覆盖情况写成 JSON"),
    ("coverage_lcov", "把覆盖情况写成 LCOV, 供 genhtml 及评审工具读取"),
    ("threshold", "覆盖率不足此百分数时以 1 结束"),
    ("watch", "规则、案例或事实一有改动就重新运行, 直到按 Ctrl-C"),
    ("fail_on_empty", "政策没有案例, 或案例没有写应得结果时, 视为未通过"),
    (
        "update",
        "与已接受的不同的结果如何处置: no 不写, new 写成 .snap.new, always 直接接受, auto 同 new, 但设有 CI 时不写",
    ),
    ("unreferenced", "已无人过问的快照文件如何处置"),
    ("names", "快照的名称、文件或客户; `*` 和 `?` 代表任意字符"),
    ("causes", "仅由此处条文修改引起的全部: 其地址, 或地址的末尾; 可写多次"),
    ("all", "全部待定的"),
    ("versions", "版本, 写作 名称@版本"),
    ("on", "哪一天发布; 省略时为今天"),
    ("amend", "记下已发布版本所附的日历或参照表重新公布; 条文须与发布时相同"),
    ("by", "谁接受或发布"),
    ("reason", "为何"),
    ("subject", "版本: `trade_credit@2026.4`, 只写政策时为当日有效的版本"),
    ("approver", "谁批准, 以 gradus.toml 中的姓名为准"),
    ("why", "为何批准"),
    ("key", "签名的密钥文件, minisign 或 SSH; 密钥在代理中时写公钥文件。省略时只写出待签的文本"),
    ("role", "以何职务批准, 供身兼数职者"),
    ("authors", "谁起草此版本, git 所知者之外"),
    ("emergency", "先凭此一人批准放行, 其余随后补签"),
    ("paper", "登记纸质批准"),
    ("sheet_number", "所签审批单上的核对号"),
    ("scan", "审批单的扫描件, 记录其摘要"),
    ("change_sheet", "打印供纸上签字的变更审批单"),
    ("standings", "列出各版本谁已批准、还差谁"),
    ("signed_on", "签字日期"),
    ("time_limit", "到此时间即停止: `60s`、`5m`"),
    ("since", "只试自此 git 版本以来改动过的行"),
    ("noticed", "每百处改动至少须察觉的处数; 省略时为全部"),
    ("list", "只列出各处改动, 不试"),
    (
        "sides",
        "现行与拟行的规则: 规则文件、文件夹、`trade_credit@2026.3`、git 版本 `main:rules`; 用 `--set` 或 `--sweep` 说明拟行时省略第二个",
    ),
    ("sweep", "改动一个参数并画出其影响: `new_customer_limit=20万..100万 step 10万`"),
    ("exposure", "客户所欠: 以金额计的事实或值; 省略时用政策自己的合计"),
    ("segment", "按什么分列额度增减: 事实或值; 省略时按原等级"),
    ("grade", "据以判断升降级的等级; 省略时用决定所列的第一个"),
    ("limit", "加总的额度; 省略时用决定所列的第一个"),
    ("budgets", "与合计对照的预算: `credit_limit<=5亿`"),
    ("fail_if", "符合此条件时以 1 结束: `downgraded > 5%`、`limits_lost > 5000万 or newly_held >= 10`"),
    ("movers", "按名称列出多少个变动客户"),
    ("pairs", "试多少对修改; 更多时抽取这么多对"),
    ("code", "编号 (如 E525) 或名称 (如 periods-overlap); 省略时列出全部"),
    ("shell", "哪种 shell"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// What is not Chinese in a Chinese help is a name: of the program, a command, an option, a value, a format, a file.
    #[test]
    fn help_in_chinese_is_chinese() {
        fn hold(command: &mut clap::Command, names: &std::collections::BTreeSet<String>) {
            let text = usage(&command.render_long_help().to_string(), Lang::Zh);
            // What is typed in an example is the same in both languages; it stands farther in than what it does.
            let (told, examples) = text.split_once("\n例:").unwrap_or((&text, ""));
            let said = examples.lines().filter(|line| !line.starts_with("      "));
            for line in told.lines().chain(said) {
                // Names stand in back-ticks, behind dashes, and where values are listed.
                let bare: String = line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
                let words =
                    bare.split(|ch: char| !(ch.is_ascii_alphanumeric() || matches!(ch, '-' | '.' | '_')));
                for word in words.filter(|word| word.chars().any(|ch| ch.is_ascii_alphabetic())) {
                    let word = word.trim_matches(['-', '.']);
                    assert!(
                        names.contains(word) || word.len() == 1,
                        "`{}` says `{word}`: {line}",
                        command.get_name()
                    );
                }
            }
            for inner in command.get_subcommands_mut() {
                hold(inner, names);
            }
        }
        fn gather(command: &clap::Command, names: &mut std::collections::BTreeSet<String>) {
            names.insert(command.get_name().to_owned());
            for arg in command.get_arguments() {
                names.extend(arg.get_long().map(str::to_owned));
                names.extend(arg.get_visible_aliases().unwrap_or_default().into_iter().map(str::to_owned));
                names.extend(arg.get_possible_values().iter().map(|value| value.get_name().to_owned()));
                names.extend(
                    arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()),
                );
            }
            command.get_subcommands().for_each(|inner| gather(inner, names));
        }
        let known = "gradus gradus.toml csv json jsonl toml xlsx html md snap snap.new git CI HTML JSON LCOV genhtml minisign SSH \
                     Ctrl-C shell E525 periods-overlap yyyy-mm-dd yyyy mm dd dd.mm.yyyy iCalendar ics no new always auto zh en A..B";
        let mut names: std::collections::BTreeSet<String> =
            known.split_whitespace().map(str::to_owned).collect();
        let mut command = crate::cli::args::command(Lang::Zh);
        command.build();
        gather(&command, &mut names);
        hold(&mut command, &names);
    }

    /// Commands and arguments of which the table has nothing would be shown without a word.
    #[test]
    fn everything_has_its_chinese_words() {
        fn hold(command: &clap::Command) {
            assert!(
                find(COMMANDS, command.get_name()).is_some(),
                "no Chinese words for `{}`",
                command.get_name()
            );
            for arg in command.get_arguments() {
                let id = arg.get_id().as_str();
                assert!(
                    find(ARGUMENTS, id).is_some(),
                    "no Chinese words for `{id}` of `{}`",
                    command.get_name()
                );
                assert!(arg.get_help().is_some(), "no English words for `{id}` of `{}`", command.get_name());
            }
            command.get_subcommands().for_each(hold);
        }
        hold(&crate::cli::args::command(Lang::En));
    }
}
