// One account's page: who paid when, what happened, the books; and addresses that lead to nothing of ours.

import assert from "node:assert/strict";
import { row, signIn } from "../support/agency.mjs";
import { checkAxe, journeys, shot } from "../support/journey.mjs";

const { journey } = journeys();

/** Follows an account's name to its page. */
const open = (page, name) => row(page, name).getByRole("link", { name, exact: true }).click();
const section = (page, name) => page.getByRole("region", { name });

journey("an account tells who paid when, by whose action, and every line of its books", async ({ app, page }) => {
  await signIn(page, app);
  await open(page, "Fern Hollow Landscaping");
  await page.getByRole("heading", { level: 1, name: "Fern Hollow Landscaping" }).waitFor();
  assert.match(new URL(page.url()).pathname, /^\/accounts\/sub_\w+$/);
  assert.equal(await page.title(), "Fern Hollow Landscaping · Sluice");
  await page.getByText(/^FH-0266 /).waitFor();

  const history = section(page, "Who paid when");
  const [intervals, events] = await history.getByRole("list").all();
  const lines = await intervals.getByRole("listitem").allInnerTexts();
  assert.equal(lines.length, 3, lines.join("\n"));
  assert.match(lines[0], /^Agency pays since \w+ \d+, \d{4}\s+by Robin Hale$/);
  assert.match(lines[1], /^Customer paid \w+ \d+, \d{4} – \w+ \d+, \d{4}\s+by ines@fernhollow\.example$/);
  assert.match(lines[2], /^Agency paid \w+ \d+, \d{4} – \w+ \d+, \d{4}\s+by /);
  const told = await events.getByRole("listitem").allInnerTexts();
  assert.match(told[0], /^Agency billing began: \$[\d.]+ moved to the agency\s/);
  assert.match(told.at(-1), /^Asked ines@fernhollow\.example to take over, from \$150\.00\s.*Robin Hale$/s);

  const books = section(page, "Ledger");
  await books.getByRole("img", { name: /^The customer's balance from / }).waitFor();
  const table = books.getByRole("table", { name: "Ledger, newest first" });
  await table.waitFor();
  await shot(page, "account");
  const shown = await table.getByRole("row").count();
  await books.getByRole("button", { name: "Show more" }).click();
  await table.getByRole("row").nth(shown).waitFor();
  const money = await table.getByRole("cell").filter({ hasText: "customer's" }).first().textContent();
  // Usage that came after the return was still the customer's: what is left of it may be a debt.
  assert.match(money, /^−?\$\d/);
  await page.getByText("Returned to agency billing").first().waitFor();
  await checkAxe(page, "an account");

  await page.getByRole("main").getByRole("link", { name: "Accounts" }).click();
  await row(page, "Alder Dental Group").waitFor();
});

journey("a customer's account shows its own balance; its pencil opens the same dialog", async ({ app, page }) => {
  await signIn(page, app);
  await open(page, "Granite Peak Insurance");
  await page.getByRole("heading", { level: 1, name: "Granite Peak Insurance" }).waitFor();
  const overview = section(page, "Billing");
  await overview.getByText("Balance from: customer").waitFor();
  await overview.getByText("American Express ···· 0005").waitFor();
  await shot(page, "account-customer");
  await overview.getByRole("link", { name: "Edit billing of Granite Peak Insurance" }).click();
  const dialog = page.getByRole("dialog", { name: "Billing" });
  await dialog.getByText("carla@granitepeak.example").waitFor();
  assert.match(new URL(page.url()).pathname, /^\/accounts\/sub_\w+\/billing$/);
  await page.goBack();
  await dialog.waitFor({ state: "detached" });
  await section(page, "Ledger").getByRole("table").waitFor();
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Granite Peak Insurance" }).waitFor();
});

journey("what is not there and what is another agency's look the same", async ({ app, page, visitor, allow }) => {
  const other = await visitor();
  allow(other, /401 GET/);
  await other.goto(`${app.url}/`);
  await other.getByLabel("Email address").fill("sasha@harbor-lane.example");
  await other.getByLabel("Password").fill("northwind-demo-2026");
  await other.getByRole("button", { name: "Sign in" }).click();
  const theirs = await row(other, "Kiln & Clay Studio").getByRole("link").first().getAttribute("href");
  assert.equal(await other.getByText("Alder Dental Group").count(), 0, "and they see nothing of ours");
  await other.goto(app.url + theirs);
  await other.getByRole("heading", { level: 1, name: "Kiln & Clay Studio" }).waitFor();

  await signIn(page, app);
  allow(page, /404 GET .*\/api\/v1\/accounts\/sub_/);
  const ours = await row(page, "Alder Dental Group").getByRole("link").first().getAttribute("href");
  const madeUp = ours.replace(/.{6}$/, "000000");
  const said = [];
  for (const path of [theirs, madeUp, `${theirs}/billing`, "/accounts/nonsense", "/no/such/page"]) {
    await page.goto(app.url + path);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    said.push(await page.getByRole("main").innerText());
  }
  assert.equal(new Set(said).size, 1, said.join("\n---\n"));
  // It hears changes like every other page, though it has nothing to load.
  await page.getByText("Live", { exact: true }).waitFor();
  await checkAxe(page, "no such page");
  await shot(page, "not-found");
  await page.getByRole("link", { name: "Go to Accounts" }).click();
  await row(page, "Alder Dental Group").waitFor();
  const answers = await Promise.all(
    [theirs, madeUp].map(async (path) => {
      const answer = await page.request.get(`${app.url}/api/v1${path}`);
      const { request_id: _, ...problem } = await answer.json();
      return { status: answer.status(), problem };
    }),
  );
  assert.equal(answers[0].status, 404);
  assert.deepEqual(answers[0], answers[1]);
});
