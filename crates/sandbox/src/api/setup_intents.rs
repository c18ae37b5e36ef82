use super::{Answer, customers, payment_methods};
use crate::{
    books::{SetupIntent, SetupStatus},
    desk::Desk,
    entropy::base62,
    error::ApiError,
    form::Params,
    setups,
    shelf::Record,
    sources::{self, Source},
};

const MISSING_METHOD: &str =
    "You cannot confirm this SetupIntent because it's missing a payment method.";

pub fn create(desk: &mut Desk<'_>, mut params: Params) -> Answer {
    let confirm = params.flag("confirm")?;
    let source = take_source(desk, &mut params)?;
    let setup = draft(desk, &mut params)?;
    params.ignore(&["automatic_payment_methods"]);
    params.finish()?;
    match &source {
        Some(Source::Token(_)) if !confirm => {
            return Err(ApiError::invalid(
                "The parameter confirmation_token can only be used when confirm is true.",
            )
            .param("confirmation_token"));
        }
        None if confirm => return Err(unexpected_state(MISSING_METHOD)),
        Some(source) => sources::check(desk, source, &(&setup).into())?,
        None => {}
    }

    let id = setup.id.clone();
    desk.books.setups.put(setup);
    let setup = desk.books.setups.find_mut(&id)?;
    if let Some(Source::Method(method)) = &source {
        setup.payment_method = Some(method.clone());
        setup.status = SetupStatus::RequiresConfirmation;
    }
    let snapshot = setup.json();
    desk.emit("setup_intent.created", snapshot);
    if let (true, Some(source)) = (confirm, source) {
        setups::confirm(desk, &id, source)?;
    }
    desk.books.setups.find(&id).map(Record::json)
}

/// A new setup of these parameters, not yet in the books.
fn draft(desk: &mut Desk<'_>, params: &mut Params) -> Result<SetupIntent, ApiError> {
    let customer = params.text("customer")?;
    let usage = params.choice("usage", &["off_session", "on_session"])?;
    let types = params.texts("allowed_payment_method_types")?;
    if types.as_ref().is_some_and(|types| !types.iter().any(|kind| kind == "card")) {
        return Err(ApiError::invalid("This gateway takes cards only.")
            .param("allowed_payment_method_types"));
    }
    let mut setup_credential_usage = None;
    if let Some(mut all) = params.nested("payment_method_options")? {
        if let Some(mut card) = all.nested("card")? {
            let usages = ["installment", "recurring", "unscheduled"];
            setup_credential_usage = card.choice("setup_credential_usage", &usages)?;
            card.finish()?;
        }
        all.finish()?;
    }
    if let Some(customer) = &customer {
        customers::living(desk, customer, "customer")?;
    }
    let mut metadata = Default::default();
    params.metadata(&mut metadata)?;
    let id = desk.new_id("seti");
    let client_secret = format!("{id}_secret_{}", base62(desk.entropy, 25));
    Ok(SetupIntent {
        id,
        created: desk.now,
        client_secret,
        status: SetupStatus::RequiresPaymentMethod,
        customer,
        payment_method: None,
        usage: usage.unwrap_or_else(|| "off_session".to_owned()),
        allowed_payment_method_types: types.unwrap_or_else(|| vec!["card".to_owned()]),
        setup_credential_usage,
        description: params.clearable("description")?.flatten(),
        metadata,
        last_setup_error: None,
    })
}

/// What `create` and `confirm` both take.
fn take_source(desk: &mut Desk<'_>, params: &mut Params) -> Result<Option<Source>, ApiError> {
    params.ignore(&["return_url", "use_stripe_sdk"]);
    match (params.text("confirmation_token")?, params.text("payment_method")?) {
        (Some(_), Some(_)) => Err(ApiError::invalid(
            "You cannot provide both a payment method and a confirmation token.",
        )
        .param("confirmation_token")),
        (Some(token), None) => Ok(Some(Source::Token(token))),
        (None, Some(method)) => {
            payment_methods::named(desk, &method).map(|method| Some(Source::Method(method)))
        }
        (None, None) => Ok(None),
    }
}

fn unexpected_state(message: &str) -> ApiError {
    ApiError::invalid(message).code("setup_intent_unexpected_state")
}

pub fn retrieve(desk: &Desk<'_>, id: &str, mut params: Params) -> Answer {
    let secret = params.text("client_secret")?;
    params.finish()?;
    let setup = desk.books.setups.find(id)?;
    if secret.is_some_and(|secret| secret != setup.client_secret) {
        return Err(wrong_client_secret());
    }
    Ok(setup.json())
}

/// What a browser may see: only with the client secret, and nothing of the merchant's own notes.
pub fn retrieve_as_client(desk: &Desk<'_>, id: &str, mut params: Params) -> Answer {
    let secret = params.required("client_secret")?;
    params.finish()?;
    let setup = desk
        .books
        .setups
        .get(id)
        .filter(|setup| setup.client_secret == secret)
        .ok_or_else(wrong_client_secret)?;
    let mut json = setup.json();
    if let Some(json) = json.as_object_mut() {
        for private in ["customer", "metadata", "payment_method_options"] {
            json.remove(private);
        }
    }
    Ok(json)
}

fn wrong_client_secret() -> ApiError {
    ApiError::invalid(
        "The client_secret provided does not match any associated SetupIntent on this account.",
    )
    .code("setup_intent_invalid_parameter")
    .param("client_secret")
}

pub fn list(desk: &Desk<'_>, mut params: Params) -> Answer {
    let customer = params.text("customer")?;
    let method = params.text("payment_method")?;
    let page = desk.books.setups.page("/v1/setup_intents", &mut params, |setup| {
        (customer.is_none() || setup.customer == customer)
            && (method.is_none() || setup.payment_method == method)
    })?;
    params.finish()?;
    Ok(page)
}

pub fn confirm(desk: &mut Desk<'_>, id: &str, mut params: Params) -> Answer {
    let source = take_source(desk, &mut params)?;
    params.finish()?;
    let standing = desk.books.setups.find(id)?.payment_method.clone();
    let source =
        source.or(standing.map(Source::Method)).ok_or_else(|| unexpected_state(MISSING_METHOD))?;
    setups::confirm(desk, id, source)?;
    desk.books.setups.find(id).map(Record::json)
}

pub fn cancel(desk: &mut Desk<'_>, id: &str, mut params: Params) -> Answer {
    let reasons = ["abandoned", "duplicate", "requested_by_customer"];
    let reason = params.choice("cancellation_reason", &reasons)?;
    params.finish()?;
    setups::cancel(desk, id, reason)?;
    desk.books.setups.find(id).map(Record::json)
}
