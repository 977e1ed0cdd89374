//! Which rules a decision names, and which questions it asks: one small policy of every construct, a customer after the other.

use std::fmt::Write as _;

use gradus::base::Str;
use gradus::engine::Policy;
use gradus::eval::{Decision, Facts, Outcome, ReasonSource};
use gradus::plan::Plan;
use gradus::store::Memory;
use gradus::value::{Date, FieldId, FieldType, Number, Value};

const POLICY: &str = r#"
policy small "小政策" {
  version         "2026.1"
  effective from  2026-01-01
  currency        CNY
  rounding        half_up
}
roles   { credit_manager "信用经理" }
actions { letter "信函", call "电话" }
kind tactic { silence "沉默", probe "试探" }

facts {
  payment_record  number 0..10 optional
  management      number 0..10
  current_ratio   number
  sued            yes/no optional
  late_last_year  number >= 0
  net_assets      money
  orders          money >= 0
  stock_cover     days >= 0
  custom_made     yes/no
  invoices        list {
    number    text key
    amount    money
    due       date
    disputed  yes/no default no
  }
}
scorecard card {
  payment_record weight 12  missing scores 0  because pays_late "付款记录"
  management     weight 6   points {
    below 5 : 0   because weak_management "组织管理薄弱"
    from 5  : 10
  } because management_score "组织管理"
  scale   0..10 to 0..100
  require at least 50% of weight known because too_little "缺少足够数据"
  rounded to 2 decimals
}
grades class from card {
  A from 80  needs current_ratio >= 1  because ratio_needed "A 须流动比率不低于 1"
  B from 50
  C from 0
  NR apart when unknown
  down 1       when late_last_year >= 2  because late_twice "一年内两次逾期"
  not above B  when current_ratio < 2    because below_two "流动比率不足 2"
  force C      when sued                 if unknown refer to credit_manager "是否被起诉？" because sued "被起诉"
}
correction by_class by class {
  A : up 20%               because best_class "A 级上浮"
  B : unchanged
  C : cancel               because worst_class "C 级取消"
  NR : no recommendation   because not_rated "未评级"
}
limit credit_limit {
  method assets = net_assets * 0.1   because by_assets "按净资产"
  method sales  = orders * 0.5       because by_sales "按销量"
  take     lowest
  correct  by by_class
  cap at   net_assets  because above_net "不超过净资产"
  floor at 0           because never_negative "不为负"
  rounded down to multiples of 1_000   because rounded_down "取整"
}
triggers stance else standard {
  strict when any {
    stock_falls when stock_cover < 15 days  because stock_low "库存减少"
    custom      when custom_made            because custom_order "定制"
  }
  loose when all {
    overstock   when stock_cover > 90 days  because overstocked "积压"
  }
  strict wins over loose
}
escalation chase for each invoice in invoices when amount > 0 {
  step remind  at due - 5 days  : do letter
  step collect at due           : do call     because due_today "到期催收"
  hold when disputed because disputed "投诉处理中"
}
decision review { card optional, class, credit_limit optional, stance }
decision worklist { chase }
"#;

fn policy() -> Policy {
    let today = day("2026-10-08");
    let world = Memory::new(today).with("rules/small.gradus", POLICY);
    Policy::load(&world, &["rules".into()], None, today).unwrap_or_else(|refused| panic!("{refused}"))
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// A sound customer, with some facts changed.
fn customer(plan: &Plan, changed: &[(&str, &str)]) -> Facts {
    let mut facts = Facts::unknown("甲公司", &plan.schema);
    let sound = [
        ("payment_record", "9"),
        ("management", "8"),
        ("current_ratio", "2.5"),
        ("sued", "no"),
        ("late_last_year", "0"),
        ("net_assets", "1000000"),
        ("orders", "300000"),
        ("stock_cover", "30"),
        ("custom_made", "no"),
    ];
    for (name, text) in sound.iter().chain(changed) {
        let id: FieldId = plan.schema.find(name).unwrap();
        let value = match (&plan.schema.fields[id].ty, *text) {
            (_, "?") => Value::Unknown(gradus::value::Cause::Missing(id.0)),
            (FieldType::YesNo, text) => Value::Bool(text == "yes"),
            (_, text) => Value::Number(Number::decimal(text).unwrap()),
        };
        facts.set(id, value);
    }
    let list = plan.schema.find("invoices").unwrap();
    facts.set(list, Value::List([].into()));
    for (number, amount, due, disputed) in [
        ("F-1", 500, "2026-10-01", false),
        ("F-2", -20, "2026-10-01", false),
        ("F-3", 80, "2026-10-10", true),
    ] {
        facts.records_mut(list).unwrap().push([
            Value::Text(number.into()),
            Value::Number(Number::from_i64(amount)),
            Value::Date(day(due)),
            Value::Bool(disputed),
        ]);
    }
    facts
}

fn told(plan: &Plan, decided: &Decision) -> String {
    let mut told = format!("{:?}\n", decided.status);
    for (output, value) in plan.decisions[decided.decision].outputs.iter().zip(&decided.values) {
        match &value.outcome {
            Outcome::One(value) => {
                writeln!(told, "  {} = {}", output.name, show(plan, output.step, value)).unwrap()
            }
            Outcome::Items(items) => writeln!(told, "  {} = {items:?}", output.name).unwrap(),
            Outcome::Checks(records) => writeln!(told, "  {} = {records:?}", output.name).unwrap(),
            Outcome::Ladder(records) => {
                for record in records {
                    let key = record.key.as_ref().map(|key| format!("{key:?}")).unwrap_or_default();
                    writeln!(
                        told,
                        "  {}[{key}] step {:?} day {:?} act {:?} held {:?} next {:?}",
                        output.name, record.step, record.day, record.act, record.held, record.next
                    )
                    .unwrap();
                }
            }
        }
    }
    for reason in &decided.reasons {
        let item = reason.item.map(|item| format!(" of item {item}")).unwrap_or_default();
        let lost = reason.lost.as_ref().map(|lost| format!(", lost {lost}")).unwrap_or_default();
        match reason.source {
            ReasonSource::Rule(rule) => {
                let rule = &plan.rules[rule];
                let code: Option<&Str> = rule.reason.code.as_ref();
                writeln!(told, "  because {} {}{item}{lost}", code.unwrap(), rule.address).unwrap();
            }
            ReasonSource::Unknown { output, cause } => {
                writeln!(told, "  output {output} is unknown: {cause:?}").unwrap();
            }
        }
    }
    for question in &decided.open {
        writeln!(told, "  {} is asked: {:?}", question.role, question.text.as_ref().map(|it| &it.en))
            .unwrap();
    }
    for fault in &decided.faults {
        writeln!(told, "  fault {fault:?}").unwrap();
    }
    told
}

fn show(plan: &Plan, step: gradus::plan::StepId, value: &Value) -> String {
    match (value, &plan.steps[step].ty) {
        (Value::Code(code), gradus::value::Type::Enum(kind)) => {
            plan.schema.enums[*kind].member(*code).unwrap().name.to_string()
        }
        (Value::Unknown(_), _) => "unknown".to_owned(),
        (value, _) => format!("{value:?}"),
    }
}

#[test]
fn rules_are_named_where_they_shaped_the_decision() {
    let policy = policy();
    let mut shown = String::new();
    let customers: &[(&str, &[(&str, &str)])] = &[
        ("sound", &[]),
        ("ratio below 2 and A by score: the cap bites", &[("current_ratio", "1.5")]),
        ("ratio below 1: the need is not met, the cap has nothing to do", &[("current_ratio", "0.5")]),
        ("late twice", &[("late_last_year", "2"), ("payment_record", "10")]),
        ("sued", &[("sued", "yes")]),
        ("not known whether sued", &[("sued", "?")]),
        ("no payment record: it scores 0, and too little is known", &[("payment_record", "?")]),
        ("weak management", &[("management", "3")]),
        ("low stock and custom made", &[("stock_cover", "3"), ("custom_made", "yes")]),
        ("overstocked", &[("stock_cover", "91")]),
        ("negative net assets", &[("net_assets", "-50000")]),
        ("sales below assets", &[("orders", "1000")]),
    ];
    for (name, changed) in customers {
        let facts = customer(policy.plan(), changed);
        let decided = policy.decide(Some("review"), &facts, day("2026-10-08")).unwrap();
        write!(shown, "{name}: {}", told(policy.plan(), &decided)).unwrap();
    }
    let facts = customer(policy.plan(), &[]);
    let decided = policy.decide(Some("worklist"), &facts, day("2026-10-08")).unwrap();
    write!(shown, "worklist: {}", told(policy.plan(), &decided)).unwrap();
    insta::assert_snapshot!(shown);
}
