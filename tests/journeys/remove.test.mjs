// Remove from Agency Billing: the form, what is wrong with it, the letter, and what can be done while it is out.

import assert from "node:assert/strict";
import { billing, emailClient, fillRemove, pencil, removeForm, row, signIn } from "../support/agency.mjs";
import { linkIn, mailedLink } from "../support/customer.mjs";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";
import { lettersTo } from "../support/outside.mjs";

const { journey } = journeys();
const focused = (locator) => locator.evaluate((element) => element === document.activeElement);
const hostile =
  'Hi <b>Maya</b>, <img src=x onerror="document.title=1"> & "so on" 👩‍🚀\n\n{{ 7*7 }} </p><script>1</script>';

journey("every field says what is wrong with it, and nothing is lost meanwhile", async ({ app, page }) => {
  await signIn(page, app);
  const dialog = await removeForm(page, "Cedar Creek Roofing");
  const email = dialog.getByLabel("Customer's email address");
  const balance = dialog.getByLabel("Starting balance");
  const message = dialog.getByLabel("Email message text");
  assert.ok(await focused(email), "the cursor is in the first field");
  assert.equal(await balance.inputValue(), "$100.00");
  assert.match(await message.inputValue(), /^Hello,\n\n.*Cedar Creek Roofing[^]*Northwind Media$/);
  await checkAxe(page, "remove from agency billing");
  await shot(page, "remove");

  const says = async (field, words) => {
    await dialog.getByText(words, { exact: true }).waitFor();
    assert.equal(await field.getAttribute("aria-invalid"), "true", words);
    const described = (await field.getAttribute("aria-describedby")).split(" ");
    const texts = await Promise.all(described.map((id) => page.locator(`[id="${id}"]`).textContent()));
    assert.ok(texts.includes(words), `${texts} has ${words}`);
  };
  for (const [typed, words] of [
    ["", "This is needed."],
    ["tom", "Enter an e-mail address like dana@example.com."],
    ["tom@cedarcreekroofing", "Enter an e-mail address like dana@example.com."],
    ["tom@a.example, ann@b.example", "Enter one e-mail address only."],
  ]) {
    await email.fill(typed);
    await balance.focus();
    await says(email, words);
  }
  for (const [typed, words] of [
    ["24.99", "The amount must be at least $25.00."],
    ["-50", "The amount must be at least $25.00."],
    ["1e9", "Enter an amount like 25.00."],
    ["25.001", "The amount has too many digits after the point."],
    ["1,000", "Write the amount without a thousands separator, like 1000.00."],
    ["€30", "The amount is in another currency than the agency's."],
    ["1000000000", "The amount must be at most $10,000.00."],
    ["", "Enter an amount."],
  ]) {
    await balance.fill(typed);
    await message.focus();
    await says(balance, words);
  }
  await message.fill("é".repeat(10_001));
  await balance.focus();
  await says(message, "At most 10000 characters.");
  await message.fill("  ");
  await email.fill("tom@");
  await dialog.getByRole("button", { name: "Email Client" }).click();
  await says(email, "Enter an e-mail address like dana@example.com.");
  await says(message, "This is needed.");
  assert.ok(await focused(email), "the first wrong field has the cursor");
  await checkAxe(page, "remove from agency billing, with errors");
  await shot(page, "remove-errors");
  await email.fill("tom@cedarcreekroofing.example");
  assert.equal(await email.getAttribute("aria-invalid"), null);
  assert.deepEqual(await lettersTo(app, "tom@cedarcreekroofing.example"), []);

  await balance.fill("80");
  await message.fill("Half a letter");
  await page.reload();
  await dialog.getByRole("heading", { name: "Remove from Agency Billing" }).waitFor();
  assert.equal(await email.inputValue(), "tom@cedarcreekroofing.example", "a reload keeps the draft");
  assert.equal(await balance.inputValue(), "80");
  assert.equal(await message.inputValue(), "Half a letter");
});

journey("the letter is previewed, sent once by a double click, and only text", async ({ app, page, visitor }) => {
  await signIn(page, app);
  const dialog = await removeForm(page, "Aspen & Ivy Florists");
  await fillRemove(dialog, { email: "maya@aspen-ivy.example" });
  assert.match(await dialog.getByLabel("Email message text").inputValue(), /^Hi Maya,/);
  await shot(page, "remove-filled");
  await fillRemove(dialog, { balance: "75.50", message: hostile });
  const preview = dialog.getByRole("region", { name: "Preview of the e-mail" });
  await preview.getByText("To maya@aspen-ivy.example · from Northwind Media").waitFor();
  await preview.getByText("Set up billing for Aspen & Ivy Florists").waitFor();
  assert.ok((await preview.innerText()).includes(hostile.split("\n")[0]));
  const plan = dialog.getByRole("region", { name: "What will happen" });
  assert.deepEqual(
    (await plan.getByRole("listitem").allInnerTexts()).map((text) => text.split("\n")[0]),
    ["Now: the e-mail goes out", "Maya pays on the secure page", "From that moment: customer billing"],
  );
  await dialog.getByRole("button", { name: "Email Client" }).dblclick();
  await page.getByText("E-mail is on its way to maya@aspen-ivy.example").waitFor();
  await dialog.waitFor({ state: "detached" });
  await eventually("the focus is on the pencil again", () => focused(pencil(page, "Aspen & Ivy Florists")));
  assert.equal(page.url(), `${app.url}/settings/accounts`);
  await row(page, "Aspen & Ivy Florists")
    .getByText(/^Requested from maya@aspen-ivy\.example · not opened yet · (6|7) days left$/)
    .waitFor();

  const link = await mailedLink(app, "maya@aspen-ivy.example");
  // Time for a second letter, if there were one.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const sent = await lettersTo(app, "maya@aspen-ivy.example");
  assert.equal(sent.length, 1);
  assert.equal(sent[0].from_name, "Northwind Media");
  assert.ok(sent[0].text.includes("<b>Maya</b>") && sent[0].text.includes("👩‍🚀"));
  assert.ok(!sent[0].html.includes("<b>Maya"));
  assert.match(sent[0].text, /First payment: \$75\.50 suggested, \$25\.00 at least/);

  const [mailbox] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "Demo mailbox" }).click(),
  ]);
  await mailbox.getByRole("heading", { level: 1, name: "Mailbox" }).waitFor();
  await checkAxe(mailbox, "the mailbox");
  await shot(mailbox, "mailbox");
  await mailbox.getByRole("link", { name: "Set up billing for Brightwater Plumbing" }).click();
  await mailbox.getByTitle("The letter").contentFrame().getByText("Northwind Media writes:").waitFor();
  await shot(mailbox, "letter");
  await mailbox.getByRole("link", { name: "All letters" }).click();
  await mailbox.getByRole("link", { name: "Set up billing for Aspen & Ivy Florists" }).click();
  const letter = mailbox.getByTitle("The letter").contentFrame();
  await letter.getByText('<img src=x onerror="document.title=1">', { exact: false }).waitFor();
  await letter.getByText("👩‍🚀", { exact: false }).waitFor();
  assert.equal(await letter.getByRole("img").count(), 0);
  // The letter's frame runs no script, not even axe: it is looked at by itself below.
  await checkAxe(mailbox, "a letter", { frames: false });
  await letter.getByRole("link", { name: "Add card and pay" }).click();
  await mailbox.getByRole("heading", { name: "Set up billing for Aspen & Ivy Florists" }).waitFor();

  const sheet = await mailbox.context().newPage();
  await sheet.setContent(sent[0].html);
  await checkAxe(sheet, "the letter itself");

  const customer = await visitor();
  await customer.goto(link);
  await customer.getByRole("heading", { name: "Set up billing for Aspen & Ivy Florists" }).waitFor();
  const message = customer.getByRole("figure", { name: "Message from Northwind Media" });
  const text = await message.innerText();
  for (const line of hostile.split("\n")) assert.ok(text.includes(line), `${text} has ${line}`);
  assert.equal(await message.getByRole("img").count(), 0);
  assert.equal(await customer.title(), "Set up billing for Aspen & Ivy Florists");
});

journey("Escape, Back and Cancel close the dialog and give the focus back", async ({ app, page }) => {
  await signIn(page, app);
  const name = "Glasswing Windows";
  const list = `${app.url}/settings/accounts`;
  const closed = async () => {
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await eventually("the pencil has the focus", () => focused(pencil(page, name)));
    assert.equal(page.url(), list);
  };
  let dialog = await billing(page, name);
  assert.match(page.url(), /\/settings\/accounts\/sub_\w+\/billing$/);
  await checkAxe(page, "billing, agency pays");
  await shot(page, "billing-agency");
  await page.keyboard.press("Escape");
  await closed();
  await billing(page, name);
  await page.goBack();
  await closed();
  await page.goForward();
  await page.getByRole("dialog").waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await closed();
  dialog = await removeForm(page, name);
  await fillRemove(dialog, { email: "peter@glasswing.example" });
  await page.keyboard.press("Escape");
  await closed();
  dialog = await removeForm(page, name);
  assert.equal(await dialog.getByLabel("Customer's email address").inputValue(), "peter@glasswing.example");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await closed();
  dialog = await removeForm(page, name);
  assert.equal(await dialog.getByLabel("Customer's email address").inputValue(), "", "Cancel gives it up");
  await page.goto(page.url());
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(page.url(), list, "a dialog opened by its address closes to its page");
});

journey("an open request is sent again, copied, replaced and revoked", async ({ app, page, visitor }) => {
  await signIn(page, app);
  const name = "Kestrel Couriers";
  const email = "dispatch@kestrel-couriers.example";
  await emailClient(page, name, { email, balance: "40" });
  const first = await mailedLink(app, email);

  let dialog = await billing(page, name);
  await dialog.getByText(email, { exact: true }).waitFor();
  await dialog.getByText("$40.00", { exact: true }).waitFor();
  await dialog.getByText("not yet", { exact: true }).waitFor();
  await checkAxe(page, "billing, requested");
  await shot(page, "billing-requested");
  await dialog.getByRole("button", { name: "Resend e-mail" }).click();
  await dialog.waitFor({ state: "detached" });
  const again = await eventually("a second letter", async () => {
    const sent = await lettersTo(app, email);
    return sent.length === 2 && linkIn(sent[0]);
  });

  dialog = await billing(page, name);
  await dialog.getByText(/mailed 2 times/).waitFor();
  await dialog.getByRole("button", { name: "Copy link" }).click();
  const secure = dialog.getByLabel("Secure link");
  const copied = await eventually("a link", async () => (await secure.count()) && secure.inputValue());
  assert.match(copied, new RegExp(`^${app.url}/pay#t=[\\w-]{40,}$`));
  await checkAxe(page, "billing, link made");
  await shot(page, "billing-link");

  const customer = await visitor();
  const open = async (link, heading) => {
    await customer.goto("about:blank");
    await customer.goto(link);
    await customer.getByRole("heading", { level: 1, name: heading }).waitFor();
  };
  for (const link of [first, again, copied]) await open(link, `Set up billing for ${name}`);
  await dialog.getByText("just now", { exact: true }).waitFor();

  await dialog.getByRole("link", { name: "Replace terms…" }).click();
  await dialog.getByText("The earlier link stops working. The agency keeps paying.").waitFor();
  assert.equal(await dialog.getByLabel("Customer's email address").inputValue(), email);
  assert.equal(await dialog.getByLabel("Starting balance").inputValue(), "$40.00");
  await shot(page, "remove-replace");
  await fillRemove(dialog, { balance: "$60" });
  await dialog.getByRole("button", { name: "Email Client" }).click();
  await dialog.waitFor({ state: "detached" });
  await open(first, "There is a newer link");
  await checkAxe(customer, "pay, replaced");
  await shot(customer, "pay-replaced", { whole: true });
  await open(copied, "There is a newer link");
  const newest = await eventually("a third letter", async () => {
    const sent = await lettersTo(app, email);
    return sent.length === 3 && linkIn(sent[0]);
  });
  await open(newest, `Set up billing for ${name}`);
  await customer.getByRole("button", { name: "Pay $60.00" }).waitFor();

  dialog = await billing(page, name);
  await dialog.getByRole("link", { name: "Revoke…" }).click();
  await dialog.getByText("Now: the link stops working").waitFor();
  await checkAxe(page, "billing, revoke");
  await shot(page, "billing-revoke");
  await dialog.getByRole("button", { name: "Revoke request" }).click();
  await page.getByText(`The request to ${email} is revoked`).waitFor();
  await row(page, name).getByText(`Request to ${email} withdrawn just now`).waitFor();
  await open(newest, "This request was withdrawn");
  await checkAxe(customer, "pay, revoked");
  await shot(customer, "pay-revoked", { whole: true });
});
