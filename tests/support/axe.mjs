// WCAG 2.2 AA by axe, in light and in dark, frames included, with no violation let through.

import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import axe from "axe-core";

const OPTIONS = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
  // Off by default in axe, asked for by WCAG 2.2 (2.5.8).
  rules: { "target-size": { enabled: true } },
};

/**
 * Fails with every violation that axe sees on the page as it is now.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name what the page is, for the message
 * @param {{ frames?: boolean }} [options] `frames: false` leaves frames out: axe waits for ever for an answer
 *   of one that may run no script
 */
export async function checkAxe(page, name, { frames = true } = {}) {
  const complaints = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await (frames ? everywhere(page) : withoutFrames(page));
    for (const { id, help, nodes } of violations) {
      const where = nodes.map((node) => `    ${node.target.flat().join(" ")}: ${why(node)}`);
      complaints.push(`  ${colorScheme}: ${id}: ${help}\n${where.join("\n")}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  assert.equal(complaints.join("\n"), "", `axe on ${name}`);
}

function everywhere(page) {
  return new AxeBuilder({ page }).options(OPTIONS).analyze();
}

async function withoutFrames(page) {
  await page.evaluate(axe.source);
  return page.evaluate((options) => window.axe.run(document, { ...options, iframes: false }), OPTIONS);
}

function why(node) {
  return [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
}
