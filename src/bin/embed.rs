//! The wasm entry of the widget's frame.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    sluice_web::embed::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
