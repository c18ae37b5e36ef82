//! The one shape that all letters have, and the two templates that write it down: the text and the HTML of a letter say the
//! same because they are made from the same sheet.

use askama::Template;

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
        Html { sender, heading, lead, message, facts, button, next, small }.render()
    }
}
