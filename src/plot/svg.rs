//! A figure as SVG.

use super::figure::{Figure, Point};
use super::scene::{Anchor, Item, Rectangle, Role, Scene};
use super::theme::{Colour, DARK, LIGHT, Paint, SLOTS, Theme, marker};
use std::fmt::Write;

/// A standalone SVG document with the figure, which can also be put into an HTML page as it is (it has no ids, and
/// its style reaches no other element).
///
/// It scales with its `viewBox`, keeps text as text, follows `prefers-color-scheme`, and is well-formed XML whatever
/// the texts contain; characters that XML cannot hold are left out.
#[must_use]
pub fn svg(figure: &Figure) -> String {
    let scene = Scene::new(figure);
    let [width, height] = scene.size.map(number);
    // Larger than the unit of the viewBox, so that a viewer that opens the file by itself shows it at a good size.
    let [shown_width, shown_height] = scene.size.map(|length| number(1.25 * length));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 {width} {height}\" \
         width=\"{shown_width}\" height=\"{shown_height}\" role=\"img\">\n\
         <title>{}</title>\n<desc>{}</desc>\n<style>\n{}</style>\n\
         <rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n",
        escaped(&figure.title),
        escaped(&figure.description),
        style_sheet(),
    );
    scene.back.iter().for_each(|item| draw(item, &mut out));
    // A nested svg cuts off what reaches beyond it, as a clip path would, but needs no id.
    let Rectangle { left, top, width, height } = scene.plot;
    let [x, y, width, height] = [left, top, width, height].map(number);
    let place = format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
    push(&mut out, format_args!("<svg {place} viewBox=\"{x} {y} {width} {height}\">\n"));
    scene.data.iter().for_each(|item| draw(item, &mut out));
    out.push_str("</svg>\n");
    scene.front.iter().for_each(|item| draw(item, &mut out));
    out.push_str("</svg>\n");
    out
}

fn push(out: &mut String, text: std::fmt::Arguments) {
    out.write_fmt(text).expect("writing to a String cannot fail");
}

fn draw(item: &Item, out: &mut String) {
    match item {
        Item::Area { rings, .. } if rings.is_empty() => {}
        Item::Area { class, rings } => {
            let class = class % SLOTS;
            push(out, format_args!("<path class=\"area a{class}\" d=\"{}\"/>\n", path(rings, "z")));
        }
        Item::Stroke { lines, .. } if lines.is_empty() => {}
        Item::Stroke { paint, width, dashes, lines } => {
            let class = paint_class(*paint);
            push(out, format_args!("<path class=\"line {class}\" stroke-width=\"{}\"", number(*width)));
            if !dashes.is_empty() {
                let lengths: Vec<String> = dashes.iter().map(|&length| number(length)).collect();
                push(out, format_args!(" stroke-dasharray=\"{}\"", lengths.join(" ")));
            }
            push(out, format_args!(" d=\"{}\"/>\n", path(lines, "")));
        }
        Item::Markers { at, .. } | Item::Rings { at, .. } if at.is_empty() => {}
        Item::Markers { class, radius, at } => {
            let outlines = match marker(*class) {
                None => circles(at, *radius),
                Some(outline) => at
                    .iter()
                    .map(|[x, y]| outline.iter().map(|[dx, dy]| [x + radius * dx, y + radius * dy]).collect())
                    .map(|outline: Vec<Point>| path(&[outline], "z"))
                    .collect(),
            };
            push(out, format_args!("<path class=\"marker m{}\" d=\"{outlines}\"/>\n", class % SLOTS));
        }
        Item::Rings { radius, at } => {
            push(out, format_args!("<path class=\"ring\" d=\"{}\"/>\n", circles(at, *radius)));
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
            let (class, text) = (role_class(*role), escaped(text));
            push(
                out,
                format_args!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{anchor}{turn}>{text}</text>\n"),
            );
        }
    }
}

/// Each class once, for the light page, and again for the dark page where that differs.
fn style_sheet() -> String {
    let mut style = String::from(
        ".plot text{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif}\n",
    );
    for role in Role::ALL {
        let weight = if role == Role::Title { ";font-weight:600" } else { "" };
        push(
            &mut style,
            format_args!(".plot .{}{{font-size:{}px{weight}}}\n", role_class(role), role.size()),
        );
    }
    style.push_str(
        ".plot .line,.plot .ring{fill:none;stroke-linecap:round;stroke-linejoin:round}\n\
         .plot .area{stroke-width:1.2;stroke-linejoin:round}\n\
         .plot .marker{stroke-width:1;paint-order:stroke;stroke-linejoin:round}\n\
         .plot .ring{stroke-width:1.5}\n",
    );
    style.push_str(&colours(&LIGHT));
    push(&mut style, format_args!("@media (prefers-color-scheme:dark){{\n{}}}\n", colours(&DARK)));
    style
}

fn colours(theme: &Theme) -> String {
    let [page, ink, muted, boundary] = [theme.page, theme.ink, theme.muted, theme.boundary].map(hexadecimal);
    let mut rules = format!(
        ".plot .page{{fill:{page}}}\n.plot text{{fill:{ink}}}\n.plot .subtitle,.plot .label{{fill:{muted}}}\n\
         .plot .ring{{stroke:{ink}}}\n.plot .area{{stroke:{boundary}}}\n.plot .marker{{stroke:{page}}}\n"
    );
    for paint in [Paint::Ink, Paint::Faint].into_iter().chain((0..SLOTS).map(Paint::Series)) {
        let (class, (colour, opacity)) = (paint_class(paint), theme.paint(paint));
        let opacity =
            if opacity < 1.0 { format!(";stroke-opacity:{}", number(opacity)) } else { String::new() };
        push(&mut rules, format_args!(".plot .{class}{{stroke:{}{opacity}}}\n", hexadecimal(colour)));
    }
    for slot in 0..SLOTS {
        let (tint, strong) = (hexadecimal(theme.tint(slot)), hexadecimal(theme.series(slot)));
        push(&mut rules, format_args!(".plot .a{slot}{{fill:{tint}}}\n.plot .m{slot}{{fill:{strong}}}\n"));
    }
    rules
}

fn hexadecimal([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn paint_class(paint: Paint) -> String {
    match paint {
        Paint::Ink => "ink".to_owned(),
        Paint::Faint => "faint".to_owned(),
        Paint::Series(slot) => format!("s{}", slot % SLOTS),
    }
}

fn role_class(role: Role) -> &'static str {
    match role {
        Role::Title => "title",
        Role::Subtitle => "subtitle",
        Role::Name => "name",
        Role::Label => "label",
    }
}

/// Path data through the points of each line, each ending in `end`. Steps are relative to the rounded point before,
/// which is shorter and lets no error add up.
fn path(lines: &[Vec<Point>], end: &str) -> String {
    let mut data = String::new();
    for line in lines {
        let mut last = [0, 0];
        for (index, point) in line.iter().enumerate() {
            let here = point.map(hundredths);
            data.push_str(match index {
                0 => "M",
                1 => "l",
                _ => " ",
            });
            let [x, y] = [written(here[0] - last[0]), written(here[1] - last[1])];
            push(&mut data, format_args!("{x} {y}"));
            last = here;
        }
        data.push_str(end);
    }
    data
}

fn circles(centres: &[Point], radius: f64) -> String {
    let (r, diameter) = (number(radius), number(2.0 * radius));
    let circle = |&[x, y]: &Point| {
        let [left, y] = [x - radius, y].map(number);
        format!("M{left} {y}a{r} {r} 0 1 0 {diameter} 0a{r} {r} 0 1 0 -{diameter} 0z")
    };
    centres.iter().map(circle).collect()
}

/// To two decimals: a hundredth of the unit is well under a pixel at any size a figure is shown.
fn number(value: f64) -> String {
    written(hundredths(value))
}

fn hundredths(value: f64) -> i64 {
    (100.0 * value).round() as i64
}

/// The shortest decimal of that many hundredths, never "-0".
fn written(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, fraction) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    match (whole, fraction) {
        (_, 0) => format!("{sign}{whole}"),
        (_, tens) if tens % 10 == 0 => format!("{sign}{whole}.{}", tens / 10),
        _ => format!("{sign}{whole}.{fraction:02}"),
    }
}

/// Text as XML character data, without the characters that XML 1.0 cannot hold (production 2, Char).
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => safe.push(character),
        }
    }
    safe
}
