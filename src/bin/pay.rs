//! The wasm entry of the customer's pay page.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    sluice_web::pay::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
