// An agency's own name, colour and logo: set in the settings, seen by its clients, on every page that is theirs.

import assert from "node:assert/strict";
import { emailClient, signIn } from "../support/agency.mjs";
import { signInAsClient } from "../support/client.mjs";
import { mailedLink, openForm, PHONE } from "../support/customer.mjs";
import { allow as allowSites, inside, mint, portal, site } from "../support/embedding.mjs";
import { checkAxe, eventually, journeys, shot } from "../support/journey.mjs";
import { lettersTo } from "../support/outside.mjs";
import { png, sails } from "../support/picture.mjs";

const { journey } = journeys();
const ORANGE = "#c2410c";
/** The same as links take it on light ground. */
const INK = "rgb(194, 65, 12)";

const words = (page) => page.getByRole("region", { name: "Name and colour" });
const logo = (page) => page.getByRole("region", { name: "Logo" });
const preview = (page) => page.getByRole("region", { name: "Preview" });

/** A colour as the screen has it. */
const painted = (locator, property) => locator.evaluate((node, name) => getComputedStyle(node)[name], property);

async function open(page, app) {
  await page.goto(`${app.url}/settings/branding`);
  await page.getByRole("heading", { level: 1, name: "Branding" }).waitFor();
  await words(page).getByLabel("Agency's name").waitFor();
}

journey("what is wrong is told at its field, and nothing is saved", async ({ app, page, allow }) => {
  await signIn(page, app);
  await open(page, app);
  allow(page, /422 PUT .*\/branding$/);
  await words(page).getByLabel("Agency's name").fill("");
  await words(page).getByLabel("Colour", { exact: true }).fill("blue");
  await words(page).getByRole("button", { name: "Save name and colour" }).click();
  await words(page).getByText("This is needed.").waitFor();
  await words(page).getByText("Enter a colour like #0b6480.").waitFor();
  const name = words(page).getByLabel("Agency's name");
  await eventually("the cursor in the first wrong field", () => name.evaluate((field) => field === document.activeElement));
  for (const [file, sentence] of [
    [{ name: "logo.svg", mimeType: "image/svg+xml", buffer: Buffer.from("<svg/>") }, "This is no PNG, JPEG or WebP picture."],
    [{ name: "wide.png", mimeType: "image/png", buffer: png(1025, 2, () => [0, 0, 0, 255]) }, "A logo measures at most 1024 pixels each way; this one is 1025 × 2."],
    [{ name: "large.png", mimeType: "image/png", buffer: Buffer.alloc(70_000, 1) }, "A logo has at most 64 KiB."],
  ]) {
    await logo(page).getByLabel("Picture").setInputFiles(file);
    await logo(page).getByText(sentence).waitFor();
    assert.equal(await logo(page).getByRole("button", { name: "Save logo" }).count(), 0);
  }
  await checkAxe(page, "branding, wrong");
  await shot(page, "branding-errors", { whole: true });
  const me = await (await page.request.get(`${app.url}/api/v1/branding`)).json();
  assert.deepEqual(me, { name: "Northwind Media", accent: null, logo: null, stylesheet: null });
});

journey("name, colour and logo are the agency's own wherever its clients look", async ({ app, page, visitor }) => {
  await signIn(page, app);
  await open(page, app);
  await words(page).getByLabel("Colour", { exact: true }).fill("#ffd400");
  await words(page).getByText(/^On light ground its contrast is 1\.\d\d, less than the 4\.5 that text needs/).waitFor();
  await words(page).getByLabel("Colour", { exact: true }).fill(ORANGE);
  await words(page).getByLabel("Agency's name").fill("Northwind & Partners");
  await preview(page).getByText("Northwind & Partners").first().waitFor();
  const button = preview(page).getByText("Pay $100.00").first();
  assert.equal(await painted(button, "backgroundColor"), "rgb(194, 65, 12)", "before it is saved");
  await words(page).getByRole("button", { name: "Save name and colour" }).click();
  await page.getByText("Name and colour saved").waitFor();
  await logo(page).getByLabel("Picture").setInputFiles({ name: "sails.png", mimeType: "image/png", buffer: sails() });
  await logo(page).getByRole("button", { name: "Save logo" }).click();
  await logo(page).getByRole("button", { name: "Remove logo" }).waitFor();
  assert.match(await preview(page).locator("img").first().getAttribute("src"), /^\/brand\/agy_\w+\/[\w-]+\.png$/);
  await checkAxe(page, "branding");
  await shot(page, "branding", { whole: true });
  await page.getByRole("banner").getByText("Northwind & Partners").waitFor();

  // The pay page.
  await page.goto(`${app.url}/settings/accounts`);
  const email = "office@alder-dental.example";
  await emailClient(page, "Alder Dental Group", { email, balance: "60" });
  const customer = await visitor(PHONE);
  await openForm(customer, await mailedLink(app, email));
  const pay = customer.getByRole("button", { name: /^Pay \$/ });
  await eventually("the agency's colour", async () => (await painted(pay, "backgroundColor")) === "rgb(194, 65, 12)");
  assert.match(await customer.locator(".brand").evaluate((node) => getComputedStyle(node, "::before").backgroundImage), /\/brand\/.*\.png/);
  assert.match(await customer.locator(".brand").innerText(), /Northwind & Partners/);
  await checkAxe(customer, "a branded pay page");
  await shot(customer, "pay-branded", { whole: true });

  // The letter, which holds its logo itself.
  const [letter] = await lettersTo(app, email);
  assert.match(letter.html, /<img class="logo" src="data:image\/png;base64,/);
  assert.match(letter.html, /background:#c2410c;color:#ffffff/);
  await page.goto(`${app.url}/demo/mailbox`);
  await page.getByRole("link", { name: "Set up billing for Alder Dental Group" }).click();
  const frame = page.getByTitle("The letter").contentFrame();
  await frame.getByRole("link", { name: "Add card and pay" }).waitFor();
  assert.ok(await frame.locator("img.logo").evaluate((image) => image.complete && image.naturalWidth === 168));
  await shot(page, "letter-branded");

  // The pages of client users.
  const client = await visitor();
  await signInAsClient(client, app);
  const mark = client.locator(".side .brand");
  await eventually("the logo", async () => /\/brand\//.test(await mark.evaluate((node) => getComputedStyle(node, "::before").backgroundImage)));
  assert.match(await client.title(), /Northwind & Partners$/);
  await checkAxe(client, "branded pages of a client");
  await shot(client, "client-branded");

  // The widget; a site that has set a colour keeps its own.
  const { account } = await mint(app, { account: "CF-2210", components: ["balance", "ledger", "funding"] });
  const attributes = `account="${account}" token-endpoint="/api/sluice-token" view="full"`;
  const pages = {
    "/": portal(app, attributes),
    "/own": portal(app, attributes, { head: "sluice-balance { --sluice-accent: rgb(1, 100, 2) }" }),
  };
  const token = () => mint(app, { account, components: ["balance", "ledger", "funding"] });
  const host = await site({ pages, token });
  await allowSites(app, [host.url, "http://localhost:8091"]);
  const accent = (on) =>
    inside(on).locator("main").evaluate((main) => {
      const probe = document.createElement("i");
      probe.style.color = "var(--accent)";
      main.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    });
  const reader = await visitor();
  await reader.goto(host.url);
  await inside(reader).getByText("Northwind & Partners").waitFor();
  await eventually("the agency's colour", async () => (await accent(reader)) === INK);
  await checkAxe(reader, "a branded widget");
  await shot(reader, "embed-branded", { whole: true });
  await reader.goto(`${host.url}/own`);
  await inside(reader).getByText("Northwind & Partners").waitFor();
  await eventually("the site's colour", async () => (await accent(reader)) === "rgb(1, 100, 2)");
  host.stop();

  // Taken away again.
  await open(page, app);
  await logo(page).getByRole("button", { name: "Remove logo" }).click();
  await page.getByText("Logo removed").waitFor();
  assert.equal(await preview(page).locator("img").count(), 0);
});

journey("who may not change it sees it", async ({ app, page, allow }) => {
  allow(page, /401 GET .*\/api\/v1\/me$/);
  await page.goto(`${app.url}/sign-in`);
  await page.getByLabel("Email address").fill("theo@northwind-media.example");
  await page.getByLabel("Password").fill("northwind-demo-2026");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Accounts" }).waitFor();
  await page.goto(`${app.url}/settings/branding`);
  await page.getByText("Only the agency's owner may do this.").waitFor();
  await preview(page).getByText(/^Northwind/).first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Save name and colour" }).count(), 0);
  await checkAxe(page, "branding, read only");
});
