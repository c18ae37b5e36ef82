// Sites that show a balance: the example hosts as people run them, and pages made for a journey. They listen on `localhost`, the
// server on `127.0.0.1`: to a browser these are two sites.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const TESTS = fileURLToPath(new URL("../", import.meta.url));

/** Sets the sites that the demo's agency allows, as its owner does. */
export async function allow(app, origins) {
  const signedIn = await fetch(app.sign_in_url, { redirect: "manual" });
  const cookie = signedIn.headers.get("set-cookie").split(";")[0];
  const answer = await fetch(`${app.url}/api/v1/embed/origins`, {
    method: "PUT",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify({ origins }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

/** Mints a token by the demo's key, as a site's backend does. */
export async function mint(app, body) {
  const answer = await fetch(`${app.url}/api/v1/embed/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${app.api_key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return answer.json();
}

/** Starts an example by its own command; answers where it is and how to stop it. */
export async function example(app, name, env = {}) {
  const child = spawn(process.execPath, [`examples/${name}/host.mjs`], {
    cwd: REPOSITORY,
    env: { ...process.env, SLUICE_URL: app.url, SLUICE_API_KEY: app.api_key, PORT: "0", MODULES: TESTS, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = () => child.kill();
  process.once("exit", stop);
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  // A journey that fails does not stop it: that must not keep this process from its end.
  child.unref();
  child.stdout.unref();
  return { url, stop };
}

/**
 * A site of our own: `pages` are paths with their HTML, and `token()` makes what its token endpoint answers; null is 401.
 * `name` is its host, `localhost` or `127.0.0.1`.
 */
export async function site({ pages, token = () => null, name = "localhost" }) {
  const server = createServer(async (request, response) => {
    if (request.url === "/api/sluice-token") {
      const given = await token();
      if (!given) return response.writeHead(401).end();
      return response.setHeader("content-type", "application/json").end(JSON.stringify(given));
    }
    const page = pages[new URL(request.url, "http://x").pathname];
    if (page === undefined) return response.writeHead(404).end();
    return response.setHeader("content-type", "text/html; charset=utf-8").end(page);
  });
  server.listen(0, name === "localhost" ? undefined : name);
  await once(server, "listening");
  // A journey that fails does not stop it: that must not keep this process from its end.
  server.unref();
  const url = `http://${name}:${server.address().port}`;
  return { url, stop: () => server.close(), pages };
}

/** Runs in every page before anything of it: notes the element's events, how much the page has jumped, and the ports it has made. */
export function record() {
  window.heard = [];
  for (const name of ["ready", "balancechange", "lowbalance", "topupstart", "topupsuccess", "topupfail", "sessionexpired", "loaderror"]) {
    document.addEventListener(`sluice:${name}`, (event) => window.heard.push([name, event.detail]));
  }
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  window.ports = 0;
  const { MessageChannel } = window;
  window.MessageChannel = class extends MessageChannel {
    constructor() {
      super();
      window.ports += 1;
    }
  };
}

/** A page with the element. */
export function portal(app, attributes, { head = "", before = "" } = {}) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Portal</title><link rel="icon" href="data:,">
    <meta name="viewport" content="width=device-width, initial-scale=1"><style>
      body { max-inline-size: 640px; margin: 0 auto; padding: 16px; font: 16px/1.5 system-ui, sans-serif }
      sluice-balance:not(:defined) { display: block; min-block-size: 136px }
      sluice-balance:not(:defined)[view=full] { min-block-size: 520px }
      ${head}</style>
    <script type="module" src="${app.url}/embed/v1.js"></script></head>
    <body><main><h1>Portal</h1>${before}<sluice-balance ${attributes}></sluice-balance><p>What is below.</p></main></body></html>`;
}

/** The frame's inside. */
export function inside(page) {
  return page.frameLocator("sluice-balance iframe");
}

/** The names of the events that the page has heard, and the detail of the newest of a name. */
export const heard = (page) => page.evaluate(() => window.heard.map(([name]) => name));
export const detail = (page, name) =>
  page.evaluate((wanted) => window.heard.findLast(([heard]) => heard === wanted)?.[1], name);
