// What a customer does: reads the letter, follows its link, types a card.

import assert from "node:assert/strict";
import { eventually } from "./journey.mjs";
import { letters } from "./outside.mjs";

/** A phone, and another person than whoever is signed in. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** The narrowest phone that is promised to work. */
export const SMALL_PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };

/** Test cards of the sandbox. */
export const CARDS = {
  pays: "4242424242424242",
  mastercard: "5555555555554444",
  declined: "4000000000000002",
  insufficientFunds: "4000000000009995",
  authenticates: "4000002760003184",
};

/**
 * The secure link of the newest request that was mailed to an address.
 *
 * @param {{ url: string }} app
 * @param {string} to
 */
export async function mailedLink(app, to) {
  const asks = (letter) => letter.to === to && /^Set up billing for /.test(letter.subject);
  const letter = await eventually(`a request in the mail of ${to}`, async () =>
    (await letters(app)).find(asks),
  );
  return linkIn(letter);
}

/** The secure link in a letter: the same in its text and in its HTML. */
export function linkIn(letter) {
  const pattern = /https?:\/\/[^\s"<]+\/pay#t=[\w-]+/;
  const [link] = letter.text.match(pattern) ?? [];
  assert.ok(link, `a link in ${letter.text}`);
  assert.equal(letter.html.match(pattern)?.[0], link, "the HTML has the same link");
  return link;
}

/** Types a card into the provider's own fields. */
export async function fillCard(page, number) {
  const frame = page.getByTitle("Secure card payment input frame").contentFrame();
  await frame.getByLabel("Card number").fill(number);
  await frame.getByLabel("Expiry").fill("12 / 34");
  await frame.getByLabel("CVC").fill("123");
}

/** Follows a link to the form. */
export async function openForm(page, link) {
  await page.goto(link);
  await page.getByRole("button", { name: /^Pay \$/ }).waitFor();
}

/** The bank's question over the page. */
export function bank(page) {
  return page.getByTitle("Bank authentication frame").contentFrame();
}

/** Presses the button, whatever the amount on it is. */
export function pay(page) {
  return page.getByRole("button", { name: /^Pay \$/ }).click();
}
