// An agency from nothing: made and filled by the command line, seen in the browser; and a list of many pages.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { names, row } from "../support/agency.mjs";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";

const { journey } = journeys();
const EMAIL = "noor@quiet-harbor.example";
const PASSWORD = "quiet-harbor-2026";

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), "sluice-import-"))));
after(() => rm(folder, { recursive: true }));

async function done(running) {
  const { code, out, err } = await running;
  assert.equal(code, 0, err);
  return out.trim();
}

async function csv(name, rows) {
  const file = join(folder, name);
  await writeFile(file, ["external_id,name", ...rows].join("\n"));
  return file;
}

journey("an empty agency says how to begin, fills, and shows more by the page", async ({ app, page, allow }) => {
  const agency = await done(app.run(["agency", "add", "--name", "Quiet Harbor"]));
  const words = ["user", "add", "--agency", agency, "--name", "Noor Aziz", "--email", EMAIL];
  await done(app.run(words, { input: `${PASSWORD}\n` }));
  allow(page, /401 GET .*\/api\/v1\/me$/);
  await page.goto(app.url);
  await page.getByLabel("Email address").fill(EMAIL);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "No accounts yet" }).waitFor();
  await page.getByText(`sluice import accounts.csv --agency ${agency} --dry-run`).waitFor();
  await checkAxe(page, "accounts, none yet");
  await shot(page, "accounts-empty");

  const wrong = await csv("wrong.csv", ["A-1,Bell Tower Books", "A-1,Twice"]);
  const refused = await app.run(["import", wrong, "--agency", agency]);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /nothing was imported\n.*line 3/);
  const client = (_, index) => `A-${index},Client ${String(index).padStart(3, "0")}`;
  const file = await csv("accounts.csv", Array.from({ length: 120 }, client));
  const tried = await done(app.run(["import", file, "--agency", agency, "--dry-run"]));
  assert.match(tried, /^120 accounts could be imported; nothing was stored/);
  await page.reload();
  await page.getByRole("heading", { name: "No accounts yet" }).waitFor();
  assert.equal(await done(app.run(["import", file, "--agency", agency])), "imported 120 accounts");

  await page.reload();
  await page.getByText("50 of 120").waitFor();
  const more = page.getByRole("button", { name: "Show more" });
  await more.click();
  await page.getByText("100 of 120").waitFor();
  await more.click();
  await page.getByText("120 of 120").waitFor();
  assert.equal(await more.count(), 0);
  const all = await names(page);
  assert.equal(new Set(all).size, 120);
  assert.deepEqual(all, all.toSorted());
  await page.getByLabel("Search accounts").fill("Client 11");
  await eventually("ten match", async () => (await names(page)).length === 10);
  await page.getByText("10 matches").waitFor();
  await row(page, "Client 117").getByText("Balance from: agency").waitFor();
});
