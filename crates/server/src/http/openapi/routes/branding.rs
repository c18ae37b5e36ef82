//! How the agency shows itself to its clients.

use billing::{
    api::{Branding, BrandingBody},
    brand::{ImageKind, LOGO_MAX_BYTES},
};
use serde_json::{Value, json};

use super::{API, Group};
use crate::http::openapi::operation::{Media, Operation, Shape, delete, get, put};

pub fn group() -> Group {
    Group {
        tag: "Branding",
        text: "The agency's name, colour and logo on the pay page, in letters, in the widget and on its client users' pages.",
        prefix: API,
        operations: operations(),
    }
}

fn operations() -> Vec<Operation> {
    vec![
        get("/branding", "get_branding", "What the agency has chosen", "Its name, its colour, its logo.")
            .answers::<Branding>("What it has chosen.", branding()),
        put(
            "/branding",
            "set_branding",
            "Choose name and colour",
            "The colour is made readable on light and dark ground; without one the product's own is shown.",
        )
        .takes::<BrandingBody>("Both; a colour that is left out is taken away.", json!({ "name": "Northwind Media", "accent": "#0b6480" }))
        .answers::<Branding>("What it has chosen.", branding()),
        put(
            "/branding/logo",
            "set_logo",
            "Choose a logo",
            "A picture in PNG, JPEG or WebP, at most 64 KiB and 1,024 pixels wide and high. What it is is read from the picture itself.",
        )
        .takes_one_of("The picture.", ImageKind::ALL.map(picture).into())
        .answers::<Branding>("What it has chosen.", branding())
        .refuses(415, &["unsupported_media_type"], "Another kind of picture.")
        .refuses(422, &["invalid"], "Not a picture, another kind than it says, or too many pixels.")
        .without_sample("no picture stands in a document"),
        delete("/branding/logo", "remove_logo", "Take the logo away", "Its name is shown alone.")
            .answers::<Branding>("What it has chosen.", branding()),
    ]
}

fn picture(kind: ImageKind) -> Media {
    let schema = json!({ "type": "string", "format": "binary", "maxLength": LOGO_MAX_BYTES });
    Media { kind: kind.media_type(), shape: Shape::Plain(schema), example: json!("…") }
}

fn branding() -> Value {
    json!({
        "name": "Northwind Media",
        "accent": "#0b6480",
        "logo": null,
        "stylesheet": "/brand/agy_01kmq8w2hj4x7c9v3n5b1d6f8g/6f2c1b7e.css",
    })
}
