// Somebody of a client: signs in on the app's page and lands on pages of their own.

import assert from "node:assert/strict";

/** The demo's client user: of one account that pays for itself, and of one that the agency pays for. */
export const CLIENT = "amelia.finch@calderfinch.example";
export const PASSWORD = "northwind-demo-2026";
export const OWN = "Calder & Finch Law";
export const AGENCYS = "Alder Dental Group";

/** Fills in the sign-in page, wherever it was come from. */
export async function signInAs(page, email, password = PASSWORD) {
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Signs a client user in, by the API, and waits for their accounts. */
export async function signInAsClient(page, app, email = CLIENT) {
  const answer = await page.request.post(`${app.url}/api/v1/session`, { data: { email, password: PASSWORD } });
  assert.equal(answer.status(), 200, await answer.text());
  await page.goto(`${app.url}/client`);
  await page.getByRole("heading", { level: 1, name: "Your accounts" }).waitFor();
  await page.getByRole("link", { name: OWN, exact: true }).waitFor();
}

/** Opens one of their accounts and answers its id. */
export async function openOwn(page, name) {
  await page.getByRole("main").getByRole("link", { name, exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  return new URL(page.url()).pathname.split("/").at(-1);
}
