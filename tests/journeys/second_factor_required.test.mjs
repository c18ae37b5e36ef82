// Where the operator asks everybody for an authenticator app: one is led to it, and then on.

import { App } from "../support/authenticator.mjs";
import { row } from "../support/agency.mjs";
import { checkAxe, journeys, shot } from "../support/journey.mjs";
import { fitsNarrow } from "../support/settings.mjs";

const { journey } = journeys({ env: { SLUICE_REQUIRE_SECOND_FACTOR: "true" } });

journey("whoever has no app sets one up, and nothing else before", async ({ app, page, allow }) => {
  allow(page, /403 GET/);
  await page.goto(app.sign_in_url);
  await page.getByText("Here everybody needs an authenticator app.").first().waitFor();
  await checkAxe(page, "accounts, without an app");
  await fitsNarrow(page, "accounts, without an app");
  await shot(page, "second-factor-needed");
  await page.getByRole("link", { name: "Your sessions" }).click();
  await page.getByRole("link", { name: "Set it up" }).click();
  const dialog = page.getByRole("dialog", { name: "Set up an authenticator app" });
  // The demo's link has just signed in: the password is not asked for again.
  await dialog.getByRole("button", { name: "Go on" }).click();
  const phone = new App(await dialog.getByLabel("Key", { exact: true }).inputValue());
  await dialog.getByLabel("Code", { exact: true }).fill(phone.code());
  await dialog.getByRole("button", { name: "Turn it on" }).click();
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("link", { name: "Accounts", exact: true }).click();
  await row(page, "Alder Dental Group").waitFor();
});
