//! `sluice doctor`: what stands between these settings and a payment, one line a subject, and what to do about it.
//!
//! It reads what `serve` reads and asks whom the settings name. Nothing is changed, but that a test letter is sent when asked for.

mod address;
mod events;
mod finding;
mod gateway;
mod mail;

use super::{
    End,
    args::DoctorArgs,
    database::DatabaseUrl,
    gateway::gateway as gateway_of,
    serve::{LISTEN, mail_from, public_url, settings},
};
use crate::{
    config::judge::{self, About},
    storage::Schema,
};
use finding::{Finding, print};

/// Looks at everything, and says what was found.
pub async fn run(args: &DoctorArgs, database: &DatabaseUrl) -> Result<(), End> {
    let mut findings = Vec::new();
    let url = public_url(&args.serve, args.serve.listen.unwrap_or(LISTEN));
    match (gateway_of(&args.serve.gateway), &url) {
        (Ok(gateway), Ok(url)) => {
            let problems = judge::problems(&settings(&args.serve, &gateway, url)?);
            let of = |about: About| problems.iter().filter(move |problem| problem.about == about);
            findings.extend(gateway::keys(&gateway, of(About::Keys)).await);
            findings.push(address::webhook(url, of(About::Webhook)).await);
            let here = address::is_here(url);
            findings.extend(events::check(&gateway, &address::endpoint(url), here).await);
            findings.push(address::public_url(url, of(About::PublicUrl)).await);
            findings.extend(of(About::Mail).map(|problem| Finding::of("mail", problem)));
        }
        (gateway, url) => {
            let wrong = |subject, end: &End| {
                Finding::wrong(subject, words(end), "See `sluice serve --help`.")
            };
            findings.extend(gateway.err().map(|end| wrong("gateway", &end)));
            findings.extend(url.as_ref().err().map(|end| wrong("public URL", end)));
        }
    }
    match mail_from(&args.serve) {
        Ok(from) => findings.extend(mail::check(args, &from).await),
        Err(end) => findings.push(Finding::wrong("mail", words(&end), "Say --mail-from ADDRESS.")),
    }
    findings.push(schema(database));
    print(&findings, args.serve.json)?;
    match findings.iter().filter(|finding| finding.is_wrong()).count() {
        0 => Ok(()),
        1 => Err(End::Failed("there is one thing to do".to_owned())),
        more => Err(End::Failed(format!("there are {more} things to do"))),
    }
}

fn words(end: &End) -> String {
    match end {
        End::Failed(why) | End::Usage(why) => why.clone(),
        End::Broken => "an invariant is broken".to_owned(),
    }
}

fn schema(database: &DatabaseUrl) -> Finding {
    const SUBJECT: &str = "database";
    match database.schema() {
        Ok(Schema::Current) => Finding::fine(SUBJECT, format!("{database} is up to date")),
        Ok(Schema::Behind) => Finding::wrong(
            SUBJECT,
            format!("{database} was made by an older version"),
            "Make a backup, then run `sluice migrate`, or start the new version.",
        ),
        Ok(Schema::Missing) => Finding::wrong(
            SUBJECT,
            format!("there is nothing of ours in {database}"),
            "Run `sluice migrate`, or say --database-url if it is elsewhere.",
        ),
        Ok(Schema::Newer) => Finding::wrong(
            SUBJECT,
            format!("{database} was made by a newer version of this program"),
            "Run the version that made it.",
        ),
        Err(error) => Finding::wrong(
            SUBJECT,
            format!("{database}: {error}"),
            "Check that the database is there, and that this user may read it.",
        ),
    }
}
