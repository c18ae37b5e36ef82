// Settings > Embedding: sites are named and each wrong one is told; the widget is seen as a site would show it.

import assert from "node:assert/strict";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";
import { inside } from "../support/embedding.mjs";
import { fitsNarrow, openSettings, signInAs } from "../support/settings.mjs";

const { journey } = journeys();

journey("sites are named, each wrong one is told, and a widget is seen before any site shows it", async ({ app, page, allow }) => {
  allow(page, /422 PUT .*\/embed\/origins$/);
  await openSettings(page, app, "Embedding");
  await inside(page).getByText(/left at the present rate|used up/).first().waitFor();
  await checkAxe(page, "embedding");
  await fitsNarrow(page, "embedding");
  await shot(page, "embedding", { whole: true });

  const sites = page.getByLabel("Sites, one each line");
  await sites.fill("https://app.example\nhttp://portal.example\nhttps://portal.example/billing\n");
  await page.getByRole("button", { name: "Save sites" }).click();
  await page.getByText("http://portal.example: A site needs https").waitFor();
  await page.getByText("https://portal.example/billing: Leave out everything after the host").waitFor();
  assert.equal(await sites.getAttribute("aria-invalid"), "true");
  await checkAxe(page, "sites that are none");
  await shot(page, "embedding-errors");
  await sites.fill("https://portal.example\n\nhttps://app.example");
  await page.getByRole("button", { name: "Save sites" }).click();
  await page.getByText("2 sites may show balances").waitFor();
  await eventually("them in order", async () => (await sites.inputValue()) === "https://app.example\nhttps://portal.example");

  const account = await page.locator("sluice-balance").getAttribute("account");
  const snippet = page.getByRole("region", { name: "The page", exact: true });
  assert.match(await snippet.innerText(), new RegExp(`account="${account}"`));
  assert.match(await snippet.innerText(), new RegExp(`src="${app.url}/embed/v1.js"`));

  await page.getByRole("combobox", { name: "View" }).selectOption("full");
  await inside(page).getByRole("heading", { name: "Recent activity" }).waitFor();
  await page.getByRole("combobox", { name: "Theme" }).selectOption("dark");
  const ground = () => inside(page).locator("html").evaluate((root) => root.style.colorScheme);
  await eventually("another theme", async () => (await ground()) === "dark");
  await checkAxe(page, "a preview in full");
  await shot(page, "embedding-full", { whole: true });
  await page.getByLabel("Account").fill("Alder");
  await page.locator("#preview-account-list option[value='Alder Dental Group']").waitFor({ state: "attached" });
  await page.getByLabel("Account").fill("Alder Dental Group");
  await page.getByLabel("Account").press("Tab");
  await inside(page).getByText("Paid by Northwind Media").waitFor();
});

journey("a viewer looks, and is told who may change the sites", async ({ app, page, allow }) => {
  allow(page, /401 GET/);
  await signInAs(page, app, "theo@northwind-media.example", { at: "/settings/embedding" });
  await page.getByText("Only the agency's owner may do this.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Save sites" }).count(), 0);
  await inside(page).locator(".amount").first().waitFor();
  await checkAxe(page, "embedding, to look at");
});
