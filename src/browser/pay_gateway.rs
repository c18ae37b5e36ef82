//! The gateway's script and card fields, through the small module of glue beside this file (`pay_gateway.js`).

use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = sluiceGateway, js_name = load, catch)]
    async fn js_load(url: &str, key: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = sluiceGateway, js_name = mount, catch)]
    fn js_mount(
        node: &str,
        amount: u32,
        currency: &str,
        tell: &Closure<dyn Fn(String)>,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = sluiceGateway, js_name = update, catch)]
    fn js_update(amount: u32) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = sluiceGateway, js_name = destroy, catch)]
    fn js_destroy() -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = sluiceGateway, js_name = tokenise, catch)]
    async fn js_tokenise() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = sluiceGateway, js_name = authenticate, catch)]
    async fn js_authenticate(client_secret: &str) -> Result<(), JsValue>;
}

/// What the gateway has against something, for the customer to read. Nothing when it is said elsewhere (beside the card
/// fields) or when there is no sentence for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatewayError {
    /// The card fields say themselves what is wrong with them.
    InTheFields,
    /// The gateway's sentence.
    Said(String),
    /// Something that the gateway has no sentence for.
    Broken,
}

impl From<JsValue> for GatewayError {
    fn from(thrown: JsValue) -> Self {
        match thrown.as_string() {
            Some(text) if text.is_empty() => Self::InTheFields,
            Some(text) => Self::Said(text),
            None => Self::Broken,
        }
    }
}

/// What the card fields tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardEvent {
    /// They are there.
    Ready,
    /// Something was typed.
    Changed,
    /// They could not be loaded.
    Failed,
}

/// The card fields on the page. Dropping it takes them away.
pub struct CardFields {
    _tell: Closure<dyn Fn(String)>,
}

/// Brings the gateway's script into the page; after a failure it can be tried again.
///
/// # Errors
/// The script cannot be had, or does not take the key.
pub async fn load_gateway(script_url: &str, publishable_key: &str) -> Result<(), GatewayError> {
    Ok(js_load(script_url, publishable_key).await?)
}

impl CardFields {
    /// Puts the fields into the element with the id `node`. The amount counts the smallest coin of the currency (lower case);
    /// without one the card is only saved.
    ///
    /// # Errors
    /// The gateway's script does not want to.
    pub fn mount(
        node: &str,
        amount_minor: Option<u32>,
        currency: &str,
        tell: impl Fn(CardEvent) + 'static,
    ) -> Result<Self, GatewayError> {
        let tell = Closure::<dyn Fn(String)>::new(move |event: String| match event.as_str() {
            "ready" => tell(CardEvent::Ready),
            "change" => tell(CardEvent::Changed),
            "loaderror" => tell(CardEvent::Failed),
            _ => {}
        });
        js_mount(node, amount_minor.unwrap_or_default(), currency, &tell)?;
        Ok(Self { _tell: tell })
    }
}

impl Drop for CardFields {
    fn drop(&mut self) {
        // What is gone already cannot be taken away.
        let _ = js_destroy();
    }
}

/// Tells the card fields of another amount, in the smallest coin.
pub fn update_card_amount(amount_minor: u32) {
    // The amount that counts is the one the server is sent; this one only dresses the fields.
    let _ = js_update(amount_minor);
}

/// Makes a confirmation token of what stands in the card fields.
///
/// # Errors
/// What the gateway has against it.
pub async fn confirmation_token() -> Result<String, GatewayError> {
    js_tokenise().await?.as_string().ok_or(GatewayError::Broken)
}

/// Lets the customer's bank ask what it wants to ask, over the page.
///
/// # Errors
/// It did not work out; the payment itself tells whether it failed.
pub async fn authenticate(client_secret: &str) -> Result<(), GatewayError> {
    Ok(js_authenticate(client_secret).await?)
}
