//! Work that begins before anything is mounted: the framework's own way to spawn is not there yet.

/// Runs a future on the browser's own queue.
pub fn begin(future: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(future);
}
