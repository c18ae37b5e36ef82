//! A balance with its cards: starts what `sluice_web::wallet` is. Natively there is nothing to start.

fn main() {
    #[cfg(target_arch = "wasm32")]
    sluice_web::wallet::start();
}
