// The customer's side, on a phone: the link, the amount, the card, the bank; and the agency's page that sees it happen.

import assert from "node:assert/strict";
import { billing, emailClient, row, signIn } from "../support/agency.mjs";
import { bank, CARDS, fillCard, mailedLink, openForm, pay, PHONE, SMALL_PHONE } from "../support/customer.mjs";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";
import { cardsOnFile, charged, lettersTo } from "../support/outside.mjs";

const { journey } = journeys();
const OWNER = "robin@northwind-media.example";

/** The agency asks, on its own page, which stays open. */
async function asked(page, app, name, email, balance = "100") {
  await signIn(page, app);
  await page.evaluate(() => (window.neverReloaded = true));
  await emailClient(page, name, { email, balance });
  return mailedLink(app, email);
}

const paid = (customer, amount) =>
  customer.getByRole("heading", { level: 1, name: `You have paid ${amount}` }).waitFor();

async function flipped(page, name) {
  await row(page, name).getByText("Balance from: customer").waitFor();
  assert.ok(await page.evaluate(() => window.neverReloaded), "without a reload");
}

journey("a customer is declined, pays, and the agency sees it at once", async ({ app, page, visitor }) => {
  const [name, email] = ["Alder Dental Group", "maria@alder-dental.example"];
  const link = await asked(page, app, name, email);
  const customer = await visitor(SMALL_PHONE);
  await openForm(customer, link);
  assert.equal(customer.url(), `${app.url}/pay`, "the token does not stay in the address bar");
  await row(page, name).getByText(/· opened just now ·/).waitFor();
  await customer.getByText("Northwind Media", { exact: true }).first().waitFor();
  const width = await customer.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, 320);
  await fillCard(customer, CARDS.insufficientFunds);
  await checkAxe(customer, "pay, open");
  await shot(customer, "pay-open", { whole: true });

  const amount = customer.getByLabel("Amount", { exact: true });
  const button = (label) => customer.getByRole("button", { name: label, exact: true });
  assert.equal(await amount.inputValue(), "100.00");
  assert.equal(await button("$100").getAttribute("aria-pressed"), "true");
  for (const [typed, words] of [
    ["24.99", "The amount must be at least $25.00."],
    ["-30", "The amount must be at least $25.00."],
    ["1e9", "Enter an amount like 25.00."],
    ["25.001", "The amount has too many digits after the point."],
    ["1,000", "Write the amount without a thousands separator, like 1000.00."],
    ["€30", "The amount is in another currency than the agency's."],
    ["10000.01", "The amount must be at most $10,000.00."],
    ["", "Enter an amount."],
  ]) {
    await amount.fill(typed);
    await button("Pay").click();
    await customer.getByText(words, { exact: true }).waitFor();
    assert.equal(await amount.getAttribute("aria-invalid"), "true", typed);
    assert.ok(await amount.evaluate((field) => field === document.activeElement));
  }
  await checkAxe(customer, "pay, wrong amount");
  await shot(customer, "pay-amount-error", { whole: true });
  await button("$50").click();
  assert.equal(await amount.inputValue(), "50.00");
  await amount.fill("62.5");
  await button("Pay $62.50").click();

  const alert = customer.getByRole("alert");
  await alert.getByText("The payment did not go through").waitFor();
  await alert.getByText(/insufficient funds.* Nothing was charged\./i).waitFor();
  await checkAxe(customer, "pay, declined");
  await shot(customer, "pay-declined", { whole: true });
  await row(page, name).getByText("Payment declined: insufficient funds · can try again").waitFor();
  assert.deepEqual(await charged(app, email), []);

  await fillCard(customer, CARDS.pays);
  await button("Pay $62.50").click();
  await paid(customer, "$62.50");
  await customer.getByText("Visa ···· 4242").waitFor();
  await customer.getByText(`A receipt is on its way to ${email}.`, { exact: false }).waitFor();
  await checkAxe(customer, "pay, paid");
  await shot(customer, "pay-paid", { whole: true });

  await flipped(page, name);
  await row(page, name).getByText("$62.50").waitFor();
  await row(page, name).getByText("Visa ···· 4242").waitFor();
  assert.deepEqual(await charged(app, email), [6250]);
  assert.deepEqual(await cardsOnFile(app, email), ["4242"]);
  await eventually("a receipt", async () =>
    (await lettersTo(app, email)).some(({ subject }) => subject === `Receipt: $62.50 for ${name}`),
  );
  await eventually("a notice", async () =>
    (await lettersTo(app, OWNER)).some(({ subject }) => subject === `${name} is now on customer billing`),
  );

  const later = await visitor(PHONE);
  await later.goto(link);
  await paid(later, "$62.50");
  assert.equal(await later.getByRole("button", { name: /^Pay/ }).count(), 0);
  assert.deepEqual(await charged(app, email), [6250]);
});

journey("two clicks charge once; Back and reload in the middle charge nothing more", async ({ app, page, visitor }) => {
  const [name, email] = ["Bluebird Daycare", "ana@bluebird-daycare.example"];
  const link = await asked(page, app, name, email, "25");
  const customer = await visitor(PHONE);
  await openForm(customer, link);
  await customer.getByLabel("Amount", { exact: true }).fill("30");
  await customer.reload();
  await customer.getByRole("button", { name: "Pay $25.00" }).waitFor();
  await customer.goto("about:blank");
  await customer.goBack();
  await customer.getByRole("button", { name: "Pay $25.00" }).waitFor();
  await fillCard(customer, CARDS.mastercard);
  const [sent] = await Promise.all([
    customer.waitForRequest(/\/pay\/payments$/),
    customer.getByRole("button", { name: "Pay $25.00" }).dblclick(),
  ]);
  assert.ok(sent.headers()["idempotency-key"]);
  await customer.reload();
  await paid(customer, "$25.00");
  await customer.reload();
  await paid(customer, "$25.00");
  await customer.goBack();
  await customer.goForward();
  await paid(customer, "$25.00");
  await flipped(page, name);
  assert.deepEqual(await charged(app, email), [2500]);
  await row(page, name).getByText("Mastercard ···· 4444").waitFor();
});

journey("the bank asks: a no leaves everything open, a yes pays", async ({ app, page, visitor }) => {
  const [name, email] = ["Copper Kettle Bistro", "lena@copperkettle.example"];
  const link = await asked(page, app, name, email);
  const customer = await visitor(PHONE);
  await openForm(customer, link);
  await fillCard(customer, CARDS.authenticates);
  await pay(customer);
  await bank(customer).getByRole("button", { name: "Fail authentication" }).waitFor();
  await row(page, name).getByText("Customer is authenticating").waitFor();
  const ground = () =>
    bank(customer)
      .getByRole("main")
      .evaluate((main) => getComputedStyle(main).backgroundColor);
  const light = await ground();
  await customer.emulateMedia({ colorScheme: "dark" });
  await eventually("the bank's question turns dark", async () => (await ground()) !== light);
  await customer.emulateMedia({ colorScheme: null });
  await checkAxe(customer, "pay, the bank asks");
  await shot(customer, "pay-3ds");
  await bank(customer).getByRole("button", { name: "Fail authentication" }).click();
  const alert = customer.getByRole("alert");
  await alert.getByText("The payment did not go through").waitFor();
  assert.deepEqual(await charged(app, email), []);
  await row(page, name).getByText(/Payment declined: .*authentication.* · can try again/).waitFor();

  await fillCard(customer, CARDS.authenticates);
  await pay(customer);
  await bank(customer).getByRole("button", { name: "Complete authentication" }).waitFor();
  // The customer reloads while the bank waits for them: the page takes them back to it.
  await customer.reload();
  await customer.getByRole("heading", { level: 1, name: "Confirm the payment with your bank" }).waitFor();
  await checkAxe(customer, "pay, authentication left");
  await shot(customer, "pay-authenticate", { whole: true });
  await customer.getByRole("button", { name: "Continue authentication" }).click();
  await bank(customer).getByRole("button", { name: "Complete authentication" }).click();
  await paid(customer, "$100.00");
  await flipped(page, name);
  assert.deepEqual(await charged(app, email), [10000]);
});

journey("links that are none, and one withdrawn while its page was open", async ({ app, page, visitor, allow }) => {
  const [name, email] = ["Crestline Realty", "sales@crestline-realty.example"];
  const link = await asked(page, app, name, email);
  const customer = await visitor(PHONE);
  await openForm(customer, link);
  await fillCard(customer, CARDS.pays);
  const dialog = await billing(page, name);
  await dialog.getByRole("link", { name: "Revoke…" }).click();
  await dialog.getByRole("button", { name: "Revoke request" }).click();
  await dialog.waitFor({ state: "detached" });
  allow(customer, /410 POST .*\/pay\/payments$/);
  await pay(customer);
  await customer.getByRole("heading", { level: 1, name: "This request was withdrawn" }).waitFor();
  assert.deepEqual(await charged(app, email), []);

  const stranger = await visitor(PHONE);
  allow(stranger, /40[04] POST .*\/pay\/open$/);
  await stranger.goto(`${app.url}/pay`);
  await stranger.getByRole("heading", { level: 1, name: "Open the link from your e-mail" }).waitFor();
  await checkAxe(stranger, "pay, no link");
  await shot(stranger, "pay-no-link", { whole: true });
  for (const token of ["A".repeat(43), "cut-off", "%00%ff"]) {
    await stranger.goto("about:blank");
    await stranger.goto(`${app.url}/pay#t=${token}`);
    await stranger.getByRole("heading", { level: 1, name: "This link does not work" }).waitFor();
    assert.equal(await stranger.getByRole("button").count(), 0);
  }
  await checkAxe(stranger, "pay, unknown link");
  await shot(stranger, "pay-unknown", { whole: true });
});

journey("the card fields say what is wrong; without them nothing is paid", async ({ app, page, visitor, allow }) => {
  const [name, email] = ["Elm Street Optometry", "desk@elmstreet-eyes.example"];
  const link = await asked(page, app, name, email, "25");
  const customer = await visitor(PHONE);
  allow(customer, /ERR_FAILED/);
  await customer.route(/\/stripe\.js$/, (route) => route.abort());
  await customer.goto(link);
  const alert = customer.getByRole("alert");
  await alert.getByText("The payment provider's card fields could not be loaded.", { exact: false }).waitFor();
  await checkAxe(customer, "pay, no card fields");
  await shot(customer, "pay-no-card-fields", { whole: true });
  await customer.unroute(/\/stripe\.js$/);
  await alert.getByRole("button", { name: "Load the card fields again" }).click();
  const frame = customer.getByTitle("Secure card payment input frame").contentFrame();
  await frame.getByLabel("Card number").waitFor();
  await pay(customer);
  await frame.getByText("Your card number is incomplete.").waitFor();
  await checkAxe(customer, "pay, incomplete card");
  await shot(customer, "pay-card-errors", { whole: true });
  assert.deepEqual(await charged(app, email), []);
  await fillCard(customer, CARDS.pays);
  await pay(customer);
  await paid(customer, "$25.00");
  await flipped(page, name);
});
