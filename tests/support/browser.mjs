// One headless Chromium, the one that `cargo xtask` found or installed.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

export function launchBrowser() {
  return chromium.launch(options());
}

/** The same as somebody has it who lets no other site keep cookies; answers its one profile, kept in `folder`. */
export async function launchWithoutOthersCookies(folder) {
  await mkdir(join(folder, "Default"), { recursive: true });
  const preferences = { profile: { block_third_party_cookies: true, cookie_controls_mode: 1 } };
  await writeFile(join(folder, "Default", "Preferences"), JSON.stringify(preferences));
  return chromium.launchPersistentContext(folder, options());
}

function options() {
  const executablePath = process.env.CHROME;
  if (!executablePath) throw new Error("CHROME is not set: run the journeys by `cargo xtask test`");
  // Chromium refuses its own sandbox to root, which build machines are.
  const asRoot = process.getuid?.() === 0;
  return { executablePath, headless: true, chromiumSandbox: !asRoot, args: FLAGS };
}
