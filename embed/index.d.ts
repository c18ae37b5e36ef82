export * from "./v1.js";

/**
 * Brings `<sluice-balance>` into the page.
 *
 * @param server where your Sluice is, such as `https://billing.example`
 */
export function loadSluiceBalance(server: string): Promise<CustomElementConstructor>;
