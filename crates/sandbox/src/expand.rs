//! `expand[]`: puts whole objects where an answer has only their ids.

use serde_json::Value;

use crate::{books::Books, error::ApiError};

/// What may be expanded; anything else is refused, so that a misspelling does not go unseen.
const EXPANDABLE: &[&str] =
    &["customer", "payment_method", "latest_charge", "payment_intent", "charge"];

/// Expands `property` (dots lead inwards, `data` into a list's items) in `object`.
pub(crate) fn expand(books: &Books, object: &mut Value, property: &str) -> Result<(), ApiError> {
    let path: Vec<&str> = property.split('.').collect();
    walk(books, object, &path).ok_or_else(|| {
        ApiError::invalid(format!("This property cannot be expanded ({property}).")).param("expand")
    })
}

fn walk(books: &Books, value: &mut Value, path: &[&str]) -> Option<()> {
    let Some((first, rest)) = path.split_first() else { return Some(()) };
    if let Some(items) = value.as_array_mut() {
        return items.iter_mut().try_for_each(|item| walk(books, item, path));
    }
    if value.is_null() {
        return Some(());
    }
    let inner = value.as_object_mut()?.get_mut(*first)?;
    if EXPANDABLE.contains(first) {
        if let Some(whole) = inner.as_str().and_then(|id| books.object(id)) {
            *inner = whole;
        }
    } else if *first != "data" {
        return None;
    }
    walk(books, inner, rest)
}
