//! Words of the document as HTML: what little Markdown there is in them, and nothing else.

/// Escaped, with `code` and [links](#within-the-page).
pub fn marked(text: &str) -> String {
    let mut html = String::new();
    for (index, piece) in text.split('`').enumerate() {
        if index % 2 == 1 {
            html.push_str("<code>");
            html.push_str(&escaped(piece));
            html.push_str("</code>");
        } else {
            html.push_str(&linked(piece));
        }
    }
    html
}

fn linked(text: &str) -> String {
    let parts = || {
        let (before, rest) = text.split_once('[')?;
        let (words, rest) = rest.split_once("](#")?;
        let (to, rest) = rest.split_once(')')?;
        Some((before, words, to, rest))
    };
    match parts() {
        Some((before, words, to, rest)) => format!(
            "{}<a href=\"#{}\">{}</a>{}",
            escaped(before),
            escaped(to),
            escaped(words),
            linked(rest)
        ),
        None => escaped(text),
    }
}

/// What HTML would take for its own.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Where on the page something with this name is.
pub fn anchor(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_links_are_marked_and_everything_else_is_text() {
        assert_eq!(
            marked("`a<b>` & see [API \"keys\"](#api-keys)."),
            "<code>a&lt;b&gt;</code> &amp; see <a href=\"#api-keys\">API &quot;keys&quot;</a>."
        );
        assert_eq!(marked("a [b] c](#d"), "a [b] c](#d");
        assert_eq!(anchor("Client users"), "client-users");
    }
}
