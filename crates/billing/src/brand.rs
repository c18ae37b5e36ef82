//! How an agency shows itself to its clients: a colour, made readable on any ground, and a logo. [`Palette`] decides the colours,
//! [`Image`] what is taken as a logo, [`sheet`] writes the style sheet that pages load.

mod colour;
mod image;
mod palette;
pub mod sheet;

pub use colour::{Colour, SHAPE_CONTRAST, TEXT_CONTRAST};
pub use image::{Image, ImageError, ImageKind, LOGO_MAX_BYTES, LOGO_MAX_PIXELS};
pub use palette::{Palette, Shades};

#[cfg(test)]
mod tests;
