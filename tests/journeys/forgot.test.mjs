// A forgotten password: asked for, by letter, chosen anew.

import assert from "node:assert/strict";
import { checkAxe, journeys, shot } from "../support/journey.mjs";
import { doorLink, fitsNarrow, signInAs } from "../support/settings.mjs";
import { lettersTo } from "../support/outside.mjs";

const { journey } = journeys();
const MARA = "mara@northwind-media.example";

journey("somebody forgets their password, and is in again by a letter", async ({ app, page, visitor, allow }) => {
  allow(page, /401 GET/, /422 POST/, /404 POST/);
  await page.goto(`${app.url}/settings/people`);
  await page.getByRole("link", { name: "Forgot password?" }).click();
  await page.getByRole("heading", { level: 1, name: "Forgot your password?" }).waitFor();
  await checkAxe(page, "a forgotten password");
  await fitsNarrow(page, "a forgotten password");
  await shot(page, "forgot");
  const ask = async (email) => {
    await page.getByLabel("Email address").fill(email);
    await page.getByRole("button", { name: "Mail me a link" }).click();
  };
  await ask("mara");
  await page.getByLabel("Email address").and(page.locator("[aria-invalid=true]")).waitFor();
  await ask("nobody@northwind-media.example");
  await page.getByText("If somebody signs in with nobody@northwind-media.example").waitFor();
  await page.goto(`${app.url}/forgot`);
  await ask(MARA);
  await page.getByText(`If somebody signs in with ${MARA}`).waitFor();
  await checkAxe(page, "a letter on its way");
  await shot(page, "forgot-asked");
  assert.deepEqual(await lettersTo(app, "nobody@northwind-media.example"), []);

  const link = await doorLink(app, MARA, "reset");
  await page.goto(link);
  await page.getByRole("heading", { level: 1, name: "Choose a new password" }).waitFor();
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("A password has at least 12 characters.").waitFor();
  await checkAxe(page, "a new password");
  await fitsNarrow(page, "a new password");
  await shot(page, "reset");
  await page.getByLabel("Password").fill("a new one for mara");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByRole("heading", { level: 1, name: "Your password is changed" }).waitFor();
  await checkAxe(page, "a changed password");
  await shot(page, "reset-done");
  const mara = await visitor();
  allow(mara, /401 GET/);
  await signInAs(mara, app, MARA, { password: "a new one for mara", at: "/settings/sessions" });
  await mara.getByRole("heading", { level: 1, name: "Your sessions" }).waitFor();

  await page.goto("about:blank");
  await page.goto(link);
  await page.getByLabel("Password").fill("another one for mara");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByRole("heading", { level: 1, name: "This link does not work" }).waitFor();
  await page.getByRole("link", { name: "Ask for a new link" }).waitFor();
  await shot(page, "reset-dead");
});
