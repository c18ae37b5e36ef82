//! Timers that stop when they are dropped.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// A running timer. Dropping it stops it.
pub struct Timer {
    id: i32,
    repeats: bool,
    _call: Closure<dyn FnMut()>,
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            if self.repeats {
                window.clear_interval_with_handle(self.id);
            } else {
                window.clear_timeout_with_handle(self.id);
            }
        }
    }
}

/// Calls once, after so many milliseconds, unless the timer is dropped before.
pub fn after(delay_millis: i32, call: impl FnMut() + 'static) -> Option<Timer> {
    let call = Closure::<dyn FnMut()>::new(call);
    let id = web_sys::window()?
        .set_timeout_with_callback_and_timeout_and_arguments_0(
            call.as_ref().unchecked_ref(),
            delay_millis,
        )
        .ok()?;
    Some(Timer { id, repeats: false, _call: call })
}

/// Calls every so many milliseconds, until the timer is dropped.
pub fn every(period_millis: i32, call: impl FnMut() + 'static) -> Option<Timer> {
    let call = Closure::<dyn FnMut()>::new(call);
    let id = web_sys::window()?
        .set_interval_with_callback_and_timeout_and_arguments_0(
            call.as_ref().unchecked_ref(),
            period_millis,
        )
        .ok()?;
    Some(Timer { id, repeats: true, _call: call })
}

/// Waits so many milliseconds.
pub async fn sleep(millis: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
        }
    });
    let _: Result<JsValue, JsValue> = JsFuture::from(promise).await;
}
