//! The files in the binary: the browser entries, compressed when the client takes it, cached for as long as their name holds.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use super::content_policy;
use crate::config::Config;

/// What the build script found.
struct Embedded {
    /// Its path below the folder of all entries, like `app/index.html`.
    name: &'static str,
    content: &'static [u8],
    brotli: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// For a file whose name changes with its content.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// For a file whose name stays: ask every time, take it again only when it changed.
const ASK: &str = "no-cache";
/// Hexadecimal digits that trunk puts into a name.
const HASH_DIGITS: usize = 16;
/// What a page says when the browser entries were not built.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sluice</title>\
    <p>The web assets were not built into this server. Start it with <code>cargo xtask run</code>.</p></html>";

/// A file as it is served.
#[derive(Clone, Debug)]
pub struct File {
    content: &'static [u8],
    brotli: Option<&'static [u8]>,
    media_type: &'static str,
    etag: String,
    immutable: bool,
}

/// All of them.
pub struct Files {
    files: BTreeMap<&'static str, File>,
    /// The agency's app.
    pub app: Page,
    /// The agency's settings, and the doors for those who are not signed in yet.
    pub settings: Page,
    /// The customer's pay page.
    pub pay: Page,
    /// The widget's frame.
    pub frame: Page,
    /// The pages of client users.
    pub portal: Page,
    /// A balance with its cards: a customer's, or the agency's own.
    pub wallet: Page,
}

/// A page with its policy.
pub struct Page {
    file: File,
    policy: Option<HeaderValue>,
    permissions: Option<HeaderValue>,
}

impl Files {
    /// What was embedded when the server was built.
    pub fn embedded(config: &Config) -> Self {
        let files = EMBEDDED.iter().map(|embedded| {
            let Embedded { name, content, brotli } = *embedded;
            (name, File::new(name, content, brotli))
        });
        let files: BTreeMap<_, _> = files.collect();
        let page = |name: &str| {
            let missing = || File::new("index.html", NOT_BUILT.as_bytes(), None);
            files.get(name).cloned().unwrap_or_else(missing)
        };
        let script_url = &config.gateway.script_url;
        let with_cards = |name: &str| {
            let policy = |html: &str| content_policy::pay(html, script_url);
            Page::new(page(name), policy, Some(content_policy::pay_permissions(script_url)))
        };
        Self {
            app: Page::new(page("app/index.html"), content_policy::app, None),
            settings: Page::new(page("settings/index.html"), content_policy::settings, None),
            pay: with_cards("pay/index.html"),
            wallet: with_cards("wallet/index.html"),
            frame: Page::new(page("embed/index.html"), content_policy::frame, None),
            portal: Page::new(page("portal/index.html"), content_policy::app, None),
            files,
        }
    }

    /// The file of this path. Pages are not among them: they have addresses of their own, and policies.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.get(path).filter(|file| !file.media_type.starts_with("text/html"))
    }

    /// The first file of an entry with this kind of name.
    pub fn find(&self, prefix: &str, suffix: &str) -> Option<&File> {
        let named = |name: &&&str| name.starts_with(prefix) && name.ends_with(suffix);
        self.files.keys().find(named).and_then(|name| self.files.get(name))
    }
}

impl Page {
    fn new(file: File, policy: impl Fn(&str) -> String, permissions: Option<String>) -> Self {
        let html = String::from_utf8_lossy(file.content);
        let policy = HeaderValue::from_str(&policy(&html)).ok();
        let permissions = permissions.and_then(|text| HeaderValue::from_str(&text).ok());
        Self { file, policy, permissions }
    }

    /// The page, or 304.
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let mut response = self.file.answer(asked);
        let headers = response.headers_mut();
        if let Some(policy) = &self.policy {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
        }
        if let Some(permissions) = &self.permissions {
            headers.insert("permissions-policy", permissions.clone());
        }
        response
    }

    /// The page, whole, for these sites to frame and nobody else. Nothing keeps it: who may frame it can change.
    pub fn answer_framed(&self, origins: &[String]) -> Response {
        let mut response = self.answer(&HeaderMap::new());
        let headers = response.headers_mut();
        headers.remove(header::ETAG);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let policy = self.policy.as_ref().and_then(|policy| policy.to_str().ok());
        let policy = policy.map(|policy| content_policy::framed_by(policy, origins));
        if let Some(policy) = policy.and_then(|policy| HeaderValue::from_str(&policy).ok()) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

impl File {
    /// A file in the binary.
    pub fn new(name: &str, content: &'static [u8], brotli: Option<&'static [u8]>) -> Self {
        let digest = Sha256::digest(content);
        let etag = URL_SAFE_NO_PAD.encode(digest.get(..12).unwrap_or_default());
        Self { content, brotli, media_type: media_type(name), etag, immutable: is_hashed(name) }
    }

    /// The file, or 304 when the client has it.
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let brotli = self.brotli.filter(|_| takes_brotli(asked));
        // Each encoding is a representation of its own (RFC 9110 §8.8.3).
        let suffix = if brotli.is_some() { "-br" } else { "" };
        let etag = format!("\"{}{suffix}\"", self.etag);
        let cache = if self.immutable { FOREVER } else { ASK };
        let headers = [
            (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
            (header::VARY, HeaderValue::from_static("accept-encoding")),
            (header::CONTENT_TYPE, HeaderValue::from_static(self.media_type)),
            (
                header::ETAG,
                HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("\"\"")),
            ),
        ];
        if has(asked, &etag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let content = brotli.unwrap_or(self.content);
        let mut response = (headers, Body::from(content)).into_response();
        if brotli.is_some() {
            let br = HeaderValue::from_static("br");
            response.headers_mut().insert(header::CONTENT_ENCODING, br);
        }
        response
    }
}

fn takes_brotli(asked: &HeaderMap) -> bool {
    let values = asked.get_all(header::ACCEPT_ENCODING).iter();
    values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(
        |coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let refused = weight
                .trim()
                .strip_prefix("q=0")
                .is_some_and(|rest| rest.trim_matches(['.', '0']).is_empty());
            name.trim().eq_ignore_ascii_case("br") && !refused
        },
    )
}

fn has(asked: &HeaderMap, etag: &str) -> bool {
    let value = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    value.is_some_and(|value| {
        value.split(',').any(|one| one.trim().trim_start_matches("W/") == etag || one.trim() == "*")
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" | "ts" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether the name holds a hash of the content, as trunk writes it: `app-0123456789abcdef_bg.wasm`. Folders of
/// wasm-bindgen's snippets are named by a hash of the crate alone, which does not change with every file in them.
fn is_hashed(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.split(['-', '_', '.'])
        .any(|part| part.len() == HASH_DIGITS && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_name_with_a_hash_is_kept_forever_and_another_is_asked_for() {
        for hashed in ["app/app-0123456789abcdef_bg.wasm", "pay/pay-8f3c0a1b2d4e5f60.css"] {
            assert!(is_hashed(hashed), "{hashed}");
        }
        for plain in ["app/index.html", "pay/snippets/sluice-0123456789abcdef/inline0.js"] {
            assert!(!is_hashed(plain), "{plain}");
        }
        let cache = |name| {
            let response = File::new(name, b"", None).answer(&HeaderMap::new());
            response.headers()[header::CACHE_CONTROL].clone()
        };
        assert_eq!(cache("pay/pay-8f3c0a1b2d4e5f60.css"), "public, max-age=31536000, immutable");
        assert_eq!(cache("app/index.html"), "no-cache");
    }

    #[test]
    fn brotli_goes_to_those_who_take_it() {
        let file = File::new("a.css", b"plain", Some(b"small"));
        let encoding = |value| {
            let response = file.answer(&asked(header::ACCEPT_ENCODING, value));
            response.headers().get(header::CONTENT_ENCODING).cloned()
        };
        assert_eq!(encoding("gzip, br;q=0.9").unwrap(), "br");
        assert_eq!(encoding("gzip, br;q=0"), None);
        assert_eq!(encoding("gzip"), None);
    }

    #[test]
    fn who_has_it_does_not_get_it_again() {
        let file = File::new("a.css", b"plain", None);
        let first = file.answer(&HeaderMap::new());
        let etag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, format!("\"x\", W/{etag}").parse().unwrap());
        assert_eq!(file.answer(&headers).status(), StatusCode::NOT_MODIFIED);
        let other = asked(header::IF_NONE_MATCH, "\"x\"");
        assert_eq!(file.answer(&other).status(), StatusCode::OK);
    }
}
