//! `GET /demo/csp-reports`

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::http::{App, gate::Anyone};

/// How many reports browsers sent since the start, and the newest of them.
pub async fn answer(_: Anyone, State(app): State<App>) -> Json<Value> {
    let (count, newest) = app.reports.all();
    Json(json!({ "count": count, "newest": newest }))
}
