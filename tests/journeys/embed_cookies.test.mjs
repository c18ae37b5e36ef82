// A browser that lets no other site keep cookies shows the balance like any other.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchWithoutOthersCookies } from "../support/browser.mjs";
import { allow, example, inside, site } from "../support/embedding.mjs";
import { journeys } from "../support/journey.mjs";

const { journey } = journeys();

/** A page of one site with a frame of another, which tries to keep a cookie and tells what it has kept. */
async function probe() {
  const inner = `<!doctype html><script>
    document.cookie = "probe=1; SameSite=None; Secure";
    parent.postMessage(document.cookie, "*");
  </script>`;
  const other = await site({ pages: { "/": inner } });
  const outer = `<!doctype html><html lang="en"><title>x</title><link rel="icon" href="data:,">
    <script>window.kept = new Promise((tell) => addEventListener("message", ({ data }) => tell(data)));</script>
    <iframe src="${other.url}" title="x"></iframe></html>`;
  const host = await site({ pages: { "/": outer }, name: "127.0.0.1" });
  return { url: host.url, inner: other.url, stop: () => [host, other].forEach((it) => it.stop()) };
}

async function kept(page, url) {
  await page.goto(url);
  return page.evaluate(() => window.kept);
}

journey("a balance needs no cookies of another site", async ({ app }) => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-profile-"));
  const strict = await launchWithoutOthersCookies(folder);
  const { url, inner, stop } = await probe();
  const host = await example(app, "embed-html");
  await allow(app, [host.url]);
  try {
    const other = await strict.newPage();
    assert.equal(await kept(other, url), "", "another site keeps none");
    await other.goto(inner);
    assert.equal(await other.evaluate(() => document.cookie), "probe=1", "by itself it does");
    await strict.clearCookies();
    await other.goto(host.url);
    await inside(other).getByText(/days? left at the present rate/).waitFor();
    assert.deepEqual(await strict.cookies(), []);
  } finally {
    stop();
    host.stop();
    await strict.close();
    await rm(folder, { recursive: true, force: true });
  }
});
