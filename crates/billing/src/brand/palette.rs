//! What becomes of an agency's colour: on light and on dark ground it fills the button of the next step as it is, and is darkened or
//! lightened, as little as is needed, where it is read or drawn.

use serde::{Deserialize, Serialize};

use super::colour::{Colour, SHAPE_CONTRAST, TEXT_CONTRAST};

/// The darkest of the light grounds that text stands on, and the lightest of the dark ones (`style/tokens.css`, letters).
const LIGHT_GROUND: Colour = Colour::new(0xec, 0xf0, 0xf2);
const DARK_GROUND: Colour = Colour::new(0x22, 0x2b, 0x32);
/// How finely a colour is changed, in hundredths.
const STEP: u8 = 2;

/// The colours on one kind of ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shades {
    /// Of what is filled: the button of the next step.
    pub fill: Colour,
    /// Of text on it: black or white.
    pub on_fill: Colour,
    /// Of the same button under the pointer.
    pub strong: Colour,
    /// Of links, marks and the outline of what has the focus.
    pub ink: Colour,
}

/// An agency's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Palette {
    /// On light ground.
    pub light: Shades,
    /// On dark ground.
    pub dark: Shades,
}

impl Palette {
    /// By the agency's one colour.
    pub fn of(accent: Colour) -> Self {
        let light = shades(accent, towards(accent, Colour::BLACK, LIGHT_GROUND, TEXT_CONTRAST));
        let visible = towards(accent, Colour::WHITE, DARK_GROUND, SHAPE_CONTRAST);
        let dark = shades(visible, towards(accent, Colour::WHITE, DARK_GROUND, TEXT_CONTRAST));
        Self { light, dark }
    }

    /// What somebody who chooses this colour should know, in sentences; nothing when it is used as it is.
    pub fn warnings(&self, accent: Colour) -> Vec<String> {
        let mut warnings = Vec::new();
        for (ground, shades, against) in
            [("light", self.light, LIGHT_GROUND), ("dark", self.dark, DARK_GROUND)]
        {
            if shades.ink != accent {
                let (ratio, changed) = (accent.contrast(against), shades.ink);
                let how = if ground == "light" { "darker" } else { "lighter" };
                warnings.push(format!(
                    "On {ground} ground its contrast is {}.{:02}, less than the 4.5 that text needs: links take the {how} {changed}.",
                    ratio / 100,
                    ratio % 100,
                ));
            }
        }
        if self.light.on_fill == Colour::BLACK {
            warnings.push("Text on it is black: white would be hard to read.".to_owned());
        }
        warnings
    }
}

fn shades(fill: Colour, ink: Colour) -> Shades {
    let on_fill = fill.text_on();
    // Away from its text, so that this is read no worse.
    let away = if on_fill == Colour::WHITE { Colour::BLACK } else { Colour::WHITE };
    Shades { fill, on_fill, strong: fill.mixed(away, 14), ink }
}

/// The colour with as little of another mixed in as it takes to be told from the ground.
fn towards(accent: Colour, other: Colour, ground: Colour, contrast: u32) -> Colour {
    let enough = |colour: &Colour| colour.contrast(ground) >= contrast;
    let mixes = (0..=100).step_by(usize::from(STEP)).map(|percent| accent.mixed(other, percent));
    mixes.into_iter().find(enough).unwrap_or(other)
}
