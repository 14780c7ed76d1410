//! The answer document as one HTML file: the few kinds of Markdown that it has, with its figures inside.

use std::collections::BTreeMap;

/// Figures as SVG, by their paths from the document.
pub(crate) type Figures = BTreeMap<String, String>;

/// The page, with the figures of its images, all of which there are. Its policy lets it load nothing and run nothing.
pub(crate) fn page(markdown: &str, figures: &Figures) -> String {
    let title = markdown.lines().next().map_or(String::new(), |line| escape(line.trim_start_matches("# ")));
    // A table and its caption are one block.
    let markdown = markdown.replace("\n\nTable: ", "\nTable: ");
    let style = include_str!("page.css");
    let body: String = markdown.trim_end().split("\n\n").map(|text| block(text, figures) + "\n").collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// A heading, figure, quotation, table or paragraph.
fn block(block: &str, figures: &Figures) -> String {
    let image = || block.strip_prefix("![")?.strip_suffix(')')?.rsplit_once("](");
    let (mark, text) = block.split_once(' ').unwrap_or_default();
    match (mark, image()) {
        ("#", _) => format!("<h1>{}</h1>", inline(text)),
        ("##", _) => format!("<h2>{}</h2>", inline(text)),
        (">", _) => format!("<blockquote><p>{}</p></blockquote>", inline(&text.replace("\n> ", " "))),
        ("|", _) => table(block),
        (_, Some((caption, path))) => {
            let svg = figures.get(path).unwrap_or_else(|| panic!("no program has drawn {path}"));
            format!("<figure>\n{svg}<figcaption>{}</figcaption>\n</figure>", inline(caption))
        }
        _ => format!("<p>{}</p>", inline(&block.replace('\n', " "))),
    }
}

/// A table and its caption: line 2 says which columns stand to the right. A narrow screen scrolls it, by the keyboard too.
fn table(text: &str) -> String {
    let (text, caption) = text.split_once("\nTable: ").unwrap_or((text, ""));
    let lines: Vec<Vec<&str>> =
        text.lines().map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect();
    let row = |cells: &Vec<&str>, tag: &str| {
        let cell = |(text, rule): (&&str, &&str)| {
            let class = if rule.ends_with(':') { " class=\"right\"" } else { "" };
            format!("<{tag}{class}>{}</{tag}>", inline(text))
        };
        format!("<tr>{}</tr>\n", cells.iter().zip(&lines[1]).map(cell).collect::<String>())
    };
    let body: String = lines[2..].iter().map(|cells| row(cells, "td")).collect();
    format!(
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table>\n<caption>{}</caption>\n\
         <thead>\n{}</thead>\n<tbody>\n{body}</tbody>\n</table></div>",
        escape(caption),
        inline(caption),
        row(&lines[0], "th")
    )
}

/// Text with `code`, **strong** words and characters that a backslash makes plain.
fn inline(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let marked = |mark: &str| rest.strip_prefix(mark)?.split_once(mark);
        let (piece, after) = if let Some(after) = rest.strip_prefix('\\') {
            let plain = after.chars().next().map_or(0, char::len_utf8);
            (escape(&after[..plain]), &after[plain..])
        } else if let Some((code, after)) = marked("`") {
            (format!("<code>{}</code>", escape(code)), after)
        } else if let Some((strong, after)) = marked("**") {
            (format!("<strong>{}</strong>", inline(strong)), after)
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
        for name in
            "[a](http://b) ![a](b.png) **a** `a` `` <img> &amp; a|b \\ a\\*b www.a.org a@b.c ~~a~~ $a$ [^1] 1.5 \"a\" #a λ:½ {a} a\\"
                .split(' ')
        {
            // Between other words.
            assert_eq!(inline(&format!("x {}; y", escaped(name))), format!("x {}; y", escape(name)));
        }
        assert_eq!(escaped("a\n# b"), "a \\# b");
    }

    #[test]
    fn marks_of_the_document_are_elements() {
        for (markdown, html) in [
            ("a **b `c`** d", "a <strong>b <code>c</code></strong> d"),
            ("99 % a*b [c] `d", "99\u{a0}% a*b [c] `d"),
        ] {
            assert_eq!(inline(markdown), html);
        }
    }

    #[test]
    fn a_table_has_its_caption_and_the_keyboard_reaches_it() {
        let page = page("# T\n\n| a | b |\n|---:|---|\n| 1 | x |\n\nTable: C\n\nText\n", &Figures::new());
        let table = "<h1>T</h1>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"C\"><table>\n\
                     <caption>C</caption>\n<thead>\n<tr><th class=\"right\">a</th><th>b</th></tr>\n</thead>\n<tbody>\n\
                     <tr><td class=\"right\">1</td><td>x</td></tr>\n</tbody>\n</table></div>\n<p>Text</p>\n</main>";
        assert!(page.contains(table), "{page}");
    }
}
