//! How the figures of the example book are written.

/// As people fill in a form.
pub fn yes_no(yes: bool) -> String {
    if yes { "是" } else { "否" }.to_owned()
}

/// `1234` as `12.34`, `1250` as `12.5`, `1200` as `12`.
pub fn hundredths(figure: i64) -> String {
    let sign = if figure < 0 { "-" } else { "" };
    let (whole, rest) = (figure.abs() / 100, figure.abs() % 100);
    match (rest, rest % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", rest / 10),
        _ => format!("{sign}{whole}.{rest:02}"),
    }
}

/// Hundredths of a percent: `1825` is `18.25%`.
pub fn percent(figure: i64) -> String {
    format!("{}%", hundredths(figure))
}

/// Fen as yuan.
pub fn money(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}
