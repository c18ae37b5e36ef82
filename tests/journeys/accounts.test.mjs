// Settings > Accounts: every state in words, search, filters, sorting, all of it in the address; and what stands
// there when nothing matches, nothing has come yet, or nothing comes.

import assert from "node:assert/strict";
import { names, row, signIn } from "../support/agency.mjs";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";

const { journey } = journeys();
const LIST = /\/api\/v1\/accounts\?/;
const STREAM = /\/api\/v1\/changes/;

journey("the list says in words who pays and what is under way", async ({ app, page }) => {
  await signIn(page, app);
  assert.equal(page.url(), `${app.url}/settings/accounts`);
  assert.equal(await page.title(), "Accounts · Sluice");
  await page.getByRole("heading", { level: 1, name: "Accounts" }).waitFor();
  await page.getByText(/^42 accounts · \d+ draw from the agency, \d+ from their customer$/).waitFor();
  await page.getByText("42 of 42").waitFor();
  for (const [name, payer, state] of [
    ["Alder Dental Group", "agency", /^since \w+ \d+, \d{4}$/],
    ["Bayside Orthopedics", "customer", /^Visa ···· 4242$/],
    ["Brightwater Plumbing", "agency", /^Requested from dana@brightwater\.example · opened 2 h ago · 5 days left$/],
    ["Lakeshore Dentistry", "agency", /^Requested from sam@lakeshoredental\.example · not opened yet · 6 days left$/],
    ["Riverbend Movers", "agency", /^Requested from katya@\S+ · opened 5 days ago · \d h left$/],
    ["Dune Fitness", "agency", /^Payment declined: insufficient funds · can try again$/],
    ["Ironwood Construction", "agency", /^Customer is authenticating$/],
    ["Mill Pond Cabins", "agency", /^Request to stay@millpond-cabins\.example withdrawn 9 days ago$/],
    ["Orchard Lane Events", "agency", /^Request to tessa@orchardlane\.example expired \d days ago$/],
    ["Summit HVAC", "customer", /^Returning to agency: waits for a payment$/],
  ]) {
    const here = row(page, name);
    await here.getByText(`Balance from: ${payer}`, { exact: true }).waitFor();
    await here.getByText(state).waitFor();
    await here.getByText(payer === "agency" ? "agency's, shared" : "customer's own").waitFor();
    await here.getByRole("link", { name: `Edit billing of ${name}` }).waitFor();
  }
  await row(page, "Alder Dental Group").getByText("AD-1042").waitFor();
  await row(page, "Everly Veterinary").getByText("Paused", { exact: true }).waitFor();
  // The agency's own balance, once for all.
  const balance = await page.getByRole("definition").first().textContent();
  assert.match(balance, /^\$4,\d{3}\.\d\d$/);
  const shared = await row(page, "Alder Dental Group").getByRole("cell").last().textContent();
  assert.ok(shared.startsWith(balance), `${shared} is ${balance}`);
  await checkAxe(page, "accounts");
  await shot(page, "accounts");
});

journey("search, filters and sorting narrow the list and live in the address", async ({ app, page }) => {
  await signIn(page, app);
  const at = () => page.url().slice(app.url.length);
  const shows = (count) => page.getByText(new RegExp(`^${count} (of|match)`)).waitFor();

  const only = (...expected) =>
    eventually(`only ${expected}`, async () => `${await names(page)}` === `${expected}`);

  await page.getByLabel("Search accounts").fill("DENT");
  await only("Alder Dental Group", "Lakeshore Dentistry");
  await shows(2);
  assert.equal(at(), "/settings/accounts?q=DENT");
  for (const [text, name] of [
    ["CF-2210", "Calder & Finch Law"],
    ["dana@brightwater", "Brightwater Plumbing"],
  ]) {
    await page.getByLabel("Search accounts").fill(text);
    await only(name);
  }
  await page.getByLabel("Search accounts").fill("");
  await shows(42);
  assert.equal(at(), "/settings/accounts");

  const payers = page.getByRole("group", { name: "Balance from" });
  await payers.getByRole("link", { name: /^Customer/ }).click();
  await row(page, "Alder Dental Group").waitFor({ state: "detached" });
  assert.equal(at(), "/settings/accounts?funding=customer");
  assert.equal(await payers.getByRole("link", { name: /^Customer/ }).getAttribute("aria-current"), "true");
  const drawn = await page.getByText(/^Balance from: /).allTextContents();
  assert.ok(drawn.length > 8 && drawn.every((words) => words === "Balance from: customer"), `${drawn}`);

  await page.getByLabel("Standing").selectOption("Paused");
  await row(page, "Bayside Orthopedics").waitFor({ state: "detached" });
  assert.equal(at(), "/settings/accounts?funding=customer&standing=paused");
  await row(page, "Everly Veterinary").waitFor();
  const paused = await names(page);

  await page.reload();
  await row(page, "Everly Veterinary").waitFor();
  assert.deepEqual(await names(page), paused, "a reload shows the same");
  assert.equal(await page.getByLabel("Standing").inputValue(), "paused");

  await page.goBack();
  await row(page, "Bayside Orthopedics").waitFor();
  assert.equal(await page.getByLabel("Standing").inputValue(), "");
  await page.goBack();
  await row(page, "Alder Dental Group").waitFor();
  await page.goForward();
  await row(page, "Alder Dental Group").waitFor({ state: "detached" });
  assert.equal(at(), "/settings/accounts?funding=customer");

  await payers.getByRole("link", { name: /^In between/ }).click();
  await row(page, "Dune Fitness").waitFor();
  const between = await names(page);
  for (const name of ["Brightwater Plumbing", "Ironwood Construction", "Summit HVAC"]) {
    assert.ok(between.includes(name), name);
  }
  await payers.getByRole("link", { name: /^All/ }).click();
  await row(page, "Alder Dental Group").waitFor();

  const head = (name) => page.getByRole("columnheader", { name });
  const sorted = async (name, order) => {
    await head(name).getByRole("button").click();
    await eventually(`${name} is ${order}`, async () => (await head(name).getAttribute("aria-sort")) === order);
  };
  const first = (name) => eventually(`${name} comes first`, async () => (await names(page))[0] === name);
  assert.equal(await head("Account").getAttribute("aria-sort"), "ascending");
  await sorted("Account", "descending");
  await first("Willow & Co. Interiors");
  assert.equal(at(), "/settings/accounts?sort=-name");
  await sorted("Balance it draws from", "ascending");
  await first("Everly Veterinary");
  assert.equal(await head("Account").getAttribute("aria-sort"), null);
  await page.goBack();
  await first("Willow & Co. Interiors");
});

journey("nothing matches, nothing has come yet, nothing comes", async ({ app, page, allow }) => {
  await signIn(page, app);
  await page.getByLabel("Search accounts").fill("no such client");
  await page.getByRole("heading", { name: "No account matches" }).waitFor();
  await checkAxe(page, "accounts, no match");
  await shot(page, "accounts-no-match");
  await page.getByRole("link", { name: "Clear filters" }).click();
  await row(page, "Alder Dental Group").waitFor();

  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(LIST, async (route) => {
    await held;
    await route.continue();
  });
  await page.reload();
  await page.getByRole("table", { name: "Accounts and who pays for them" }).waitFor();
  assert.equal(await page.getByRole("rowheader").count(), 0);
  await checkAxe(page, "accounts, loading");
  await shot(page, "accounts-loading");
  release();
  await row(page, "Alder Dental Group").waitFor();
  await page.unroute(LIST);

  allow(page, /ERR_FAILED/);
  await page.route(LIST, (route) => route.abort());
  await page.reload();
  const alert = page.getByRole("alert");
  await alert.getByRole("heading", { name: "This could not be loaded" }).waitFor();
  await alert.getByText("The server can't be reached. Check the connection and try again.").waitFor();
  await checkAxe(page, "accounts, failed");
  await shot(page, "accounts-error");
  await page.unroute(LIST);
  await alert.getByRole("button", { name: "Retry" }).click();
  await row(page, "Alder Dental Group").waitFor();
  assert.equal(await alert.count(), 0);
});

journey("a phone of 320 pixels shows it all without scrolling sideways", async ({ app, visitor, allow }) => {
  const page = await visitor({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
  await signIn(page, app);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, 320);
  await row(page, "Brightwater Plumbing").getByText(/^Requested from dana@/).waitFor();
  await page.getByLabel("Sort").selectOption("Least balance first");
  await eventually("the least comes first", async () => (await names(page))[0] === "Everly Veterinary");
  await checkAxe(page, "accounts on a phone");

  // The bar is as high while the line is down as while it is live, so that nothing jumps.
  const height = async () => (await page.getByRole("banner").boundingBox()).height;
  await page.getByText("Live", { exact: true }).waitFor();
  const live = await height();
  allow(page, /ERR_FAILED .*\/api\/v1\/changes/, /ERR_FAILED.*\/api\/v1\/changes/);
  for (const [words, answer] of [
    ["Connecting…", () => {}],
    ["Reconnecting…", (route) => route.abort()],
  ]) {
    await page.route(STREAM, answer);
    await page.reload();
    await page.getByText(words, { exact: true }).waitFor();
    assert.equal(await height(), live, words);
    await page.unroute(STREAM);
  }
});
