//! The answer document as one HTML file: the few kinds of Markdown that it has, with its figures inside.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The style sheet: light or dark as the reader's screen, one column on a phone, on paper no page break in a figure. A wide
/// table may reach into the margin.
const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1f2328;--soft:#57606a;--page:#fff;--line:#d0d7de;--tint:#f6f8fa;--link:#0b5cad}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--soft:#a2abb5;--page:#0d1117;--line:#3a4149;--tint:#1f242a;--link:#7ab7f0}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:46rem;padding:1.5rem 1rem 4rem;background:var(--page);color:var(--ink);
font:1rem/1.6 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif}
h1{font-size:1.9rem;line-height:1.2}
h2{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line)}
h3{margin-top:2rem}
a{color:var(--link)}
blockquote{margin:1.2rem 0;padding:.1rem 1rem;border-left:.25rem solid var(--link);background:var(--tint);color:var(--soft)}
figure{margin:1.5rem 0}
figure svg{display:block;max-width:100%;height:auto;margin:0 auto}
figcaption{margin-top:.3rem;color:var(--soft);font-size:.9em;text-align:center}
.scroll{overflow-x:auto;margin-right:calc((100% - 100vw)/2 + 1rem)}
table{border-collapse:collapse;margin:1rem 0;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
.right{text-align:right}
.short{white-space:nowrap}
code,pre{font-family:ui-monospace,Consolas,Menlo,monospace;font-size:.88em;background:var(--tint)}
code{padding:.1em .25em;border-radius:3px;overflow-wrap:anywhere}
pre{padding:.8rem;overflow-x:auto}
pre code{padding:0}
@media print{
body{max-width:none;padding:0;font-size:10pt;line-height:1.4}h2{margin-top:1rem}blockquote{margin:.5rem 0}
figure{display:inline-block;width:49%;margin:.4rem 0;vertical-align:top}
figure svg{max-height:17cm}table{margin:.4rem 0}th,td{padding:.1rem .5rem}.scroll{overflow:visible;margin:0}table{font-size:8pt}
h2,h3,blockquote{break-after:avoid}figure,table,blockquote{break-inside:avoid}
a{color:inherit;text-decoration:none}}
";

/// The page, with the figures at the paths of its images.
///
/// # Panics
///
/// If there is no figure at such a path.
pub(crate) fn page(markdown: &str, figures: &BTreeMap<String, String>) -> String {
    let title =
        markdown.lines().next().and_then(|line| line.strip_prefix("# ")).map_or(String::new(), escape);
    let blocks = markdown.split("\n\n").map(|text| text.trim_matches('\n')).filter(|text| !text.is_empty());
    let body = with_one_style(&blocks.map(|text| block(text, figures) + "\n").collect::<String>());
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// A heading, figure, table, quotation, list or paragraph.
fn block(block: &str, figures: &BTreeMap<String, String>) -> String {
    let image = || block.strip_prefix("![")?.strip_suffix(')')?.split_once("](");
    if let Some(text) = block.strip_prefix("# ") {
        format!("<h1>{}</h1>", inline(text))
    } else if let Some(text) = block.strip_prefix("## ") {
        format!("<h2>{}</h2>", inline(text))
    } else if let Some((caption, path)) = image() {
        let svg = figures.get(path).unwrap_or_else(|| panic!("no program has drawn {path}"));
        format!("<figure>\n{svg}<figcaption>{}</figcaption>\n</figure>", inline(caption))
    } else if block.starts_with('|') {
        table(&block.lines().collect::<Vec<_>>())
    } else if let Some(text) = block.strip_prefix("> ") {
        format!("<blockquote><p>{}</p></blockquote>", inline(&text.replace("\n> ", " ")))
    } else if let Some(items) = block.strip_prefix("- ") {
        let item = |item: &str| format!("<li>{}</li>\n", inline(&item.replace("\n  ", " ")));
        format!("<ul>\n{}</ul>", items.split("\n- ").map(item).collect::<String>())
    } else {
        format!("<p>{}</p>", inline(&block.replace('\n', " ")))
    }
}

/// The body of the page, with the style sheet that all figures share kept in the first figure alone.
fn with_one_style(body: &str) -> String {
    const END: &str = "</style>\n";
    let Some((start, end)) = body.find("<style>").zip(body.find(END)) else { return body.to_owned() };
    let (first, others) = body.split_at(end + END.len());
    first.to_owned() + &others.replace(&first[start..], "")
}

/// A table, whose second line says which columns stand to the right.
fn table(lines: &[&str]) -> String {
    fn cells(line: &str) -> impl Iterator<Item = &str> {
        line.trim_matches('|').split('|').map(str::trim)
    }
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
            format!("<{tag}{class}>{}</{tag}>", inline(text))
        };
        format!("<tr>{}</tr>\n", cells(line).enumerate().map(cell).collect::<String>())
    };
    let body: String = lines[2..].iter().map(|line| row(line, "td")).collect();
    format!(
        "<div class=\"scroll\"><table>\n<thead>\n{}</thead>\n<tbody>\n{body}</tbody>\n</table></div>",
        row(lines[0], "th")
    )
}

/// Text with `code`, **strong** words and [links](…).
fn inline(text: &str) -> String {
    let strong = |(index, part): (usize, &str)| match index % 2 {
        0 => links(part),
        _ => format!("<strong>{}</strong>", links(part)),
    };
    let code = |(index, part): (usize, &str)| match index % 2 {
        0 => part.split("**").enumerate().map(strong).collect(),
        _ => format!("<code>{}</code>", escape(part)),
    };
    text.split('`').enumerate().map(code).collect()
}

fn links(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let link = after.split_once("](").and_then(|(words, after)| Some((words, after.split_once(')')?)));
        let Some((words, (target, after))) = link else { break };
        let _ = write!(html, "{}<a href=\"{}\">{}</a>", escape(before), escape(target), escape(words));
        rest = after;
    }
    html + &escape(rest)
}

/// Text with the characters that HTML reserves escaped; no line ends between a number and its percent sign.
fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    text.replace(" %", "\u{a0}%")
}
