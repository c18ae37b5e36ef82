//! The settings: starts what `sluice_web::settings` is. Natively there is nothing to start.

fn main() {
    #[cfg(target_arch = "wasm32")]
    sluice_web::settings::start();
}
