// From the widget on somebody's site to more money on the balance: a page of its own, a card, and the widget that sees it.

import assert from "node:assert/strict";
import { CARDS, fillCard } from "../support/customer.mjs";
import { allow, detail, heard, inside, mint, portal, record, site } from "../support/embedding.mjs";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";

const { journey } = journeys();
const COMPONENTS = ["balance", "ledger", "funding"];

/** A site that shows an account's balance. */
async function hostOf(app, account, attributes = "") {
  const token = () => mint(app, { account, components: COMPONENTS });
  const { account: id } = await token();
  const pages = { "/": portal(app, `account="${id}" token-endpoint="/api/sluice-token" ${attributes}`) };
  const host = await site({ pages, token });
  await allow(app, [host.url, "http://localhost:8091"]);
  return { ...host, id };
}

const amountOf = async (page) => {
  const text = await inside(page).locator("p.amount").innerText();
  return Number(text.replace(/[$,]/g, ""));
};
const topUp = (page) => inside(page).getByRole("button", { name: "Top up" });

journey("a balance is topped up beside the site that shows it", async ({ app, page }) => {
  const host = await hostOf(app, "BO-1187");
  await page.addInitScript(record);
  await page.goto(host.url);
  await topUp(page).waitFor();
  const before = await amountOf(page);
  const opened = page.waitForEvent("popup");
  await topUp(page).click();
  const pay = await opened;
  await pay.getByRole("heading", { level: 1, name: /^Top up / }).waitFor();
  assert.equal(pay.url(), `${app.url}/pay`, "no token stays in the address");
  assert.equal(await page.evaluate(() => window.shift), 0, "nothing has jumped");
  assert.ok((await heard(page)).includes("topupstart"));
  await pay.getByText(/^There is \$[\d,]+\.\d\d on the balance\./).waitFor();
  await pay.setViewportSize({ width: 390, height: 844 });
  await fillCard(pay, CARDS.declined);
  await checkAxe(pay, "pay, top up");
  await shot(pay, "pay-top-up", { whole: true });
  await pay.getByLabel("Amount", { exact: true }).fill("30");
  await pay.getByRole("button", { name: "Pay $30.00" }).click();
  await pay.getByText("The payment did not go through").waitFor();
  assert.equal(await amountOf(page), before, "nothing was charged");

  await fillCard(pay, CARDS.mastercard);
  await pay.getByRole("button", { name: "Pay $30.00" }).click();
  await pay.getByRole("heading", { level: 1, name: "You have paid $30.00" }).waitFor();
  await checkAxe(pay, "pay, topped up");
  await shot(pay, "pay-topped-up", { whole: true });
  await eventually("more on the balance", async () => Math.abs((await amountOf(page)) - before - 30) < 0.005);
  const success = await eventually("the news of it", () => detail(page, "topupsuccess"));
  assert.equal(success.amount.amount, "30.00");
  assert.deepEqual(success.account, host.id);
  host.stop();
});

journey("a site that may open no page is told, and so is whoever looks", async ({ app, page }) => {
  const host = await hostOf(app, "BO-1187", 'view="full"');
  await page.addInitScript(record);
  await page.goto(host.url);
  await topUp(page).waitFor();
  await inside(page).locator("body").evaluate(() => {
    window.open = () => null;
  });
  await topUp(page).click();
  await inside(page).getByText(/^The payment page could not be opened\./).waitFor();
  assert.ok((await heard(page)).includes("topupfail"));
  await checkAxe(page, "a site without a payment page");
  host.stop();
});
