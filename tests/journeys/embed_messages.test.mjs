// What others say to the loader and to the frame: wrong windows, wrong sites, wrong versions, too much, and names that are no fields.

import assert from "node:assert/strict";
import { eventually, journeys } from "../support/journey.mjs";
import { allow, inside, mint, portal, record, site } from "../support/embedding.mjs";

const { journey } = journeys();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const BLANK = '<!doctype html><html lang="en"><title>x</title><link rel="icon" href="data:,"><p>x</p></html>';

/** Says hello to the window around it, as a frame of ours would. */
const LIAR = `<!doctype html><html lang="en"><title>x</title><link rel="icon" href="data:,"><script>
  parent.postMessage(JSON.stringify({ sluice: 1, type: "hello" }), "*");
  parent.postMessage({ sluice: 1, type: "hello" }, "*");
</script></html>`;

async function allowedSite(app, page) {
  const { account } = await mint(app, { account: "CF-2210" });
  const pages = { "/": portal(app, `account="${account}" token-endpoint="/api/sluice-token"`), "/blank": BLANK };
  const host = await site({ pages, token: () => mint(app, { account: "CF-2210" }) });
  await allow(app, [host.url, "http://localhost:8091"]);
  await page.addInitScript(record);
  return { ...host, account };
}

journey("the loader gives a port to its own frame and to nobody else", async ({ app, page }) => {
  const host = await allowedSite(app, page);
  const evil = await site({ pages: { "/": LIAR }, name: "127.0.0.1" });
  await page.goto(host.url);
  await inside(page).locator("p.amount").waitFor();
  const ports = () => page.evaluate(() => window.ports);
  assert.equal(await ports(), 1);
  // Another window, from another site and from this one.
  await page.evaluate((src) => {
    document.body.append(Object.assign(document.createElement("iframe"), { src, title: "x" }));
    window.postMessage(JSON.stringify({ sluice: 1, type: "hello" }), "*");
  }, evil.url);
  await pause(700);
  assert.equal(await ports(), 1, "another window");
  // The right window, with another site in it.
  await page.locator("sluice-balance iframe").evaluate((frame, src) => (frame.src = src), evil.url);
  await pause(700);
  assert.equal(await ports(), 1, "another site in the right window");
  for (const it of [host, evil]) it.stop();
});

journey("the loader heeds of its frame only what it knows", async ({ app, page }) => {
  const host = await allowedSite(app, page);
  // At the server's own address, a frame that says hello in the wrong version, then in the right one, and lies over its port.
  const rogue = `<!doctype html><html lang="en"><title>x</title><script>
    const say = (version) => parent.postMessage(JSON.stringify({ sluice: version, type: "hello" }), "*");
    say(2); say("1"); parent.postMessage("x".repeat(10_000_000), "*");
    parent.postMessage('{"__proto__":{"sluice":1,"type":"hello"}}', "*");
    setTimeout(() => say(1), 1_500);
    addEventListener("message", ({ ports: [port] }) => {
      port.postMessage({ type: "height", px: 900 });
      for (const px of [-5, 1.5, "900", null]) port.postMessage(JSON.stringify({ type: "height", px }));
      port.postMessage(JSON.stringify({ type: "height", px: 900, filler: "x".repeat(10_000_000) }));
      port.postMessage('{"__proto__":{"type":"height","px":900,"polluted":1}}');
      port.postMessage('{"type":"constructor"}');
      port.postMessage('{"type":"toString"}');
      port.postMessage('[{"type":"height","px":900}]');
      port.postMessage("null");
      port.postMessage("{");
      port.postMessage(JSON.stringify({ type: "height", px: 150 }));
    });
  </script></html>`;
  await page.route("**/embed/frame?*", (route) => route.fulfill({ contentType: "text/html", body: rogue }));
  await page.goto(host.url);
  await pause(300);
  assert.equal(await page.evaluate(() => window.ports), 0, "another version, too much, no field of its own");
  const height = () => page.locator("sluice-balance iframe").evaluate((frame) => frame.offsetHeight);
  await eventually("the one message that is one", async () => (await height()) === 150);
  assert.equal(await page.evaluate(() => window.ports), 1);
  assert.deepEqual(await page.evaluate(() => window.heard.filter(([name]) => name !== "loaderror")), []);
  assert.equal(await page.evaluate(() => ({}).polluted), undefined);
  await page.route("**/embed/frame?*", (route) =>
    route.fulfill({ contentType: "text/html", body: rogue.replace("px: 150", "px: 99_999_999") }),
  );
  await page.goto(host.url);
  await eventually("a height with a limit", async () => (await height()) === 4000);
  host.stop();
});

journey("the frame takes a port from the window around it, in its own version, once", async ({ app, page }) => {
  const host = await allowedSite(app, page);
  await page.goto(`${host.url}/blank`);
  const told = await page.evaluate(async ({ src, evil }) => {
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const frame = Object.assign(document.createElement("iframe"), { src, title: "Balance" });
    const hello = new Promise((resolve) => {
      addEventListener("message", ({ data, source }) => source === frame.contentWindow && resolve(data));
    });
    document.body.append(frame);
    const said = await hello;
    const heard = {};
    const offer = (name, message, from = window) => {
      const { port1, port2 } = new from.MessageChannel();
      heard[name] = [];
      port1.onmessage = ({ data }) => heard[name].push(JSON.parse(data).type);
      frame.contentWindow.postMessage(message, "*", [port2]);
      return port1;
    };
    const good = JSON.stringify({ sluice: 1, type: "port" });
    offer("version", JSON.stringify({ sluice: 2, type: "port" }));
    offer("text version", JSON.stringify({ sluice: "1", type: "port" }));
    offer("object", { sluice: 1, type: "port" });
    offer("proto", '{"__proto__":{"sluice":1,"type":"port"}}');
    offer("much", JSON.stringify({ sluice: 1, type: "port", filler: "x".repeat(10_000_000) }));
    frame.contentWindow.postMessage(good, "*");
    // Another window: a frame beside ours, in which the call is made.
    const beside = Object.assign(document.createElement("iframe"), { src: evil, title: "x" });
    document.body.append(beside);
    await new Promise((resolve) => (beside.onload = resolve));
    const script = beside.contentDocument.createElement("script");
    beside.contentWindow.result = heard.window = [];
    script.textContent = `{
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => window.result.push(data);
      parent.frames[0].postMessage(${JSON.stringify(good)}, "*", [port2]);
    }`;
    beside.contentDocument.body.append(script);
    await pause(600);
    const before = structuredClone(heard);
    const port = offer("right", good);
    for (const message of [
      "x".repeat(10_000_000),
      '{"__proto__":{"type":"config","view":"full","polluted":1}}',
      '{"type":"config","view":"__proto__","style":{"__proto__":{"--sluice-text":"red"}}}',
      '{"type":"config","view":"summary","theme":"dark","style":null,"locale":"x-y-z-not-a-locale-at-all"}',
      '{"type":"token","token":{"a":1}}',
      "null",
    ]) port.postMessage(message);
    await pause(600);
    offer("second", good);
    await pause(300);
    return { said, before, right: heard.right, second: heard.second };
  }, { src: `${app.url}/embed/frame?account=${host.account}`, evil: `${host.url}/blank` });
  assert.deepEqual(JSON.parse(told.said), { sluice: 1, type: "hello" });
  for (const [name, heard] of Object.entries(told.before)) assert.deepEqual(heard, [], name);
  assert.ok(told.right.includes("height"), "the right one is answered");
  assert.deepEqual(told.second, [], "only once");
  const frame = page.frames().find((it) => it.url().includes("/embed/frame"));
  assert.equal(await frame.evaluate(() => ({}).polluted), undefined);
  assert.equal(await frame.evaluate(() => document.documentElement.dataset.view), "summary");
  assert.equal(await frame.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
  host.stop();
});
