//! A figure as SVG.

use super::figure::{Figure, Page};
use super::layout::{Layout, Scene};
use super::shapes::{Anchor, Item, Rectangle, Role, number};
use super::theme::{Colour, DARK, LIGHT, Paint, SLOTS, Theme};
use std::fmt::Write as _;

/// A standalone SVG document with the figure, which can also be put into an HTML page as it is (it has no ids, and
/// its style reaches no other element).
///
/// It scales with its `viewBox`, keeps text as text, follows `prefers-color-scheme`, and is well-formed XML whatever
/// the texts contain; characters that XML cannot hold are left out.
#[must_use]
pub fn svg(figure: &Figure) -> String {
    let scene = Scene::new(figure);
    document([&figure.title, &figure.description], scene.size, |out| panel(&scene, out))
}

/// The same of a page of figures, each of them a group (`g`) of its own.
#[must_use]
pub fn svg_page(page: &Page) -> String {
    let layout = Layout::rows(page);
    document([&page.title, &page.description], layout.size, |out| {
        layout.heading.iter().for_each(|item| draw(item, out));
        for scene in &layout.panels {
            out.push_str("<g>\n");
            panel(scene, out);
            out.push_str("</g>\n");
        }
    })
}

/// A document of that size with a title, a description and what `body` writes.
fn document([title, description]: [&str; 2], size: [f64; 2], body: impl FnOnce(&mut String)) -> String {
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
    body(&mut out);
    out.push_str("</svg>\n");
    out
}

fn draw(item: &Item, out: &mut String) {
    match item {
        Item::Path { data, .. } if data.is_empty() => {}
        Item::Path { look, data } => {
            let _ = writeln!(out, "<path {look} d=\"{data}\"/>");
        }
        Item::Text { text, .. } if text.is_empty() => {}
        Item::Text { role, anchor, upright, at, text } => {
            let [x, y] = at.map(number);
            let anchor = match anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            };
            let turn = if *upright { String::new() } else { format!(" transform=\"rotate(-90 {x} {y})\"") };
            let (class, text) = (role.class(), escaped(text));
            let _ = writeln!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{anchor}{turn}>{text}</text>");
        }
    }
}

fn panel(scene: &Scene, out: &mut String) {
    scene.back.iter().for_each(|item| draw(item, out));
    // A nested svg cuts off what reaches beyond it, as a clip path would, but needs no id.
    let Rectangle { left, top, width, height } = scene.plot;
    let [x, y, width, height] = [left, top, width, height].map(number);
    let place = format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
    let _ = writeln!(out, "<svg {place} viewBox=\"{x} {y} {width} {height}\">");
    scene.data.iter().for_each(|item| draw(item, out));
    out.push_str("</svg>\n");
    scene.front.iter().for_each(|item| draw(item, out));
}

/// Each class once, for the light page, and again for the dark page where that differs.
fn style_sheet() -> String {
    let mut style = String::from(
        ".plot text{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif}\n",
    );
    for role in Role::ALL {
        let weight = if role == Role::Title { ";font-weight:600" } else { "" };
        let _ = writeln!(style, ".plot .{}{{font-size:{}px{weight}}}", role.class(), role.size());
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
    let [page, ink, muted, boundary] = [theme.page, theme.ink, theme.muted, theme.boundary].map(hexadecimal);
    let mut rules = format!(
        ".plot .page{{fill:{page}}}\n.plot text{{fill:{ink}}}\n.plot .subtitle,.plot .label{{fill:{muted}}}\n\
         .plot .ring{{stroke:{ink}}}\n.plot .area{{stroke:{boundary}}}\n.plot .marker{{stroke:{page}}}\n\
         .plot .unit{{fill:{page};stroke:{ink}}}\n.plot .tag{{stroke:{page}}}\n"
    );
    for paint in [Paint::Ink, Paint::Grid, Paint::Faint].into_iter().chain((0..SLOTS).map(Paint::Series)) {
        let (class, colour) = (paint.class(), hexadecimal(theme.paint(paint)));
        let _ = writeln!(rules, ".plot .{class}{{stroke:{colour}}}");
    }
    for slot in 0..SLOTS {
        let [pale, strong] = [false, true].map(|strong| hexadecimal(theme.tint(slot, strong)));
        let full = hexadecimal(theme.series(slot));
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
    use super::super::samples::{curves, page, plane};
    use super::*;

    const AWKWARD: [&str; 7] = [
        "<&\"'>",
        "]]> <!-- --> <svg> &amp; &#0;",
        "bell \u{7} null \0 escape \u{1b} \u{fffe}\u{ffff} delete \u{7f}",
        "tab\tline\nreturn\r",
        "emoji 🙂 👩‍🔬 λ₂ ≤ ½ — 中文 \u{202e}",
        "",
        "a_very_long_word_without_any_space_that_could_not_possibly_fit_in_the_width_of_a_figure_at_all",
    ];

    /// The text of each element in order, or what is wrong with the document: tags must nest, attributes be quoted
    /// and unique, only the five predefined entities and character references be used, characters be allowed.
    fn parsed(document: &str) -> Result<Vec<(String, String)>, String> {
        let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
        if let Some(bad) = document.chars().find(|&c| !allowed(c)) {
            return Err(format!("character {bad:?}"));
        }
        let (mut open, mut texts, mut rest) = (Vec::<&str>::new(), Vec::new(), document);
        while let Some((text, after)) = rest.split_once('<') {
            let text = unescaped(text)?;
            match open.last() {
                Some(name) => texts.push(((*name).to_owned(), text)),
                None if text.trim().is_empty() => {}
                None => return Err(format!("{text:?} outside the root")),
            }
            let (tag, after) = after.split_once('>').ok_or("a tag that does not end")?;
            rest = after;
            if tag.contains('<') {
                return Err(format!("a < within {tag:?}"));
            }
            if let Some(name) = tag.strip_prefix('/') {
                if open.pop() != Some(name) {
                    return Err(format!("</{name}> closes another element"));
                }
                continue;
            }
            let body = tag.strip_suffix('/').unwrap_or(tag);
            let (name, attributes) = body.split_once(' ').unwrap_or((body, ""));
            check_attributes(attributes)?;
            if tag == body {
                open.push(name);
            }
        }
        if open.is_empty() && rest.trim().is_empty() {
            Ok(texts)
        } else {
            Err(format!("{open:?} not closed"))
        }
    }

    fn check_attributes(mut rest: &str) -> Result<(), String> {
        let mut seen = Vec::new();
        while !rest.is_empty() {
            let (name, after) = rest.split_once("=\"").ok_or(format!("attribute {rest:?}"))?;
            let (value, after) = after.split_once('"').ok_or("a value that does not end")?;
            unescaped(value)?;
            if seen.contains(&name) || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
                return Err(format!("attribute {name:?}"));
            }
            seen.push(name);
            rest = match after.strip_prefix(' ') {
                Some(next) => next,
                None if after.is_empty() => "",
                None => return Err(format!("no space before {after:?}")),
            };
        }
        Ok(())
    }

    fn unescaped(text: &str) -> Result<String, String> {
        let mut parts = text.split('&');
        let mut plain = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (entity, after) = part.split_once(';').ok_or(format!("a bare & before {part:?}"))?;
            plain.push_str(match entity {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                "#39" => "'",
                _ => return Err(format!("entity {entity:?}")),
            });
            plain.push_str(after);
        }
        Ok(plain)
    }

    fn samples() -> Vec<Figure> {
        let losses: Vec<f64> = (0..500).map(|epoch| 1.0 / f64::from(1 + epoch)).collect();
        vec![
            curves(&[("training", &losses), ("validation", &losses[..5])]),
            curves(&[]),
            plane("Map", ["a", "b", "c"], 40, 1.0),
            plane("Map", ["", "", ""], 0, 1.0),
        ]
    }

    #[test]
    fn the_checker_finds_what_is_not_well_formed() {
        for bad in [
            "<a>",
            "<a></b>",
            "<a/>x",
            "<a b=c/>",
            "<a b=\"1\"c=\"2\"/>",
            "<a b=\"1\" b=\"2\"/>",
            "<a>&</a>",
            "<a>&nbsp;</a>",
            "<a b=\"<\"/>",
            "<a>\u{7}</a>",
        ] {
            assert!(parsed(bad).is_err(), "{bad}");
        }
        assert!(parsed("<a b=\"1\" c=\"&lt;\"><d/>&amp;</a>\n").is_ok());
    }

    #[test]
    fn the_document_is_well_formed_whatever_the_text_and_the_data() {
        for figure in samples() {
            parsed(&svg(&figure)).unwrap();
        }
        for text in AWKWARD {
            let mut figure = plane(text, [text; 3], 9, 1.0);
            figure.x.label = text.to_owned();
            figure.y.label = text.to_owned();
            figure.description = text.to_owned();
            parsed(&svg(&figure)).unwrap_or_else(|error| panic!("{error} with {text:?}"));
        }
    }

    #[test]
    fn pages_are_well_formed_whatever_the_text() {
        for text in AWKWARD.into_iter().chain(["plain", ""]) {
            parsed(&svg_page(&page(text))).unwrap_or_else(|error| panic!("{error} with {text:?}"));
        }
        parsed(&svg_page(&Page { panels: Vec::new(), ..page("none") })).unwrap();
    }

    #[test]
    fn text_comes_back_as_it_was_but_for_its_spaces_and_what_xml_cannot_hold() {
        let texts =
            parsed(&svg(&plane("a<b &\t\"c\" 'd'\0\u{1b}\u{ffff}\u{7f}🙂", ["p>q", "r", "s"], 9, 1.0)))
                .unwrap();
        let has = |element: &str, text: &str| texts.contains(&(element.to_owned(), text.to_owned()));
        assert!(has("title", "a<b & \"c\" 'd'\u{7f}🙂"));
        assert!(has("text", "a<b & \"c\" 'd'\u{7f}🙂") && has("text", "p>q"));
        assert!(texts.iter().any(|(element, text)| element == "desc" && text.contains("9 points")));
    }

    #[test]
    fn the_same_figure_gives_the_same_bytes_and_fits_its_budget() {
        let figure = plane("Map", ["a", "b", "c"], 300, 1.0);
        assert_eq!(svg(&figure), svg(&figure.clone()));
        let losses: Vec<f64> =
            (0..10_000).map(|epoch| 0.1 + f64::from(epoch * 7919 % 1000) / 1000.0).collect();
        let long = svg(&curves(&[("training", &losses)]));
        assert!(long.len() < 20_000, "{} bytes", long.len());
    }

    #[test]
    fn the_root_says_what_it_is_and_every_class_has_a_style() {
        for figure in samples() {
            let document = svg(&figure);
            let root = document.split_once('>').unwrap().0;
            assert!(root.contains("viewBox=\"0 0 390 ") && root.contains("role=\"img\""), "{root}");
            assert!(!document.contains(" id=\""), "an id would clash in a page with two figures");
            let style = document.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
            let used = document
                .split("class=\"")
                .skip(2)
                .flat_map(|rest| rest.split('"').next().unwrap().split(' '));
            for class in used {
                assert!(style.contains(&format!(".plot .{class}")), "{class} has no style");
            }
        }
    }

    #[test]
    fn both_colour_schemes_name_the_same_classes() {
        let selectors = |theme| -> Vec<String> {
            colours(theme).lines().map(|rule| rule.split_once('{').unwrap().0.to_owned()).collect()
        };
        assert_eq!(selectors(&LIGHT), selectors(&DARK));
    }
}
