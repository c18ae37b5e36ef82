// One headless Chromium, the one that `cargo xtask` found or installed.

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
  const executablePath = process.env.CHROME;
  if (!executablePath) throw new Error("CHROME is not set: run the journeys by `cargo xtask test`");
  // Chromium refuses its own sandbox to root, which build machines are.
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, headless: true, chromiumSandbox: !asRoot, args: FLAGS });
}
