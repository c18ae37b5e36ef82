// The sandbox's stand-in for Stripe.js where a card is kept without a payment: on a bare page of another origin, as a merchant's
// is, with the requests that the merchant's server makes.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launchBrowser } from "../support/browser.mjs";
import { startServer } from "../support/server.mjs";

const [SECRET, PUBLISHABLE] = ["sk_test_sandbox", "pk_test_sandbox"];

let app;
let browser;
let merchant;
before(async () => {
  app = await startServer();
  browser = await launchBrowser();
  merchant = createServer((request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><main><div id="card"></div></main><script src="${app.sandbox_url}/endive/stripe.js"></script>`);
  });
  await once(merchant.listen(0, "127.0.0.1"), "listening");
});
after(async () => {
  merchant?.close();
  await browser?.close();
  await app?.stop();
  await app?.remove();
});

/** What the merchant's server asks of the gateway. */
async function ask(path, params) {
  const answer = await fetch(app.sandbox_url + path, {
    method: params ? "POST" : "GET",
    headers: { authorization: `Bearer ${SECRET}` },
    body: params && new URLSearchParams(params),
  });
  return answer.json();
}

/** Types a card on the merchant's page; answers the page and the confirmation token. */
async function typed(number) {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${merchant.address().port}/`);
  await page.evaluate((key) => {
    window.stripe = window.Stripe(key);
    window.elements = window.stripe.elements({ mode: "setup", currency: "usd", allowedPaymentMethodTypes: ["card"] });
    window.elements.create("payment").mount("#card");
  }, PUBLISHABLE);
  const card = page.frameLocator("#card iframe");
  await card.getByLabel("Card number").fill(number);
  await card.getByLabel("Expiry").fill("12 / 34");
  await card.getByLabel("CVC").fill("123");
  const token = await page.evaluate(async () => {
    await window.elements.submit();
    const { confirmationToken, error } = await window.stripe.createConfirmationToken({ elements: window.elements });
    if (error) throw new Error(error.message);
    return confirmationToken;
  });
  return { page, token };
}

async function save(token) {
  const { id: customer } = await ask("/v1/customers", { name: "Dana" });
  const confirmed = { confirm: "true", usage: "off_session", return_url: "https://shop.example/back" };
  return ask("/v1/setup_intents", { customer, confirmation_token: token.id, ...confirmed });
}

/** Answers the bank's question in the page; what `handleNextAction` makes of it. */
async function answer(page, setup, button) {
  const handled = page.evaluate((clientSecret) => window.stripe.handleNextAction({ clientSecret }), setup.client_secret);
  const dialog = page.getByRole("dialog", { name: "Confirm this card with your bank" });
  const bank = dialog.locator("iframe").contentFrame();
  await bank.getByRole("heading", { name: "Is it you who keeps this card for later payments?" }).waitFor();
  await bank.getByRole("button", { name: button }).click();
  const outcome = await handled;
  await dialog.waitFor({ state: "detached" });
  return outcome;
}

test("a card is kept without a payment", async () => {
  const { page, token } = await typed("4242424242424242");
  assert.equal(token.setup_future_usage, "off_session");
  const setup = await save(token);
  assert.equal(setup.status, "succeeded");
  const retrieve = (clientSecret) => window.stripe.retrieveSetupIntent(clientSecret);
  const { setupIntent } = await page.evaluate(retrieve, setup.client_secret);
  assert.deepEqual([setupIntent.id, setupIntent.status], [setup.id, "succeeded"]);
  // Nobody is asked anything.
  const handle = (clientSecret) => window.stripe.handleNextAction({ clientSecret });
  assert.equal((await page.evaluate(handle, setup.client_secret)).setupIntent.status, "succeeded");
  await page.close();
});

test("a card is kept when its owner says yes to the bank, and is not when they say no", async () => {
  const { page, token } = await typed("4000002500003155");
  const setup = await save(token);
  assert.equal(setup.status, "requires_action");
  const { setupIntent } = await answer(page, setup, "Complete authentication");
  assert.equal(setupIntent.status, "succeeded");
  const { customer, payment_method } = await ask(`/v1/setup_intents/${setup.id}`);
  const charge = { amount: "900", currency: "usd", customer, payment_method, confirm: "true", off_session: "true" };
  assert.equal((await ask("/v1/payment_intents", charge)).status, "succeeded");
  await page.close();

  const again = await typed("4000002500003155");
  const refused = await save(again.token);
  const { error } = await answer(again.page, refused, "Fail authentication");
  assert.equal(error.code, "setup_intent_authentication_failure");
  assert.equal(error.setup_intent.status, "requires_payment_method");
  await again.page.close();
});

test("what cannot be meant is said at once", async () => {
  const { page } = await typed("4242424242424242");
  for (const options of [
    { mode: "setup", amount: 100, currency: "usd" },
    { mode: "setup", currency: "dollars" },
    { mode: "payment", currency: "usd" },
    { mode: "subscription", amount: 100, currency: "usd" },
  ]) {
    const made = page.evaluate((options) => void window.stripe.elements(options), options);
    await assert.rejects(made, /IntegrationError/, JSON.stringify(options));
  }
  await page.evaluate(() => void window.stripe.elements({ mode: "setup" }));
  await page.close();
});
