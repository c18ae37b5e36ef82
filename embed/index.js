// Brings <sluice-balance> into the page, from the server that it shows balances of: the element and its frame always fit.

const loading = new Map();

/**
 * @param {string} server where your Sluice is, such as `https://billing.example`
 * @returns {Promise<CustomElementConstructor>} once the element is there; the same promise for the same server
 */
export function loadSluiceBalance(server) {
  const url = new URL("/embed/v1.js", server).href;
  if (!loading.has(url)) {
    const loaded = import(/* @vite-ignore */ /* webpackIgnore: true */ url);
    const ready = loaded.then(() => customElements.whenDefined("sluice-balance"));
    // A failure is not kept: the next call tries again.
    ready.catch(() => loading.delete(url));
    loading.set(url, ready);
  }
  return loading.get(url);
}
