// The screenshots of docs/screens: taken where a journey passes, in light and dark, wide and narrow.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 320, height: 720 },
];

/**
 * Writes `<name>-{light,dark}-{1440,320}.png` when `cargo xtask screens` asks for screenshots, and leaves
 * the page as it was. Without that it does nothing.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name of the screen, in kebab-case
 * @param {{ whole?: boolean }} [options] `whole: true` takes the page to its end, not only what is in sight
 */
export async function shot(page, name, { whole = false } = {}) {
  const folder = process.env.SLUICE_SCREENS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  const before = page.viewportSize();
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(settled);
      const path = join(folder, `${name}-${colorScheme}-${size.width}.png`);
      await page.screenshot({ path, caret: "hide", fullPage: whole });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}

/** Runs in the page: fonts are there, and what moves has come to rest. */
async function settled() {
  await document.fonts.ready;
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}
