//! The agency sees what the mail server made of a letter.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{
    desk::Desk,
    process::House,
    sink::{FROM, Sink},
};

#[tokio::test]
async fn an_agency_sees_which_letters_were_accepted_deferred_and_refused() {
    let sink = Sink::start(&[]).await;
    let house = House::build().await;
    let csv = house.folder.path().join("more.csv");
    std::fs::write(&csv, "external_id,name\nA-2,Bay\nA-3,Cove\n").unwrap();
    house.done(&["import", csv.to_str().unwrap(), "--agency", &house.agency.to_string()]).await;
    let mail = sink.url();
    let settings = [("SLUICE_MAIL_URL", mail.as_str()), ("SLUICE_MAIL_FROM", FROM)];
    let server = house.serve_with(&settings).await;
    let desk = Desk::of(&house, &server).await;
    let ids = desk.accounts().await;
    for (id, email, state, detail) in [
        (&ids[0], "dana@brightwater.co", "accepted", Value::Null),
        (&ids[1], "later@brightwater.co", "deferred", json!("the mail server said 451")),
        (&ids[2], "refused@brightwater.co", "refused", json!("the mail server said 550")),
    ] {
        assert_eq!(desk.letters(id).await, json!([]));
        desk.ask(id, email).await;
        let tried = async {
            loop {
                let letters = desk.letters(id).await;
                if letters[0]["state"] != "waiting" {
                    return letters;
                }
                sleep(Duration::from_millis(50)).await;
            }
        };
        let letters = timeout(Duration::from_secs(30), tried).await.expect("nobody sends it");
        let [letter] = &letters.as_array().unwrap()[..] else { panic!("{letters:#}") };
        assert_eq!((&letter["kind"], &letter["to"]), (&json!("billing_request"), &json!(email)));
        assert_eq!((&letter["state"], &letter["detail"]), (&json!(state), &detail));
        assert_eq!(letter["next_try"].is_string(), state == "deferred");
    }
}
