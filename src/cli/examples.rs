//! What the help of a command shows as examples, in both languages; a test holds that each is one that the command takes.

use crate::base::Lang;

/// The command, with its examples behind its help.
pub(super) fn shown(command: clap::Command, lang: Lang) -> clap::Command {
    let of_command = |example: &&str| example.split(' ').next() == Some(command.get_name());
    let mut text = String::new();
    for (example, en, zh) in EXAMPLES.iter().filter(|(example, ..)| of_command(example)) {
        text.push_str(&format!("\n  {}\n      gradus {example}", lang.pick(*en, *zh)));
    }
    if text.is_empty() {
        command
    } else {
        command.after_help(format!("{}{text}", lang.pick("Examples:", "例:")))
    }
}

/// An example of a command, and what it does: what somebody types first, and what the options alone would not tell.
const EXAMPLES: &[(&str, &str, &str)] = &[
    (
        "new my-policy",
        "A score, a class and a limit, with customers and cases",
        "评分、等级、额度, 连同客户和案例",
    ),
    (
        "new my-policy --template trade-credit --lang zh",
        "Everything from the score to the collection letter, in Chinese",
        "从评分到催收函, 一应俱全, 用中文",
    ),
    ("check", "All policies of the project", "项目的全部政策"),
    (
        "check --diff rules/limits",
        "What would be mended in a folder, without writing it",
        "一个文件夹中可以改正什么, 只看不写",
    ),
    ("fmt", "All policies of the project", "项目的全部政策"),
    (
        "fmt --check",
        "In CI: write nothing, end with 1 where a file is laid out otherwise",
        "用于 CI: 不写入, 版式不符则以 1 结束",
    ),
    (
        "fmt --lang zh",
        "The same policies with Chinese keywords; `--lang en` with English ones",
        "关键词改用中文; `--lang en` 改用英文",
    ),
    ("lint --fix", "Mend what can be mended safely, and tell the rest", "能安全改正的改正, 其余列出"),
    ("decide customers.csv", "All customers of a file", "一个文件中的全部客户"),
    (
        "decide customers.csv --list invoices=invoices.csv --as-of 2026-10-01 --format csv -o decisions.csv",
        "With their invoices, for a day, into a table",
        "连同发票, 按某一天, 输出为表格",
    ),
    (
        "decide customers.csv --set standard_term=45",
        "What another term would come to, without editing the policy",
        "换一个账期会怎样, 不必改政策",
    ),
    (
        "why C001 customers.csv",
        "Every figure of one customer, for the house",
        "一个客户的每个数字, 供内部阅读",
    ),
    ("why C001 customers.csv --for customer", "The same as the customer may read it", "客户可以看到的说明"),
    (
        "needs C001 customers.csv",
        "What to ask the customer for, the most useful first",
        "该向客户要什么, 最有用的在前",
    ),
    ("worklist customers.csv --list invoices=invoices.csv --due", "What is to be done today", "今天该做的事"),
    ("test", "All cases of the project", "项目的全部案例"),
    ("test --coverage", "And which rows and thresholds no case exercises", "并列出没有案例涉及的行和阈值"),
    ("test --watch", "Again after each change, until Ctrl-C", "每次改动后重新运行, 直到 Ctrl-C"),
    (
        "review",
        "Go through the decisions that moved, and accept or reject each",
        "逐个审阅有变动的结果, 接受或拒绝",
    ),
    ("accept --all --by wang --reason \"the ceiling was raised\"", "Accept all that moved", "全部接受"),
    (
        "accept C001 --by wang --reason \"the ceiling was raised\"",
        "Accept one customer",
        "接受一个客户的结果",
    ),
    ("reject C001", "Keep what was accepted before", "保留原已接受的结果"),
    (
        "mutants rules/limits --time-limit 60s",
        "Which mistakes in a folder no case would notice",
        "一个文件夹中的哪些错误没有案例会察觉",
    ),
    (
        "cases --check",
        "In CI: whether the written cases are as the policies want them",
        "用于 CI: 已写的案例是否仍与政策相符",
    ),
    ("approve --list", "Who has approved which version, and who is missing", "谁已批准哪个版本, 还差谁"),
    (
        "approve trade_credit@2026.4 --by wang --reason \"read and tried\" --key wang.key",
        "Sign a version",
        "签署一个版本",
    ),
    ("diff trade_credit@2026.3 trade_credit@2026.4", "Between two versions", "两个版本之间"),
    ("diff main:rules rules", "Between a branch of git and what stands here", "git 分支与当前文件之间"),
    (
        "impact trade_credit@2026.3 trade_credit@2026.4 --facts customers.csv",
        "Which customers move between two versions",
        "两个版本之间哪些客户有变动",
    ),
    (
        "impact rules --facts customers.csv --sweep new_customer_limit=20万..100万",
        "What a parameter does to the book, step by step",
        "一个参数逐步改变时账簿的变化",
    ),
    (
        "versions trade_credit",
        "The versions of one policy, and which is in force today",
        "一项政策的各个版本, 今天适用哪个",
    ),
    (
        "release trade_credit@2026.4 --by wang",
        "Record a version, so that it is never edited again",
        "记录一个版本, 此后不得再改",
    ),
    (
        "verify decisions.log",
        "After `gradus decide customers.csv --log decisions.log`",
        "在 `gradus decide customers.csv --log decisions.log` 之后",
    ),
    (
        "replay decisions.log",
        "After the same: do today's rules still decide so?",
        "同上之后: 现在的规则是否仍作同样决定?",
    ),
    ("explain E525", "By the code of a message", "按提示的代码"),
    ("explain --lang zh periods-overlap", "By its name, in Chinese", "按名称, 用中文"),
    ("completions bash", "To be put where the shell looks for completions", "放到 shell 查找补全脚本的地方"),
];
