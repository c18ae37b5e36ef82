// SLUICE_API_KEY=… npm start: React from npm, no build step, and the backend of the other example.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../embed-html/backend.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
// Where React is installed: here, unless said otherwise.
const { resolve } = createRequire(join(process.env.MODULES ?? here("."), "from.mjs"));
const packaged = (name, file) => join(dirname(resolve(`${name}/package.json`)), file);

serve(
  {
    "/": ["text/html", here("index.html")],
    "/portal.mjs": ["text/javascript", here("portal.mjs")],
    "/react.js": ["text/javascript", packaged("react", "umd/react.production.min.js")],
    "/react-dom.js": ["text/javascript", packaged("react-dom", "umd/react-dom.production.min.js")],
  },
  Number(process.env.PORT ?? 8092),
);
