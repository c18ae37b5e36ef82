//! Whether the server is fine.

use super::Group;
use crate::http::openapi::operation::get;

pub fn group() -> Group {
    Group {
        tag: "Health",
        text: "For whoever keeps the server running.",
        prefix: "",
        operations: vec![
            get("/livez", "get_livez", "The process answers", "Asks nothing of anybody.")
                .answers_nothing(200, "It does."),
            get("/readyz", "get_readyz", "The database answers, too", "Reads a little from it.")
                .answers_nothing(200, "It does."),
        ],
    }
}
