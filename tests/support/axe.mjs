// WCAG 2.2 AA by axe, in light and in dark, frames included, with no violation let through.

import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * Fails with every violation that axe sees on the page as it is now.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name what the page is, for the message
 */
export async function checkAxe(page, name) {
  const complaints = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const builder = new AxeBuilder({ page }).options({
      runOnly: { type: "tag", values: TAGS },
      // Off by default in axe, asked for by WCAG 2.2 (2.5.8).
      rules: { "target-size": { enabled: true } },
    });
    const { violations } = await builder.analyze();
    for (const { id, help, nodes } of violations) {
      const where = nodes.map((node) => `    ${node.target.flat().join(" ")}: ${why(node)}`);
      complaints.push(`  ${colorScheme}: ${id}: ${help}\n${where.join("\n")}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  assert.equal(complaints.join("\n"), "", `axe on ${name}`);
}

function why(node) {
  return [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
}
