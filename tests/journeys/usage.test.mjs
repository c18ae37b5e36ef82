// Usage arrives from a metering system and is on the screen, explained to the last cent, and in the reports.

import assert from "node:assert/strict";
import { emailClient, row, signIn } from "../support/agency.mjs";
import { CARDS, fillCard, mailedLink, openForm, SMALL_PHONE } from "../support/customer.mjs";
import { checkAxe, journeys, shot } from "../support/journey.mjs";
import { apiKey, send } from "../support/metering.mjs";

const { journey } = journeys();

const region = (page) => page.getByRole("region", { name: "Usage" });
const table = (page) => region(page).getByRole("table", { name: "Usage, newest day first" });

/** Opens an account's page and answers its id. */
async function openAccount(page, name) {
  await row(page, name).getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  return new URL(page.url()).pathname.split("/").at(-1);
}

journey("an event appears on the open page and each of its cents is explained", async ({ app, page }) => {
  const key = await apiKey(app);
  await signIn(page, app);
  const account = await openAccount(page, "Alder Dental Group");
  await table(page).waitFor();
  await checkAxe(page, "an account's usage");
  const day = new Date().toISOString().slice(0, 10);
  const ofToday = (line) => line.day === day && line.event_type === "sms.sent";
  const usage = await page.request.get(`${app.url}/api/v1/accounts/${account}/usage`);
  const [{ quantity, amount } = { quantity: "0", amount: { amount: "0" } }] = (await usage.json()).lines.filter(ofToday);
  await send(app, key, account, [{ id: "told-live", type: "sms.sent", data: { segments: 7 } }]);
  const line = table(page).getByRole("row").filter({ hasText: "sms.sent" }).first();
  const sum = `$${(Number(amount.amount) + 0.07).toFixed(2)}`;
  await line.getByText(sum, { exact: true }).waitFor();
  const [, told] = (await line.innerText()).match(/sms\.sent\s+(\d+)\s+\d+ events?\s+Agency\s/);
  assert.equal(Number(told), Number(quantity) + 7);
  await shot(page, "account-usage");

  await line.getByRole("link", { name: "Explain" }).click();
  const dialog = page.getByRole("dialog", { name: "What made this amount" });
  const draw = dialog.getByRole("row", { name: /^told-live/ });
  const words = await draw.innerText();
  assert.match(words, /journey\.example\s+\{"segments":7\}/);
  assert.match(words, /7 × \$0\.01\s+price \d+, from /);
  assert.match(words, /Agency\s+since /);
  assert.match(words, /\$0\.07/);
  assert.match(new URL(page.url()).pathname, /\/usage\/\d{4}-\d\d-\d\d\/sms\.sent\/agency$/);
  await checkAxe(page, "usage, explained");
  await shot(page, "usage-explained");
  await page.goBack();
  await dialog.waitFor({ state: "detached" });
});

journey("what usage has cost since a request may be asked for, and is paid on top", async ({ app, page, visitor, allow }) => {
  const key = await apiKey(app);
  await signIn(page, app);
  await emailClient(page, "Greenline Pest Control", { email: "ray@greenline-pest.example", balance: "100" });
  const account = await openAccount(page, "Greenline Pest Control");
  await send(app, key, account, [{ id: "since-asked", type: "sms.sent", data: { segments: 30 } }]);
  await region(page).getByText("Usage has cost you $0.30 since you asked.").waitFor();
  await region(page).getByRole("link", { name: "Ask for it too…" }).click();
  const dialog = page.getByRole("dialog");
  const ask = dialog.getByRole("button", { name: "Ask for usage so far" });
  await ask.click();
  await dialog.getByText(/^\$0\.30, counted until /).waitFor();
  await checkAxe(page, "usage asked for");
  await shot(page, "usage-asked");

  const customer = await visitor(SMALL_PHONE);
  allow(customer, /409 POST/);
  await openForm(customer, await mailedLink(app, "ray@greenline-pest.example"));
  const lines = customer.locator(".pay-facts");
  assert.match(await lines.innerText(), /Your balance\s+\$100\.00\s+Usage of Greenline Pest Control since /);
  assert.match(await lines.innerText(), /which Northwind Media has paid\s+\$0\.30\s+Total\s+\$100\.30/);
  await fillCard(customer, CARDS.pays);
  await checkAxe(customer, "pay, with usage on top");
  await shot(customer, "pay-usage", { whole: true });

  // The agency counts again while the customer is about to pay: they hear of it, and are charged nothing yet.
  await send(app, key, account, [{ id: "since-asked-2", type: "sms.sent", data: { segments: 20 } }]);
  await dialog.getByRole("button", { name: "Don't ask for usage" }).click();
  await dialog.getByText(/counted until /).waitFor({ state: "detached" });
  await ask.click();
  await dialog.getByText(/^\$0\.50, counted until /).waitFor();
  await customer.getByRole("button", { name: "Pay $100.30" }).click();
  await customer.getByRole("alert").getByText(/What is asked for has changed meanwhile/).waitFor();
  await customer.getByRole("button", { name: "Pay $100.50" }).click();
  await customer.getByRole("heading", { level: 1, name: "You have paid $100.50" }).waitFor();
  assert.match(await lines.innerText(), /Of it for usage since you were asked\s+\$0\.50/);
  await page.goto(`${app.url}/accounts/${account}`);
  await page.getByText("$100.50 paid, $0.50 of it for usage").waitFor();
  const ledger = page.getByRole("region", { name: "Ledger" });
  await ledger.getByRole("row").filter({ hasText: "+$100.00" }).first().waitFor();
});

journey("a line of a customer's ledger leads to its draws", async ({ app, page }) => {
  const key = await apiKey(app);
  await signIn(page, app);
  const account = await openAccount(page, "Granite Peak Insurance");
  await send(app, key, account, [{ id: "of-the-ledger", type: "sms.sent", data: { segments: 11 } }]);
  const ledger = page.getByRole("region", { name: "Ledger" });
  const line = ledger.getByRole("row").filter({ hasText: "−$0.11" }).first();
  await line.getByRole("link", { name: "Usage" }).click();
  const dialog = page.getByRole("dialog", { name: "What made this amount" });
  await dialog.getByRole("row", { name: /^of-the-ledger/ }).getByText("$0.11").waitFor();
  assert.match(await dialog.innerText(), /Customer\s+since /);
});

journey("a report over any days, by four things, and the same as a file", async ({ app, page }) => {
  await signIn(page, app);
  await page.getByRole("link", { name: "Usage", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Usage" }).waitFor();
  const report = page.getByRole("table", { name: "Usage in these days" });
  await report.getByRole("row", { name: /^Alder Dental Group/ }).waitFor();
  await checkAxe(page, "a report");
  await shot(page, "usage");
  const total = await report.getByRole("row", { name: /^Total/ }).innerText();
  for (const [by, name] of [
    ["Type", /^sms\.sent/],
    ["Day", /^\w+ \d+, \d{4}/],
    ["Payer", /^Agency/],
  ]) {
    await page.getByRole("link", { name: by, exact: true }).click();
    await report.getByRole("row", { name }).first().waitFor();
    assert.equal(await report.getByRole("row", { name: /^Total/ }).innerText(), total, `by ${by} it is as much`);
  }
  const to = await page.getByLabel("To", { exact: true }).inputValue();
  await page.getByLabel("From", { exact: true }).fill(to);
  await page.waitForURL((url) => url.searchParams.get("from") === to && url.searchParams.get("by") === "payer");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download CSV" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), `usage-by-payer-${to}-${to}.csv`);
  await page.goBack();
  await report.getByRole("row", { name: /^Agency/ }).waitFor();
});
