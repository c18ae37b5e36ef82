//! Encrypted, and with a password: to a server whose certificate an authority of this test has signed.

use std::{fs, path::PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use server::mail::{MailError, Mailer as _, smtp::Smtp};
use tempfile::TempDir;

use crate::sink::{FROM, Sink, header, mail};

/// An authority, and the certificate of one server that it vouches for.
struct Authority {
    folder: TempDir,
    /// The authority's own certificate.
    pem: String,
}

impl Authority {
    /// For the server of this name.
    fn of(name: &str) -> Self {
        let authority = authority();
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new([name.to_owned()]).unwrap();
        let leaf = leaf.signed_by(&key, &authority).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let both = format!("{}{}", leaf.pem(), key.serialize_pem());
        fs::write(folder.path().join("server.pem"), both).unwrap();
        Self { folder, pem: authority.pem() }
    }

    /// The file with the server's certificate and key.
    fn server(&self) -> PathBuf {
        self.folder.path().join("server.pem")
    }

    async fn sink(&self, options: &[&str]) -> Sink {
        let file = self.server();
        Sink::start(&[&["--cert", file.to_str().unwrap()], options].concat()).await
    }
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn smtp(url: &str, roots: Option<&str>) -> Smtp {
    Smtp::trusting(url, FROM, roots.map(str::as_bytes)).unwrap()
}

/// The addresses of a sink, by when TLS begins.
fn url(tls: &str, login: &str, port: u64) -> String {
    match tls {
        "start" => format!("smtps://{login}127.0.0.1:{port}"),
        _ => format!("smtp://{login}127.0.0.1:{port}?tls=required"),
    }
}

#[tokio::test]
async fn a_letter_goes_under_tls_and_by_login() {
    let authority = Authority::of("127.0.0.1");
    for tls in ["start", "starttls"] {
        let mut sink = authority.sink(&["--tls", tls, "--login", "robin:p@ss word/1"]).await;
        let known = smtp(&url(tls, "robin:p%40ss%20word%2F1@", sink.port), Some(&authority.pem));
        known.check().await.unwrap();
        known.send(&mail()).await.unwrap();
        let got = sink.told().await;
        assert_eq!(
            (got["encrypted"].as_bool(), got["login"].as_str()),
            (Some(true), Some("robin")),
            "{tls}"
        );
        assert_eq!(header(&got, "Subject"), ["Set up billing"]);

        let wrong = smtp(&url(tls, "robin:guess@", sink.port), Some(&authority.pem));
        let refused =
            Err(MailError::TryLater("the mail server wants other credentials".to_owned()));
        assert_eq!(wrong.send(&mail()).await, refused, "{tls}");
        assert_eq!(wrong.check().await, refused, "{tls}");
        let nobody = smtp(&url(tls, "", sink.port), Some(&authority.pem));
        assert_eq!(nobody.send(&mail()).await, refused, "{tls}");
    }
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_gets_nothing() {
    let (authority, stranger) = (Authority::of("127.0.0.1"), Authority::of("127.0.0.1"));
    let of_another = Authority::of("mail.example");
    for tls in ["start", "starttls"] {
        let sink = authority.sink(&["--tls", tls]).await;
        let url_of = |port| url(tls, "", port);
        let elsewhere = of_another.sink(&["--tls", tls]).await;
        for (url, roots, why) in [
            (url_of(sink.port), None, "no public authority"),
            (url_of(sink.port), Some(stranger.pem.as_str()), "another authority"),
            (url_of(elsewhere.port), Some(of_another.pem.as_str()), "another name"),
        ] {
            let outcome = smtp(&url, roots).send(&mail()).await;
            assert!(matches!(outcome, Err(MailError::TryLater(_))), "{tls}, {why}: {outcome:?}");
        }
        // The first thing that it takes is this.
        let mut sink = sink;
        smtp(&url_of(sink.port), Some(&authority.pem)).send(&mail()).await.unwrap();
        assert_eq!(sink.told().await["encrypted"], true);
    }
}

#[tokio::test]
async fn tls_is_used_where_it_can_be_and_asked_for_where_it_must() {
    let authority = Authority::of("127.0.0.1");
    for (options, encrypted) in [(&["--tls", "starttls"][..], true), (&[][..], false)] {
        let mut sink = authority.sink(options).await;
        let url = format!("{}?tls=opportunistic", sink.url());
        smtp(&url, Some(&authority.pem)).send(&mail()).await.unwrap();
        assert_eq!(sink.told().await["encrypted"], encrypted);
    }
    // A server that wants TLS takes nothing in the clear.
    let sink = authority.sink(&["--tls", "starttls"]).await;
    let outcome = smtp(&sink.url(), None).send(&mail()).await;
    assert!(outcome.is_err(), "{outcome:?}");
}

#[test]
fn what_is_no_certificate_is_told() {
    let broken = "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n";
    assert!(Smtp::trusting("smtps://127.0.0.1", FROM, Some(broken.as_bytes())).is_err());
}
