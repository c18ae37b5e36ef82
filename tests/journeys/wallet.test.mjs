// A balance with its cards: a customer's on a phone, from the link in their mail to an auto-recharge that charges; and the agency's own.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { signIn } from "../support/agency.mjs";
import { bank, CARDS, fillCard, PHONE, SMALL_PHONE } from "../support/customer.mjs";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";
import { apiKey, send } from "../support/metering.mjs";
import { cardsOnFile, charged, lettersTo } from "../support/outside.mjs";
import { askForLink, balanceOf, fits, onFile, openBalance, part, takesOver, topUp } from "../support/wallet.mjs";

const { journey } = journeys();
const DEAD_LINK = /4(04|10) GET .*\/api\/v1\/balance$/;
const WRONG = /422 POST .*\/api\/v1\/balance\/links$/;

journey("a link from the mail opens the balance, and the card on file tops it up", async ({ app, page, visitor, allow }) => {
  const [name, email] = ["Alder Dental Group", "maria@alder-dental.example"];
  const phone = await visitor(SMALL_PHONE);
  await takesOver(page, phone, app, { name, email });
  allow(phone, WRONG, DEAD_LINK);

  await phone.goto(`${app.url}/balance`);
  await phone.getByRole("heading", { level: 1, name: "See your balance" }).waitFor();
  await phone.getByLabel("Your e-mail address").fill("maria");
  await phone.getByRole("button", { name: "Mail me a link" }).click();
  await eventually("the address is found wrong", async () =>
    (await phone.getByLabel("Your e-mail address").getAttribute("aria-invalid")) === "true",
  );
  await checkAxe(phone, "a balance without a link");
  await shot(phone, "balance-no-link", { whole: true });

  const link = await askForLink(phone, app, email);
  await openBalance(phone, link);
  assert.equal(phone.url(), `${app.url}/balance`, "the token does not stay in the address bar");
  await phone.getByText("Northwind Media", { exact: true }).first().waitFor();
  assert.equal(await balanceOf(phone), 50);
  await fits(phone, 320);
  const activity = part(phone, "Activity");
  await activity.getByText("Payment", { exact: true }).waitFor();
  await checkAxe(phone, "a balance");
  await shot(phone, "balance", { whole: true });

  const amount = phone.getByLabel("Amount", { exact: true });
  for (const [typed, words] of [
    ["24.99", "The amount must be at least $25.00."],
    ["1,000", "Write the amount without a thousands separator, like 1000.00."],
    ["", "Enter an amount."],
  ]) {
    await amount.fill(typed);
    await part(phone, "Top up").getByRole("button", { name: /^Pay/ }).last().click();
    await phone.getByText(words, { exact: true }).waitFor();
    assert.ok(await amount.evaluate((field) => field === document.activeElement));
  }
  await topUp(phone, "25");
  await phone.reload();
  await eventually("a payment that was under way while the page was loaded anew", async () => (await balanceOf(phone)) === 75);
  await topUp(phone, "30");
  await part(phone, "Top up").getByText("$30.00 is on the balance.", { exact: false }).waitFor();
  assert.equal(await balanceOf(phone), 105);
  await activity.getByText("+$30.00", { exact: true }).waitFor();
  await activity.getByText(/^\$30\.00 on /).waitFor();
  await phone.getByLabel(`E-mail ${email} when the balance falls below`).fill("40");
  await phone.getByRole("button", { name: "Save the alert" }).click();
  await phone.getByText("The alert is set").first().waitFor();
  await checkAxe(phone, "a balance, topped up");
  await shot(phone, "balance-topped-up", { whole: true });
  assert.deepEqual((await charged(app, email)).sort(), [2500, 3000, 5000]);
  await eventually("a receipt", async () => (await lettersTo(app, email)).some(({ subject }) => subject.startsWith("Receipt: $30.00")));

  const [download] = await Promise.all([
    phone.waitForEvent("download"),
    activity.getByRole("button", { name: /^PDF of receipt / }).first().click(),
  ]);
  assert.match(download.suggestedFilename(), /^receipt-.+\.pdf$/);

  await phone.getByRole("button", { name: "Sign out of this device" }).click();
  await phone.getByRole("heading", { level: 1, name: "You are signed out" }).waitFor();
  await phone.goto("about:blank");
  await phone.goto(link);
  await phone.getByRole("heading", { level: 1, name: /^This link (does not work any more|has expired)$/ }).waitFor();
  await checkAxe(phone, "a balance whose link is dead");
});

journey("another card is declined, the next one pays and takes its place", async ({ app, page, visitor }) => {
  const [name, email] = ["Bluebird Daycare", "ana@bluebird-daycare.example"];
  const phone = await visitor(PHONE);
  await takesOver(page, phone, app, { name, email });
  await openBalance(phone, await askForLink(phone, app, email));
  const top = part(phone, "Top up");
  await top.getByLabel("Another card").check();
  await fillCard(phone, CARDS.insufficientFunds);
  await topUp(phone, "40");
  const alert = top.getByRole("alert");
  await alert.getByText("The payment did not go through").waitFor();
  await alert.getByText(/had no room for this amount.* Nothing was charged\./).waitFor();
  assert.equal(await balanceOf(phone), 50);
  await checkAxe(phone, "a balance, declined");
  await shot(phone, "balance-declined", { whole: true });
  await fillCard(phone, CARDS.mastercard);
  const [sent] = await Promise.all([
    phone.waitForRequest(/\/balance\/top-ups$/),
    top.getByRole("button", { name: "Pay $40.00" }).dblclick(),
  ]);
  assert.ok(sent.headers()["idempotency-key"]);
  await top.getByText("$40.00 is on the balance.", { exact: false }).waitFor();
  assert.equal(await balanceOf(phone), 90);
  await onFile(phone, "Mastercard ···· 4444").waitFor();
  assert.deepEqual((await charged(app, email)).sort(), [4000, 5000]);
  await eventually("one card on file", async () => (await cardsOnFile(app, email)).join() === "4444");
});

journey("a card is replaced when its bank says yes, and stays when it says no", async ({ app, page, visitor }) => {
  const [name, email] = ["Copper Kettle Bistro", "lena@copperkettle.example"];
  const phone = await visitor(PHONE);
  await takesOver(page, phone, app, { name, email });
  await openBalance(phone, await askForLink(phone, app, email));
  const cards = part(phone, "Cards");
  await cards.getByRole("button", { name: "Replace Visa ···· 4242" }).click();
  await cards.getByRole("heading", { name: "Replace Visa ···· 4242" }).waitFor();
  await fillCard(phone, CARDS.authenticates);
  await checkAxe(phone, "a balance, another card");
  await shot(phone, "balance-card", { whole: true });
  await cards.getByRole("button", { name: "Save card" }).click();
  await bank(phone).getByRole("button", { name: "Fail authentication" }).click();
  await cards.getByRole("alert").getByText("The card was not saved").waitFor();
  await onFile(phone, "Visa ···· 4242").waitFor();

  await fillCard(phone, CARDS.authenticates);
  await cards.getByRole("button", { name: "Save card" }).click();
  await bank(phone).getByRole("button", { name: "Complete authentication" }).click();
  await onFile(phone, "Visa ···· 3184").waitFor();
  await onFile(phone, "Visa ···· 4242").waitFor({ state: "detached" });
  assert.deepEqual(await charged(app, email), [5000], "saving a card charges nothing");
  await eventually("one card on file", async () => (await cardsOnFile(app, email)).join() === "3184");

  await cards.getByRole("button", { name: "Add a backup card" }).click();
  await fillCard(phone, CARDS.mastercard);
  await cards.getByRole("button", { name: "Save card" }).click();
  await onFile(phone, "Mastercard ···· 4444").waitFor();
  await cards.getByRole("button", { name: "Remove Visa ···· 3184" }).click();
  const dialog = phone.getByRole("dialog");
  await dialog.getByText("Mastercard ···· 4444 takes its place.").waitFor();
  await checkAxe(phone, "a balance, a card to remove");
  await dialog.getByRole("button", { name: "Remove the card" }).click();
  await onFile(phone, "Visa ···· 3184").waitFor({ state: "detached" });
  await onFile(phone, "Mastercard ···· 4444").waitFor();
});

journey("an auto-recharge is agreed to, charges when usage empties the balance, and is switched off", async ({ app, page, visitor }) => {
  const [name, email] = ["Aspen & Ivy Florists", "maya@aspen-ivy.example"];
  const key = await apiKey(app);
  const phone = await visitor(SMALL_PHONE);
  const account = await takesOver(page, phone, app, { name, email });
  await openBalance(phone, await askForLink(phone, app, email));
  const recharge = part(phone, "Auto-recharge");
  const on = recharge.getByRole("button", { name: "Switch auto-recharge on" });
  await recharge.getByRole("button", { name: "Set up auto-recharge" }).click();
  await recharge.getByText(/^In the last 30 days this would have made /).waitFor();
  const box = recharge.getByRole("checkbox");
  assert.equal(await box.isChecked(), false, "nobody agrees for the customer");
  await on.click();
  await recharge.getByText("Tick the box to agree, or cancel.").waitFor();
  await eventually("the box has the focus", () => box.evaluate((box) => box === document.activeElement));
  await recharge.getByLabel("Amount of each charge").fill("24");
  await recharge.getByLabel("Amount of each charge").blur();
  await recharge.getByText("The amount must be at least $25.00.").waitFor();
  await recharge.getByLabel("Amount of each charge").fill("30");
  await box.check();
  await recharge.getByLabel("When the balance falls below").fill("20");
  assert.equal(await box.isChecked(), false, "another sentence has to be agreed to anew");
  await recharge
    .getByText(/^I allow Northwind Media to charge Visa ···· 4242 \$30\.00 whenever this balance falls below \$20\.00/)
    .waitFor();
  await fits(phone, 320);
  await checkAxe(phone, "an auto-recharge to set up");
  await shot(phone, "balance-recharge", { whole: true });
  await box.check();
  await on.click();
  await recharge.getByText("On", { exact: true }).waitFor();
  await shot(phone, "balance-recharge-on", { whole: true });
  assert.deepEqual(await charged(app, email), [5000], "above the threshold nothing is charged");

  await send(app, key, account, [{ id: "wallet-empty", type: "sms.sent", data: { segments: 4000 } }]);
  await eventually("the charge", async () => (await charged(app, email)).includes(3000));
  await eventually("the balance shows it", async () => {
    await phone.reload();
    await phone.getByRole("heading", { level: 1, name: /^Balance of / }).waitFor();
    return Math.abs((await balanceOf(phone)) - 40) < 0.005;
  });
  await recharge.getByText("Charged within 24 hours").waitFor();
  await eventually("a receipt", async () => (await lettersTo(app, email)).some(({ subject }) => subject.startsWith("Receipt: $30.00")));
  await checkAxe(phone, "an auto-recharge that has charged");
  await recharge.getByRole("button", { name: "Switch off" }).click();
  await recharge.getByText(/^Off since [^:]+$/).waitFor();
  await send(app, key, account, [{ id: "wallet-empty-2", type: "sms.sent", data: { segments: 3000 } }]);
  await eventually("the balance is low", async () => {
    await phone.reload();
    await phone.getByRole("heading", { level: 1, name: /^Balance of / }).waitFor();
    return (await balanceOf(phone)) < 11;
  });
  assert.deepEqual((await charged(app, email)).sort(), [3000, 5000], "switched off, nothing more is charged");
});

journey("the agency looks after its own balance the same way", async ({ app, page, allow }) => {
  allow(page, /422 PUT .*\/api\/v1\/agency\/alert$/);
  await signIn(page, app);
  await page.getByRole("link", { name: "Billing", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Billing" }).waitFor();
  assert.equal(page.url(), `${app.url}/settings/billing`);
  const before = await balanceOf(page);
  const top = part(page, "Top up");
  await checkAxe(page, "the agency's balance");
  await shot(page, "agency-balance", { whole: true });
  await topUp(page, "250");
  await top.getByText("$250.00 is on the balance.", { exact: false }).waitFor();
  assert.ok(Math.abs((await balanceOf(page)) - before - 250) < 5, "usage goes on meanwhile");
  await onFile(page, "Visa ···· 4242").waitFor();
  const saved = page.waitForEvent("download");
  await part(page, "Activity").getByRole("button", { name: /^PDF of receipt R-/ }).first().click();
  const pdf = await saved;
  assert.match(pdf.suggestedFilename(), /^receipt-R-\d{4}-\d{6}\.pdf$/);
  assert.equal((await readFile(await pdf.path())).subarray(0, 5).toString(), "%PDF-");

  const below = page.getByLabel(/^E-mail robin@.* when the balance falls below$/);
  const save = page.getByRole("button", { name: "Save the alert" });
  for (const [typed, words] of [
    ["-1", "Enter an amount like 25.00."],
    ["100000000", /^The amount must/],
  ]) {
    await below.fill(typed);
    await save.click();
    await page.getByText(words).first().waitFor();
  }
  await below.fill("1234.5");
  await save.click();
  await page.getByText("The alert is set").first().waitFor();
  await page.reload();
  await eventually("the alert is kept", async () => (await below.inputValue()) === "1234.50");
  await page.getByRole("link", { name: "Accounts", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Accounts" }).waitFor();
});
