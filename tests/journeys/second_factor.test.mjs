// An authenticator app: set up, asked for when signing in, replaced by a recovery code, turned off.

import assert from "node:assert/strict";
import { App } from "../support/authenticator.mjs";
import { checkAxe, journeys, shot } from "../support/journey.mjs";
import { PASSWORD, fitsNarrow, openSettings } from "../support/settings.mjs";

const { journey } = journeys();
const OWNER = "robin@northwind-media.example";

async function password(page) {
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  await page.getByLabel("Email address").fill(OWNER);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  const code = page.getByLabel("Code");
  await code.waitFor();
  assert.ok(await code.evaluate((field) => field === document.activeElement));
  return code;
}

journey("an authenticator app is set up, asked for, and turned off", async ({ app, page, visitor, allow }) => {
  allow(page, /401 (GET|POST)/, /422 (POST|PUT|DELETE) .*\/me\/second-factor$/);
  const other = await visitor();
  allow(other, /401/);
  await openSettings(other, app, "Your sessions");
  await openSettings(page, app, "Your sessions");
  await page.getByText("Off. With an app on your phone").waitFor();
  await page.getByRole("link", { name: "Set it up" }).click();
  const dialog = page.getByRole("dialog", { name: "Set up an authenticator app" });
  await dialog.getByLabel("Your password").fill("not this one");
  await dialog.getByRole("button", { name: "Go on" }).click();
  await dialog.getByText("This is not your password.").waitFor();
  await checkAxe(page, "an app, the password");
  await dialog.getByLabel("Your password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Go on" }).click();
  await dialog.getByRole("img", { name: "QR code with the key below" }).waitFor();
  const phone = new App(await dialog.getByLabel("Key", { exact: true }).inputValue());
  const code = dialog.getByLabel("Code", { exact: true });
  await code.fill("000");
  await dialog.getByRole("button", { name: "Turn it on" }).click();
  await dialog.getByText("This code is not right, or was used.").waitFor();
  assert.equal(await code.getAttribute("aria-invalid"), "true");
  await checkAxe(page, "an app, the picture");
  await fitsNarrow(page, "an app, the picture");
  await shot(page, "second-factor-app");
  await code.fill(phone.code());
  await dialog.getByRole("button", { name: "Turn it on" }).click();
  const list = dialog.getByRole("region", { name: "Recovery codes" });
  const codes = (await list.innerText()).trim().split("\n");
  assert.equal(codes.length, 10);
  await checkAxe(page, "an app, the recovery codes");
  await shot(page, "second-factor-codes");
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await page.getByText("You have 10 recovery codes left.").waitFor();
  await checkAxe(page, "sessions, with an app");
  await fitsNarrow(page, "sessions, with an app");
  await shot(page, "second-factor-on");
  await other.reload();
  await other.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();

  await page.getByRole("button", { name: "Sign out" }).click();
  const asked = await password(page);
  await checkAxe(page, "sign-in, the code");
  await fitsNarrow(page, "sign-in, the code");
  await shot(page, "sign-in-code");
  await asked.fill("123");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("This code is not right, or was used.").waitFor();
  await asked.fill(phone.code());
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await (await password(page)).fill(codes[6].toUpperCase());
  await page.getByRole("button", { name: "Sign in" }).click();
  await openSettings(page, app, "Your sessions");
  await page.getByText("You have 9 recovery codes left.").waitFor();

  await page.getByRole("link", { name: "Turn it off" }).click();
  const off = page.getByRole("dialog", { name: "Turn off the authenticator app" });
  await off.getByLabel("Your password").fill(PASSWORD);
  await off.getByLabel("Code").fill(codes[6]);
  await off.getByRole("button", { name: "Turn it off" }).click();
  await off.getByText("This code is not right, or was used.").waitFor();
  await checkAxe(page, "an app, to be turned off");
  await shot(page, "second-factor-off");
  await off.getByLabel("Code").fill(codes[0]);
  await off.getByRole("button", { name: "Turn it off" }).click();
  await page.getByText("The authenticator app is off").waitFor();
  await page.getByText("Off. With an app on your phone").waitFor();
});
