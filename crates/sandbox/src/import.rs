//! Books brought in whole: a demo's history, with its own ids and times. No events, no webhooks.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    books::{
        Books, CardOptions, Customer, Holder, IntentStatus, Metadata, PaymentIntent, PaymentMethod,
        Refund, RefundStatus,
    },
    cards::Card,
    entropy::{Entropy, base62},
    error::ApiError,
    payments,
    shelf::{Record, Shelf},
};

/// What an import may hold. Ids are the caller's; times are seconds since the Unix epoch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(crate) struct Import {
    customers: Vec<ImportedCustomer>,
    payment_methods: Vec<ImportedMethod>,
    payment_intents: Vec<ImportedIntent>,
    refunds: Vec<ImportedRefund>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportedCustomer {
    id: String,
    created: Option<i64>,
    email: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    description: Option<String>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportedMethod {
    id: String,
    created: Option<i64>,
    customer: Option<String>,
    /// A test card by Stripe's name for it, like `pm_card_visa`.
    #[serde(default = "visa")]
    card: String,
    exp_month: Option<i64>,
    exp_year: Option<i64>,
    /// Detached again since, so it cannot be charged.
    #[serde(default)]
    detached: bool,
    #[serde(default)]
    metadata: Metadata,
}

fn visa() -> String {
    "pm_card_visa".to_owned()
}

/// A payment that succeeded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportedIntent {
    id: String,
    created: Option<i64>,
    amount: i64,
    currency: String,
    customer: Option<String>,
    payment_method: String,
    /// The charge's id; made up when not given.
    charge: Option<String>,
    description: Option<String>,
    setup_future_usage: Option<String>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportedRefund {
    id: String,
    created: Option<i64>,
    payment_intent: String,
    amount: i64,
    reason: Option<String>,
    #[serde(default)]
    metadata: Metadata,
}

/// Adds everything, or says what is wrong with the first thing that cannot be added.
pub(crate) fn apply(
    books: &mut Books,
    entropy: &mut dyn Entropy,
    import: Import,
    now: i64,
) -> Result<Value, ApiError> {
    let counts = json!({
        "customers": import.customers.len(),
        "payment_methods": import.payment_methods.len(),
        "payment_intents": import.payment_intents.len(),
        "refunds": import.refunds.len(),
    });
    for given in import.customers {
        let customer = Customer {
            id: fresh(&books.customers, given.id, "cus")?,
            created: given.created.unwrap_or(now),
            email: given.email,
            name: given.name,
            phone: given.phone,
            description: given.description,
            metadata: given.metadata,
            deleted: false,
        };
        books.customers.put(customer);
    }
    for given in import.payment_methods {
        let method = method(books, given, now)?;
        books.payment_methods.put(method);
    }
    for given in import.payment_intents {
        pay(books, entropy, given, now)?;
    }
    for given in import.refunds {
        give_back(books, given, now)?;
    }
    Ok(counts)
}

/// The id, if it looks like its kind and nothing of it is there yet.
fn fresh<T: Record>(shelf: &Shelf<T>, id: String, prefix: &str) -> Result<String, ApiError> {
    let looks_right =
        id.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        });
    if !looks_right {
        return Err(ApiError::invalid(format!("Invalid id: '{id}' should be {prefix}_…")));
    }
    if shelf.get(&id).is_some() {
        return Err(ApiError::invalid(format!("There is already a {} '{id}'", T::OBJECT))
            .code("resource_already_exists"));
    }
    Ok(id)
}

fn method(books: &Books, given: ImportedMethod, now: i64) -> Result<PaymentMethod, ApiError> {
    let mut card = Card::named(&given.card, now)
        .ok_or_else(|| ApiError::missing("test card", &given.card, "card"))?;
    card.exp_month = given.exp_month.unwrap_or(card.exp_month);
    card.exp_year = given.exp_year.unwrap_or(card.exp_year);
    let holder = match given.customer {
        _ if given.detached => Holder::Spent,
        None => Holder::Nobody,
        Some(customer) => {
            books.customers.find(&customer)?;
            // Whoever keeps a card has authenticated it.
            card.set_up = true;
            Holder::Customer(customer)
        }
    };
    Ok(PaymentMethod {
        id: fresh(&books.payment_methods, given.id, "pm")?,
        created: given.created.unwrap_or(now),
        card,
        holder,
        billing_details: payments::no_billing_details(),
        metadata: given.metadata,
    })
}

fn pay(
    books: &mut Books,
    entropy: &mut dyn Entropy,
    given: ImportedIntent,
    now: i64,
) -> Result<(), ApiError> {
    if let Some(customer) = &given.customer {
        books.customers.find(customer)?;
    }
    let method = books.payment_methods.find(&given.payment_method)?;
    if given.amount < 1 {
        return Err(ApiError::invalid(format!("Invalid amount of '{}'", given.id)).param("amount"));
    }
    let id = fresh(&books.intents, given.id, "pi")?;
    let charge = given.charge.unwrap_or_else(|| format!("ch_{}", base62(entropy, 24)));
    let charge = fresh(&books.charges, charge, "ch")?;
    let intent = PaymentIntent {
        client_secret: format!("{id}_secret_{}", base62(entropy, 25)),
        id,
        created: given.created.unwrap_or(now),
        amount: given.amount,
        currency: given.currency.to_lowercase(),
        status: IntentStatus::Succeeded,
        customer: given.customer,
        payment_method: Some(given.payment_method),
        setup_future_usage: given.setup_future_usage,
        allowed_payment_method_types: vec!["card".to_owned()],
        card_options: CardOptions::default(),
        description: given.description,
        receipt_email: None,
        statement_descriptor_suffix: None,
        metadata: given.metadata,
        latest_charge: Some(charge.clone()),
        last_payment_error: None,
    };
    let charge = payments::charge_of(charge, intent.created, &intent, method, false, None);
    books.charges.put(charge);
    books.intents.put(intent);
    Ok(())
}

fn give_back(books: &mut Books, given: ImportedRefund, now: i64) -> Result<(), ApiError> {
    let intent = books.intents.find(&given.payment_intent)?;
    let charge_id = intent.latest_charge.clone().unwrap_or_default();
    let charge = books.charges.find_mut(&charge_id)?;
    if given.amount < 1 || given.amount > charge.remaining() {
        return Err(ApiError::invalid(format!(
            "Refund '{}' of {} does not fit: {} is left of its charge",
            given.id,
            given.amount,
            charge.remaining()
        ))
        .code("amount_too_large")
        .param("amount"));
    }
    let refund = Refund {
        id: fresh(&books.refunds, given.id, "re")?,
        created: given.created.unwrap_or(now),
        amount: given.amount,
        currency: charge.currency.clone(),
        charge: charge_id,
        payment_intent: given.payment_intent,
        reason: given.reason,
        metadata: given.metadata,
        status: RefundStatus::Succeeded,
    };
    charge.amount_refunded += given.amount;
    books.refunds.put(refund);
    Ok(())
}
