//! Numbers and dates as offices write them.
//!
//! `1,234` is a thousand in one office and a little more than one in the next; `01/02/2026` is two days. So a file
//! says how it writes, and nothing is guessed: what is not written as declared is refused, with the reason.

mod dates;
mod numbers;

#[cfg(test)]
mod tests;

use unicode_normalization::UnicodeNormalization;

pub use dates::{DateFault, DatePattern, DateStyle, parse_office_date};
pub use numbers::{NumberFault, NumberStyle, PercentStyle, parse_office_number, parse_office_percent};

/// A person's name as it is compared: `Li Na`, `LI NA` and `Ｌｉ　Ｎａ` are one person. Width, case and runs of blanks are the
/// typist's and say nothing of who signed; letters that only look alike stay apart.
#[must_use]
pub fn person_key(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).nfc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Makes half-width what input methods leave full-width, digits and signs, and takes away the blanks around it.
/// That guesses nothing: `１２％` can only be 12%.
#[must_use]
pub fn half_width(text: &str) -> String {
    let narrow = |character: char| match character {
        '\u{3000}' | '\u{a0}' | '\u{202f}' => ' ',
        '\u{2212}' => '-',
        '\u{2019}' => '\'',
        '¥' | '￥' => '¥',
        '\u{ff01}'..='\u{ff5e}' => {
            u32::from(character).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(character)
        }
        other => other,
    };
    text.chars().map(narrow).collect::<String>().trim().to_owned()
}
