//! Form encoding with brackets (`a[b][]=c`), and parameters that are taken one by one.
//!
//! Whatever is left when a handler has taken what it knows is refused, as Stripe refuses it.

use std::collections::BTreeMap;

use crate::error::ApiError;

/// Enough for any request we know; more is somebody's mistake.
const MAX_PAIRS: usize = 1_000;
const MAX_DEPTH: usize = 6;

type Fallible<T> = Result<T, ApiError>;

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Text(String),
    Map(BTreeMap<String, Node>),
}

/// Named parameters, at the top or inside a nested one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params {
    nodes: BTreeMap<String, Node>,
    /// How the enclosing parameter is spelled, for error messages.
    within: Option<String>,
}

impl Params {
    /// Decodes a query string or a form body.
    pub fn parse(encoded: &[u8]) -> Fallible<Self> {
        let mut params = Self::default();
        for (count, (name, value)) in form_urlencoded::parse(encoded).enumerate() {
            if count >= MAX_PAIRS {
                return Err(ApiError::invalid("Too many parameters."));
            }
            let path = split(&name)
                .ok_or_else(|| ApiError::invalid(format!("Invalid parameter name: {name}")))?;
            insert(&mut params.nodes, &path, value.into_owned())
                .ok_or_else(|| ApiError::invalid(format!("Conflicting parameter: {name}")))?;
        }
        Ok(params)
    }

    /// Adds the parameters of another string (a query's to a body's).
    pub fn merge(&mut self, other: Self) {
        self.nodes.extend(other.nodes);
    }

    fn spelled(&self, name: &str) -> String {
        self.within.as_ref().map_or_else(|| name.to_owned(), |outer| format!("{outer}[{name}]"))
    }

    fn raw(&mut self, name: &str) -> Fallible<Option<String>> {
        match self.nodes.remove(name) {
            None => Ok(None),
            Some(Node::Text(text)) => Ok(Some(text)),
            Some(Node::Map(_)) => {
                let spelled = self.spelled(name);
                Err(ApiError::invalid(format!("Invalid string: {spelled}")).param(spelled))
            }
        }
    }

    /// A text that may be absent but not empty.
    pub fn text(&mut self, name: &str) -> Fallible<Option<String>> {
        let text = self.raw(name)?;
        if text.as_deref() == Some("") {
            let spelled = self.spelled(name);
            return Err(ApiError::invalid(format!(
                "You passed an empty string for '{spelled}'. We assume empty values are an attempt \
                 to unset a parameter; however '{spelled}' cannot be unset."
            ))
            .code("parameter_invalid_empty")
            .param(spelled));
        }
        Ok(text)
    }

    /// A text that may be absent (`None`) or unset by an empty string (`Some(None)`).
    pub fn clearable(&mut self, name: &str) -> Fallible<Option<Option<String>>> {
        Ok(self.raw(name)?.map(|text| Some(text).filter(|text| !text.is_empty())))
    }

    /// A text that must be there.
    pub fn required(&mut self, name: &str) -> Fallible<String> {
        self.text(name)?.ok_or_else(|| self.missing(name))
    }

    /// The refusal of a request that lacks `name`.
    pub fn missing(&self, name: &str) -> ApiError {
        let spelled = self.spelled(name);
        ApiError::invalid(format!("Missing required param: {spelled}."))
            .code("parameter_missing")
            .param(spelled)
    }

    /// A whole number.
    pub fn integer(&mut self, name: &str) -> Fallible<Option<i64>> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let spelled = self.spelled(name);
        text.parse().map(Some).map_err(|_| {
            ApiError::invalid(format!("Invalid integer: {text}"))
                .code("parameter_invalid_integer")
                .param(spelled)
        })
    }

    /// `true` or `false`; absent is `false`.
    pub fn flag(&mut self, name: &str) -> Fallible<bool> {
        match self.text(name)?.as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => {
                let spelled = self.spelled(name);
                Err(ApiError::invalid(format!("Invalid boolean: {other}")).param(spelled))
            }
        }
    }

    /// One of a few words.
    pub fn choice(&mut self, name: &str, words: &[&str]) -> Fallible<Option<String>> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        if words.contains(&text.as_str()) {
            return Ok(Some(text));
        }
        let spelled = self.spelled(name);
        Err(ApiError::invalid(format!("Invalid {spelled}: must be one of {}", words.join(", ")))
            .param(spelled))
    }

    /// A list of texts, `name[]=…` or `name[0]=…`.
    pub fn texts(&mut self, name: &str) -> Fallible<Option<Vec<String>>> {
        let spelled = self.spelled(name);
        let refuse = || ApiError::invalid(format!("Invalid array: {spelled}")).param(&spelled);
        let Some(node) = self.nodes.remove(name) else { return Ok(None) };
        let Node::Map(map) = node else { return Err(refuse()) };
        let mut items = Vec::new();
        for (index, node) in map {
            match (index.parse::<usize>(), node) {
                (Ok(index), Node::Text(text)) => items.push((index, text)),
                _ => return Err(refuse()),
            }
        }
        items.sort_by_key(|(index, _)| *index);
        Ok(Some(items.into_iter().map(|(_, text)| text).collect()))
    }

    /// The parameters inside `name[…]`.
    pub fn nested(&mut self, name: &str) -> Fallible<Option<Self>> {
        let spelled = self.spelled(name);
        match self.nodes.remove(name) {
            None => Ok(None),
            Some(Node::Map(nodes)) => Ok(Some(Self { nodes, within: Some(spelled) })),
            Some(Node::Text(text)) if text.is_empty() => Ok(None),
            Some(Node::Text(_)) => {
                Err(ApiError::invalid(format!("Invalid object: {spelled}")).param(spelled))
            }
        }
    }

    /// Applies `metadata[…]` to what is there: an empty value removes its key, an empty
    /// `metadata` all of them.
    pub fn metadata(&mut self, metadata: &mut BTreeMap<String, String>) -> Fallible<()> {
        match self.nodes.remove("metadata") {
            None => Ok(()),
            Some(Node::Text(text)) if text.is_empty() => {
                metadata.clear();
                Ok(())
            }
            Some(Node::Text(_)) => {
                Err(ApiError::invalid("Invalid object: metadata").param("metadata"))
            }
            Some(Node::Map(entries)) => {
                for (key, node) in entries {
                    set_metadata(metadata, key, node)?;
                }
                if metadata.len() > 50 {
                    return Err(
                        ApiError::invalid("You can only have 50 metadata keys.").param("metadata")
                    );
                }
                Ok(())
            }
        }
    }

    /// Accepts parameters that have no bearing on these books.
    pub fn ignore(&mut self, names: &[&str]) {
        for name in names {
            self.nodes.remove(*name);
        }
    }

    /// Refuses whatever has not been taken.
    pub fn finish(self) -> Fallible<()> {
        match self.nodes.keys().next() {
            None => Ok(()),
            Some(name) => {
                let spelled = self.spelled(name);
                Err(ApiError::invalid(format!("Received unknown parameter: {spelled}"))
                    .code("parameter_unknown")
                    .param(spelled))
            }
        }
    }
}

fn set_metadata(
    metadata: &mut BTreeMap<String, String>,
    key: String,
    node: Node,
) -> Result<(), ApiError> {
    let spelled = format!("metadata[{key}]");
    let Node::Text(value) = node else {
        return Err(ApiError::invalid(format!("Invalid string: {spelled}")).param(spelled));
    };
    if key.chars().count() > 40 || value.chars().count() > 500 {
        return Err(ApiError::invalid(
            "Metadata keys can be up to 40 characters long and values up to 500.",
        )
        .param(spelled));
    }
    if value.is_empty() {
        metadata.remove(&key);
    } else {
        metadata.insert(key, value);
    }
    Ok(())
}

/// `a[b][]` → `["a", "b", ""]`; nothing when the brackets do not pair up.
fn split(name: &str) -> Option<Vec<&str>> {
    let Some(open) = name.find('[') else {
        return Some(vec![name]).filter(|_| !name.is_empty() && !name.contains(']'));
    };
    let (head, brackets) = name.split_at(open);
    let inner = brackets.strip_prefix('[')?.strip_suffix(']')?;
    let mut path = vec![head];
    path.extend(inner.split("]["));
    let sound = !head.is_empty()
        && path.len() <= MAX_DEPTH
        && path.iter().all(|part| !part.contains(['[', ']']));
    sound.then_some(path)
}

fn insert(nodes: &mut BTreeMap<String, Node>, path: &[&str], value: String) -> Option<()> {
    let (first, rest) = path.split_first()?;
    let key = if first.is_empty() { nodes.len().to_string() } else { (*first).to_owned() };
    if rest.is_empty() {
        return nodes.insert(key, Node::Text(value)).is_none().then_some(());
    }
    match nodes.entry(key).or_insert_with(|| Node::Map(BTreeMap::new())) {
        Node::Map(inner) => insert(inner, rest, value),
        Node::Text(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_nest_and_lists_keep_their_order() {
        let mut params = Params::parse(b"a[b][c]=1&l[]=x&l[]=y&n[1]=v&n[0]=u&t=a+b%26c").unwrap();
        let mut a = params.nested("a").unwrap().unwrap();
        let mut b = a.nested("b").unwrap().unwrap();
        assert_eq!(b.integer("c").unwrap(), Some(1));
        assert_eq!(params.texts("l").unwrap().unwrap(), ["x", "y"]);
        assert_eq!(params.texts("n").unwrap().unwrap(), ["u", "v"]);
        assert_eq!(params.text("t").unwrap().unwrap(), "a b&c");
        assert!(params.finish().is_ok());
    }

    #[test]
    fn what_nobody_took_is_refused_by_its_full_name() {
        let mut params = Params::parse(b"card[number]=1&card[magic]=2").unwrap();
        let mut card = params.nested("card").unwrap().unwrap();
        card.text("number").unwrap();
        let error = card.finish().unwrap_err();
        assert_eq!(error.code, Some("parameter_unknown"));
        assert_eq!(error.param.as_deref(), Some("card[magic]"));
    }

    #[test]
    fn a_name_with_broken_brackets_is_refused() {
        for name in ["a[", "a]", "[a]", "a[b", "a[b]c", "a[[b]]", "a[b][c][d][e][f][g]"] {
            assert!(Params::parse(format!("{name}=1").as_bytes()).is_err(), "{name}");
        }
    }

    #[test]
    fn an_empty_metadata_value_removes_its_key() {
        let mut metadata = BTreeMap::from([("a".to_owned(), "1".to_owned())]);
        let mut params = Params::parse(b"metadata[a]=&metadata[0]=zero").unwrap();
        params.metadata(&mut metadata).unwrap();
        assert_eq!(metadata, BTreeMap::from([("0".to_owned(), "zero".to_owned())]));
    }
}
