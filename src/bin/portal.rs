//! The wasm entry of the pages of client users.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    sluice_web::portal::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
