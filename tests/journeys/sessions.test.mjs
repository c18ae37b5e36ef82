// Your sessions: this browser is marked, another one is ended from here.

import assert from "node:assert/strict";
import { checkAxe, journeys, shot } from "../support/journey.mjs";
import { PASSWORD, fitsNarrow, openSettings, signInAs } from "../support/settings.mjs";

const { journey } = journeys();

journey("a session elsewhere is ended with the password; this browser stays signed in", async ({ app, page, visitor, allow }) => {
  allow(page, /422 DELETE /);
  const other = await visitor({
    userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
  });
  allow(other, /401/);
  await signInAs(other, app, "robin@northwind-media.example", { at: "/settings/sessions" });
  await openSettings(page, app, "Your sessions");
  const here = page.getByRole("row").filter({ hasText: "This browser" });
  await here.waitFor();
  assert.equal(await here.count(), 1);
  assert.equal(await here.getByRole("link", { name: "End" }).count(), 0);
  await checkAxe(page, "sessions");
  await fitsNarrow(page, "sessions");
  await shot(page, "sessions");

  const there = page.getByRole("row").filter({ hasText: "Safari on iPhone" });
  await there.getByRole("link", { name: "End" }).click();
  const dialog = page.getByRole("dialog", { name: "End a session" });
  await dialog.getByText(/^Safari on iPhone, signed in /).waitFor();
  await checkAxe(page, "a session to be ended");
  await shot(page, "sessions-end");
  const password = dialog.getByLabel("Your password");
  await password.fill("not this one");
  await dialog.getByRole("button", { name: "End it" }).click();
  await dialog.getByText("This is not your password.").waitFor();
  assert.equal(await password.getAttribute("aria-invalid"), "true");
  await shot(page, "sessions-wrong-password");
  await password.fill(PASSWORD);
  await dialog.getByRole("button", { name: "End it" }).click();
  await page.getByText("The session is ended").waitFor();
  await there.waitFor({ state: "detached" });
  await here.waitFor();
  await other.reload();
  await other.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  assert.equal(new URL(other.url()).searchParams.get("next"), "/settings/sessions");
});
