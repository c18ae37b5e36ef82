// The API's own page: read without a script, from a list of subjects to an operation, its types and its example.

import assert from "node:assert/strict";
import { checkAxe, journeys, shot } from "../support/journey.mjs";

const { journey } = journeys();

journey("a developer finds an operation, who may, and what it takes", async ({ app, page }) => {
  await page.goto(`${app.url}/api/docs`);
  await page.getByRole("heading", { level: 1, name: "API" }).waitFor();
  await shot(page, "api-docs");
  await page.getByRole("navigation").getByText("Funding", { exact: true }).click();
  await page.getByRole("link", { name: "Remove from Agency Billing" }).click();
  assert.equal(new URL(page.url()).hash, "#request_billing");
  const operation = page.getByRole("article", { name: "Remove from Agency Billing" });
  await operation.getByText("owner, billing manager, an API key with billing:write.").waitFor();
  await operation.getByText("Idempotency-Key").first().waitFor();
  await operation.getByText("Refusals").click();
  await operation.getByText("already_on_customer_billing").waitFor();
  await operation.getByRole("link", { name: "BillingRequestBody" }).first().click();
  assert.equal(new URL(page.url()).hash, "#type-BillingRequestBody");
  await page.getByRole("heading", { name: "BillingRequestBody" }).waitFor();
  // Two hundred cards are made alike: axe would look for minutes at what it has seen in the first.
  await page.evaluate(() => {
    const kept = ["request_billing", "type-BillingRequestBody", "type-Funding"];
    for (const card of document.querySelectorAll("article")) {
      if (!kept.includes(card.getAttribute("aria-labelledby"))) card.remove();
    }
    for (const section of document.querySelectorAll("section")) {
      if (!section.querySelector("article")) section.remove();
    }
    window.scrollTo(0, 0);
  });
  await checkAxe(page, "the page of the API");
  await shot(page, "api-docs-operation", { whole: true });
});

journey("it fits a phone, and works without scripts and without a network", async ({ app, page }) => {
  await page.setViewportSize({ width: 320, height: 720 });
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${app.url}/api/docs`);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  assert.equal(await page.locator("script").count(), 0);
  assert.deepEqual(asked.filter((url) => !url.startsWith(app.url)), []);
});
