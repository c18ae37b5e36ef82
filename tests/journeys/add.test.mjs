// Add to Agency Billing: what is said before is exactly what is done after, at the gateway too.

import assert from "node:assert/strict";
import { billing, micros, row, signIn } from "../support/agency.mjs";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";
import { books, cardsOnFile, lettersTo } from "../support/outside.mjs";

const { journey } = journeys();
const OWNER = "robin@northwind-media.example";

/** The agency's balance to the last digit, as the server has it. */
async function agencyBalance(page, app) {
  const agency = await (await page.request.get(`${app.url}/api/v1/agency`)).json();
  return micros(`$${agency.balance.amount}`.replace("$-", "-$"));
}

async function addDialog(page, name) {
  const dialog = await billing(page, name);
  await dialog.getByRole("button", { name: "Add to Agency Billing" }).click();
  await dialog.getByRole("heading", { level: 1, name: "Add to Agency Billing" }).waitFor();
  return dialog;
}

/** Before and after of a balance, as the plan promises them. */
async function promised(dialog, whose) {
  const plan = dialog.getByRole("region", { name: "What will happen" });
  const [, amounts] = (await plan.innerText()).split(`${whose}\n`);
  const [before, after] = amounts.split("→").map((text) => micros(text));
  return { before, after };
}

journey("the balance moves to the agency and the card is forgotten", async ({ app, page }) => {
  const [name, email] = ["Calder & Finch Law", "amelia.finch@calderfinch.example"];
  await signIn(page, app);
  assert.deepEqual(await cardsOnFile(app, email), ["4242"]);
  const summary = await billing(page, name);
  await summary.getByText(email, { exact: true }).waitFor();
  await summary.getByText("Visa ···· 4242", { exact: true }).first().waitFor();
  await checkAxe(page, "billing, customer pays");
  await shot(page, "billing-customer");
  await summary.getByRole("button", { name: "Close" }).click();

  const dialog = await addDialog(page, name);
  const dropped = /^The customer's billing information will be dropped: Visa ···· 4242 is removed from file\./;
  await dialog.getByText(dropped).waitFor();
  const choice = dialog.getByLabel(/^Add \$[\d.]+ to the agency balance/);
  const moved = micros(await choice.evaluate((radio) => radio.labels[0].innerText));
  assert.ok(moved > 0n);
  const before = await agencyBalance(page, app);
  assert.deepEqual(await promised(dialog, "Agency balance"), { before, after: before + moved });
  assert.deepEqual(await promised(dialog, "Customer's balance"), { before: moved, after: 0n });
  await checkAxe(page, "add to agency billing");
  await shot(page, "add");
  await dialog.getByRole("button", { name: "Add to Agency Billing" }).dblclick();
  await page.getByText(`${name} is on agency billing`).waitFor();
  await dialog.waitFor({ state: "detached" });
  await row(page, name).getByText("Balance from: agency").waitFor();
  await row(page, name).getByText("agency's, shared").waitFor();
  assert.equal(await agencyBalance(page, app), before + moved);
  const shown = micros(await page.getByRole("definition").first().textContent());
  assert.ok(shown >= before + moved - 10_000n && shown <= before + moved + 10_000n, `${shown}`);

  await eventually("the card is detached", async () => (await cardsOnFile(app, email)).length === 0);
  await eventually("the customer is told", async () =>
    (await lettersTo(app, email)).some(({ subject }) => subject === `Northwind Media pays for ${name} again`),
  );
  await eventually("the owner is told", async () =>
    (await lettersTo(app, OWNER)).some(({ subject }) => subject === `${name} is back on agency billing`),
  );
  await row(page, name).getByRole("link", { name, exact: true }).click();
  await page.getByText(/^Agency billing began: \$[\d.]+ moved to the agency$/).waitFor();
});

journey("the balance goes back to the card instead", async ({ app, page }) => {
  const [name, email] = ["Redwood Chiropractic", "lee@redwoodchiro.example"];
  await signIn(page, app);
  const dialog = await addDialog(page, name);
  const refund = dialog.getByLabel(/^Refund to the card instead/);
  await refund.check();
  const words = await dialog.getByText(/ goes back to the card[.;]/).last().innerText();
  await checkAxe(page, "add to agency billing, refund");
  await shot(page, "add-refund");
  const refunded = micros(words);
  const before = await agencyBalance(page, app);
  const { before: had } = await promised(dialog, "Customer's balance");
  await dialog.getByRole("button", { name: "Add to Agency Billing" }).click();
  await row(page, name).getByText("Balance from: agency").waitFor();
  assert.equal(await agencyBalance(page, app), before + had - refunded, "what is no whole cent stays with the agency");
  const cents = await eventually("a refund at the gateway", async () => {
    const { refunds, payment_intents: intents, customers } = await books(app);
    const own = customers.filter((customer) => customer.email === email).map(({ id }) => id);
    const paid = intents.filter(({ customer }) => own.includes(customer)).map(({ id }) => id);
    const back = refunds.filter((refund) => paid.includes(refund.payment_intent));
    const sum = back.reduce((sum, { amount }) => sum + amount, 0);
    return sum * 10_000 === Number(refunded) && sum;
  });
  assert.ok(cents > 0);
  await eventually("the card is detached", async () => (await cardsOnFile(app, email)).length === 0);
});

journey("a negative balance is taken over only by a tick", async ({ app, page }) => {
  const name = "Everly Veterinary";
  await signIn(page, app);
  await row(page, name).getByText("Paused", { exact: true }).waitFor();
  const dialog = await addDialog(page, name);
  const button = dialog.getByRole("button", { name: "Add to Agency Billing" });
  assert.ok(await button.isDisabled());
  await dialog.getByText(/^The balance is .+: confirm that the agency takes it over\.$/).waitFor();
  const box = dialog.getByRole("checkbox", { name: /^The agency takes over the negative balance of −\$/ });
  await checkAxe(page, "add to agency billing, negative");
  await shot(page, "add-negative");
  const before = await agencyBalance(page, app);
  const { before: debt } = await promised(dialog, "Customer's balance");
  assert.ok(debt < 0n);
  await box.check();
  await button.click();
  await row(page, name).getByText("Balance from: agency").waitFor();
  assert.equal(await agencyBalance(page, app), before + debt);
  await row(page, name).getByText("Active", { exact: true }).waitFor();
});

journey("while a payment is under way the account waits, and says so", async ({ app, page }) => {
  await signIn(page, app);
  const dialog = await billing(page, "Summit HVAC");
  await dialog.getByText("This account is already being returned to agency billing.").waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Add to Agency Billing" }).isDisabled());
  await checkAxe(page, "billing, returning");
  await shot(page, "billing-returning");
});
