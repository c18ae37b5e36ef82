// Writes every file below a folder again with brotli at its best, as <file>.br beside it.
// Run by `cargo xtask web`: node --input-type=module --eval <this> -- FOLDER

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { brotliCompressSync, constants } from "node:zlib";

const folder = argv[1];
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

for (const stale of files.filter((name) => name.endsWith(".br"))) rmSync(stale);

for (const name of files.filter((name) => !name.endsWith(".br"))) {
  const content = readFileSync(name);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  writeFileSync(`${name}.br`, brotliCompressSync(content, { params }));
}
