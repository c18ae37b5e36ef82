//! The mail server that letters are sent to, and what is asked of a letter that came.

use serde_json::Value;
use server::mail::Mail;

use crate::python::Python;

/// Where mail comes from.
pub const FROM: &str = "billing@northwind.example";

/// A running mail server; it ends with this value.
pub struct Sink {
    pub port: u64,
    program: Python,
}

impl Sink {
    pub async fn start(options: &[&str]) -> Self {
        let mut program = Python::start("smtp_sink.py", options);
        Self { port: program.port().await, program }
    }

    /// Its address, of mail servers that speak without TLS.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// What it says next: a letter, or that somebody is left waiting.
    pub async fn told(&mut self) -> Value {
        self.program.told().await
    }
}

/// The values of a header.
pub fn header<'a>(letter: &'a Value, name: &str) -> Vec<&'a str> {
    let headers = letter["headers"].as_array().unwrap().iter();
    let named = headers.filter(|header| header[0].as_str().unwrap().eq_ignore_ascii_case(name));
    named.map(|header| header[1].as_str().unwrap()).collect()
}

/// The one address that a letter went to.
pub fn recipient(letter: &Value) -> &str {
    let [to] = &letter["rcpt_tos"].as_array().unwrap()[..] else { panic!("{letter:#}") };
    to.as_str().unwrap()
}

/// The content of the part of this type.
pub fn part(letter: &Value, kind: &str) -> String {
    let parts = letter["parts"].as_array().unwrap();
    let part = parts.iter().find(|part| part[0] == kind).unwrap();
    part[1].as_str().unwrap().replace("\r\n", "\n").trim_end().to_owned()
}

/// A short letter.
pub fn mail() -> Mail {
    Mail {
        message_id: "mail_01m820b9q8".to_owned(),
        from_name: "Northwind Media".to_owned(),
        to: "dana@brightwater.co".to_owned(),
        subject: "Set up billing".to_owned(),
        text: "Hi Dana".to_owned(),
        html: "<p>Hi Dana</p>".to_owned(),
        logo: None,
    }
}
