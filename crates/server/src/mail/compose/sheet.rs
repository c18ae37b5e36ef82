//! The one shape that all letters have, and the two templates that write it down: the text and the HTML of a letter say the
//! same because they are made from the same sheet.

use askama::Template;
use billing::brand::Palette;

use super::Look;

/// The room for a logo, in pixels.
const LOGO_BOX: (u32, u32) = (220, 44);

/// A letter, worded.
#[derive(Debug, Default)]
pub struct Sheet {
    /// The sender's name.
    pub sender: String,
    /// The subject, and the first line.
    pub heading: String,
    /// Paragraphs before the facts: what happened.
    pub lead: Vec<String>,
    /// What somebody else wrote.
    pub message: Option<Message>,
    /// The facts, one a line.
    pub facts: Vec<Fact>,
    /// The next step.
    pub button: Option<Button>,
    /// Paragraphs after it: what follows, what to do.
    pub next: Vec<String>,
    /// Why one got this letter.
    pub small: Vec<String>,
    /// In whose colours, and under which logo.
    pub look: Look,
}

/// What somebody else wrote; kept apart from our own words.
#[derive(Debug)]
pub struct Message {
    pub by: String,
    pub lines: Vec<String>,
}

/// `Card: Visa ···· 4242`
#[derive(Debug)]
pub struct Fact {
    pub name: &'static str,
    pub value: String,
}

/// A link that looks like a button; its address is also given in words.
#[derive(Debug)]
pub struct Button {
    pub label: &'static str,
    pub url: String,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Text<'a> {
    heading: &'a str,
    lead: &'a [String],
    message: Option<&'a Message>,
    facts: &'a [Fact],
    button: Option<&'a Button>,
    next: &'a [String],
    small: &'a [String],
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    colours: Colours,
    /// How large the logo is shown, in pixels.
    logo: Option<(u32, u32)>,
    sender: &'a str,
    heading: &'a str,
    lead: &'a [String],
    message: Option<&'a Message>,
    facts: &'a [Fact],
    button: Option<&'a Button>,
    next: &'a [String],
    small: &'a [String],
}

impl Sheet {
    /// Adds a fact.
    pub fn fact(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push(Fact { name, value: value.to_string() });
        self
    }

    /// Adds a fact if there is one.
    pub fn fact_if(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.fact(name, value),
            None => self,
        }
    }

    pub fn text(&self) -> Result<String, askama::Error> {
        let Self { heading, lead, facts, next, small, .. } = self;
        let (message, button) = (self.message.as_ref(), self.button.as_ref());
        Text { heading, lead, message, facts, button, next, small }.render()
    }

    pub fn html(&self) -> Result<String, askama::Error> {
        let Self { sender, heading, lead, facts, next, small, .. } = self;
        let (message, button) = (self.message.as_ref(), self.button.as_ref());
        let colours = self.look.palette.as_ref().map_or_else(Colours::of_the_product, Colours::of);
        let logo = self.look.logo.as_ref().map(|(image, _)| image.fit(LOGO_BOX.0, LOGO_BOX.1));
        Html { colours, logo, sender, heading, lead, message, facts, button, next, small }.render()
    }
}

/// The colours of the button and of links, on light and on dark ground.
struct Colours {
    fill: String,
    on_fill: String,
    ink: String,
    dark_fill: String,
    dark_on_fill: String,
    dark_ink: String,
}

impl Colours {
    fn of_the_product() -> Self {
        let [fill, on_fill, dark_fill, dark_on_fill] =
            ["#0b6480", "#ffffff", "#6bbbe0", "#06202c"].map(str::to_owned);
        let (ink, dark_ink) = (fill.clone(), dark_fill.clone());
        Self { fill, on_fill, ink, dark_fill, dark_on_fill, dark_ink }
    }

    fn of(palette: &Palette) -> Self {
        let Palette { light, dark } = palette;
        Self {
            fill: light.fill.to_string(),
            on_fill: light.on_fill.to_string(),
            ink: light.ink.to_string(),
            dark_fill: dark.fill.to_string(),
            dark_on_fill: dark.on_fill.to_string(),
            dark_ink: dark.ink.to_string(),
        }
    }
}
