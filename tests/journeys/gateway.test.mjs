// The gateway in trouble: it charges and says nothing, charges and says 500, or does nothing at all. The customer
// sees that it is under way, then how it ended, and is charged once.

import assert from "node:assert/strict";
import { emailClient, row, signIn } from "../support/agency.mjs";
import { CARDS, fillCard, mailedLink, openForm, pay, PHONE } from "../support/customer.mjs";
import { checkAxe, journeys, shot } from "../support/journey.mjs";
import { charged, fault, faults, webhooks } from "../support/outside.mjs";

const { journey } = journeys();
const CHARGE = { method: "POST", path: "/v1/payment_intents" };

for (const [what, trouble, name] of [
  ["charges and does not answer", { fault: "timeout_with_effect", delay_ms: 1_500 }, "Maple & Main Bakery"],
  ["charges and answers 500", { fault: "error_500_with_effect" }, "North Fork Brewing"],
  ["answers 500 and charges nothing", { fault: "error_500_without_effect" }, "Oakridge Pediatrics"],
  ["is slow", { fault: "slow", delay_ms: 5_000 }, "Pinecrest Campground"],
]) {
  journey(`a gateway that ${what} charges once`, async ({ app, page, visitor }) => {
    const email = `${trouble.fault}@customer.example`;
    await signIn(page, app);
    await emailClient(page, name, { email });
    const customer = await visitor(PHONE);
    await openForm(customer, await mailedLink(app, email));
    // Only the reconciler may find out: the webhooks are late.
    await webhooks(app, { mode: "hold" });
    await fault(app, { ...CHARGE, ...trouble });
    // The page asks how it stands; it is looked at for as long as there is no answer.
    let tell;
    const told = new Promise((resolve) => (tell = resolve));
    await customer.route(/\/api\/v1\/pay$/, async (route) => {
      await told;
      await route.continue();
    });
    await fillCard(customer, CARDS.pays);
    await pay(customer);
    if (trouble.fault === "slow") {
      await customer.getByRole("button", { name: "Paying $100.00…" }).waitFor();
    } else {
      await customer.getByRole("heading", { level: 1, name: "Your payment is under way" }).waitFor();
    }
    await row(page, name).getByText("Payment under way").waitFor();
    if (trouble.fault === "timeout_with_effect") {
      await checkAxe(customer, "pay, under way");
      await shot(customer, "pay-processing", { whole: true });
    }
    tell();
    await customer.getByRole("heading", { level: 1, name: "You have paid $100.00" }).waitFor();
    assert.equal((await faults(app)).at(-1).fired, 1, "the fault has struck");
    assert.deepEqual(await charged(app, email), [10000]);
    await row(page, name).getByText("Balance from: customer").waitFor();
    // The late webhooks bring nothing new.
    await webhooks(app, { mode: "normal" });
    assert.deepEqual(await charged(app, email), [10000]);
  });
}

journey("a server that cannot be reached is not taken for a payment", async ({ app, page, visitor, allow }) => {
  const [name, email] = ["Quill & Stone Architects", "office@quillstone.example"];
  await signIn(page, app);
  await emailClient(page, name, { email });
  const customer = await visitor(PHONE);
  allow(customer, /ERR_FAILED/);
  await openForm(customer, await mailedLink(app, email));
  await fillCard(customer, CARDS.pays);
  // The answer is lost on its way back: the server has charged.
  await customer.route(/\/api\/v1\/pay/, (route) => route.abort());
  let sent = 0;
  await customer.route(/\/pay\/payments$/, async (route) => {
    sent += 1;
    await route.fetch();
    await route.abort();
  });
  await pay(customer);
  const alert = customer.getByRole("alert");
  await alert.getByText("We don't know yet whether the payment went through").waitFor();
  await shot(customer, "pay-unknown-outcome", { whole: true });
  assert.equal(sent, 1);
  await customer.unrouteAll();
  await pay(customer);
  await customer.getByRole("heading", { level: 1, name: "You have paid $100.00" }).waitFor();
  assert.deepEqual(await charged(app, email), [10000]);
  await row(page, name).getByText("Balance from: customer").waitFor();
});
