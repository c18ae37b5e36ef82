//! A file that somebody chooses.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A file, still where it was chosen. As the body of a request it is sent as it is.
#[derive(Clone, Debug)]
pub struct ChosenFile(web_sys::File);

impl ChosenFile {
    /// The file that an input of files holds now.
    pub fn of(event: &web_sys::Event) -> Option<Self> {
        let input = event.target()?.dyn_into::<web_sys::HtmlInputElement>().ok()?;
        input.files()?.get(0).map(Self)
    }

    /// Its bytes; nothing when it has more than so many, or cannot be read.
    pub async fn bytes(&self, most: usize) -> Option<Vec<u8>> {
        // The browser counts in whole bytes, far below where its number loses them.
        if self.0.size() as u64 > u64::try_from(most).unwrap_or(u64::MAX) {
            return None;
        }
        let buffer = JsFuture::from(self.0.array_buffer()).await.ok()?;
        Some(Uint8Array::new(&buffer).to_vec())
    }
}

impl From<ChosenFile> for JsValue {
    fn from(file: ChosenFile) -> Self {
        file.0.into()
    }
}

/// An address that holds a picture itself.
pub fn data_url(media_type: &str, bytes: &[u8]) -> Option<String> {
    let letters: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let text = web_sys::window()?.btoa(&letters).ok()?;
    Some(format!("data:{media_type};base64,{text}"))
}
