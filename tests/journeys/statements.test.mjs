// Statements and receipts: pages that the server makes, files of them, and the way there by way of signing in.

import assert from "node:assert/strict";
import { signIn, row } from "../support/agency.mjs";
import { checkAxe, journeys, shot } from "../support/journey.mjs";
import { PASSWORD, fitsNarrow } from "../support/settings.mjs";

const { journey } = journeys();
const OWNER = "robin@northwind-media.example";
/** Their customer pays, and has paid. */
const PAYS = "Bayside Orthopedics";

/** The bytes behind a link, fetched as whoever is signed in. */
async function file(page, link) {
  const answer = await page.request.get(new URL(await link.getAttribute("href"), page.url()).href);
  assert.equal(answer.status(), 200);
  return { type: answer.headers()["content-type"], bytes: await answer.body() };
}

journey("an owner opens a month of an account, and takes it home as a file", async ({ app, page }) => {
  await signIn(page, app);
  await row(page, PAYS).getByRole("link", { name: PAYS, exact: true }).click();
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Statements and receipts" }).click();
  const list = await opened;
  await list.getByRole("heading", { level: 1, name: "Statements" }).waitFor();
  await checkAxe(list, "statements");
  await fitsNarrow(list, "statements");
  await shot(list, "statements", { whole: true });

  await list.locator("ul.list").first().getByRole("link").first().click();
  await list.getByRole("heading", { level: 1, name: /^Statement S-\d{4}-\d{6}/ }).waitFor();
  const figures = await list.locator(".figures dt").allTextContents();
  assert.deepEqual([figures[0], figures.at(-1)].map((name) => /^(Opening|Closing)/.test(name)), [true, true], figures.join());
  await checkAxe(list, "a statement");
  await fitsNarrow(list, "a statement");
  await shot(list, "statement", { whole: true });
  const pdf = await file(list, list.getByRole("link", { name: "PDF" }));
  assert.deepEqual([pdf.type, pdf.bytes.subarray(0, 5).toString()], ["application/pdf", "%PDF-"]);
  const csv = await file(list, list.getByRole("link", { name: "CSV" }));
  assert.match(csv.type, /^text\/csv/);
  assert.match(csv.bytes.toString(), /S-\d{4}-\d{6}/);

  await list.getByRole("link", { name: /^All statements/ }).click();
  await list.locator("ul.list").last().getByRole("link").first().click();
  await list.getByRole("heading", { level: 1, name: /^Receipt R-\d{4}-\d{6}/ }).waitFor();
  await checkAxe(list, "a receipt");
  await fitsNarrow(list, "a receipt");
  await shot(list, "receipt", { whole: true });
});

journey("who has to sign in first comes back to the statements", async ({ app, page, allow }) => {
  allow(page, /401 GET .*\/api\/v1\/me$/);
  await page.goto(`${app.url}/statements/agency`);
  await page.getByLabel("Email address").fill(OWNER);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Statements" }).waitFor();
  await page.getByText("The agency’s balance").waitFor();
  assert.equal(new URL(page.url()).pathname, "/statements/agency");
});
