//! Files: those that somebody chooses, and those that somebody gets.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

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

/// Hands a file to the person, as a download; false when the browser does not want to.
pub fn save(name: &str, media_type: &str, bytes: &[u8]) -> bool {
    offer(name, media_type, bytes).is_some()
}

fn offer(name: &str, media_type: &str, bytes: &[u8]) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let link = web_sys::window()?.document()?.create_element("a").ok()?;
    let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The download has begun with the click: the address is no longer needed.
    Url::revoke_object_url(&url).ok()
}
