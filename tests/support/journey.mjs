// What a journey's file starts with: one server and one browser for the file, a fresh browser profile for
// each journey, and a guard on every page. A journey reads as what a person does and sees.
//
//   const { journey } = journeys();
//   journey("an owner signs in and sees the accounts", async ({ page, app }) => {
//     await page.goto(app.sign_in_url);
//     await page.getByRole("heading", { name: "Accounts" }).waitFor();
//     await checkAxe(page, "accounts");
//   });
//
// After the last journey of a file the books of its server are verified: whatever was clicked, they hold.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchBrowser } from "./browser.mjs";
import { reportViolations, watch } from "./guard.mjs";
import { startServer } from "./server.mjs";

export { checkAxe } from "./axe.mjs";
export { shot } from "./shot.mjs";

const JOURNEY_MS = 240_000;
const ACTION_MS = 30_000;
const LOG_LINES = 20;
const PROFILE = {
  locale: "en-US",
  timezoneId: "UTC",
  reducedMotion: "reduce",
  viewport: { width: 1440, height: 900 },
};

/**
 * Sets up one file of journeys.
 *
 * @param {object} [options]
 * @param {string[]} [options.args] more arguments for `sluice serve --demo`
 * @param {Record<string, string>} [options.env] more variables for it
 */
export function journeys({ args, env } = {}) {
  let app;
  let browser;
  before(async () => {
    browser = await launchBrowser();
    app = await startServer({ args, env });
  });
  after(async () => {
    await browser?.close();
    if (!app) return;
    try {
      // Reports that browsers sent by themselves, beside the events that the guard sees.
      const { count, newest } = await (await fetch(`${app.url}/demo/csp-reports`)).json();
      assert.equal(count, 0, `content security policy: ${JSON.stringify(newest)}`);
    } finally {
      await app.stop();
    }
    await app.verify();
    await app.remove();
  });

  /**
   * One journey. It gets the `app` (the server's addresses), its first `page`, `visitor(options)` for a
   * further person with a profile of their own (it answers that person's page), and
   * `allow(page, ...patterns)` for the problems that belong to the journey, such as `/410 POST/`.
   */
  function journey(name, work) {
    test(name, { timeout: JOURNEY_MS }, async (t) => {
      const people = new Map();
      const visitor = async (options = {}) => {
        const context = await browser.newContext({ ...PROFILE, ...options });
        context.setDefaultTimeout(ACTION_MS);
        await context.addInitScript(reportViolations);
        people.set(context, watch(context));
        return context.newPage();
      };
      const allow = (page, ...patterns) => people.get(page.context()).allow(...patterns);
      const problems = () => [...people.values()].flatMap((guard) => guard.problems());
      try {
        const page = await visitor();
        await work({ app, page, visitor, allow });
        assert.deepEqual(problems(), [], "what the pages should not have done");
      } catch (error) {
        // What went wrong in a page often explains why a step found nothing.
        for (const page of [...people.keys()].flatMap((context) => context.pages())) {
          t.diagnostic(`a page was at ${page.url()}`);
        }
        problems().forEach((problem) => t.diagnostic(problem));
        const said = app.log?.().trimEnd().split("\n").slice(-LOG_LINES) ?? [];
        said.filter(Boolean).forEach((line) => t.diagnostic(`server: ${line}`));
        throw error;
      } finally {
        await Promise.all([...people.keys()].map((context) => context.close()));
      }
    });
  }

  return { journey };
}

/**
 * Waits until a question about the outside world (a mailbox, an API) has an answer that is true.
 *
 * @template T
 * @param {string} what is waited for, for the message
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
export async function eventually(what, ask, { tries = 300, pause_ms = 100 } = {}) {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, pause_ms));
  }
  throw new Error(`waited in vain: ${what}`);
}
