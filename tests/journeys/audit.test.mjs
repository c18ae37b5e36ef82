// Settings > Audit trail: what was done is found, by who, what, account and days, and goes out as a file.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { checkAxe, journeys, shot } from "../support/journey.mjs";
import { fitsNarrow, line, openSettings } from "../support/settings.mjs";

const { journey } = journeys();
const table = (page) => page.getByRole("table", { name: "The audit trail, newest first" });

journey("a changed role is in the trail, before and after, and the trail is filtered", async ({ app, page }) => {
  await openSettings(page, app, "People");
  await line(page, "theo@northwind-media.example").getByRole("link", { name: "Change" }).click();
  const change = page.getByRole("dialog", { name: "Change somebody" });
  await change.getByRole("radio", { name: /^Billing manager/ }).check();
  await change.getByRole("button", { name: "Save" }).click();
  await change.waitFor({ state: "detached" });

  await openSettings(page, app, "Audit trail");
  const newest = table(page).getByRole("row").nth(1);
  await newest.getByText("Change person").waitFor();
  assert.match(await newest.innerText(), /Robin Hale/);
  assert.match(await newest.innerText(), /role: viewer → billing manager/);
  await checkAxe(page, "the trail");
  await fitsNarrow(page, "the trail");
  await shot(page, "audit");
  await page.getByRole("button", { name: "Show more" }).click();
  await table(page).getByRole("row").nth(60).waitFor();

  await page.getByLabel("Who").selectOption({ label: "Customers" });
  await page.waitForURL((url) => url.searchParams.get("actor") === "customer");
  await table(page).getByText("customer, by a secure link").first().waitFor();
  await page.getByText("Robin Hale", { exact: true }).and(table(page).locator("*")).first().waitFor({ state: "detached" });
  await page.getByLabel("Who").selectOption({ label: "Robin Hale" });
  await page.getByLabel("What").selectOption({ label: "Request billing" });
  await page.waitForURL((url) => url.searchParams.get("action") === "request_billing");
  await newest.getByText("Request billing").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download CSV" }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^audit-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).trim().split(/\r?\n/).slice(1);
  assert.ok(lines.length > 0);
  assert.ok(lines.every((line) => line.includes(",request_billing,")), "the file is filtered, too");

  await page.getByLabel("What").selectOption({ label: "Anything" });
  await page.getByLabel("Who").selectOption({ label: "Anybody" });
  await page.getByLabel("Account").fill("Bayside");
  await page.locator("#audit-account-list option[value='Bayside Orthopedics']").waitFor({ state: "attached" });
  await page.getByLabel("Account").fill("Bayside Orthopedics");
  await page.getByLabel("Account").press("Tab");
  await page.waitForURL((url) => url.searchParams.get("account")?.startsWith("sub_"));
  await table(page).getByRole("link", { name: "Bayside Orthopedics" }).first().waitFor();
  assert.equal(await table(page).getByRole("link", { name: "Alder Dental Group" }).count(), 0);
  const filtered = page.url();
  await table(page).getByRole("link", { name: "Bayside Orthopedics" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Bayside Orthopedics" }).waitFor();
  await page.getByRole("link", { name: "Audit trail of this account" }).click();
  await page.waitForURL(filtered);
  await table(page).getByRole("link", { name: "Bayside Orthopedics" }).first().waitFor();
  assert.equal(await page.getByLabel("Account").inputValue(), "Bayside Orthopedics");

  await page.getByLabel("From", { exact: true }).fill("2001-01-01");
  await page.getByLabel("To", { exact: true }).fill("2001-01-02");
  await page.getByText("Nothing fits. Take a filter away to see more.").waitFor();
  await checkAxe(page, "a trail of nothing");
  await shot(page, "audit-empty");
});
