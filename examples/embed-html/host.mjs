// SLUICE_API_KEY=… node examples/embed-html/host.mjs

import { fileURLToPath } from "node:url";
import { serve } from "./backend.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
serve({ "/": ["text/html", here("index.html")] }, Number(process.env.PORT ?? 8091));
