// Parses the scripts named on standard input, one a line, and names those that do not parse.
// Run by `cargo xtask tidy`: node --experimental-vm-modules --input-type=module --eval <this>

import { readFileSync } from "node:fs";
import { Script, SourceTextModule } from "node:vm";

const names = readFileSync(0, "utf8").split("\n").filter(Boolean);
for (const name of names) {
  const text = readFileSync(name, "utf8");
  const asModule = () => new SourceTextModule(text, { identifier: name });
  try {
    if (name.endsWith(".mjs")) asModule();
    else parsesAsScript(text) || asModule();
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
  }
}

function parsesAsScript(text) {
  try {
    return Boolean(new Script(text));
  } catch {
    return false;
  }
}
