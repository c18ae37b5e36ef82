//! Usage: taken, summed up, explained; and what it costs.

use billing::api::{
    DrawPage, PriceList, PriceVersion, ReportBy, SetPriceBody, UsagePage, UsageReport,
};
use serde_json::{Value, json};

use super::{API, Group};
use crate::http::openapi::{
    examples::{ACCOUNT, EVENT_TYPE, draw, event, price, usage_line, usd},
    operation::{JSON, Media, Operation, Parameter, Place, Shape, get, post},
};

pub fn group() -> Group {
    Group {
        tag: "Usage",
        text: "What accounts used, from the event to the cent. Days are UTC.",
        prefix: API,
        operations: vec![
            events(),
            get(
                "/usage",
                "get_usage_report",
                "A report of usage",
                "The last 30 days unless said otherwise, at most 400. The dearest segment first, at most 1,000 of them; days in their \
                 order.",
            )
            .from_day_to_day("The first day.", "The last day, included; today unless said otherwise.")
            .word("by", "What it is segmented by.", &ReportBy::ALL.map(ReportBy::name))
            .answers::<UsageReport>("The report.", report()),
            get(
                "/usage.csv",
                "get_usage_csv",
                "A report of usage, as CSV",
                "The same with all segments, for spreadsheets (RFC 4180). Cells that would start a formula are defused.",
            )
            .from_day_to_day("The first day.", "The last day, included; today unless said otherwise.")
            .word("by", "What it is segmented by.", &ReportBy::ALL.map(ReportBy::name))
            .answers_text(
                "text/csv; charset=utf-8",
                "The report.",
                "account,name,events,late_events,quantity,agency_paid,customer_paid,currency\r\n\
                 sub_01kmq8w2hj4x7c9v3n5b1d6f8g,Brightwater Plumbing,6330,0,9540,75.366,0.00,USD\r\n",
            )
            .with_header("Content-Disposition", "A name to keep it under."),
            get(
                "/accounts/{account}/usage",
                "get_account_usage",
                "An account's usage",
                "Lines by day, type and payer, newest first. While a billing request is out, what usage has cost the agency since.",
            )
            .in_pages()
            .answers::<UsagePage>(
                "A page of lines.",
                json!({ "lines": [usage_line()], "next_cursor": null, "since_request": usd("6.1284") }),
            ),
            get(
                "/accounts/{account}/usage/{day}/{type}/{payer}",
                "get_usage_draws",
                "The draws of a line of usage",
                "Each with its event, the version of the price in force at its time, and what made its payer pay. Newest first.",
            )
            .in_pages()
            .answers::<DrawPage>("A page of draws.", json!({ "draws": [draw()], "next_cursor": null })),
            get(
                "/accounts/{account}/ledger/{entry}/draws",
                "get_entry_draws",
                "The draws of a ledger entry",
                "This account's, newest first.",
            )
            .in_pages()
            .answers::<DrawPage>("A page of draws.", json!({ "draws": [draw()], "next_cursor": null })),
        ],
    }
}

/// What usage costs.
pub fn prices() -> Group {
    Group {
        tag: "Prices",
        text: "Prices have versions, each in force from a time on: an event costs what held at its own time.",
        prefix: API,
        operations: vec![
            get(
                "/prices",
                "list_prices",
                "List prices",
                "Every version ever set, and the types of usage that wait for a price.",
            )
            .answers::<PriceList>(
                "The prices.",
                json!({
                    "currency": "USD",
                    "versions": [price()],
                    "waiting": [{ "event_type": "fax.sent", "events": 3, "first_at": "2026-11-21T10:00:00Z" }],
                }),
            ),
            post(
                "/prices",
                "set_price",
                "Set a price",
                "A price for a type of usage, one account's own price for it, or a markup; from a time on, which may lie in the past: \
                 usage that is drawn already keeps its price. Usage that waited for it is drawn soon after. At most 20 tiers, each from a \
                 higher quantity on.",
            )
            .needs_key()
            .takes::<SetPriceBody>(
                "What it is about, from when on (now, if it does not say), and what holds. A markup is for the subject `markup`, a \
                 price for the others.",
                json!({
                    "subject": { "of": "list", "event_type": EVENT_TYPE },
                    "setting": { "set": "price", "terms": {
                        "unit_price": "0.0079", "quantity_field": "segments", "included": "0",
                    } },
                }),
            )
            .answers::<PriceVersion>("The version that was set.", price()),
        ],
    }
}

fn report() -> Value {
    let row = |key: &str, label: &str| {
        json!({
            "key": key, "label": label, "events": 6330, "late_events": 2, "quantity": "9540",
            "agency_paid": usd("75.366"), "customer_paid": usd("0.00"),
        })
    };
    json!({
        "from": "2026-11-01",
        "to": "2026-11-30",
        "by": "account",
        "currency": "USD",
        "rows": [row(ACCOUNT, "Brightwater Plumbing")],
        "total": row("", ""),
        "segments": 1,
    })
}

fn events() -> Operation {
    let single = Media {
        kind: "application/cloudevents+json",
        shape: Shape::Plain(event_schema()),
        example: event(),
    };
    let all = json!({ "type": "array", "items": event_schema(), "maxItems": 1000 });
    let batch = Media {
        kind: "application/cloudevents-batch+json",
        shape: Shape::Plain(all),
        example: json!([event()]),
    };
    let data = json!({ "description": "The event's data, in the binary mode: its attributes are in headers.", "type": "object" });
    let binary = Media { kind: JSON, shape: Shape::Plain(data), example: json!({ "segments": 2 }) };
    let operation = post(
        "/events",
        "send_usage",
        "Send usage",
        "CloudEvents 1.0 over HTTP, as OpenMeter's SDKs and any CloudEvents SDK send them: one event, a batch (taken whole or not at \
         all), or the binary mode. `source` and `id` are what an event is known by, for ever: the same event again is 204 and draws \
         nothing, so a request that nobody answered is sent again as it was. Usage is never refused for lack of money. At most 1,000 \
         events and 1 MiB a request; `time` at most 5 minutes ahead and 35 days ago.",
    );
    ce_headers()
        .into_iter()
        .fold(operation, Operation::header)
        .takes_one_of(
            "One event, a batch of them, or the data of one.",
            vec![single, batch, binary],
        )
        .answers_nothing(204, "Durable, and drawn.")
        .refuses(409, &["other_payload"], "An event of this source and id said something else.")
        .refuses(413, &["too_many_events"], "More than 1,000 events, or more than 1 MiB.")
        .refuses(415, &["unsupported_media_type"], "None of the three modes.")
        .refuses(
            422,
            &["invalid"],
            "`errors[]` names each attribute by a JSON pointer; nothing of the request is stored.",
        )
}

fn text(limit: u32) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": limit })
}

fn event_schema() -> Value {
    json!({
        "description": "A CloudEvent. Attributes beyond these are ignored, as the standard asks.",
        "type": "object",
        "required": ["specversion", "id", "source", "type", "subject"],
        "properties": {
            "specversion": { "const": "1.0" },
            "id": text(200),
            "source": text(200),
            "type": { "description": "What it costs is the price list's word for it; no white space.", "type": "string",
                "minLength": 1, "maxLength": 100, "pattern": r"^\S+$" },
            "subject": { "description": "The account's id, or the agency's own id for it.", "type": "string",
                "minLength": 1, "maxLength": 200 },
            "time": { "description": "Now, when absent or null.", "type": ["string", "null"], "format": "date-time" },
            "data": { "description": "At most 8 KiB. The price says which field is the quantity.", "type": ["object", "null"] },
        },
    })
}

fn ce_headers() -> Vec<Parameter> {
    let header = |name, text| Parameter {
        name,
        place: Place::Header,
        required: false,
        text,
        schema: json!({ "type": "string" }),
        example: None,
    };
    vec![
        header("ce-specversion", "Binary mode only, and then needed: `1.0`."),
        header("ce-id", "Binary mode: the event's id."),
        header("ce-source", "Binary mode: its source."),
        header("ce-type", "Binary mode: its type."),
        header("ce-subject", "Binary mode: the account."),
        header("ce-time", "Binary mode: when it happened."),
    ]
}
