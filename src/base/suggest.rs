//! Did you mean: the declared names that are nearest to one that is not declared.

/// The nearest of `names` to `written`, if one is near enough to be a slip of the pen.
#[must_use]
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_few(written, names, 1).into_iter().next()
}

/// Up to `most` of `names` that are near enough to `written`, nearest first; equals in the order given.
#[must_use]
pub fn nearest_few<'a>(written: &str, names: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let written_length = written.chars().count();
    let mut found: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let length = name.chars().count().max(written_length);
            // A third of the characters may differ; in short Chinese names one character may.
            let allowed = (length / 3).max(1);
            let distance = strsim::damerau_levenshtein(written, name);
            // A name of one letter stands in half of all words.
            let shorter = name.chars().count().min(written_length);
            let contained = shorter >= 2 && (name.contains(written) || written.contains(name));
            (distance <= allowed && distance < length || contained).then_some((distance, name))
        })
        .collect();
    found.sort_by_key(|(distance, _)| *distance);
    found.dedup_by(|a, b| a.1 == b.1);
    found.truncate(most);
    found.into_iter().map(|(_, name)| name).collect()
}
