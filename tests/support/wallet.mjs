// A balance of one's own: how a customer comes to its page, and what they find there.

import assert from "node:assert/strict";
import { emailClient, row, signIn } from "./agency.mjs";
import { CARDS, fillCard, mailedLink, openForm, pay } from "./customer.mjs";
import { eventually } from "./journey.mjs";
import { lettersTo } from "./outside.mjs";

/** A customer who has just taken over billing of an account, with this much on its balance. Answers the account's id. */
export async function takesOver(page, customer, app, { name, email, balance = "50", card = CARDS.pays }) {
  await signIn(page, app);
  await emailClient(page, name, { email, balance });
  await openForm(customer, await mailedLink(app, email));
  await fillCard(customer, card);
  await pay(customer);
  await customer.getByRole("heading", { level: 1, name: /^You have paid / }).waitFor();
  const link = row(page, name).getByRole("link", { name, exact: true });
  return (await link.getAttribute("href")).split("/").at(-1);
}

/** Asks for the link to a balance, as somebody who knows nothing but their own address, and answers it. */
export async function askForLink(page, app, email) {
  const before = (await lettersTo(app, email)).length;
  await page.goto(`${app.url}/balance`);
  await page.getByLabel("Your e-mail address").fill(email);
  await page.getByRole("button", { name: "Mail me a link" }).click();
  await page.getByText(/^If .* pays for an account here, a link is on its way\./).waitFor();
  const pattern = /https?:\/\/[^\s"<]+\/balance#t=[\w-]+/;
  return eventually(`a link to a balance in the mail of ${email}`, async () => {
    const newer = (await lettersTo(app, email)).slice(0, -before || undefined);
    return newer.map(({ text }) => text.match(pattern)?.[0]).find(Boolean);
  });
}

/** Opens a balance by its link. */
export async function openBalance(page, link) {
  await page.goto(link);
  await page.getByRole("heading", { level: 1, name: /^Balance of / }).waitFor();
}

/** What is on it, in units of the currency. */
export async function balanceOf(page) {
  const text = await page.locator(".wallet-balance .amount").innerText();
  const [, sign, amount] = text.match(/([-−]?)\$([\d,.]+)/);
  return Number(`${sign && "-"}${amount.replaceAll(",", "")}`);
}

/** A part of the page, by its heading. */
export const part = (page, name) => page.getByRole("region", { name, exact: true });

/** A card among those on file. */
export const onFile = (page, label) => part(page, "Cards").locator("strong").filter({ hasText: label });

/** Types how much and presses the button. */
export async function topUp(page, amount) {
  await part(page, "Top up").getByLabel("Amount", { exact: true }).fill(amount);
  await part(page, "Top up").getByRole("button", { name: /^Pay \$/ }).click();
}

/** No page is wider than its screen. */
export async function fits(page, width) {
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
}
