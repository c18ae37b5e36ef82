// The pages of client users: their own accounts, live, and nothing of anybody else's.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { signIn } from "../support/agency.mjs";
import { AGENCYS, CLIENT, OWN, openOwn, signInAs, signInAsClient } from "../support/client.mjs";
import { SMALL_PHONE } from "../support/customer.mjs";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";
import { apiKey, send } from "../support/metering.mjs";

const { journey } = journeys();
const SIGNED_OUT = /401 GET .*\/api\/v1\/me$/;
const STREAM = "**/api/v1/changes*";
const ACCOUNTS = "**/api/v1/client/accounts";

const card = (page, name) =>
  page.getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });
const billing = (page) => page.getByRole("region", { name: "Billing" });

/** What an agency's owner is told by the API, beside whoever's page is open. */
async function asOwner(app, path) {
  const signedIn = await fetch(app.sign_in_url, { redirect: "manual" });
  const cookie = signedIn.headers.get("set-cookie").split(";")[0];
  const answer = await fetch(`${app.url}/api/v1${path}`, { headers: { cookie } });
  assert.equal(answer.status, 200);
  return answer.json();
}

journey("a client user signs in, sees their own accounts, and nothing of the agency's", async ({ app, page, allow }) => {
  allow(page, SIGNED_OUT);
  await page.goto(`${app.url}/client/usage?by=day`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await signInAs(page, CLIENT);
  await page.getByRole("heading", { level: 1, name: "Usage" }).waitFor();
  assert.equal(page.url(), `${app.url}/client/usage?by=day`, "where they wanted to go");
  await page.getByRole("link", { name: "Accounts", exact: true }).click();
  await card(page, OWN).waitFor();
  assert.deepEqual(await page.getByRole("main").getByRole("listitem").getByRole("link").allTextContents(), [AGENCYS, OWN]);
  assert.match(await card(page, OWN).innerText(), /Your balance\s+\$[\d,]+\.\d\d\s+Paid from your balance\s+since /);
  assert.match(await card(page, AGENCYS).innerText(), /Nothing is due from you\.\s+Paid by Northwind Media\s+since /);
  await page.getByRole("table", { name: "Usage in these days" }).getByRole("row", { name: /^sms\.sent/ }).waitFor();
  assert.equal(await page.title(), "Accounts · Northwind Media");
  await checkAxe(page, "a client's accounts");
  await shot(page, "client-accounts", { whole: true });

  const { balance } = await asOwner(app, "/agency");
  const { accounts } = await asOwner(app, "/accounts?limit=100");
  const foreign = accounts.find(({ name }) => name === "Granite Peak Insurance");
  const secrets = [balance.amount.split(".")[0], "Granite Peak", "Robin Hale", "Settings", "Prices"];
  for (const [name, words] of [[OWN, "Paid from your balance"], [AGENCYS, "Nothing is due from you."]]) {
    await openOwn(page, name);
    await billing(page).getByText(words).waitFor();
    await page.getByRole("region", { name: "Usage" }).getByRole("row").nth(1).waitFor();
    const all = await page.locator("body").innerText();
    for (const secret of secrets) assert.ok(!all.replaceAll(",", "").includes(secret), `${secret} on ${name}`);
    await page.goBack();
  }
  await page.goto(`${app.url}/client/accounts/${foreign.id}`);
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await checkAxe(page, "somebody else's account");
  const status = async (path) => (await page.request.get(`${app.url}/api/v1${path}`)).status();
  assert.equal(await status(`/client/accounts/${foreign.id}`), 404);
  assert.equal(await status(`/client/accounts/${foreign.id}/ledger`), 404);
  for (const path of ["/agency", "/accounts", "/usage", "/prices", "/people", "/audit", "/usage.csv"]) {
    assert.equal(await status(path), 403, path);
  }
  // The agency's own addresses lead back to theirs.
  for (const path of ["/", "/settings/accounts", `/accounts/${foreign.id}`]) {
    await page.goto(app.url + path);
    await page.waitForURL(`${app.url}/client`);
    await card(page, OWN).waitFor();
  }
});

journey("the balance of one's own moves as usage arrives", async ({ app, page, visitor }) => {
  const key = await apiKey(app);
  await signInAsClient(page, app);
  const account = await openOwn(page, OWN);
  await page.getByText("Live", { exact: true }).waitFor();
  await billing(page).getByText(/left at the present rate|two years/).waitFor();
  const balance = billing(page).locator(".amount");
  const before = await balance.innerText();
  const ledger = page.getByRole("region", { name: "Your balance, line by line" });
  await ledger.getByRole("row", { name: /Payment/ }).or(ledger.getByRole("row", { name: /Usage/ })).first().waitFor();
  await checkAxe(page, "a client's account");
  await shot(page, "client-account", { whole: true });
  await send(app, key, account, [{ id: "client-live", type: "sms.sent", data: { segments: 123 } }]);
  await eventually("a balance that has moved", async () => (await balance.innerText()) !== before);
  await ledger.getByRole("row").filter({ hasText: "−$1.23" }).first().waitFor();
  const today = page.getByRole("region", { name: "Usage" }).getByRole("row").filter({ hasText: "sms.sent" }).first();
  assert.match(await today.innerText(), /\s+You\s+\$/);

  // The same person on a phone; what the agency pays for costs them nothing, and shows no price.
  const phone = await visitor(SMALL_PHONE);
  await signInAsClient(phone, app);
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 320);
  await openOwn(phone, AGENCYS);
  await phone.getByText("Nothing has been booked on a balance of your own.").waitFor();
  const usage = phone.getByRole("region", { name: "Usage" });
  await usage.getByText("sms.sent").first().waitFor();
  assert.doesNotMatch(await usage.innerText(), /\$/);
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 320);
  await checkAxe(phone, "an account that the agency pays for, on a phone");
  await shot(phone, "client-account-agency", { whole: true });
});

journey("a report over any days, and the same as a file", async ({ app, page }) => {
  await signInAsClient(page, app);
  await page.getByRole("link", { name: "Usage", exact: true }).click();
  const report = page.getByRole("table", { name: "Usage in these days" });
  await report.getByRole("row", { name: /^Calder & Finch Law/ }).waitFor();
  assert.equal(await report.getByRole("row").count(), 4, "a head, two accounts, a sum");
  await checkAxe(page, "a client's report");
  await shot(page, "client-usage");
  const total = await report.getByRole("row", { name: /^Total/ }).innerText();
  for (const [by, name] of [
    ["Type", /^call\.connected/],
    ["Day", /^\w+ \d+, \d{4}/],
  ]) {
    await page.getByRole("link", { name: by, exact: true }).click();
    await report.getByRole("row", { name }).first().waitFor();
    assert.equal(await report.getByRole("row", { name: /^Total/ }).innerText(), total, `by ${by} it is as much`);
  }
  const to = await page.getByLabel("To", { exact: true }).inputValue();
  await page.getByLabel("From", { exact: true }).fill(to);
  await page.waitForURL((url) => url.searchParams.get("from") === to);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download CSV" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), `usage-by-day-${to}-${to}.csv`);
  const [head] = (await readFile(await download.path(), "utf8")).split("\n");
  assert.equal(head, "day,name,events,quantity,paid,currency");
});

journey("on its way, gone wrong, without an account, off the line", async ({ app, page, allow }) => {
  await signInAsClient(page, app);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(ACCOUNTS, async (route) => {
    await held;
    await route.continue();
  });
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Your accounts" }).waitFor();
  assert.equal(await page.getByRole("main").getByRole("listitem").count(), 0);
  await checkAxe(page, "a client's accounts, loading");
  await shot(page, "client-accounts-loading");
  release();
  await card(page, OWN).waitFor();
  await page.unroute(ACCOUNTS);

  allow(page, /ERR_FAILED/);
  await page.route(ACCOUNTS, (route) => route.abort());
  await page.reload();
  const alert = page.getByRole("alert");
  await alert.getByRole("heading", { name: "This could not be loaded" }).waitFor();
  await checkAxe(page, "a client's accounts, failed");
  await shot(page, "client-accounts-error");
  await page.unroute(ACCOUNTS);
  await alert.getByRole("button", { name: "Retry" }).click();
  await card(page, OWN).waitFor();

  await page.route(ACCOUNTS, (route) => route.fulfill({ json: { accounts: [], change_seq: 1 } }));
  await page.reload();
  await page.getByRole("heading", { name: "No account is yours to see" }).waitFor();
  await checkAxe(page, "a client without accounts");
  await shot(page, "client-accounts-empty");
  await page.unroute(ACCOUNTS);

  await page.route(STREAM, (route) => route.abort());
  await page.reload();
  await card(page, OWN).waitFor();
  await page.getByText("Reconnecting…", { exact: true }).waitFor();
  await shot(page, "client-accounts-reconnecting");
  await page.unroute(STREAM);
  await page.getByText("Live", { exact: true }).waitFor();
});

journey("who signs out is out, and the agency's people have pages of their own", async ({ app, page, visitor, allow }) => {
  await signInAsClient(page, app);
  allow(page, SIGNED_OUT, /401 GET/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.goto(`${app.url}/client`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(await page.getByText(OWN).count(), 0);

  const staff = await visitor();
  await signIn(staff, app);
  await staff.goto(`${app.url}/client`);
  await staff.waitForURL(`${app.url}/settings/accounts`);
});
