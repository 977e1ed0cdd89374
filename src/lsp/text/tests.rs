use super::{Encoding, Position, Range, Text};

const ALL: [Encoding; 2] = [Encoding::Utf8, Encoding::Utf16];

#[test]
fn every_character_has_a_place_and_comes_back() {
    let text = Text::new("评级 A\r\n𠮷田商事 = 1\rlet x\n\n€".to_owned());
    for encoding in ALL {
        for (at, ch) in text.as_str().char_indices() {
            if ch != '\n' && ch != '\r' {
                assert_eq!(text.offset(text.position(at, encoding), encoding), at, "{encoding:?} {at}");
            }
        }
        assert_eq!(text.offset(text.position(text.as_str().len(), encoding), encoding), text.as_str().len());
    }
}

#[test]
fn a_character_beyond_the_basic_plane_counts_two_units_or_four_bytes() {
    let text = Text::new("甲\n𠮷田 x".to_owned());
    let x = text.as_str().find('x').unwrap();
    assert_eq!(text.position(x, Encoding::Utf16), Position { line: 1, character: 4 });
    assert_eq!(text.position(x, Encoding::Utf8), Position { line: 1, character: 8 });
    // The second half of it is no place: the beginning is taken.
    assert_eq!(text.offset(Position { line: 1, character: 1 }, Encoding::Utf16), 4);
}

#[test]
fn places_behind_a_line_or_the_text_are_their_ends() {
    let text = Text::new("ab\ncd".to_owned());
    assert_eq!(text.offset(Position { line: 0, character: 9 }, Encoding::Utf16), 2);
    assert_eq!(text.offset(Position { line: 9, character: 0 }, Encoding::Utf16), 5);
}

#[test]
fn a_change_is_put_in_its_place() {
    let mut text = Text::new("权重 12\n𠮷 8".to_owned());
    let at = |line, character| Position { line, character };
    text.change(Some(Range { start: at(0, 3), end: at(0, 5) }), "20", Encoding::Utf16);
    text.change(Some(Range { start: at(1, 2), end: at(1, 4) }), "田", Encoding::Utf16);
    assert_eq!(text.as_str(), "权重 20\n𠮷田");
    text.change(None, "policy p {}\n", Encoding::Utf16);
    assert_eq!(text.as_str(), "policy p {}\n");
}
