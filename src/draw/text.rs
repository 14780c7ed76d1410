//! Text: the room that it takes, estimated, since SVG does not let us measure it, and how numbers are written.

/// The width of `text` in a sans-serif font `size` high, in the unit of `size`: a little under that in `DejaVu` Sans,
/// the widest of the usual fonts, so that a full line still ends within the margin there and is never clipped.
pub(super) fn width(text: &str, size: f64) -> f64 {
    size * text.chars().map(character_width).sum::<f64>()
}

fn character_width(character: char) -> f64 {
    match character {
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '·' | 'i' | 'j' | 'l' | 'I' => 0.31,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '/' | '²' | '³' | '¹' | '⁰'..='⁹' | '₀'..='₉' => {
            0.39
        }
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' => 0.55,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.93,
        '+' | '=' | '<' | '>' | '~' | '−' | '×' | '#' => 0.8,
        'A'..='Z' | '&' => 0.68,
        '\0'..='\u{7ff}' => 0.61,
        _ => 1.0,
    }
}

/// `text` in lines that are at most `room` wide, broken at spaces and line feeds; a single word that is wider than
/// that is cut short.
pub(super) fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // A no-break space holds two words together.
    let is_break = |character: char| character.is_whitespace() && character != '\u{a0}';
    for paragraph in text.lines() {
        let start = lines.len();
        for word in paragraph.split(is_break).filter(|word| !word.is_empty()) {
            match lines[start..].last_mut() {
                Some(line) if width(&format!("{line} {word}"), size) <= room => {
                    *line = format!("{line} {word}");
                }
                _ => lines.push(word.to_owned()),
            }
        }
    }
    lines.iter().map(|line| fit(line, size, room)).collect()
}

/// `text` itself if it is at most `room` wide, else as much of its beginning as fits with an ellipsis.
pub(super) fn fit(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut left = room - width("…", size);
    let kept = text.chars().take_while(|&character| {
        left -= size * character_width(character);
        left >= 0.0
    });
    kept.chain(['…']).collect()
}

/// To two decimals, never "-0": a hundredth of the unit is well under a pixel at any size a figure is shown.
pub(super) fn number(value: f64) -> String {
    (((100.0 * value).round() + 0.0) / 100.0).to_string()
}

/// Text with each number that stands alone as in print: `−1.5` for `-1.5`, `2·10⁻⁸` for `2e-8`, `10⁻⁸` for `1e-8`.
pub(crate) fn typeset(text: &str) -> String {
    let in_print = |word: &str| {
        let number = word.trim_matches(|c: char| c.is_whitespace() || "(),:;.".contains(c));
        if !number.parse().is_ok_and(f64::is_finite) {
            return word.to_owned();
        }
        let parts = number.split_once('e').and_then(|(digits, power)| Some((digits, power.parse().ok()?)));
        let printed = parts.map_or(number.to_owned(), |(digits, power)| scientific(digits, power));
        word.replacen(number, &printed.replace('-', "−"), 1)
    };
    text.split_inclusive(char::is_whitespace).map(in_print).collect()
}

/// Digits times a power of ten: only the power if they are 1, nothing if they are 0.
pub(super) fn scientific(digits: &str, exponent: i32) -> String {
    let raised = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raise = |c: char| c.to_digit(10).map_or('⁻', |digit| raised[digit as usize]);
    let power: String = exponent.to_string().chars().map(raise).collect();
    match digits {
        "0" => "0".to_owned(),
        "1" => format!("10{power}"),
        _ => format!("{digits}·10{power}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_the_room_and_every_word_that_fits_is_kept() {
        assert_eq!(wrap("one two  three\n\nfour", 10.0, 60.0), ["one two", "three", "four"]);
        assert_eq!(fit("incomprehensible", 10.0, 60.0), "incompre…");
        let [short, long] = ["one two three four five", "an Unpronounceablysesquipedalianword, 😀😀😀😀"];
        for room in (30..150).map(f64::from) {
            assert_eq!(wrap(short, 10.0, room).join(" "), short, "in a room of {room}");
            assert!(wrap(long, 10.0, room).iter().all(|line| width(line, 10.0) <= room + 1e-9), "{room}");
        }
    }

    #[test]
    fn only_numbers_that_stand_alone_are_typeset() {
        for (text, printed) in [
            ("init 2 (biases -1.5), 1.12e-5 → 1e-16:", "init 2 (biases −1.5), 1.12·10⁻⁵ → 10⁻¹⁶:"),
            ("0e0 -2e9 1e0 inf -0.5.", "0 −2·10⁹ 10⁰ inf −0.5."),
            ("φ(−1.4x₁) 1a e-5 x-1 2→3 cm-2  -", "φ(−1.4x₁) 1a e-5 x-1 2→3 cm-2  -"),
        ] {
            assert_eq!(typeset(text), printed);
        }
    }

    #[test]
    fn numbers_have_at_most_two_decimals_and_no_sign_on_zero() {
        let values = [-0.0, -0.004, 0.005, -0.05, 1.5, 100.0, 3.999];
        assert_eq!(values.map(number), ["0", "0", "0.01", "-0.05", "1.5", "100", "4"]);
        let hundredths = (0_u32..2_000_000).step_by(7).map(|n| (n, format!("{}.{:02}", n / 100, n % 100)));
        for (n, decimals) in hundredths {
            assert_eq!(number(f64::from(n) / 100.0), decimals.trim_end_matches('0').trim_end_matches('.'));
        }
    }
}
