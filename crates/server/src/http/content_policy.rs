//! What a page may load, and who may frame it (DESIGN §8).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

/// For answers that are no page.
pub const NOTHING: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What no page of ours needs.
pub const PERMISSIONS: &str =
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
/// The demo's mailbox: its own style, and letters in frames.
pub const MAILBOX: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'; report-uri /api/v1/csp-reports";
/// The page of the API: its own style.
pub const DOCS: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; report-uri /api/v1/csp-reports";
/// A letter in the demo's mailbox: whatever it says, it runs nothing and loads nothing, but its link can be followed. A page
/// opened by it is a page like any other.
pub const LETTER: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; \
     sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

/// The agency's app.
pub fn app(html: &str) -> String {
    page(html, "", "", "")
}

/// The settings: the widget's frame besides, which they show as a site would.
pub fn settings(html: &str) -> String {
    page(html, "", " 'self'", "")
}

/// A page that takes cards: the gateway's script and its frames besides.
pub fn pay(html: &str, script_url: &str) -> String {
    let origin = origin(script_url);
    if origin == "https://js.stripe.com" {
        let frames = format!(" {origin} https://*.js.stripe.com https://hooks.stripe.com");
        return page(
            html,
            &format!(" {origin} https://*.js.stripe.com"),
            &frames,
            " https://api.stripe.com",
        );
    }
    let origin = format!(" {origin}");
    page(html, &origin, &origin, "")
}

/// The widget's frame, framed by nobody; see [`framed_by`]. It reports nothing: a site that frames it without leave is refused, and
/// that is no fault of ours.
pub fn frame(html: &str) -> String {
    let policy = page(html, "", "", "").replace("form-action 'self'", "form-action 'none'");
    policy.replace("; report-uri /api/v1/csp-reports", "")
}

/// The same for these sites to frame.
pub fn framed_by(policy: &str, origins: &[String]) -> String {
    match policy.strip_suffix("'none'") {
        Some(rest) if !origins.is_empty() => format!("{rest}{}", origins.join(" ")),
        _ => policy.to_owned(),
    }
}

/// What the pay page's frames may use: the gateway asks for payments, nobody else for anything.
pub fn pay_permissions(script_url: &str) -> String {
    let gateway = format!("payment=(self \"{}\")", origin(script_url));
    PERMISSIONS.replace("payment=()", &gateway)
}

/// A page that is nothing but text and links, with this style in it.
pub fn with_style(style: &str) -> String {
    let style = hash(style);
    format!(
        "default-src 'none'; style-src {style}; img-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'; report-uri /api/v1/csp-reports"
    )
}

/// The same, with an agency's style sheet and logo.
pub fn with_style_and_brand(style: &str) -> String {
    with_style(style).replace("style-src ", "style-src 'self' ")
}

fn page(html: &str, scripts: &str, frames: &str, connections: &str) -> String {
    let hashes: String =
        inline_scripts(html).iter().map(|script| format!(" {}", hash(script))).collect();
    let frame_src = if frames.is_empty() { String::new() } else { format!("frame-src{frames}; ") };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}{scripts}; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'{connections}; font-src 'self'; {frame_src}manifest-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri /api/v1/csp-reports"
    )
}

/// Scheme, host and port of an address; nothing if it is none.
fn origin(address: &str) -> String {
    url::Url::parse(address)
        .map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}

/// What stands in script elements without an address, byte for byte.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("<script") {
        let Some((attributes, after)) = after.split_once('>') else { break };
        let Some((content, after)) = after.split_once("</script>") else { break };
        let external = attributes.split_ascii_whitespace().any(|word| word.starts_with("src="));
        if !external && !content.is_empty() {
            scripts.push(content);
        }
        rest = after;
    }
    scripts
}

fn hash(script: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inline_script_is_let_in_by_its_hash_and_one_with_an_address_is_not() {
        let html = "<script type=\"module\">import x</script><script src=\"/a.js\"></script>";
        assert_eq!(inline_scripts(html), ["import x"]);
        let policy = app(html);
        // printf %s 'import x' | openssl dgst -sha256 -binary | base64
        assert!(policy.contains("'sha256-"), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 1);
        assert!(!policy.contains("frame-src"));
    }

    #[test]
    fn the_frame_is_framed_by_the_sites_it_is_told_and_nobody_else() {
        let alone = frame("");
        assert!(alone.ends_with("; frame-ancestors 'none'"), "{alone}");
        assert!(alone.contains("form-action 'none'") && !alone.contains("report-uri"), "{alone}");
        assert_eq!(framed_by(&alone, &[]), alone);
        let sites = ["https://a.example".to_owned(), "http://localhost:8091".to_owned()];
        let framed = framed_by(&alone, &sites);
        let expected = "; frame-ancestors https://a.example http://localhost:8091";
        assert!(framed.ends_with(expected), "{framed}");
    }

    #[test]
    fn the_pay_page_lets_in_the_gateways_origin_and_no_other() {
        let policy = pay("", "http://127.0.0.1:4242/stripe.js");
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval' http://127.0.0.1:4242;"));
        assert!(policy.contains("frame-src http://127.0.0.1:4242;"), "{policy}");
        assert!(policy.contains("connect-src 'self';"));
        let stripe = pay("", "https://js.stripe.com/endive/stripe.js");
        assert!(stripe.contains("https://hooks.stripe.com;"));
        assert!(stripe.contains("connect-src 'self' https://api.stripe.com;"), "{stripe}");
    }
}
