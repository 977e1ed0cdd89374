//! Did you mean: the declared names that are nearest to one that is not declared.

/// The nearest of `names` to `written`, if one is near enough to be a slip of the pen.
#[must_use]
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_few(written, names, 1).into_iter().next()
}

/// A name without regard to capitals and to the width of its letters.
fn folded(name: &str) -> String {
    let narrow = |ch: char| match u32::from(ch) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide.saturating_sub(0xfee0)).unwrap_or(ch),
        _ => ch,
    };
    name.chars().map(narrow).flat_map(char::to_lowercase).collect()
}

/// Up to `most` of `names` that are near enough to `written`, nearest first; equals in the order given.
#[must_use]
pub fn nearest_few<'a>(written: &str, names: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let written_length = written.chars().count();
    let mut found: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|name| {
            // A sheet knows no difference between `DSO` and `dso`, nor an input method between `Ａ` and `A`.
            if folded(written) == folded(name) {
                return Some((0, name));
            }
            let length = name.chars().count().max(written_length);
            // A third of the characters may differ; in short Chinese names one character may.
            let allowed = (length / 3).max(1);
            let distance = strsim::damerau_levenshtein(written, name);
            // Half a name may have been written; a name with other words glued to it is a phrase, and to cut them off would lose them.
            // A name of one letter stands in half of all words.
            let part = written.strip_prefix(name).is_some_and(|tail| tail.starts_with(['.', '(', '（']));
            let contained = written_length >= 2 && holds(name, written) || part;
            let near = distance <= allowed && distance < length && !is_phrase(written, name);
            ((near || contained) && !denies(written, name, distance)).then_some((distance, name))
        })
        .collect();
    found.sort_by_key(|(distance, _)| *distance);
    found.dedup_by(|a, b| a.1 == b.1);
    found.truncate(most);
    found.into_iter().map(|(_, name)| name).collect()
}

/// Whether a name has the written one in it; in letters as words of it: `sales` is in `monthly_sales`, and `not` is not in `note to`.
fn holds(name: &str, written: &str) -> bool {
    if written.is_ascii() && name.is_ascii() {
        let parts: Vec<&str> = words(name).collect();
        let wanted: Vec<&str> = words(written).collect();
        return parts.windows(wanted.len().max(1)).any(|stretch| stretch == wanted.as_slice())
            || written.len() >= 4 && name.starts_with(written);
    }
    name.contains(written)
}

/// `月均销售额X2`: a name, and a figure that was to be reckoned with.
fn is_phrase(written: &str, name: &str) -> bool {
    written
        .strip_prefix(name)
        .is_some_and(|tail| tail.chars().count() >= 2 && tail.chars().any(|ch| ch.is_ascii_digit()))
}

/// Whether one of two names says that the other is not so: `not_sued` is no slip of the pen for `sued`, nor `不满` for `满`.
fn denies(one: &str, other: &str, distance: usize) -> bool {
    let (one_alone, other_alone) = (without_denial(one), without_denial(other));
    let differ = (one_alone.len() == one.len()) != (other_alone.len() == other.len());
    differ && strsim::damerau_levenshtein(&one_alone, &other_alone) < distance
}

/// A name without the words and signs that deny.
fn without_denial(name: &str) -> String {
    if !name.is_ascii() {
        return name.replace("没有", "").chars().filter(|ch| !"不非未无没".contains(*ch)).collect();
    }
    let kept = words(name).filter(|word| !matches!(*word, "not" | "no" | "non" | "never" | "without"));
    kept.map(|word| word.strip_prefix("un").unwrap_or(word)).collect::<Vec<_>>().join("_")
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(['_', ' '])
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_pen_is_near_and_a_denial_is_not() {
        let near = |written: &str, name: &'static str| nearest(written, [name]) == Some(name);
        for (written, name) in [
            ("net_asets", "net_assets"),
            ("sales", "monthly_sales"),
            ("monthly", "monthly_sales"),
            ("nt above", "not above"),
            ("净资厂", "净资产"),
            ("起诉", "被起诉"),
            ("不超国", "不超过"),
            ("unpaid_sun", "unpaid_sum"),
        ] {
            assert!(near(written, name), "{written} is {name}");
        }
        for (written, name) in [
            ("not_sued", "sued"),
            ("unsued", "sued"),
            ("known", "if unknown"),
            ("非被起诉", "被起诉"),
            ("没有被起诉", "被起诉"),
            ("不满", "满"),
            ("超过", "不超过"),
            ("信用等级不为C", "信用等级"),
            ("月均销售额的2倍", "月均销售额"),
            ("月均销售额X2", "月均销售额"),
            ("到期日后5天", "到期日"),
            ("not", "note to"),
        ] {
            assert!(!near(written, name), "{written} is not {name}");
        }
    }
}
