//! What happened on the balance: its book, newest first, and a receipt for each payment.

use leptos::prelude::*;

use super::till::Till;
use crate::{
    api::{ApiError, WalletOf},
    browser::{self, Json},
    routes::AGENCY_STATEMENTS,
    ui::{Button, Kind, Note, SkeletonLines, Tone},
};

/// The section: of what was drawn from the agency's own balance, for all its clients, the statements tell.
pub fn activity(till: Till) -> AnyView {
    let book = if till.is_agency() {
        view! {
            <p class="quiet">"What was paid, what was drawn and what came back, month by month, as a page, a CSV file or a PDF."</p>
            <div class="actions">
                <a class="button" href=AGENCY_STATEMENTS>
                    "Open the statements"
                </a>
            </div>
        }
        .into_any()
    } else {
        ledger(till)
    };
    view! {
        <section class="card section" aria-labelledby="wallet-activity">
            <h2 id="wallet-activity">"Activity"</h2>
            {book} {receipts(till)}
        </section>
    }
    .into_any()
}

/// The lines that are there, and how far the loading is.
#[derive(Clone, Copy)]
struct Book {
    of: StoredValue<WalletOf>,
    lines: RwSignal<Vec<Json>, LocalStorage>,
    /// What the lines after these are asked for with; empty when there are none.
    cursor: RwSignal<String>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
}

impl Book {
    /// Loads the newest lines, or those after the ones that are there.
    fn load(self, more: bool) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        let of = self.of.get_value();
        let cursor = if more { self.cursor.get_untracked() } else { String::new() };
        leptos::task::spawn_local(async move {
            let answer = of.ledger(&cursor).await;
            // The page may be gone.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => {
                    self.lines.update(|lines| {
                        if !more {
                            lines.clear();
                        }
                        lines.extend(page.list("lines"));
                    });
                    self.cursor.set(page.text("next_cursor"));
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}

fn ledger(till: Till) -> AnyView {
    let book = Book {
        of: StoredValue::new(till.whose()),
        lines: RwSignal::new_local(Vec::new()),
        cursor: RwSignal::new(String::new()),
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    // Whatever moves the balance is a new line.
    let balance = till.of(|view| view.balance);
    Effect::new(move || {
        // Read, not only tracked: a memo that nobody has read follows nothing.
        balance.get();
        book.load(false);
    });
    let lines = move || {
        let lines = book.lines.get();
        match (lines.is_empty(), book.busy.get()) {
            (true, true) => view! { <SkeletonLines count=4 /> }.into_any(),
            (true, false) if book.error.read().is_none() => {
                view! { <p class="quiet">"Nothing has been booked yet."</p> }.into_any()
            }
            _ => {
                let lines: Vec<AnyView> = lines.iter().map(line).collect();
                view! { <ul class="wallet-rows wallet-lines">{lines}</ul> }.into_any()
            }
        }
    };
    let more = move || {
        let failed = book.error.get().map(|error| error.to_string());
        let is_failed = failed.is_some();
        let words = if is_failed { "Try again" } else { "Show more" };
        let note = failed.map(|words| view! { <Note tone=Tone::Bad>{words}</Note> });
        let first = book.lines.read().is_empty();
        (is_failed || !book.cursor.read().is_empty()).then(|| {
            view! {
                {note}
                <div class="actions">
                    <Button busy=book.busy on_press=move |()| book.load(!first)>
                        {words}
                    </Button>
                </div>
            }
        })
    };
    (lines, more).into_any()
}

fn line(line: &Json) -> AnyView {
    let amount = line.money("amount");
    let plus = if amount.starts_with('\u{2212}') { "" } else { "+" };
    view! {
        <li>
            <div>
                <span>{what(&line.text("kind"))}</span>
                <small>
                    <time datetime=line.text("at")>{line.when("at")}</time>
                </small>
            </div>
            <div class="money">
                <span>{format!("{plus}{amount}")}</span>
                <small>
                    <span class="unseen">"Balance after it: "</span>
                    {line.money("balance_after")}
                </small>
            </div>
        </li>
    }
    .into_any()
}

/// The business event, by its word on the wire.
fn what(kind: &str) -> &'static str {
    match kind {
        "top_up" => "Payment",
        "draw" => "Usage",
        "return" => "Moved to the agency",
        "unapplied_payment" => "Payment, on its way back",
        "refund" => "Refund, on its way to the card",
        "refund_settled" => "Refund",
        "refund_failed" => "Refund that failed: back on the balance",
        "dispute" => "Disputed payment",
        "dispute_won" => "Disputed payment: back on the balance",
        _ => "Correction",
    }
}

fn receipts(till: Till) -> AnyView {
    let found = RwSignal::new_local(None::<Result<Vec<Json>, ApiError>>);
    // Another payment, or news of it; usage alone makes no receipt.
    let paid = till.of(|view| view.payment.as_ref().map(|payment| (payment.id, payment.status)));
    let ask = move || {
        let of = till.whose();
        leptos::task::spawn_local(async move {
            let answer = of.receipts().await.map(|list| list.list("receipts"));
            let _ = found.try_set(Some(answer));
        });
    };
    Effect::new(move || {
        paid.get();
        ask();
    });
    let failed = RwSignal::new(None::<String>);
    let list = move || {
        match found.get() {
        None => view! { <SkeletonLines count=2 /> }.into_any(),
        Some(Ok(receipts)) if receipts.is_empty() => {
            view! { <p class="quiet">"There is a receipt for every payment, once there is one."</p> }.into_any()
        }
        Some(Ok(receipts)) => {
            let rows: Vec<AnyView> =
                receipts.iter().map(|receipt| receipt_row(till, receipt, failed)).collect();
            view! { <ul class="wallet-rows">{rows}</ul> }.into_any()
        }
        Some(Err(error)) => view! {
            <Note tone=Tone::Bad>{error.to_string()}</Note>
            <div class="actions">
                <Button on_press=move |()| ask()>"Try again"</Button>
            </div>
        }
        .into_any(),
    }
    };
    let trouble = move || failed.get().map(|words| view! { <Note tone=Tone::Bad>{words}</Note> });
    view! {
        <h3>"Receipts"</h3>
        {list}
        {trouble}
    }
    .into_any()
}

fn receipt_row(till: Till, receipt: &Json, failed: RwSignal<Option<String>>) -> AnyView {
    let key = if till.is_agency() { "payment" } else { "number" };
    let (number, key) =
        (StoredValue::new(receipt.text("number")), StoredValue::new(receipt.text(key)));
    let busy = RwSignal::new(false);
    let save = move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        // The row may be gone when the answer comes.
        let (of, key, number) = (till.whose(), key.get_value(), number.get_value());
        leptos::task::spawn_local(async move {
            let pdf = of.receipt_pdf(&key).await;
            let _ = busy.try_set(false);
            let name = format!("receipt-{number}.pdf");
            let wrong = match pdf {
                Ok(pdf) if browser::save(&name, "application/pdf", &pdf) => None,
                Ok(_) => Some("Your browser does not take the file.".to_owned()),
                Err(error) => Some(error.to_string()),
            };
            let _ = failed.try_set(wrong);
        });
    };
    let card = receipt.text("card");
    let card = if card.is_empty() { card } else { format!(" · {card}") };
    let day = browser::utc_day(&receipt.text("day"));
    let title = format!("{} on {day}", receipt.money("amount"));
    let number_words = receipt.text("number");
    let about = format!("{number_words}{card}");
    let name = format!(" of receipt {number_words}");
    view! {
        <li>
            <div>
                <span>{title}</span>
                <small>{about}</small>
            </div>
            <Button kind=Kind::Ghost busy=busy on_press=save>
                "PDF"
                <span class="unseen">{name}</span>
            </Button>
        </li>
    }
    .into_any()
}
