// Settings > API keys: one is made, shown once, works, and is revoked.

import assert from "node:assert/strict";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";
import { fitsNarrow, line, openSettings, signInAs } from "../support/settings.mjs";

const { journey } = journeys();

journey("a key is made, shown once, used, and revoked", async ({ app, page, allow }) => {
  allow(page, /422 POST .*\/api-keys$/);
  await openSettings(page, app, "API keys");
  await page.getByRole("link", { name: "Make a key" }).click();
  const dialog = page.getByRole("dialog", { name: "Make a key" });
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await dialog.getByLabel("Name").and(dialog.locator("[aria-invalid=true]")).waitFor();
  await dialog.getByLabel("Name").fill("Telephony");
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await dialog.getByText("A key allows something: name it.").waitFor();
  await dialog.getByRole("checkbox", { name: /^accounts:read/ }).check();
  await checkAxe(page, "a key to be made");
  await fitsNarrow(page, "a key to be made");
  await shot(page, "keys-create");
  await dialog.getByRole("button", { name: "Make the key" }).click();
  const key = await dialog.getByLabel("Key", { exact: true }).inputValue();
  assert.match(key, /^sluice_/);
  await checkAxe(page, "a key that was made");
  await fitsNarrow(page, "a key that was made");
  await dialog.getByLabel("Key", { exact: true }).evaluate((field) => (field.value = "sluice_4Qm7…shown-once"));
  await shot(page, "keys-made");
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.getByText(key).count(), 0, "it is not shown again");

  const ask = (path) => fetch(`${app.url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal((await ask("/accounts")).status, 200);
  assert.equal((await ask("/people")).status, 403);
  await eventually("its use is on the page", async () => {
    await page.reload();
    await line(page, "Telephony").waitFor();
    return !/Never/.test(await line(page, "Telephony").innerText());
  });
  await checkAxe(page, "keys");
  await fitsNarrow(page, "keys");
  await shot(page, "keys");

  await line(page, "Telephony").getByRole("link", { name: "Revoke" }).click();
  const revoke = page.getByRole("dialog", { name: "Revoke a key" });
  await checkAxe(page, "a key to be revoked");
  await shot(page, "keys-revoke");
  await revoke.getByRole("button", { name: "Cancel" }).click();
  await revoke.waitFor({ state: "detached" });
  await line(page, "Telephony").getByRole("link", { name: "Revoke" }).click();
  await revoke.getByRole("button", { name: "Revoke", exact: true }).click();
  await page.getByText("The key “Telephony” is revoked").waitFor();
  await line(page, "Telephony").waitFor({ state: "detached" });
  await eventually("it is dead", async () => (await ask("/accounts")).status === 401);
});

journey("who may not make keys is told who may", async ({ app, page, allow }) => {
  allow(page, /401 GET/);
  await signInAs(page, app, "mara@northwind-media.example", { at: "/settings/keys" });
  await page.getByText("Only the agency's owner may do this.").waitFor();
  await checkAxe(page, "keys, for somebody else");
  await shot(page, "keys-not-allowed");
});
