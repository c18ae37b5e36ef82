// The first minute with the demo: the printed address signs in and shows the accounts.

import assert from "node:assert/strict";
import { checkAxe, journeys, shot } from "../support/journey.mjs";

const { journey } = journeys();

journey("an agency owner opens the printed address and sees the accounts", async ({ app, page }) => {
  await page.goto(app.sign_in_url);
  await page.getByRole("heading", { level: 1, name: "Accounts" }).waitFor();
  await page.getByText("Balance from: agency").first().waitFor();
  await page.getByText("Balance from: customer").first().waitFor();
  assert.equal(new URL(page.url()).origin, new URL(app.url).origin);
  await checkAxe(page, "accounts");
  await shot(page, "accounts");
});
