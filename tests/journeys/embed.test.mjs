// The widget on other people's sites: seen, live, themed, renewed; and refused, lied to, cut off.

import assert from "node:assert/strict";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";
import { allow, detail, example, heard, inside, mint, portal, record, site } from "../support/embedding.mjs";
import { send } from "../support/metering.mjs";

const { journey } = journeys();
const COMPONENTS = ["balance", "ledger", "funding"];

/** A token endpoint for one account; `given` counts what it has given. */
function tokens(app, account, more = {}) {
  const endpoint = async () => {
    endpoint.given += 1;
    return endpoint.closed ? null : mint(app, { account, components: COMPONENTS, ...more });
  };
  return Object.assign(endpoint, { given: 0, closed: false });
}

/** A site that is allowed, with the element for an account on its first page. */
async function allowedSite(app, account, attributes = "", options) {
  const token = tokens(app, account);
  const { account: id } = await mint(app, { account });
  const pages = { "/": portal(app, `account="${id}" token-endpoint="/api/sluice-token" ${attributes}`, options) };
  const host = await site({ pages, token });
  await allow(app, [host.url, "http://localhost:8091"]);
  return { ...host, id, token };
}

const amount = (page) => inside(page).locator("p.amount");
const elementHeight = (page) => page.locator("sluice-balance").evaluate((node) => node.offsetHeight);

async function shows(page, words) {
  await inside(page).getByText(words).first().waitFor();
}

journey("a site in plain HTML shows a balance, live, without a jump and without a cookie", async ({ app, page }) => {
  const host = await example(app, "embed-html");
  await allow(app, [host.url, "http://localhost:8091"]);
  const addresses = [];
  const cookies = [];
  page.on("request", (request) => {
    addresses.push(request.url());
    if (request.url().startsWith(app.url)) cookies.push(request.headers().cookie ?? "");
  });
  await page.addInitScript(record);
  await page.goto(host.url);
  await shows(page, /days? left at the present rate/);
  assert.notEqual(new URL(page.url()).hostname, new URL(app.url).hostname, "another site");
  const before = await amount(page).innerText();
  assert.match(before, /^\$[\d,]+\.\d\d$/);
  const jumped = () => page.evaluate(() => window.shift);
  assert.equal(await jumped(), 0, "nothing has jumped while it came");
  await checkAxe(page, "a site with a balance");
  await shot(page, "embed-summary");
  // Another width for a picture moves a page: that is no jump.
  await page.evaluate(async () => {
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
    window.shift = 0;
  });

  const account = await page.locator("sluice-balance").getAttribute("account");
  await send(app, app.api_key, account, [{ id: "embed-live", type: "sms.sent", data: { segments: 250 } }]);
  await eventually("a balance that has moved", async () => (await amount(page).innerText()) !== before);
  const { balance } = await detail(page, "balancechange");
  assert.equal(await amount(page).innerText(), new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" }).format(balance.amount));
  assert.deepEqual(await page.evaluate(() => window.heard[0][0]), "ready");
  assert.equal(await jumped(), 0, "nothing has jumped");

  assert.ok(addresses.some((address) => address.includes("/embed/changes?ticket=")), "it listens");
  assert.deepEqual(addresses.filter((address) => address.includes("sluice_embed_")), [], "no token in an address");
  assert.deepEqual([...new Set(cookies)], [""], "no cookie");
  assert.deepEqual((await page.context().cookies()).map(({ name }) => name), []);
  host.stop();
});

journey("a site in React shows lines and funding, changes the theme, and hears that the balance is low", async ({ app, page }) => {
  const host = await example(app, "embed-react", { SLUICE_ACCOUNT: "EV-0410" });
  await allow(app, [host.url, "http://localhost:8091"]);
  await page.addInitScript(record);
  await page.goto(host.url);
  await inside(page).getByRole("heading", { name: "Recent activity" }).waitFor();
  await shows(page, /^Balance from: customer, since /);
  await shows(page, /^Card: /);
  await page.getByText("Time to add funds.").waitFor();
  const low = await detail(page, "lowbalance");
  assert.ok(["low", "paused"].includes(low.standing) && low.low_below.currency === "USD", JSON.stringify(low));
  await checkAxe(page, "a site in React");
  const ground = () => inside(page).locator("main").evaluate((card) => getComputedStyle(card).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: "Theme: light" }).click();
  await eventually("another ground", async () => (await ground()) !== light);
  await shot(page, "embed-full", { whole: true });
  host.stop();
});

journey("what the agency pays for shows no balance; a banner is there only when somebody should act", async ({ app, page }) => {
  const agencys = await allowedSite(app, "AD-1042", 'view="full"');
  await page.addInitScript(record);
  await page.goto(agencys.url);
  await shows(page, "Paid by Northwind Media");
  await shows(page, /^Balance from: agency, since /);
  assert.doesNotMatch(await inside(page).locator("main").innerText(), /\$/);
  const { payer, balance } = await detail(page, "ready");
  assert.deepEqual([payer, balance], ["agency", null]);
  assert.equal(await page.evaluate(() => window.shift), 0, "nothing has jumped");
  await checkAxe(page, "a balance that the agency pays for");
  await shot(page, "embed-agency");

  const fine = await allowedSite(app, "CF-2210", 'view="banner"');
  await page.goto(fine.url);
  await eventually("that it is ready", async () => (await heard(page)).includes("ready"));
  assert.equal(await elementHeight(page), 0, "it has nothing to say");
  const low = await allowedSite(app, "OT-0061", 'view="banner"');
  await page.goto(low.url);
  await shows(page, /^The balance is (low|used up)/);
  await eventually("room for it", async () => (await elementHeight(page)) > 20);
  await checkAxe(page, "a banner");
  await shot(page, "embed-banner");
  for (const host of [agencys, fine, low]) host.stop();
});

journey("a site that is not allowed is told so, and shows nothing", async ({ app, page, allow: permit }) => {
  const { account } = await mint(app, { account: "CF-2210" });
  const pages = { "/": portal(app, `account="${account}" token-endpoint="/api/sluice-token"`) };
  const host = await site({ pages, token: tokens(app, "CF-2210") });
  permit(page, /frame-ancestors/, /ERR_BLOCKED_BY_RESPONSE/);
  await page.addInitScript(record);
  await page.goto(host.url);
  await page.getByText(`This balance can't be shown here: the agency has not allowed ${host.url}.`).waitFor();
  assert.equal((await detail(page, "loaderror")).code, "origin_not_allowed");
  assert.equal(await page.evaluate(() => window.ports), 0, "nobody got a port");
  assert.equal(await page.evaluate(() => window.shift), 0, "nothing has jumped");
  await checkAxe(page, "a site that is not allowed");
  await shot(page, "embed-not-allowed");

  await page.goto(`${app.url}/embed/frame?account=${account}`);
  await page.getByRole("heading", { name: "Nothing to show here" }).waitFor();
  await checkAxe(page, "the frame by itself");
  host.stop();
});

journey("a token that was minted for another site shows nothing", async ({ app, page, allow: permit }) => {
  const host = await allowedSite(app, "CF-2210");
  const elsewhere = () => mint(app, { account: "CF-2210", origins: ["http://localhost:8091"] });
  const other = await site({ pages: host.pages, token: elsewhere });
  await allow(app, [other.url, "http://localhost:8091"]);
  permit(page, /403 GET .*\/embed\/balance/);
  await page.addInitScript(record);
  await page.goto(other.url);
  await shows(page, "Not allowed on this site");
  await shows(page, `The agency has to allow ${other.url} before it shows a balance.`);
  assert.equal((await detail(page, "loaderror")).code, "origin_not_allowed");
  for (const it of [host, other]) it.stop();
});

journey("a token is renewed before it dies; a dead one is told, and a person can try again", async ({ app, page, allow: permit }) => {
  const host = await allowedSite(app, "CF-2210");
  // As if it had four seconds to live: a fresh one is asked for after two.
  const more = {};
  const real = tokens(app, "CF-2210", more);
  const short = async () => {
    const minted = await real();
    return minted && { token: minted.token, expires_at: new Date(Date.now() + 4_000).toISOString() };
  };
  const renewed = await site({ pages: host.pages, token: short });
  more.origins = [renewed.url];
  await allow(app, [renewed.url, "http://localhost:8091"]);
  await page.addInitScript(record);
  await page.goto(renewed.url);
  await shows(page, /left at the present rate/);
  await eventually("a second token", async () => real.given >= 2);
  await eventually("a third token", async () => real.given >= 3);
  assert.ok(!(await heard(page)).includes("sessionexpired"), "nobody has noticed");

  permit(page, /401 (GET|POST) .*\/embed\/(balance|tickets)/, /401 POST .*\/api\/sluice-token/);
  real.closed = true;
  await allow(app, ["http://localhost:8091"]);
  await shows(page, "The balance is locked");
  assert.ok((await heard(page)).includes("sessionexpired"));
  assert.doesNotMatch(await inside(page).locator("main").innerText(), /\$/, "what was shown is gone");
  await checkAxe(page, "a balance that is locked");
  await shot(page, "embed-locked");
  real.closed = false;
  await allow(app, [renewed.url, "http://localhost:8091"]);
  await inside(page).getByRole("button", { name: "Try again" }).focus();
  await page.keyboard.press("Enter");
  await shows(page, /left at the present rate/);
  for (const it of [host, renewed]) it.stop();
});

journey("a server that is away is told, asked again, and what is shown stays", async ({ app, page, allow: permit }) => {
  const host = await allowedSite(app, "CF-2210");
  permit(page, /ERR_FAILED/, /ERR_INTERNET_DISCONNECTED/);
  await page.addInitScript(record);
  await page.route("**/api/v1/embed/**", (route) => route.abort());
  await page.goto(host.url);
  await shows(page, "The balance can't be reached");
  await checkAxe(page, "a balance that cannot be reached");
  await shot(page, "embed-offline");
  await page.unroute("**/api/v1/embed/**");
  // By the keyboard, from the page into the frame.
  await page.locator("h1").first().click();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await shows(page, /left at the present rate/);
  host.stop();
});

journey("colours, theme and locale are the site's; what cannot be read is warned of", async ({ app, page }) => {
  const words = [];
  page.on("console", (message) => words.push(message.text()));
  const head = "sluice-balance { --sluice-background: #102030; --sluice-text: #1c3350; --sluice-radius: 3px; " +
    "--sluice-accent: url(https://evil.example); --sluice-font: Georgia }";
  const host = await allowedSite(app, "CF-2210", 'theme="dark" locale="de-DE"', { head });
  await page.addInitScript(record);
  await page.goto(host.url);
  await amount(page).waitFor();
  assert.match(await amount(page).innerText(), /^[\d.]+,\d\d\s\$$/);
  const card = await inside(page).locator("main").evaluate((main) => {
    const { backgroundColor, borderTopLeftRadius, color, fontFamily } = getComputedStyle(main);
    return { backgroundColor, borderTopLeftRadius, color, fontFamily, scheme: getComputedStyle(document.documentElement).colorScheme };
  });
  assert.deepEqual([card.backgroundColor, card.borderTopLeftRadius, card.scheme], ["rgb(16, 32, 48)", "3px", "dark"]);
  assert.equal(card.color, "rgb(28, 51, 80)");
  assert.match(card.fontFamily, /^Georgia/);
  await eventually("warnings", async () => words.length >= 2);
  assert.match(words.join("\n"), /sluice-balance: --sluice-accent: .* is not a color/);
  assert.match(words.join("\n"), /sluice-balance: the contrast of text on the background is 1\.\d/);
  const readable = words.length;
  await page.locator("sluice-balance").evaluate((node) => node.setAttribute("locale", "en-US"));
  await eventually("another locale", async () => /^\$/.test(await amount(page).innerText()));
  assert.equal(words.length, readable, "said once");
  const { height } = await page.locator("sluice-balance iframe").boundingBox();
  assert.equal(height, 136, "the height that was kept free");
  assert.equal(await page.evaluate(() => window.shift), 0, "nothing has jumped");
  host.stop();
});

journey("on the narrowest phone every view fits and nothing jumps", async ({ app, visitor }) => {
  const page = await visitor({ viewport: { width: 320, height: 640 } });
  await page.addInitScript(record);
  for (const view of ["summary", "full"]) {
    const host = await allowedSite(app, "GP-1301", `view="${view}"`);
    await page.goto(host.url);
    await shows(page, /left at the present rate|No usage/);
    const wide = await inside(page).locator("html").evaluate((root) => root.scrollWidth - root.clientWidth);
    assert.equal(wide, 0, `${view} fits`);
    const left = await inside(page).locator("#embed").evaluate((node) => window.innerHeight - node.offsetHeight);
    assert.ok(left >= 0, `${view} is not cut off: ${left}`);
    assert.equal(await page.evaluate(() => window.shift), 0, `${view} does not jump`);
    await checkAxe(page, `${view} at 320 px`);
    host.stop();
  }
});
