// Two people at once, and the line to the server: what one does the other sees, or is told.

import assert from "node:assert/strict";
import { billing, emailClient, fillRemove, removeForm, row, signIn } from "../support/agency.mjs";
import { CARDS, fillCard, mailedLink, openForm, pay, PHONE } from "../support/customer.mjs";
import { eventually, journeys, shot } from "../support/journey.mjs";
import { charged, lettersTo } from "../support/outside.mjs";

const { journey } = journeys();
const STREAM = /\/api\/v1\/changes/;

journey("the slower of two reads who did what, and loses nothing", async ({ app, page, visitor, allow }) => {
  const name = "Fairhaven Storage";
  const slow = await visitor();
  // Hears nothing of the other: the line is slow.
  await slow.route(STREAM, () => {});
  await signIn(slow, app);
  const form = await removeForm(slow, name);
  await fillRemove(form, { email: "late@fairhaven-storage.example", balance: "55" });
  await signIn(page, app);
  await emailClient(page, name, { email: "ops@fairhaven-storage.example" });

  allow(slow, /412 POST .*billing-requests$/);
  await form.getByRole("button", { name: "Email Client" }).click();
  const alert = form.getByRole("alert");
  await alert.getByText(/Robin Hale/).waitFor();
  await alert.getByText(/look at it once more before you go on/).waitFor();
  await shot(slow, "remove-outdated");
  assert.equal(await form.getByLabel("Customer's email address").inputValue(), "late@fairhaven-storage.example");
  assert.deepEqual(await lettersTo(app, "late@fairhaven-storage.example"), []);
  // Now it is known, and sending means replacing.
  await form.getByText("The earlier link stops working. The agency keeps paying.").waitFor();
  await form.getByRole("button", { name: "Email Client" }).click();
  await form.waitFor({ state: "detached" });
  await row(slow, name).getByText(/^Requested from late@fairhaven-storage\.example/).waitFor();
  await row(page, name).getByText(/^Requested from late@fairhaven-storage\.example/).waitFor();
});

journey("an open dialog follows what another does, and says why it is off", async ({ app, page, visitor }) => {
  const name = "Greenline Pest Control";
  await signIn(page, app);
  await emailClient(page, name, { email: "ray@greenline-pest.example" });
  const other = await visitor();
  await signIn(other, app);
  const theirs = await billing(other, name);
  await theirs.getByRole("link", { name: "Revoke…" }).click();
  await theirs.getByText("Now: the link stops working").waitFor();
  const mine = await billing(page, name);
  await mine.getByRole("link", { name: "Revoke…" }).click();
  await mine.getByRole("button", { name: "Revoke request" }).click();
  await theirs.getByText("This billing request is no longer open.").waitFor();
  assert.ok(await theirs.getByRole("button", { name: "Revoke request" }).isDisabled());
});

journey("two customers with one link: one pays, the other reads it", async ({ app, page, visitor, allow }) => {
  const [name, email] = ["Harborview Hotel", "frontdesk@harborview.example"];
  await signIn(page, app);
  await emailClient(page, name, { email, balance: "30" });
  const link = await mailedLink(app, email);
  const [first, second] = [await visitor(PHONE), await visitor(PHONE)];
  for (const customer of [first, second]) {
    await openForm(customer, link);
    await fillCard(customer, CARDS.pays);
  }
  allow(second, /4(09|10) POST .*\/pay\/payments$/);
  await pay(first);
  await first.getByRole("heading", { name: "You have paid $30.00" }).waitFor();
  await pay(second);
  await second.getByRole("heading", { name: /^(This has been paid already|You have paid \$30\.00)$/ }).waitFor();
  assert.deepEqual(await charged(app, email), [3000]);
  await row(page, name).getByText("Balance from: customer").waitFor();
});

journey("off the line the page says so, and catches up by itself", async ({ app, page, visitor, allow }) => {
  const name = "Larkspur Senior Living";
  allow(page, /ERR_FAILED .*\/api\/v1\/changes/, /ERR_FAILED.*\/api\/v1\/changes/);
  await page.route(STREAM, (route) => route.abort());
  await signIn(page, app);
  await page.getByText("Reconnecting…", { exact: true }).waitFor();
  await shot(page, "accounts-reconnecting");
  const other = await visitor();
  await signIn(other, app);
  await emailClient(other, name, { email: "admin@larkspur-living.example" });
  assert.equal(await row(page, name).getByText(/^Requested from/).count(), 0);
  await page.unroute(STREAM);
  await row(page, name).getByText(/^Requested from admin@larkspur-living\.example/).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
});

journey("a server that turns the page away for a moment is asked again", async ({ app, page, allow }) => {
  allow(page, /503 GET .*\/api\/v1\/changes/);
  // An answer that is no stream ends the browser's own trying: from there on it is ours.
  await page.route(STREAM, (route) => route.fulfill({ status: 503, body: "" }));
  await signIn(page, app);
  await page.getByText("Reconnecting…", { exact: true }).waitFor();
  await page.unroute(STREAM);
  await page.getByText("Live", { exact: true }).waitFor();
});
