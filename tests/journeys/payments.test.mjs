// Money that goes back: refunds by hand, a dispute that the bank opens, and an account that is closed with money in it.

import assert from "node:assert/strict";
import { billing, micros, row, signIn } from "../support/agency.mjs";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";
import { decide, dispute, lettersTo } from "../support/outside.mjs";

const { journey } = journeys();
const [NAME, EMAIL] = ["Calder & Finch Law", "amelia.finch@calderfinch.example"];

/** An account's payments, from its page. */
async function openPayments(page, name) {
  await row(page, name).getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  await page.getByRole("link", { name: "Payments", exact: true }).click();
  await page.getByRole("table", { name: "Payments, newest first" }).waitFor();
}

/** What the API says of the payments of the account whose page is open. */
async function payments(page, app) {
  const id = new URL(page.url()).pathname.split("/")[2];
  const answer = await page.request.get(`${app.url}/api/v1/accounts/${id}/payments`);
  assert.equal(answer.status(), 200);
  return (await answer.json()).payments;
}

journey("some of a payment goes back to its card, and never more than there is", async ({ app, page }) => {
  await signIn(page, app);
  await openPayments(page, NAME);
  await checkAxe(page, "payments");
  await shot(page, "payments");
  const before = (await payments(page, app)).find((payment) => payment.refundable);
  await page.getByRole("link", { name: /^Refund up to / }).first().click();
  const dialog = page.getByRole("dialog");
  const amount = dialog.getByLabel("Amount");
  await amount.waitFor();
  assert.equal(await amount.inputValue(), before.refundable.amount);
  await amount.fill("99999.00");
  await dialog.getByText(/^At most \$[\d,.]+ of this payment can be refunded\.$|^The amount must be at most /).waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Refund", exact: true }).isDisabled());
  await amount.fill("1.00");
  const plan = dialog.getByRole("region", { name: "What will happen" });
  await plan.getByText("Now: it leaves the customer's balance").waitFor();
  const [balance, after] = (await plan.innerText()).split("Customer's balance\n")[1].split("→").map((text) => micros(text));
  assert.equal(balance - after, 1_000_000n);
  await checkAxe(page, "refund");
  await shot(page, "refund");
  await dialog.getByRole("button", { name: "Refund $1.00" }).dblclick();
  await page.getByText("$1.00 is on its way back to the card").first().waitFor();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("cell", { name: /\$1\.00 refunded/ }).waitFor();
  await eventually("the customer is told", async () =>
    (await lettersTo(app, EMAIL)).some(({ subject }) => subject === "$1.00 is on its way back to you"),
  );
  const refunds = (await payments(page, app)).flatMap((payment) => payment.refunds);
  assert.equal(refunds.filter((refund) => refund.amount.amount === "1.00").length, 1);
});

journey("a dispute shows as soon as the bank opens it, and how it ends", async ({ app, page }) => {
  await signIn(page, app);
  await openPayments(page, NAME);
  const [payment] = await payments(page, app);
  const id = await dispute(app, payment.id, "product_not_received", 2000);
  await page.getByText(/^Disputed, \$[\d,.]+: the cardholder says they got nothing for it\. .* from the customer's balance until the bank decides/).waitFor();
  await checkAxe(page, "a dispute");
  await shot(page, "dispute");
  await eventually("the agency is told", async () =>
    (await lettersTo(app, "robin@northwind-media.example")).some(({ subject }) => subject.startsWith(`A payment of ${NAME} is disputed`)),
  );
  await decide(app, id, "won");
  await page.getByText(/^Dispute won: \$[\d,.]+ came back$/).waitFor();
});

journey("an account is closed with money in it, and opened again", async ({ app, page }) => {
  await signIn(page, app);
  await row(page, NAME).getByRole("link", { name: NAME, exact: true }).click();
  await page.getByRole("link", { name: "Close account…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { level: 1, name: "Close account" }).waitFor();
  const choice = dialog.getByLabel(/^Add \$[\d.,]+ to the agency balance/);
  const moved = micros(await choice.evaluate((radio) => radio.labels[0].innerText));
  const plan = dialog.getByRole("region", { name: "What will happen" });
  await plan.getByText("From then on: closed").waitFor();
  const [before, after] = (await plan.innerText()).split("Agency balance\n")[1].split("→").map((text) => micros(text));
  assert.equal(after - before, moved);
  await checkAxe(page, "close account");
  await shot(page, "close-account");
  await dialog.getByRole("button", { name: "Close account" }).click();
  await page.getByText(`${NAME} is closed`).first().waitFor();
  await page.getByText("Closed just now").first().waitFor();
  await page.getByText("Paused", { exact: true }).first().waitFor();
  await page.getByRole("link", { name: "Accounts", exact: true }).first().click();
  await row(page, NAME).getByText("Closed just now").waitFor();
  await shot(page, "accounts-closed");
  const summary = await billing(page, NAME);
  await checkAxe(page, "a closed account");
  await summary.getByRole("button", { name: "Open again" }).click();
  await summary.getByRole("link", { name: "Remove from Agency Billing" }).waitFor();
});
