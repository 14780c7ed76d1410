//! A figure as SVG.

use super::figure::Page;
use super::layout::{WIDTH, rows};
use super::shapes::Item;
use super::text::{number, typeset};
use super::theme::{Colour, PAGE, paints};
use crate::math::order::smaller;
use std::fmt::Write as _;

/// Pixels of a figure's own size to a unit of its `viewBox`: 15.5 cm are as wide as the text of a page.
const PIXELS: f64 = 1.5;
/// The pixels of 23 cm, the height of a page.
const PAGE_HEIGHT: f64 = 869.0;

/// A standalone SVG document with a page of figures, which can also be put into an HTML page as it is (it has no
/// ids, and its style reaches no other element). The marks of each figure are a group (`g`).
///
/// It scales with its `viewBox`, keeps text as text, follows `prefers-color-scheme`, and is well-formed XML whatever
/// the texts contain; characters that XML cannot hold are left out.
///
/// The colours of a light page are attributes, which every reader knows; those of a dark page are in a style sheet behind two
/// guards, of which some readers ignore one. For the same reason there is no clipping, no nested `svg` and no `paint-order`.
pub fn svg(page: &Page) -> String {
    let (height, items) = rows(page);
    let mut body = String::new();
    draw(&items, &mut body);
    let shown = smaller(PIXELS, PAGE_HEIGHT / height);
    let [shown_width, shown_height] =
        [(shown * WIDTH).floor(), smaller(PAGE_HEIGHT, (shown * height).ceil())];
    // To its last pixel of the same shape as the page: some readers show black beside it.
    let [width, height] = [WIDTH, WIDTH * shown_height / shown_width].map(number);
    let [shown_width, shown_height] = [shown_width, shown_height].map(number);
    let (title, description, paper) =
        (escaped(&typeset(&page.title)), escaped(&page.description), hexadecimal(PAGE.light));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 {width} {height}\" \
         width=\"{shown_width}\" height=\"{shown_height}\" role=\"img\" stroke-linecap=\"round\" \
         font-family=\"'DejaVu Sans','Liberation Sans',sans-serif\">\n\
         <title>{title}</title>\n<desc>{description}</desc>\n<style media=\"(prefers-color-scheme: dark)\">\n\
         @media (prefers-color-scheme: dark) {{\n{}}}\n</style>\n\
         <rect fill=\"{paper}\" width=\"{width}\" height=\"{height}\"/>\n{body}</svg>\n",
        dark(&body),
    )
}

fn draw(items: &[Item], out: &mut String) {
    for item in items {
        match item {
            Item::Path { data: text, .. } | Item::Text { text, .. } if text.is_empty() => {}
            Item::Path { fill, stroke, data } => {
                let fill = fill.map_or("none".to_owned(), |paint| hexadecimal(paint.light));
                let _ = write!(out, "<path fill=\"{fill}\"");
                if let Some((paint, width, dashes)) = stroke {
                    let (colour, width) = (hexadecimal(paint.light), number(*width));
                    let _ = write!(out, " stroke=\"{colour}\" stroke-width=\"{width}\"");
                    // Only the outlines of markers have corners.
                    if fill != "none" || !data.ends_with('z') {
                        out.push_str(" stroke-linejoin=\"round\"");
                    }
                    if !dashes.is_empty() {
                        let lengths: Vec<String> = dashes.iter().map(|&length| number(length)).collect();
                        let _ = write!(out, " stroke-dasharray=\"{}\"", lengths.join(" "));
                    }
                }
                let _ = writeln!(out, " d=\"{data}\"/>");
            }
            Item::Text { role, anchor, at, text } => {
                let [x, y] = at.map(number);
                let (fill, size, text) = (hexadecimal(role.paint.light), role.size, escaped(text));
                let weight = if role.bold { " font-weight=\"bold\"" } else { "" };
                let look = format!(
                    "fill=\"{fill}\" font-size=\"{size}\"{weight} x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\""
                );
                let _ = writeln!(out, "<text {look}>{text}</text>");
            }
            Item::Plot(_, items) => {
                out.push_str("<g>\n");
                draw(items, out);
                out.push_str("</g>\n");
            }
        }
    }
}

/// The rules that give what is drawn its colours on a dark page.
fn dark(body: &str) -> String {
    let mut rules = String::new();
    for paint in paints() {
        let [light, dark] = [paint.light, paint.dark].map(hexadecimal);
        for property in ["fill", "stroke"] {
            // The rectangle below all others is not in the body.
            if body.contains(&format!("{property}=\"{light}\"")) || property == "fill" && paint == PAGE {
                let _ = writeln!(rules, ".plot [{property}=\"{light}\"]{{{property}:{dark}}}");
            }
        }
    }
    rules
}

fn hexadecimal([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Text as XML character data, without the characters that XML 1.0 cannot hold (production 2, Char).
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_written_without_what_xml_cannot_hold() {
        let text = "a<b && c>d \"e\" 'f'\t\r\n\0\u{7}\u{1b}\u{fffe}\u{ffff}\u{7f}🙂]]>";
        assert_eq!(escaped(text), "a&lt;b &amp;&amp; c&gt;d \"e\" 'f'   \u{7f}🙂]]&gt;");
    }
}
