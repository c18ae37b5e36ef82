//! Every kind of letter, as `mail/compose` words it (`golden/mail`, which its own tests keep true), through a real server and an
//! independent parser.

use std::{collections::BTreeSet, fs, path::Path};

use server::mail::{Mail, Mailer as _, Picture, smtp::Smtp};

use crate::sink::{FROM, Sink, header, part, recipient};

/// What stands in a letter's head, and nothing else.
const HEADERS: [&str; 8] = [
    "Auto-Submitted",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
];

/// The letters in `golden/mail`, by name.
fn letters() -> Vec<(String, Mail)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/mail"));
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            entry.unwrap().file_name().to_str()?.strip_suffix(".txt").map(str::to_owned)
        })
        .collect();
    names.sort();
    names
        .into_iter()
        .enumerate()
        .map(|(number, name)| (name.clone(), letter(folder, &name, number)))
        .collect()
}

fn letter(folder: &Path, name: &str, number: usize) -> Mail {
    let told = fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap();
    let html = fs::read_to_string(folder.join(format!("{name}.html"))).unwrap();
    let (head, text) = told.split_once("\n\n").unwrap();
    let field =
        |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
    let picture = Picture { media_type: "image/png", bytes: b"\x89PNG\r\n\x1a\n".to_vec() };
    Mail {
        message_id: format!("mail_{number:010}"),
        from_name: field("From: "),
        to: field("To: "),
        subject: field("Subject: "),
        text: text.to_owned(),
        logo: html.contains("cid:logo").then_some(picture),
        html,
    }
}

/// The links of a plain text.
fn links(text: &str) -> BTreeSet<&str> {
    text.split_whitespace().filter(|word| word.starts_with("https://")).collect()
}

#[tokio::test]
async fn every_kind_of_letter_arrives_whole() {
    let mut sink = Sink::start(&[]).await;
    let smtp = Smtp::from_url(&sink.url(), FROM).unwrap();
    let (letters, mut ids) = (letters(), BTreeSet::new());
    assert!(letters.len() >= 30, "{}", letters.len());
    for (name, mail) in &letters {
        smtp.send(mail).await.unwrap();
        let got = sink.told().await;
        assert_eq!(got["defects"], serde_json::json!([]), "{name}");
        assert_eq!(
            (recipient(&got), header(&got, "To")),
            (mail.to.as_str(), vec![mail.to.as_str()])
        );
        assert_eq!(got["from_name"], mail.from_name, "{name}");
        assert_eq!(
            (got["from_address"].as_str(), got["mail_from"].as_str()),
            (Some(FROM), Some(FROM))
        );
        assert_eq!(header(&got, "Subject"), [mail.subject.as_str()], "{name}");
        let mut headers: Vec<_> =
            got["headers"].as_array().unwrap().iter().map(|one| one[0].as_str().unwrap()).collect();
        headers.sort_unstable();
        assert_eq!(headers, HEADERS, "{name}");
        assert_eq!(part(&got, "text/plain"), mail.text.trim_end(), "{name}");
        assert_eq!(part(&got, "text/html"), mail.html.trim_end(), "{name}");
        let kinds: Vec<_> =
            got["parts"].as_array().unwrap().iter().map(|part| part[0].as_str().unwrap()).collect();
        let logo = if mail.logo.is_some() { &["image/png"][..] } else { &[] };
        assert_eq!(kinds, [&["text/plain", "text/html"][..], logo].concat(), "{name}");
        // A link is the same in both, and nothing has cut it.
        for link in links(&mail.text) {
            assert!(
                part(&got, "text/html").contains(&format!("href=\"{link}\"")),
                "{name}: {link}"
            );
        }
        assert!(ids.insert(header(&got, "Message-ID")[0].to_owned()), "{name}: an id came twice");
    }
    assert!(letters.iter().any(|(_, mail)| mail.logo.is_some()));
    assert!(letters.iter().filter(|(_, mail)| !links(&mail.text).is_empty()).count() >= 10);
    // A second try is the same letter.
    smtp.send(&letters[0].1).await.unwrap();
    assert!(ids.contains(header(&sink.told().await, "Message-ID")[0]));
}
