// What people do in the settings, and at the doors that letters lead to.

import assert from "node:assert/strict";
import { eventually } from "./journey.mjs";
import { letters } from "./outside.mjs";

/** Everybody's password in the demo. */
export const PASSWORD = "northwind-demo-2026";

/** Opens a page of the settings by the way around, from wherever an owner is. */
export async function openSettings(page, app, name) {
  if (page.url() === "about:blank") {
    await page.goto(app.sign_in_url);
    await page.getByRole("heading", { level: 1, name: "Accounts" }).waitFor();
  }
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Signs in as somebody else, by the form, and waits until they are in. */
export async function signInAs(page, app, email, { password = PASSWORD, at = "/settings/people" } = {}) {
  await page.goto(`${app.url}${at}`);
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

/** A row of a list by what it is about. */
export function line(page, text) {
  return page.getByRole("row").filter({ hasText: text });
}

/** The link of the newest letter to an address that leads to one of the doors: `join`, `reset`. */
export async function doorLink(app, to, door) {
  const pattern = new RegExp(`https?://[^\\s"<]+/${door}#t=[\\w-]+`);
  const letter = await eventually(`a letter to ${to} with a link to ${door}`, async () =>
    (await letters(app)).find((letter) => letter.to === to && pattern.test(letter.text)),
  );
  return letter.text.match(pattern)[0];
}

/** The page fits into the narrowest phone. */
export async function fitsNarrow(page, name) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 720 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 320, `${name} is ${width} wide at 320`);
  await page.setViewportSize(before);
}
