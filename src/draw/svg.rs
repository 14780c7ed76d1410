//! A figure as SVG.

use super::figure::{Figure, Page};
use super::layout::{WIDTH, alone, rows};
use super::shapes::{Anchor, Item, Role};
use super::text::number;
use super::theme::{Colour, DARK, LIGHT, SLOTS, Theme};
use std::fmt::Write as _;

/// A standalone SVG document with the figure, which can also be put into an HTML page as it is (it has no ids, and
/// its style reaches no other element).
///
/// It scales with its `viewBox`, keeps text as text, follows `prefers-color-scheme`, and is well-formed XML whatever
/// the texts contain; characters that XML cannot hold are left out.
#[must_use]
pub fn svg(figure: &Figure) -> String {
    document([&figure.title, &figure.description], alone(figure))
}

/// A page of figures as a standalone SVG document, as [`svg`] writes it, with a group (`g`) for each figure.
#[must_use]
pub fn svg_page(page: &Page) -> String {
    document([&page.title, &page.description], rows(page))
}

/// A document with a title and a description, of this height.
fn document([title, description]: [&str; 2], (height, items): (f64, Vec<Item>)) -> String {
    let size = [WIDTH, height];
    let [width, height] = size.map(number);
    // Larger than the unit of the viewBox, so that a viewer that opens the file by itself shows it at a good size.
    let [shown_width, shown_height] = size.map(|length| number(1.5 * length));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 {width} {height}\" \
         width=\"{shown_width}\" height=\"{shown_height}\" role=\"img\">\n\
         <title>{}</title>\n<desc>{}</desc>\n<style>\n{}</style>\n\
         <rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n",
        escaped(title),
        escaped(description),
        style_sheet(),
    );
    draw(&items, &mut out);
    out.push_str("</svg>\n");
    out
}

fn draw(items: &[Item], out: &mut String) {
    for item in items {
        match item {
            Item::Path { data, .. } if data.is_empty() => {}
            Item::Path { look, data } => {
                let _ = writeln!(out, "<path {look} d=\"{data}\"/>");
            }
            Item::Text { text, .. } if text.is_empty() => {}
            Item::Text { role, anchor, at, text } => {
                let [x, y] = at.map(number);
                let anchor = match anchor {
                    Anchor::Start => "",
                    Anchor::Middle => " text-anchor=\"middle\"",
                    Anchor::End => " text-anchor=\"end\"",
                    Anchor::MiddleUpwards => {
                        &format!(" text-anchor=\"middle\" transform=\"rotate(-90 {x} {y})\"")
                    }
                };
                let (class, text) = (role.class, escaped(text));
                let _ = writeln!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{anchor}>{text}</text>");
            }
            Item::Group(items) => {
                out.push_str("<g>\n");
                draw(items, out);
                out.push_str("</g>\n");
            }
            Item::Clipped(to, items) => {
                // A nested svg cuts off as a clip path would, but needs no id.
                let [x, y, width, height] = [to.left, to.top, to.width, to.height].map(number);
                let place = format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
                let _ = writeln!(out, "<svg {place} viewBox=\"{x} {y} {width} {height}\">");
                draw(items, out);
                out.push_str("</svg>\n");
            }
        }
    }
}

/// The style sheet: each class once for the light page, and again for the dark page where that differs.
fn style_sheet() -> String {
    let mut style = String::from(
        ".plot text{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif}\n",
    );
    for role in Role::ALL {
        let weight = if role == Role::TITLE { ";font-weight:600" } else { "" };
        let _ = writeln!(style, ".plot .{}{{font-size:{}px{weight}}}", role.class, role.size);
    }
    style.push_str(
        ".plot .line,.plot .ring{fill:none;stroke-linecap:round;stroke-linejoin:round}\n\
         .plot .area{stroke-width:1.2;stroke-linejoin:round}\n\
         .plot .marker{stroke-width:1;paint-order:stroke;stroke-linejoin:round}\n\
         .plot .tag{stroke-width:4;paint-order:stroke;stroke-linejoin:round}\n",
    );
    style.push_str(&colours(&LIGHT));
    let _ = writeln!(style, "@media (prefers-color-scheme:dark){{\n{}}}", colours(&DARK));
    style
}

fn colours(theme: &Theme) -> String {
    let [page, ink, muted, boundary, grid, faint] =
        [theme.page, theme.ink, theme.muted, theme.boundary, theme.grid, theme.faint].map(hexadecimal);
    let mut rules = format!(
        ".plot .page{{fill:{page}}}\n.plot text{{fill:{ink}}}\n.plot .subtitle,.plot .label{{fill:{muted}}}\n\
         .plot .ring{{stroke:{ink}}}\n.plot .area{{stroke:{boundary}}}\n.plot .marker{{stroke:{page}}}\n\
         .plot .unit{{fill:{page};stroke:{ink}}}\n.plot .tag{{stroke:{page}}}\n\
         .plot .ink{{stroke:{ink}}}\n.plot .grid{{stroke:{grid}}}\n.plot .faint{{stroke:{faint}}}\n"
    );
    let series: Vec<String> = (0..SLOTS).map(|slot| hexadecimal(theme.series(slot))).collect();
    for (slot, full) in series.iter().enumerate() {
        let _ = writeln!(rules, ".plot .s{slot}{{stroke:{full}}}");
    }
    for (slot, full) in series.iter().enumerate() {
        let [pale, strong] = [false, true].map(|strong| hexadecimal(theme.tint(slot, strong)));
        let _ = writeln!(
            rules,
            ".plot .a{slot}{{fill:{pale}}}\n.plot .c{slot}{{fill:{strong}}}\n.plot .m{slot}{{fill:{full}}}"
        );
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
