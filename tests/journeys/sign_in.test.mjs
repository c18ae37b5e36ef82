// Who are you? And where one wanted to go.

import assert from "node:assert/strict";
import { signIn, row } from "../support/agency.mjs";
import { checkAxe, journeys, shot } from "../support/journey.mjs";

const { journey } = journeys();
const OWNER = "robin@northwind-media.example";
const PASSWORD = "northwind-demo-2026";
const SIGNED_OUT = /401 GET .*\/api\/v1\/me$/;

journey("a wrong password is told, the right one leads to the page one wanted", async ({ app, page, allow }) => {
  allow(page, SIGNED_OUT, /401 POST .*\/api\/v1\/session$/);
  await page.goto(`${app.url}/settings/accounts?funding=customer`);
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  const at = new URL(page.url());
  assert.equal(at.pathname, "/sign-in");
  assert.equal(at.searchParams.get("next"), "/settings/accounts?funding=customer");
  await checkAxe(page, "sign-in");
  await shot(page, "sign-in");

  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Enter your email address.").waitFor();
  await page.getByText("Enter your password.").waitFor();
  assert.ok(await page.getByLabel("Email address").evaluate((field) => field === document.activeElement));

  await page.getByLabel("Email address").fill(OWNER);
  await page.getByLabel("Password").fill("northwind-demo-2025");
  await page.getByRole("button", { name: "Sign in" }).click();
  const alert = page.getByRole("alert");
  await alert.getByText("Email address and password don't belong together.").waitFor();
  await checkAxe(page, "sign-in, refused");
  await shot(page, "sign-in-refused");

  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await row(page, "Bayside Orthopedics").waitFor();
  assert.equal(page.url(), `${app.url}/settings/accounts?funding=customer`);
  assert.equal(await row(page, "Alder Dental Group").count(), 0);
});

journey("signing out ends it, also for a page opened before", async ({ app, page, allow }) => {
  await signIn(page, app);
  const second = await page.context().newPage();
  await second.goto(`${app.url}/settings/accounts`);
  await row(second, "Alder Dental Group").waitFor();
  allow(page, SIGNED_OUT, /401 GET/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.goto(`${app.url}/settings/accounts`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(await page.getByText("Alder Dental Group").count(), 0);
  await second.getByLabel("Search accounts").fill("Bayside");
  await second.getByRole("heading", { name: "Sign in" }).waitFor();
});

journey("a crafted address leads nowhere else, a guessed one nowhere", async ({ app, page, allow }) => {
  allow(page, SIGNED_OUT, /404 GET .*\/demo\/sign-in/);
  await page.goto(`${app.url}/sign-in?next=https://evil.example/`);
  await page.getByLabel("Email address").fill(OWNER);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await row(page, "Alder Dental Group").waitFor();
  assert.equal(page.url(), `${app.url}/settings/accounts`);
  const guess = await page.request.get(`${app.url}/demo/sign-in?token=guess`);
  assert.equal(guess.status(), 404);
});
