// Without a mouse: from the sign-in page to a letter that is on its way, and back where one was.

import assert from "node:assert/strict";
import { pencil, row } from "../support/agency.mjs";
import { eventually, journeys } from "../support/journey.mjs";
import { lettersTo } from "../support/outside.mjs";

const { journey } = journeys();
const MOST_TABS = 60;

const hasFocus = (locator) => locator.evaluate((element) => element === document.activeElement);

/** Presses Tab until the focus is there, and sees to it that it can be seen. */
async function tabTo(page, locator) {
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    if ((await locator.count()) === 1 && (await hasFocus(locator))) {
      const outline = await locator.evaluate((element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      });
      assert.ok(outline, `the focus is seen on ${locator}`);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`${MOST_TABS} times Tab, and the focus is not on ${locator}`);
}

/** Runs in the page. Between the last and the first element the browser's own controls have their turn. */
function isInDialog() {
  const { activeElement, body } = document;
  return activeElement === body || Boolean(activeElement.closest("dialog"));
}

journey("an owner moves a client to customer billing by the keyboard alone", async ({ app, page, allow }) => {
  allow(page, /401 GET .*\/api\/v1\/me$/);
  await page.goto(`${app.url}/`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await eventually("the cursor is in the first field", () => hasFocus(page.getByLabel("Email address")));
  await page.keyboard.type("robin@northwind-media.example");
  await page.keyboard.press("Tab");
  await page.keyboard.type("northwind-demo-2026");
  await page.keyboard.press("Enter");
  await row(page, "Alder Dental Group").waitFor();

  const skip = page.getByRole("link", { name: "Skip to content" });
  await tabTo(page, skip);
  assert.ok(await skip.isVisible());
  await page.keyboard.press("Enter");
  await page.keyboard.press("/");
  await eventually("the slash leads to the search", () => hasFocus(page.getByLabel("Search accounts")));
  await page.keyboard.type("Cedar");
  await row(page, "Alder Dental Group").waitFor({ state: "detached" });
  await tabTo(page, pencil(page, "Cedar Creek Roofing"));
  await page.keyboard.press("Enter");

  const dialog = page.getByRole("dialog", { name: "Billing" });
  await dialog.getByText("Cedar Creek Roofing", { exact: false }).first().waitFor();
  await tabTo(page, dialog.getByRole("link", { name: "Remove from Agency Billing" }));
  await page.keyboard.press("Enter");
  const form = page.getByRole("dialog", { name: "Remove from Agency Billing" });
  await eventually("the cursor is in the first field", () => hasFocus(form.getByLabel("Customer's email address")));
  await page.keyboard.type("tom@cedarcreekroofing.example");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("90");
  await tabTo(page, form.getByLabel("Email message text"));
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\nCall me if you have questions.");
  // The dialog keeps the focus: round and round, never behind it.
  for (let tabs = 0; tabs < 12; tabs += 1) {
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(isInDialog), "the focus stays in the dialog");
  }
  await tabTo(page, form.getByRole("button", { name: "Email Client" }));
  await page.keyboard.press("Enter");
  await form.waitFor({ state: "detached" });
  await eventually("the focus is back on the pencil", () => hasFocus(pencil(page, "Cedar Creek Roofing")));
  assert.equal(new URL(page.url()).search, "?q=Cedar");
  const [letter] = await eventually("a letter", async () => {
    const sent = await lettersTo(app, "tom@cedarcreekroofing.example");
    return sent.length === 1 && sent;
  });
  assert.match(letter.text, /Call me if you have questions\./);
  assert.match(letter.text, /\$90\.00 suggested/);
});
