//! The style sheet with an agency's look. Every value in it is a colour, a number or an address of our own making.

use super::{Image, Palette, Shades};

/// The room for a logo beside the agency's name, in pixels.
const BOX: (u32, u32) = (132, 28);

/// The sheet; nothing when there is nothing to show. `logo` is the picture and its address.
pub fn write(palette: Option<&Palette>, logo: Option<(Image, &str)>) -> Option<String> {
    let parts = [palette.map(colours), logo.map(|(image, address)| picture(image, address))];
    let text: String = parts.into_iter().flatten().collect();
    (!text.is_empty()).then_some(text)
}

/// Over the tokens of `style/tokens.css`, in their own layer: who sets one on the page itself still wins.
fn colours(palette: &Palette) -> String {
    let both = |of: fn(&Shades) -> String| {
        format!("light-dark({},{})", of(&palette.light), of(&palette.dark))
    };
    let (ink, fill) = (both(|it| it.ink.to_string()), both(|it| it.fill.to_string()));
    let (on_fill, strong) = (both(|it| it.on_fill.to_string()), both(|it| it.strong.to_string()));
    let on_ink = both(|it| it.ink.text_on().to_string());
    format!(
        "@layer tokens{{:root{{--accent:{ink};--accent-strong:{ink};--on-accent:{on_ink};\
         --accent-soft:color-mix(in oklab,var(--accent) 9%,var(--surface))}}}}\n\
         @layer ui{{.button.primary:not(:disabled){{background:{fill};color:{on_fill}}}\
         .button.primary:not(:disabled):hover{{background:{strong}}}}}\n"
    )
}

/// In the place of the product's own sign. On dark ground it gets a light plate: most logos are made for paper.
fn picture(image: Image, address: &str) -> String {
    let (width, height) = image.fit(BOX.0, BOX.1);
    format!(
        "@layer page{{.brand>.gate{{display:none}}.brand::before{{content:\"\";flex:none;\
         inline-size:{width}px;block-size:{height}px;border-radius:3px;\
         background:url(\"{address}\") center/contain no-repeat light-dark(#0000,#fff);\
         box-shadow:0 0 0 3px light-dark(#0000,#fff);print-color-adjust:exact}}}}\n"
    )
}
