//! The agency's app: starts what `sluice_web::app` is. Natively there is nothing to start.

fn main() {
    #[cfg(target_arch = "wasm32")]
    sluice_web::app::start();
}
