// Settings > People: somebody is invited, comes in by their letter, sees what is theirs, becomes something else, and is gone.

import assert from "node:assert/strict";
import { checkAxe, journeys, shot } from "../support/journey.mjs";
import { doorLink, fitsNarrow, line, openSettings, signInAs } from "../support/settings.mjs";

const { journey } = journeys();
const SIGNED_OUT = /401 GET .*\/api\/v1\//;

journey("a colleague is invited, joins by their letter, is made a manager, and is removed", async ({ app, page, visitor, allow }) => {
  allow(page, /422 POST .*\/people$/);
  await openSettings(page, app, "People");
  await line(page, "theo@northwind-media.example").waitFor();
  await checkAxe(page, "people");
  await fitsNarrow(page, "people");
  await shot(page, "people", { whole: true });

  await page.getByRole("link", { name: "Invite somebody" }).click();
  const invite = page.getByRole("dialog", { name: "Invite somebody" });
  await invite.getByLabel("Email address").fill("jo");
  await invite.getByRole("button", { name: "Send invitation" }).click();
  await invite.getByLabel("Name").and(invite.locator("[aria-invalid=true]")).waitFor();
  assert.equal(await invite.getByLabel("Email address").getAttribute("aria-invalid"), "true");
  assert.equal(await page.evaluate(() => document.activeElement.id), "person-name", "the cursor is where to go on");
  await checkAxe(page, "an invitation that is none");
  await invite.getByLabel("Name").fill("Jo Park");
  await invite.getByLabel("Email address").fill("jo@northwind-media.example");
  await checkAxe(page, "an invitation");
  await fitsNarrow(page, "an invitation");
  await shot(page, "people-invite");
  await invite.getByRole("button", { name: "Send invitation" }).click();
  await invite.waitFor({ state: "detached" });
  await page.getByText("An invitation is on its way to jo@northwind-media.example").waitFor();
  const jos = line(page, "jo@northwind-media.example");
  await jos.getByText("Invited").waitFor();
  assert.match(await jos.innerText(), /Viewer/);

  const jo = await visitor();
  allow(jo, SIGNED_OUT, /422 POST .*\/invitations\/accept/, /410 POST|404 POST/, /403 GET/);
  const link = await doorLink(app, "jo@northwind-media.example", "join");
  await jo.goto(link);
  await jo.getByRole("heading", { level: 1, name: "Join Northwind Media" }).waitFor();
  await jo.getByText("Northwind Media invites you, Jo Park, as a viewer.").waitFor();
  await checkAxe(jo, "join");
  await fitsNarrow(jo, "join");
  await shot(jo, "join");
  await jo.getByLabel("Password").fill("short");
  await jo.getByRole("button", { name: "Join" }).click();
  await jo.getByText("A password has at least 12 characters.").waitFor();
  await checkAxe(jo, "a password that is none");
  await jo.getByLabel("Password").fill("correct horse battery");
  await jo.getByRole("button", { name: "Join" }).click();
  await jo.getByRole("heading", { level: 1, name: "Accounts" }).waitFor();

  await openSettings(jo, app, "People");
  await jo.getByText("Only the agency's owner may do this.").waitFor();
  await line(jo, "Jo Park").getByText("Active").waitFor();
  assert.equal(await jo.getByRole("link", { name: "Invite somebody" }).count(), 0);
  assert.equal(await jo.getByRole("link", { name: "Change" }).count(), 0);
  await checkAxe(jo, "people, to look at");
  await shot(jo, "people-read-only");
  await openSettings(jo, app, "Audit trail").catch(() => {});
  await jo.getByText("Only the agency's owner and billing managers may do this.").waitFor();

  await page.getByRole("link", { name: "People", exact: true }).click();
  await page.reload();
  await jos.getByText("Active").waitFor();
  await jos.getByRole("link", { name: "Change" }).click();
  const change = page.getByRole("dialog", { name: "Change somebody" });
  await change.getByRole("radio", { name: /^Billing manager/ }).check();
  await change.getByRole("button", { name: "Save" }).click();
  await change.waitFor({ state: "detached" });
  await jos.getByText("Billing manager").waitFor();
  await jo.reload();
  await jo.getByRole("table", { name: "The audit trail, newest first" }).waitFor();

  await jos.getByRole("link", { name: "Change" }).click();
  await change.getByRole("link", { name: "Remove…" }).click();
  const remove = page.getByRole("dialog", { name: "Remove somebody" });
  await remove.getByText(/Jo Park is signed out everywhere/).waitFor();
  await checkAxe(page, "a removal");
  await shot(page, "people-remove");
  await remove.getByRole("button", { name: "Remove" }).click();
  await jos.waitFor({ state: "detached" });
  await jo.reload();
  await jo.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();

  await jo.goto("about:blank");
  await jo.goto(link);
  await jo.getByRole("heading", { level: 1, name: "This link does not work" }).waitFor();
  await checkAxe(jo, "a dead link");
  await shot(jo, "join-dead");
});

journey("a client user is given accounts, by name; whoever has not come yet is mailed again", async ({ app, page, allow }) => {
  allow(page, /422 POST .*\/people$/, /409 DELETE/);
  await openSettings(page, app, "People");
  await page.getByRole("link", { name: "Invite somebody" }).click();
  const invite = page.getByRole("dialog", { name: "Invite somebody" });
  await invite.getByLabel("Name").fill("Dana Reyes");
  await invite.getByLabel("Email address").fill("dana@baysideortho.example");
  await invite.getByRole("radio", { name: /^Client user/ }).check();
  await invite.getByRole("button", { name: "Send invitation" }).click();
  await invite.getByText("A client user belongs to an account: name one.").waitFor();
  await invite.getByLabel("Find an account").fill("bayside");
  await invite.getByRole("button", { name: /^Bayside Orthopedics/ }).waitFor();
  await invite.getByText("1 account fits.").waitFor();
  await invite.getByLabel("Find an account").press("Enter");
  await invite.getByRole("button", { name: "Take away Bayside Orthopedics" }).waitFor();
  await invite.getByLabel("Find an account").fill("");
  await invite.getByRole("button", { name: /^Alder Dental Group/ }).click();
  await invite.getByRole("button", { name: "Take away Alder Dental Group" }).click();
  await checkAxe(page, "an invitation of a client user");
  await fitsNarrow(page, "an invitation of a client user");
  await shot(page, "people-client");
  await invite.getByRole("button", { name: "Send invitation" }).click();
  await invite.waitFor({ state: "detached" });
  const danas = line(page, "dana@baysideortho.example");
  await danas.getByText("Bayside Orthopedics").waitFor();
  assert.doesNotMatch(await danas.innerText(), /Alder/);

  const first = await doorLink(app, "dana@baysideortho.example", "join");
  await danas.getByRole("link", { name: "Change" }).click();
  const change = page.getByRole("dialog", { name: "Change somebody" });
  await checkAxe(page, "somebody who is invited");
  await shot(page, "people-change");
  await change.getByRole("button", { name: "Resend invitation" }).click();
  await page.getByText("The invitation is on its way to dana@baysideortho.example once more").waitFor();
  await page.keyboard.press("Escape");
  await change.waitFor({ state: "detached" });
  assert.ok(await danas.getByRole("link", { name: "Change" }).evaluate((link) => link === document.activeElement));
  let again = first;
  for (let tries = 0; again === first && tries < 100; tries += 1) {
    again = await doorLink(app, "dana@baysideortho.example", "join");
    await page.waitForTimeout(50);
  }
  assert.notEqual(again, first, "a link of its own");
});

journey("the last owner stays, and is told why", async ({ app, page, allow }) => {
  allow(page, SIGNED_OUT, /409 (DELETE|PATCH)/);
  await signInAs(page, app, "imke@northwind-media.example");
  const robins = line(page, "robin@northwind-media.example");
  await robins.getByRole("link", { name: "Change" }).click();
  await page.getByRole("link", { name: "Remove…" }).click();
  await page.getByRole("button", { name: "Remove" }).click();
  await robins.waitFor({ state: "detached" });
  const imkes = line(page, "imke@northwind-media.example");
  await imkes.getByRole("link", { name: "Change" }).click();
  const change = page.getByRole("dialog", { name: "Change somebody" });
  await change.getByRole("radio", { name: /^Viewer/ }).check();
  await change.getByRole("button", { name: "Save" }).click();
  await change.getByRole("alert").getByText(/last owner/).waitFor();
  await checkAxe(page, "the last owner");
});
