// Settings > Prices: what waits for a price gets one and is drawn before one's eyes; what is wrong is told at its field.

import assert from "node:assert/strict";
import { micros, row, signIn } from "../support/agency.mjs";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";
import { apiKey, send } from "../support/metering.mjs";

const { journey } = journeys();

/** The agency's balance as the page shows it. */
const shownBalance = async (page) => micros(await page.getByRole("definition").first().textContent());

/** Opens an account's page and answers its id. */
async function openAccount(page, name) {
  await row(page, name).getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  return new URL(page.url()).pathname.split("/").at(-1);
}

async function openPrices(page) {
  await page.getByRole("link", { name: "Prices", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Prices" }).waitFor();
}

journey("usage without a price waits, says so, and is drawn when its type gets one", async ({ app, page }) => {
  const key = await apiKey(app);
  await signIn(page, app);
  const account = await openAccount(page, "Alder Dental Group");
  const pages = [1, 2, 3].map((number) => ({ id: `fax-${number}`, type: "fax.sent", data: { pages: 100 * number } }));
  await send(app, key, account, pages);

  await openPrices(page);
  const waiting = page.getByText(/^fax\.sent: 3 events since \w+ \d+, \d{4} need a price$/);
  await waiting.waitFor();
  await page.getByRole("table", { name: "Prices in force" }).waitFor();
  await checkAxe(page, "prices");
  await shot(page, "prices", { whole: true });
  const before = await shownBalance(page);

  await waiting.locator("..").getByRole("link", { name: "Set its price" }).click();
  const dialog = page.getByRole("dialog", { name: "Set a price" });
  assert.equal(await dialog.getByLabel("Type of event").inputValue(), "fax.sent");
  assert.match(await dialog.getByLabel("From", { exact: true }).inputValue(), /^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
  await dialog.getByLabel("Unit price").fill("0.05");
  await dialog.getByLabel("Counted field").fill("pages");
  await checkAxe(page, "set a price");
  await shot(page, "price-set");
  await dialog.getByRole("button", { name: "Set a price" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("The price is set").waitFor();
  await waiting.waitFor({ state: "detached" });
  const line = page.getByRole("table", { name: "Prices in force" }).getByRole("row", { name: /^fax\.sent/ });
  assert.match(await line.innerText(), /\$0\.05\s+pages/);
  // 600 pages at five cents, on the screen without anybody asking.
  await eventually("the balance has moved", async () => (await shownBalance(page)) === before - 30_000_000n);
});

journey("a price is changed from a time on, with tiers, and history keeps both", async ({ app, page, allow }) => {
  allow(page, /422 POST .*\/prices$/);
  await signIn(page, app);
  await openPrices(page);
  const table = page.getByRole("table", { name: "Prices in force" });
  await table.getByRole("row", { name: /^sms\.sent/ }).getByRole("link", { name: "Change" }).click();
  const dialog = page.getByRole("dialog", { name: "Set a price" });
  assert.equal(await dialog.getByLabel("Counted field").inputValue(), "segments");
  assert.equal(await dialog.getByLabel("Included per month").inputValue(), "");
  await dialog.getByLabel("Unit price").fill("free");
  await dialog.getByLabel("Tiers").fill("10000: cheap");
  const submit = dialog.getByRole("button", { name: "Set a price" });
  await submit.click();
  await dialog.getByRole("alert").waitFor();
  for (const label of ["Unit price", "Tiers"]) {
    assert.equal(await dialog.getByLabel(label).getAttribute("aria-invalid"), "true", label);
  }
  assert.equal(await dialog.getByLabel("Included per month").getAttribute("aria-invalid"), null);
  assert.equal(await page.evaluate(() => document.activeElement.id), "price", "the cursor is where to go on");
  await checkAxe(page, "a price that is none");
  await shot(page, "price-errors");
  await dialog.getByLabel("Unit price").fill("0.0079");
  await dialog.getByLabel("Included per month").fill("500");
  await dialog.getByLabel("Tiers").fill("10000: 0.007, 50000: 0.0065");
  await submit.click();
  await dialog.waitFor({ state: "detached" });
  const line = table.getByRole("row", { name: /^sms\.sent/ });
  await line.getByText("$0.0079").waitFor();
  assert.match(await line.innerText(), /500 a month included\s+\$0\.007 above 10,000\s+\$0\.0065 above 50,000/);
  await page.getByText("Every version", { exact: true }).click();
  const versions = page.getByRole("table", { name: "Every version, newest first" });
  assert.equal(await versions.getByRole("row").filter({ hasText: "sms.sent" }).count(), 2);
  // The next change starts from what holds.
  await line.getByRole("link", { name: "Change" }).click();
  assert.equal(await dialog.getByLabel("Tiers").inputValue(), "10000: 0.007, 50000: 0.0065");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

journey("one account gets a price of its own and a markup", async ({ app, page }) => {
  await signIn(page, app);
  const name = "Alder Dental Group";
  await openAccount(page, name);
  await page.getByRole("link", { name: "Markup…" }).click();
  const markup = page.getByRole("dialog", { name: "Set a markup" });
  await markup.getByText(`For ${name} only`).waitFor();
  await markup.getByLabel("Markup in percent").fill("12.5");
  await markup.getByRole("button", { name: "Set a markup" }).click();
  await markup.waitFor({ state: "detached" });
  await openPrices(page);
  const table = page.getByRole("table", { name: "Prices in force" });
  const line = table.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
  await line.getByText("+12.5 %").waitFor();
  await line.getByRole("link", { name, exact: true }).click();
  await page.getByRole("link", { name: "Own price…" }).click();
  const dialog = page.getByRole("dialog", { name: "Set a price" });
  await dialog.getByLabel("Type of event").fill("call.connected");
  await dialog.getByLabel("Unit price").fill("0.031");
  await dialog.getByLabel("Counted field").fill("minutes");
  await dialog.getByRole("button", { name: "Set a price" }).click();
  await dialog.waitFor({ state: "detached" });
  await openPrices(page);
  await line.filter({ hasText: "call.connected" }).getByText("$0.031").waitFor();
});
