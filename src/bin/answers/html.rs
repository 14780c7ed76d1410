//! The answer document as one HTML file: the few kinds of Markdown that it has, with its figures inside.

use std::iter;

use super::runs::Figures;

/// The style sheet: light or dark as the reader's screen, one column on a phone, on paper no page break in a figure. A wide
/// table may reach into the margin.
const STYLE: &str = include_str!("page.css");

/// The page, with the figures at the paths of its images. Its policy lets it load nothing and run nothing.
///
/// # Panics
///
/// If there is no figure at such a path.
pub(crate) fn page(markdown: &str, figures: &Figures) -> String {
    let title =
        markdown.lines().next().and_then(|line| line.strip_prefix("# ")).map_or(String::new(), escape);
    let mut blocks =
        markdown.split("\n\n").map(|text| text.trim_matches('\n')).filter(|text| !text.is_empty()).peekable();
    let blocks = iter::from_fn(|| {
        let text = blocks.next()?;
        let html = if text.starts_with('|') {
            let caption = blocks.next_if(|next| next.starts_with(CAPTION)).unwrap_or_default();
            table(text, caption.trim_start_matches(CAPTION))
        } else {
            block(text, figures)
        };
        Some(html + "\n")
    });
    let body: String = blocks.collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// The beginning of a paragraph that is the caption of the table above it, as pandoc has it.
const CAPTION: &str = "Table: ";

/// A heading, figure, quotation, list or paragraph.
fn block(block: &str, figures: &Figures) -> String {
    let image = || block.strip_prefix("![")?.strip_suffix(')')?.rsplit_once("](");
    if let Some(text) = block.strip_prefix("# ") {
        format!("<h1>{}</h1>", inline(text))
    } else if let Some(text) = block.strip_prefix("## ") {
        format!("<h2>{}</h2>", inline(text))
    } else if let Some((caption, path)) = image() {
        let svg = figures.get(path).unwrap_or_else(|| panic!("no program has drawn {path}"));
        format!("<figure>\n{svg}<figcaption>{}</figcaption>\n</figure>", inline(caption))
    } else if let Some(text) = block.strip_prefix("> ") {
        format!("<blockquote><p>{}</p></blockquote>", inline(&text.replace("\n> ", " ")))
    } else if let Some(items) = block.strip_prefix("- ") {
        let item = |item: &str| format!("<li>{}</li>\n", inline(&item.replace("\n  ", " ")));
        format!("<ul>\n{}</ul>", items.split("\n- ").map(item).collect::<String>())
    } else {
        format!("<p>{}</p>", inline(&block.replace('\n', " ")))
    }
}

/// A table, whose second line says which columns stand to the right. A narrow screen scrolls it, by the keyboard too.
fn table(text: &str, caption: &str) -> String {
    fn cells(line: &str) -> impl Iterator<Item = &str> {
        line.trim_matches('|').split('|').map(str::trim)
    }
    let lines: Vec<&str> = text.lines().collect();
    let right: Vec<bool> = cells(lines[1]).map(|rule| rule.ends_with(':')).collect();
    let row = |line: &str, tag: &str| {
        let cell = |(column, text): (usize, &str)| {
            // Short entries stay on one line; headings may take two.
            let class = match (right[column], tag == "td" && text.chars().count() <= 20) {
                (false, false) => "",
                (false, true) => " class=\"short\"",
                (true, false) => " class=\"right\"",
                (true, true) => " class=\"right short\"",
            };
            let scope = if tag == "th" { " scope=\"col\"" } else { "" };
            format!("<{tag}{scope}{class}>{}</{tag}>", inline(text))
        };
        format!("<tr>{}</tr>\n", cells(line).enumerate().map(cell).collect::<String>())
    };
    let body: String = lines[2..].iter().map(|line| row(line, "td")).collect();
    format!(
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table>\n<caption>{}</caption>\n<thead>\n{}\
         </thead>\n<tbody>\n{body}</tbody>\n</table></div>",
        escape(&caption.replace('`', "")),
        inline(caption),
        row(lines[0], "th")
    )
}

/// Text with `code`, **strong** words, [links](…) and characters that a backslash makes plain.
fn inline(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let marked = |start: &str, end: &str| rest.strip_prefix(start)?.split_once(end);
        let link = || {
            let (words, after) = marked("[", "](")?;
            Some((words, after.split_once(')')?))
        };
        let (piece, after) = if let Some(after) = rest.strip_prefix('\\') {
            let plain = after.chars().next().map_or(0, char::len_utf8);
            (escape(&after[..plain]), &after[plain..])
        } else if let Some((code, after)) = marked("`", "`") {
            (format!("<code>{}</code>", escape(code)), after)
        } else if let Some((strong, after)) = marked("**", "**") {
            (format!("<strong>{}</strong>", inline(strong)), after)
        } else if let Some((words, (target, after))) = link() {
            (format!("<a href=\"{}\">{}</a>", escape(target), inline(words)), after)
        } else {
            let (character, after) = rest.split_at(character.len_utf8());
            (escape(character), after)
        };
        html.push_str(&piece);
        rest = after;
    }
    // No line ends between a number and its percent sign.
    html.replace(" %", "\u{a0}%")
}

/// Text with the characters that HTML reserves escaped.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::escaped;

    #[test]
    fn a_name_from_a_file_is_shown_as_it_is() {
        for name in [
            "[a](http://b)",
            "![a](b.png)",
            "**a**",
            "`a`",
            "``",
            "<img src=x>",
            "&amp;",
            "a|b",
            "\\",
            "a\\*b",
            "www.a.org",
            "a@b.c",
            "~~a~~",
            "$a$",
            "[^1]",
            "Iris-setosa",
            "1.5 cm",
            "\"a\"",
            "# a",
            "λ: ½",
            "{a}",
            "a\\",
        ] {
            assert_eq!(inline(&escaped(name)), escape(name), "{name}");
            // Between other words, too.
            assert_eq!(inline(&format!("x {}; y", escaped(name))), format!("x {}; y", escape(name)));
        }
        assert_eq!(escaped("a\n# b"), "a \\# b");
        assert_eq!(escaped("dead units: 9 of 16 (no sample)"), "dead units: 9 of 16 (no sample)");
    }

    #[test]
    fn marks_of_the_document_are_elements() {
        for (markdown, html) in [
            ("a **b `c`** d", "a <strong>b <code>c</code></strong> d"),
            ("[data](../data/)", "<a href=\"../data/\">data</a>"),
            ("99 % a*b [c] `d", "99\u{a0}% a*b [c] `d"),
        ] {
            assert_eq!(inline(markdown), html);
        }
    }

    #[test]
    fn a_table_has_its_caption_and_the_keyboard_reaches_it() {
        let page = page("# T\n\n| a | b |\n|---:|---|\n| 1 | x |\n\nTable: C `d`\n\nText\n", &Figures::new());
        let table = "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"C d\"><table>\n\
                     <caption>C <code>d</code></caption>\n<thead>\n<tr><th scope=\"col\" class=\"right\">a</th>\
                     <th scope=\"col\">b</th></tr>\n</thead>\n<tbody>\n<tr><td class=\"right short\">1</td>\
                     <td class=\"short\">x</td></tr>\n</tbody>\n</table></div>\n<p>Text</p>\n</main>";
        assert!(page.contains(table), "{page}");
    }
}
