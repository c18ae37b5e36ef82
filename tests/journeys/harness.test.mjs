// The harness itself, on pages made to be wrong: a guard that lets everything through guards nothing.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, after, test } from "node:test";
import { checkAxe } from "../support/axe.mjs";
import { launchBrowser } from "../support/browser.mjs";
import { reportViolations, watch } from "../support/guard.mjs";
import { startServer } from "../support/server.mjs";
import { shot } from "../support/shot.mjs";

const good = "<h1>Accounts</h1><p>Nothing wrong here.</p>";
const bodies = {
  "/good": good,
  "/inline": `${good}<script>document.title = "ran"</script>`,
  "/missing": `${good}<img src="/nowhere.png" alt="">`,
  "/logs": `${good}<script src="/logs.js"></script>`,
  "/throws": `${good}<script src="/throws.js"></script>`,
  "/opens": `${good}<a href="/missing" target="_blank">More</a>`,
  "/framed": `${good}<iframe src="/unlabelled" title="Card"></iframe>`,
  "/unlabelled": "<h1>Card</h1><input>",
  "/tiny": `${good}<a href="#a" style="display:inline-block;width:9px;height:9px"
      aria-label="a"></a><a href="#b" style="display:inline-block;width:9px;height:9px" aria-label="b"></a>`,
  "/dim": `<style>@media (prefers-color-scheme: dark) { p { color: #ccc; background: #fff } }</style>${good}`,
};
const scripts = { "/logs.js": 'console.error("oh")', "/throws.js": 'throw new Error("ah")' };

let server;
let browser;
let url;
before(async () => {
  server = createServer((request, response) => {
    const script = scripts[request.url];
    const body = bodies[request.url];
    if (script) return response.setHeader("Content-Type", "text/javascript").end(script);
    response.setHeader("Content-Type", "text/html").setHeader(
      "Content-Security-Policy",
      "default-src 'self'; style-src 'self' 'unsafe-inline'",
    );
    if (request.url === "/favicon.ico") return response.writeHead(204).end();
    if (!body) return response.writeHead(404).end();
    return response.end(
      `<!doctype html><html lang="en"><title>${request.url}</title><main>${body}</main>`,
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${server.address().port}`;
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  server?.close();
});

async function opened(path) {
  const context = await browser.newContext();
  await context.addInitScript(reportViolations);
  const guard = watch(context);
  const page = await context.newPage();
  await page.goto(url + path, { waitUntil: "load" });
  return { page, guard };
}

test("the guard sees what a page does that a link opened", async () => {
  const { page, guard } = await opened("/opens");
  const [other] = await Promise.all([page.waitForEvent("popup"), page.getByRole("link").click()]);
  await other.waitForLoadState("load");
  assert.match(guard.problems().join("\n"), /404 GET .*nowhere\.png/);
});

test("a page without faults has no problems", async () => {
  const { page, guard } = await opened("/good");
  await checkAxe(page, "good");
  assert.deepEqual(guard.problems(), []);
});

for (const [path, expected] of [
  ["/inline", /CSP violation: script-src-elem blocked inline/],
  ["/missing", /response: 404 GET .*nowhere\.png/],
  ["/logs", /console: oh/],
  ["/throws", /uncaught: ah/],
]) {
  test(`the guard sees what is wrong with ${path}, unless it is allowed`, async () => {
    const { guard } = await opened(path);
    assert.match(guard.problems().join("\n"), expected);
    guard.allow(/./);
    assert.deepEqual(guard.problems(), []);
  });
}

for (const [path, expected] of [
  ["/framed", /light: label: .*\n.*iframe/],
  ["/tiny", /target-size/],
  ["/dim", /^axe on [^]*dark: color-contrast/],
]) {
  test(`axe sees what is wrong with ${path}`, async () => {
    const { page } = await opened(path);
    await assert.rejects(checkAxe(page, path), (error) => {
      assert.match(error.message, expected);
      if (path === "/dim") assert.doesNotMatch(error.message, /light:/);
      return true;
    });
  });
}

test("axe leaves frames out when it is told to, and nothing else", async () => {
  const { page } = await opened("/framed");
  await checkAxe(page, "/framed", { frames: false });
  await page.goto(`${url}/unlabelled`);
  await assert.rejects(checkAxe(page, "/unlabelled", { frames: false }), /label/);
});

test("a screenshot is four files, and only when asked for", async () => {
  const { page } = await opened("/good");
  const asked = process.env.SLUICE_SCREENS;
  const folder = await mkdtemp(join(tmpdir(), "sluice-screens-"));
  try {
    delete process.env.SLUICE_SCREENS;
    await shot(page, "good");
    process.env.SLUICE_SCREENS = folder;
    const before = page.viewportSize();
    await shot(page, "good");
    assert.deepEqual(page.viewportSize(), before);
  } finally {
    if (asked === undefined) delete process.env.SLUICE_SCREENS;
    else process.env.SLUICE_SCREENS = asked;
  }
  const expected = ["dark-1440", "dark-320", "light-1440", "light-320"].map((kind) => `good-${kind}.png`);
  assert.deepEqual((await readdir(folder)).sort(), expected);
  await rm(folder, { recursive: true });
});

test("a server is used once it says where it is, and stopped by its own process id", async () => {
  const facts = { url: "u", sign_in_url: "s", mailbox_url: "m", sandbox_url: "b", agency_id: "a" };
  await withProgram(`echo '${JSON.stringify(facts)}'; exec sleep 60`, async () => {
    const { pid, stop, remove, ...app } = await startServer();
    assert.equal(app.sign_in_url, "s");
    process.kill(pid, 0);
    await stop();
    await stop();
    assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
    await remove();
  });
});

for (const [report, code, expected] of [
  ['{"ok":true,"checks":[{"name":"sums","checked":3,"problems":[]}]}', 0, null],
  ['{"ok":false,"checks":[{"name":"sums","checked":3,"problems":["agy_1"]}]}', 3, /sums: agy_1/],
  ['{"ok":true,"checks":[{"name":"sums","checked":0,"problems":[]}]}', 0, /nothing was checked/],
  ["", 1, /ended with 1/],
]) {
  test(`a database is judged by what verify says: ${report || "nothing"}`, async () => {
    const facts = { url: "u", sign_in_url: "s", mailbox_url: "m", sandbox_url: "b", agency_id: "a" };
    const script = `if [ "$1" = verify ]; then echo '${report}'; exit ${code}; fi
      echo '${JSON.stringify(facts)}'; exec sleep 60`;
    await withProgram(script, async () => {
      const { stop, verify, remove } = await startServer();
      await stop();
      if (expected) await assert.rejects(verify(), expected);
      else await verify();
      await remove();
    });
  });
}

test("a server that does not start fails with what it said", async () => {
  await withProgram("echo 'no such database' >&2; exit 3", () =>
    assert.rejects(startServer(), /ended with 3\nno such database/),
  );
  await withProgram("echo '{\"url\":\"u\"}'; exec sleep 60", () =>
    assert.rejects(startServer(), /has no sign_in_url/),
  );
});

/** Runs `work` with a shell script in place of the server. */
async function withProgram(script, work) {
  const folder = await mkdtemp(join(tmpdir(), "sluice-program-"));
  const program = join(folder, "sluice");
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  const real = process.env.SLUICE_BIN;
  process.env.SLUICE_BIN = program;
  try {
    await work();
  } finally {
    if (real === undefined) delete process.env.SLUICE_BIN;
    else process.env.SLUICE_BIN = real;
    await rm(folder, { recursive: true });
  }
}
