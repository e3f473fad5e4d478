//! HTML in a document: its tags and comments are left out, its text stays. `<pod-name>` is no tag of HTML and stays as well.

use crate::is_listed;

/// The elements of HTML: <https://html.spec.whatwg.org/multipage/indices.html#elements-3>, and those that went before.
const ELEMENTS: &str = "a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption center cite code \
    col colgroup data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer \
    form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link \
    main map mark marquee math menu meta meter nav noscript object ol optgroup option output p picture pre progress \
    q rp rt ruby s samp script search section select slot small source span strike strong style sub summary sup svg \
    table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr";

/// What of one piece of HTML is shown.
pub(super) fn shown(html: &str) -> String {
    let mut shown = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        shown.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(length) = tag_length(rest) else {
            shown.push('<');
            rest = &rest[1..];
            continue;
        };
        let name = tag_name(&rest[..length]);
        let is_end = rest.starts_with("</");
        if matches!(name.as_str(), "script" | "style") && !is_end {
            let end = rest.find(&format!("</{name}"));
            rest = end.map_or("", |end| &rest[end..]);
            continue;
        }
        if name == "br" || name == "summary" && is_end {
            shown.push('\n');
        }
        rest = &rest[length..];
    }
    shown.push_str(rest);
    shown
}

fn tag_name(tag: &str) -> String {
    let name = tag.trim_start_matches(['<', '/']);
    name.chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase()
}

/// The length of the tag, the comment or the instruction that begins here.
fn tag_length(text: &str) -> Option<usize> {
    if text.starts_with("<!--") {
        return Some(text.find("-->").map_or(text.len(), |end| end + 3));
    }
    if text.starts_with("<!") || text.starts_with("<?") {
        return Some(text.find('>').map_or(text.len(), |end| end + 1));
    }
    let name = tag_name(text);
    let after = text
        .trim_start_matches(['<', '/'])
        .as_bytes()
        .get(name.len())
        .copied();
    let is_bounded = matches!(after, Some(b' ' | b'\t' | b'\n' | b'>' | b'/') | None);
    let is_element = is_bounded && is_listed(ELEMENTS, name.as_str());
    is_element.then(|| text.find('>').map_or(text.len(), |end| end + 1))
}
