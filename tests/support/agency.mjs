// What people of an agency do in the app, by role and label.

/**
 * Opens the address that the demo prints and waits for the accounts.
 *
 * @param {import("playwright-core").Page} page
 * @param {{ sign_in_url: string }} app
 */
export async function signIn(page, app) {
  await page.goto(app.sign_in_url);
  await row(page, "Alder Dental Group").waitFor();
}

/** An account's row of the list. */
export function row(page, name) {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** The names of the accounts in the list, from top to bottom. */
export function names(page) {
  return page.getByRole("rowheader").getByRole("link").allTextContents();
}

/** The pencil in the Billing column. */
export function pencil(page, name) {
  return page.getByRole("link", { name: `Edit billing of ${name}` });
}

/** Opens the billing dialog by the pencil and answers it. */
export async function billing(page, name) {
  await pencil(page, name).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(name, { exact: false }).first().waitFor();
  return dialog;
}

/** The form *Remove from Agency Billing* of an account that its agency pays for. */
export async function removeForm(page, name) {
  const dialog = await billing(page, name);
  await dialog.getByRole("link", { name: "Remove from Agency Billing" }).click();
  await dialog.getByRole("heading", { name: "Remove from Agency Billing" }).waitFor();
  return dialog;
}

/** The three fields of that form; what is not given stays as it is. */
export async function fillRemove(dialog, { email, balance, message }) {
  if (email !== undefined) await dialog.getByLabel("Customer's email address").fill(email);
  if (balance !== undefined) await dialog.getByLabel("Starting balance").fill(balance);
  if (message !== undefined) await dialog.getByLabel("Email message text").fill(message);
}

/** Asks a customer to take over, from the list to the toast. */
export async function emailClient(page, name, terms) {
  const dialog = await removeForm(page, name);
  await fillRemove(dialog, terms);
  await dialog.getByRole("button", { name: "Email Client" }).click();
  await page.getByText(`E-mail is on its way to ${terms.email}`).waitFor();
  await dialog.waitFor({ state: "hidden" });
}

/** An amount as the screen shows it, in micros, so that sums can be checked: `$1,204.5075` → 1204507500n. */
export function micros(text) {
  const [, sign, whole, fraction = ""] = text.match(/([-−]?)\$([\d,]+)(?:\.(\d+))?/) ?? [];
  if (whole === undefined) throw new Error(`no amount in ${JSON.stringify(text)}`);
  const value = BigInt(whole.replaceAll(",", "") + fraction.padEnd(6, "0"));
  return sign ? -value : value;
}
