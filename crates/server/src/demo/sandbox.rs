//! The sandbox's side of the demo: what it is told to have seen.

use billing::{Money, PaymentId, RequestId, SubAccountId, Timestamp, funding::RefundKey};
use serde::Serialize;
use serde_json::{Value, json};

use super::SeedError;

/// Where the sandbox is, and its key.
#[derive(Clone, Debug)]
pub struct SandboxAddress {
    /// `http://127.0.0.1:…`
    pub url: String,
    /// Its secret key.
    pub secret_key: String,
}

impl SandboxAddress {
    /// Asks the sandbox; answers its JSON.
    pub(super) async fn post(
        &self,
        path: &str,
        content_type: &str,
        body: String,
    ) -> Result<Value, SeedError> {
        let failed = |error: reqwest::Error| SeedError::Sandbox(error.to_string());
        let client = reqwest::Client::builder().no_proxy().build().map_err(failed)?;
        let answer = client
            .post(format!("{}{path}", self.url))
            .bearer_auth(&self.secret_key)
            .header("content-type", content_type)
            .body(body)
            .send()
            .await
            .map_err(failed)?;
        let status = answer.status();
        let text = answer.text().await.map_err(failed)?;
        if !status.is_success() {
            return Err(SeedError::Sandbox(format!("{path} answered {status}: {text}")));
        }
        serde_json::from_str(&text).map_err(|error| SeedError::Sandbox(error.to_string()))
    }
}

/// What the sandbox is to import.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Books {
    customers: Vec<Value>,
    payment_methods: Vec<Value>,
    payment_intents: Vec<Value>,
    refunds: Vec<Value>,
}

/// The gateway's ids of one customer of the demo.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    pub(super) customer: String,
    pub(super) payment_method: String,
}

impl Books {
    /// A customer with a card, of which the gateway's ids follow from ours.
    pub(super) fn customer(
        &mut self,
        request: RequestId,
        sub_account: SubAccountId,
        email: &str,
        name: &str,
        card: &str,
        at: Timestamp,
    ) -> Holder {
        let ours = request.to_string().replace("req_", "");
        let holder = Holder {
            customer: format!("cus_demo{ours}"),
            payment_method: format!("pm_demo{ours}"),
        };
        self.customers.push(json!({
            "id": holder.customer, "created": at.seconds(), "email": email, "name": name,
            "metadata": { "request_id": request, "sub_account_id": sub_account },
        }));
        self.payment_methods.push(json!({
            "id": holder.payment_method, "created": at.seconds(), "customer": holder.customer, "card": card,
            "exp_month": 8, "exp_year": 2029,
        }));
        holder
    }

    /// The card was forgotten.
    pub(super) fn detach(&mut self, holder: &Holder) {
        for method in &mut self.payment_methods {
            if method["id"] == holder.payment_method {
                method["detached"] = true.into();
                method["customer"] = Value::Null;
            }
        }
    }

    /// A payment that succeeded; answers the gateway's id.
    pub(super) fn payment(
        &mut self,
        payment: PaymentId,
        sub_account: SubAccountId,
        holder: &Holder,
        amount: Money,
        at: Timestamp,
    ) -> String {
        let id = format!("pi_demo{}", payment.to_string().replace("pay_", ""));
        self.payment_intents.push(json!({
            "id": id, "created": at.seconds(), "amount": amount.minor(), "setup_future_usage": "off_session",
            "currency": amount.currency().code().to_lowercase(), "customer": holder.customer,
            "payment_method": holder.payment_method,
            "metadata": { "payment_id": payment, "sub_account_id": sub_account },
        }));
        id
    }

    /// A refund that succeeded.
    pub(super) fn refund(&mut self, refund: RefundKey, intent: &str, amount: Money, at: Timestamp) {
        let id = format!("re_demo{}", refund.to_string().replace("pay_", "").replace('-', "_"));
        self.refunds.push(json!({
            "id": id, "created": at.seconds(), "payment_intent": intent, "amount": amount.minor(),
            "metadata": { "refund": refund.to_string() },
        }));
    }
}

/// Hands the books over.
pub(super) async fn import(sandbox: &SandboxAddress, books: Books) -> Result<(), SeedError> {
    let body =
        serde_json::to_string(&books).map_err(|error| SeedError::Sandbox(error.to_string()))?;
    sandbox.post("/_sandbox/import", "application/json", body).await.map(|_| ())
}

/// A confirmation token for one of the sandbox's test cards, as if a customer had typed its number.
pub(super) async fn confirmation_token(
    sandbox: &SandboxAddress,
    number: &str,
) -> Result<String, SeedError> {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("payment_method_data[type]", "card")
        .append_pair("payment_method_data[card][number]", number)
        .append_pair("payment_method_data[card][exp_month]", "8")
        .append_pair("payment_method_data[card][exp_year]", "2029")
        .append_pair("payment_method_data[card][cvc]", "123")
        .append_pair("setup_future_usage", "off_session")
        .finish();
    let path = "/v1/test_helpers/confirmation_tokens";
    let token = sandbox.post(path, "application/x-www-form-urlencoded", body).await?;
    let id = token["id"].as_str();
    id.map(str::to_owned).ok_or_else(|| SeedError::Sandbox("a token without an id".to_owned()))
}
