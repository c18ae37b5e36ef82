//! Objects of one kind, by id and in the order they came.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{error::ApiError, form::Params};

/// What the books keep: it has an id, a time, and a face on the wire.
pub(crate) trait Record {
    /// Stripe's `object` value, also used in "No such …".
    const OBJECT: &'static str;
    /// The parameter that a missing one is blamed on.
    const PARAM: &'static str;
    fn id(&self) -> &str;
    /// Seconds since the Unix epoch.
    fn created(&self) -> i64;
    fn json(&self) -> Value;
}

/// All objects of one kind.
#[derive(Debug, Clone)]
pub(crate) struct Shelf<T> {
    rows: Vec<T>,
    places: HashMap<String, usize>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Record> Shelf<T> {
    /// Puts `row` last; an object of the same id is replaced in its place.
    pub fn put(&mut self, row: T) {
        match self.places.get(row.id()).and_then(|place| self.rows.get_mut(*place)) {
            Some(old) => *old = row,
            None => {
                self.places.insert(row.id().to_owned(), self.rows.len());
                self.rows.push(row);
            }
        }
    }

    pub fn get(&self, id: &str) -> Option<&T> {
        self.places.get(id).and_then(|place| self.rows.get(*place))
    }

    /// The object, or the 404 that says it is not there.
    pub fn find(&self, id: &str) -> Result<&T, ApiError> {
        self.get(id).ok_or_else(|| ApiError::missing(T::OBJECT, id, T::PARAM))
    }

    /// The object to change, or the 404 that says it is not there.
    pub fn find_mut(&mut self, id: &str) -> Result<&mut T, ApiError> {
        self.places
            .get(id)
            .and_then(|place| self.rows.get_mut(*place))
            .ok_or_else(|| ApiError::missing(T::OBJECT, id, T::PARAM))
    }

    /// In the order they came.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.iter()
    }

    /// Answers a list request: newest first, by cursor, of those that `wanted` keeps.
    pub fn page(
        &self,
        url: &str,
        params: &mut Params,
        wanted: impl Fn(&T) -> bool,
    ) -> Result<Value, ApiError> {
        let limit = params.integer("limit")?.unwrap_or(10);
        let limit = usize::try_from(limit).ok().filter(|limit| (1..=100).contains(limit));
        let limit = limit.ok_or_else(|| {
            ApiError::invalid("Invalid limit: must be between 1 and 100.").param("limit")
        })?;
        let after = params.text("starting_after")?;
        let before = params.text("ending_before")?;
        let created = Created::take(params)?;

        let mut rows: Vec<(usize, &T)> = self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| wanted(row) && created.holds(row.created()))
            .collect();
        rows.sort_by_key(|(place, row)| std::cmp::Reverse((row.created(), *place)));
        let place_of = |id: &str, param: &str| {
            rows.iter()
                .position(|(_, row)| row.id() == id)
                .ok_or_else(|| ApiError::missing(T::OBJECT, id, param))
        };
        let (chosen, has_more) = if let Some(id) = before {
            let end = place_of(&id, "ending_before")?;
            let start = end.saturating_sub(limit);
            (rows.get(start..end), start > 0)
        } else {
            let start = match after {
                Some(id) => place_of(&id, "starting_after")? + 1,
                None => 0,
            };
            let end = rows.len().min(start + limit);
            (rows.get(start..end), end < rows.len())
        };
        let data: Vec<Value> =
            chosen.unwrap_or_default().iter().map(|(_, row)| row.json()).collect();
        Ok(json!({ "object": "list", "url": url, "has_more": has_more, "data": data }))
    }
}

/// `created=…` or `created[gte]=…` and the like; seconds since the Unix epoch.
struct Created {
    from: i64,
    to: i64,
}

impl Created {
    fn take(params: &mut Params) -> Result<Self, ApiError> {
        let mut range = Self { from: i64::MIN, to: i64::MAX };
        if let Ok(Some(exact)) = params.clone().integer("created") {
            params.ignore(&["created"]);
            return Ok(Self { from: exact, to: exact });
        }
        let Some(mut bounds) = params.nested("created")? else { return Ok(range) };
        if let Some(gte) = bounds.integer("gte")? {
            range.from = range.from.max(gte);
        }
        if let Some(gt) = bounds.integer("gt")? {
            range.from = range.from.max(gt.saturating_add(1));
        }
        if let Some(lte) = bounds.integer("lte")? {
            range.to = range.to.min(lte);
        }
        if let Some(lt) = bounds.integer("lt")? {
            range.to = range.to.min(lt.saturating_sub(1));
        }
        bounds.finish()?;
        Ok(range)
    }

    fn holds(&self, created: i64) -> bool {
        (self.from..=self.to).contains(&created)
    }
}
