use super::{Answer, customers, payment_methods};
use crate::{
    books::{CardOptions, IntentStatus, PaymentIntent},
    desk::Desk,
    entropy::base62,
    error::ApiError,
    form::Params,
    payments::{self, Confirmation},
    shelf::Record,
    sources::{self, Source},
};

/// Stripe's least charge of 0.50 in the currencies that we know.
const LEAST_AMOUNT: i64 = 50;
const MOST_AMOUNT: i64 = 99_999_999;

pub fn create(desk: &mut Desk<'_>, mut params: Params) -> Answer {
    let confirm = params.flag("confirm")?;
    let given = Given::take(&mut params)?;
    let intent = draft(desk, &mut params)?;
    params.ignore(&["automatic_payment_methods", "capture_method", "confirmation_method"]);
    params.finish()?;
    given.check(confirm)?;
    let source = given.source(desk)?;
    if let Some(source) = &source {
        sources::check(desk, source, &(&intent).into())?;
    }
    if confirm && source.is_none() {
        return Err(ApiError::invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
        )
        .code("payment_intent_unexpected_state"));
    }

    let id = intent.id.clone();
    desk.books.intents.put(intent);
    let intent = desk.books.intents.find_mut(&id)?;
    if let Some(Source::Method(method)) = &source {
        intent.payment_method = Some(method.clone());
        intent.status = IntentStatus::RequiresConfirmation;
    }
    let snapshot = intent.json();
    desk.emit("payment_intent.created", snapshot);
    if let (true, Some(source)) = (confirm, source) {
        payments::confirm(desk, &id, given.confirmation(source))?;
    }
    desk.books.intents.find(&id).map(Record::json)
}

/// A new intent of these parameters, not yet in the books.
fn draft(desk: &mut Desk<'_>, params: &mut Params) -> Result<PaymentIntent, ApiError> {
    let amount = params.integer("amount")?.ok_or_else(|| params.missing("amount"))?;
    let currency = params.required("currency")?.to_lowercase();
    let customer = params.text("customer")?;
    let setup_future_usage = params.choice("setup_future_usage", &["off_session", "on_session"])?;
    let card_options = take_card_options(params)?;
    if card_options.stored_credential_usage.is_some() && setup_future_usage.is_some() {
        return Err(ApiError::invalid(
            "payment_method_options[card][stored_credential_usage] cannot be combined with \
             setup_future_usage.",
        )
        .param("payment_method_options[card][stored_credential_usage]"));
    }
    let types = params.texts("allowed_payment_method_types")?;
    if types.as_ref().is_some_and(|types| !types.iter().any(|kind| kind == "card")) {
        return Err(ApiError::invalid("This gateway takes cards only.")
            .param("allowed_payment_method_types"));
    }
    check_amount(amount)?;
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Err(ApiError::invalid(format!("Invalid currency: {currency}.")).param("currency"));
    }
    if let Some(customer) = &customer {
        customers::living(desk, customer, "customer")?;
    }
    let mut metadata = Default::default();
    params.metadata(&mut metadata)?;
    let id = desk.new_id("pi");
    let client_secret = format!("{id}_secret_{}", base62(desk.entropy, 25));
    Ok(PaymentIntent {
        id,
        created: desk.now,
        amount,
        currency,
        client_secret,
        status: IntentStatus::RequiresPaymentMethod,
        customer,
        payment_method: None,
        setup_future_usage,
        allowed_payment_method_types: types.unwrap_or_else(|| vec!["card".to_owned()]),
        card_options,
        description: params.clearable("description")?.flatten(),
        receipt_email: params.clearable("receipt_email")?.flatten(),
        statement_descriptor_suffix: params.clearable("statement_descriptor_suffix")?.flatten(),
        metadata,
        latest_charge: None,
        last_payment_error: None,
    })
}

fn check_amount(amount: i64) -> Result<(), ApiError> {
    if amount < 1 {
        return Err(ApiError::invalid("This value must be greater than or equal to 1.")
            .code("parameter_invalid_integer")
            .param("amount"));
    }
    if amount < LEAST_AMOUNT {
        return Err(ApiError::invalid("Amount must be at least $0.50.")
            .code("amount_too_small")
            .param("amount"));
    }
    if amount > MOST_AMOUNT {
        return Err(ApiError::invalid("Amount must be no more than $999,999.99.")
            .code("amount_too_large")
            .param("amount"));
    }
    Ok(())
}

fn take_card_options(params: &mut Params) -> Result<CardOptions, ApiError> {
    let mut options = CardOptions::default();
    let Some(mut all) = params.nested("payment_method_options")? else { return Ok(options) };
    if let Some(mut card) = all.nested("card")? {
        let usages = ["installment", "recurring", "unscheduled"];
        options.setup_credential_usage = card.choice("setup_credential_usage", &usages)?;
        options.stored_credential_usage = card.choice("stored_credential_usage", &usages)?;
        card.finish()?;
    }
    all.finish()?;
    Ok(options)
}

/// What `create` and `confirm` both take.
struct Given {
    token: Option<String>,
    method: Option<String>,
    off_session: bool,
    error_on_requires_action: bool,
}

impl Given {
    fn take(params: &mut Params) -> Result<Self, ApiError> {
        params.ignore(&["return_url", "use_stripe_sdk"]);
        Ok(Self {
            token: params.text("confirmation_token")?,
            method: params.text("payment_method")?,
            off_session: params.flag("off_session")?,
            error_on_requires_action: params.flag("error_on_requires_action")?,
        })
    }

    fn check(&self, confirm: bool) -> Result<(), ApiError> {
        let refuse = |param: &str| {
            let message = format!("The parameter {param} can only be used when confirm is true.");
            Err(ApiError::invalid(message).param(param))
        };
        if self.token.is_some() && self.method.is_some() {
            return Err(ApiError::invalid(
                "You cannot provide both a payment method and a confirmation token.",
            )
            .param("confirmation_token"));
        }
        if !confirm && self.token.is_some() {
            return refuse("confirmation_token");
        }
        if !confirm && self.off_session {
            return refuse("off_session");
        }
        Ok(())
    }

    fn source(&self, desk: &mut Desk<'_>) -> Result<Option<Source>, ApiError> {
        if let Some(token) = &self.token {
            return Ok(Some(Source::Token(token.clone())));
        }
        self.method
            .as_ref()
            .map(|method| payment_methods::named(desk, method).map(Source::Method))
            .transpose()
    }

    fn confirmation(&self, source: Source) -> Confirmation {
        Confirmation {
            source,
            off_session: self.off_session,
            error_on_requires_action: self.error_on_requires_action,
        }
    }
}

pub fn retrieve(desk: &Desk<'_>, id: &str, mut params: Params) -> Answer {
    let secret = params.text("client_secret")?;
    params.finish()?;
    let intent = desk.books.intents.find(id)?;
    if secret.is_some_and(|secret| secret != intent.client_secret) {
        return Err(wrong_client_secret());
    }
    Ok(intent.json())
}

/// What a browser may see: only with the client secret, and nothing of the merchant's own notes.
pub fn retrieve_as_client(desk: &Desk<'_>, id: &str, mut params: Params) -> Answer {
    let secret = params.required("client_secret")?;
    params.finish()?;
    let intent = desk
        .books
        .intents
        .get(id)
        .filter(|intent| intent.client_secret == secret)
        .ok_or_else(wrong_client_secret)?;
    let mut json = intent.json();
    if let Some(json) = json.as_object_mut() {
        for private in ["customer", "latest_charge", "metadata", "payment_method_options"] {
            json.remove(private);
        }
    }
    Ok(json)
}

fn wrong_client_secret() -> ApiError {
    ApiError::invalid(
        "The client_secret provided does not match any associated PaymentIntent on this account.",
    )
    .code("payment_intent_invalid_parameter")
    .param("client_secret")
}

pub fn list(desk: &Desk<'_>, mut params: Params) -> Answer {
    let customer = params.text("customer")?;
    let page = desk.books.intents.page("/v1/payment_intents", &mut params, |intent| {
        customer.is_none() || intent.customer == customer
    })?;
    params.finish()?;
    Ok(page)
}

pub fn update(desk: &mut Desk<'_>, id: &str, mut params: Params) -> Answer {
    let mut intent = desk.books.intents.find(id)?.clone();
    if let Some(amount) = params.integer("amount")? {
        check_amount(amount)?;
        if matches!(intent.status, IntentStatus::Succeeded | IntentStatus::Canceled { .. }) {
            return Err(ApiError::invalid(format!(
                "This PaymentIntent's amount could not be updated because it has a status of {}.",
                intent.status.name()
            ))
            .code("payment_intent_unexpected_state")
            .param("amount"));
        }
        intent.amount = amount;
    }
    if let Some(description) = params.clearable("description")? {
        intent.description = description;
    }
    params.metadata(&mut intent.metadata)?;
    params.finish()?;
    let json = intent.json();
    desk.books.intents.put(intent);
    Ok(json)
}

pub fn confirm(desk: &mut Desk<'_>, id: &str, mut params: Params) -> Answer {
    let given = Given::take(&mut params)?;
    params.finish()?;
    given.check(true)?;
    let standing = desk.books.intents.find(id)?.payment_method.clone();
    let source = given.source(desk)?.or(standing.map(Source::Method)).ok_or_else(|| {
        ApiError::invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
        )
        .code("payment_intent_unexpected_state")
    })?;
    payments::confirm(desk, id, given.confirmation(source))?;
    desk.books.intents.find(id).map(Record::json)
}

pub fn cancel(desk: &mut Desk<'_>, id: &str, mut params: Params) -> Answer {
    let reasons = ["duplicate", "fraudulent", "requested_by_customer", "abandoned"];
    let reason = params.choice("cancellation_reason", &reasons)?;
    params.finish()?;
    payments::cancel(desk, id, reason)?;
    desk.books.intents.find(id).map(Record::json)
}
