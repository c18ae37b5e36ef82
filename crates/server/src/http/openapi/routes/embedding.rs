//! The widget: who may show it, and what it asks.

use billing::api::{
    EmbedBalance, EmbedOrigins, EmbedPreviewBody, EmbedSessionBody, EmbedTicket, NewEmbedSession,
    NewTopUp,
};
use serde_json::json;

use super::{API, Group};
use crate::http::openapi::{
    examples::{ACCOUNT, TOKEN, embed_balance},
    operation::{Operation, Parameter, Place, get, post, put},
};

pub fn group() -> Group {
    Group {
        tag: "Embedding",
        text: "A client's balance on the agency's own site. The site's backend mints a token; the widget asks with it.",
        prefix: API,
        operations: operations(),
    }
}

fn operations() -> Vec<Operation> {
    let origins = || json!({ "origins": ["https://portal.northwind-media.example"] });
    vec![
        get("/embed/origins", "get_embed_origins", "The sites that may show the widget", "At most 20.")
            .answers::<EmbedOrigins>("The sites.", origins()),
        put(
            "/embed/origins",
            "set_embed_origins",
            "Say which sites may show the widget",
            "Replaces them, at most 20. A site is named as a browser does: https (http on localhost alone), lower case, no path, no \
             star. A site that is taken away shows nothing more from its next request on.",
        )
        .takes::<EmbedOrigins>("The sites.", origins())
        .answers::<EmbedOrigins>("The sites.", origins()),
        post(
            "/embed/sessions",
            "mint_embed_token",
            "Mint a token for the widget",
            "One account, some of what the widget can show, some of the agency's sites, 60 to 3,600 seconds (900). The token is told \
             this once.",
        )
        .takes::<EmbedSessionBody>(
            "Which account, by its id or the agency's own id for it; what of it; where; for how long.",
            json!({
                "account": "CF-2210", "components": ["balance", "ledger"], "origins": null, "ttl_seconds": 900,
            }),
        )
        .answers_with::<NewEmbedSession>(
            201,
            "The token.",
            json!({
                "token": format!("sluice_embed_{TOKEN}"),
                "expires_at": "2026-11-22T16:25:09.25Z",
                "account": ACCOUNT,
                "components": ["balance", "ledger"],
                "origins": ["https://portal.northwind-media.example"],
            }),
        ),
        post(
            "/embed/previews",
            "preview_widget",
            "A token for the preview in the settings",
            "Everything that the widget can show of one account, on Sluice's own pages alone, for 15 minutes.",
        )
        .takes::<EmbedPreviewBody>(
            "Which account, by its id or the agency's own id for it.",
            json!({ "account": "CF-2210" }),
        )
        .answers_with::<NewEmbedSession>(
            201,
            "The token.",
            json!({
                "token": format!("sluice_embed_{TOKEN}"),
                "expires_at": "2026-11-22T16:25:09.25Z",
                "account": ACCOUNT,
                "components": ["balance", "ledger", "funding"],
                "origins": ["self"],
            }),
        ),
        get(
            "/embed/balance",
            "get_embed_balance",
            "What the widget shows",
            "Of the token's one account, and of what the token shows of it. While the agency pays, nothing of its balance.",
        )
        .header(site())
        .answers::<EmbedBalance>("The account.", embed_balance()),
        post(
            "/embed/tickets",
            "make_embed_ticket",
            "A ticket for one live stream",
            "Good for 30 seconds, once: a stream takes no header, and a token has no business in an address.",
        )
        .header(site())
        .answers_with::<EmbedTicket>(
            201,
            "The ticket.",
            json!({ "ticket": TOKEN, "expires_at": "2026-11-22T16:10:39.25Z" }),
        ),
        post(
            "/embed/top-ups",
            "make_top_up_link",
            "A page to top the balance up",
            "For an account whose customer pays. The pay page is to be opened by itself, never in a frame; it takes one payment within an \
             hour. Of one account 50 can be open.",
        )
        .header(site())
        .answers_with::<NewTopUp>(
            201,
            "Where the page is.",
            json!({
                "url": format!("https://billing.northwind-media.example/pay#t={TOKEN}"),
                "expires_at": "2026-11-22T17:10:09.25Z",
            }),
        )
        .refuses(
            409,
            &["already_on_agency_billing", "return_under_way"],
            "The agency pays for the account, or is about to.",
        ),
        get(
            "/embed/changes",
            "listen_embedded",
            "Hear of a changed balance",
            "A stream of server-sent events: `balance` with an `EmbedBalance`, at first and whenever it has changed; `expired` at the \
             end of the token's life. It cannot be resumed: another stream needs another ticket.",
        )
        .query("ticket", "The ticket.", json!({ "type": "string" }), Some(json!(TOKEN)))
        .answers_text(
            "text/event-stream",
            "The stream; it ends with the token.",
            "event: balance\ndata: {\"account\":\"sub_01kmq8w2hj4x7c9v3n5b1d6f8g\",…}\n\n",
        )
        .refuses(429, &["rate_limited"], "Too many balances of this agency are being watched."),
    ]
}

fn site() -> Parameter {
    Parameter {
        name: "Sluice-Embed-Origin",
        place: Place::Header,
        required: false,
        text: "The site on which the widget stands, as the browser told it.",
        schema: json!({ "type": "string" }),
        example: None,
    }
}
