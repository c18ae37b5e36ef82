// The backend of a site that shows a balance: it serves the site's files and mints tokens for its pages. The API key stays here.
//
// A real one knows who is signed in, and mints for that person's account only.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";

const { SLUICE_URL = "http://127.0.0.1:8080", SLUICE_API_KEY, SLUICE_ACCOUNT = "CF-2210" } = process.env;
const COMPONENTS = ["balance", "ledger", "funding"];
const TTL_SECONDS = Number(process.env.TTL_SECONDS ?? 900);

/** Asks Sluice for a token that shows one account for some minutes. */
async function mint() {
  const answer = await fetch(`${SLUICE_URL}/api/v1/embed/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${SLUICE_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ account: SLUICE_ACCOUNT, components: COMPONENTS, ttl_seconds: TTL_SECONDS }),
  });
  if (!answer.ok) throw new Error(`Sluice answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** Serves `files` (path → [media type, file]) and the token endpoint; `{{server}}` and `{{account}}` are filled in. */
export function serve(files, port) {
  const site = createServer(async (request, response) => {
    try {
      if (request.method === "POST" && request.url === "/api/sluice-token") {
        const { token, expires_at } = await mint();
        response.setHeader("content-type", "application/json").end(JSON.stringify({ token, expires_at }));
      } else if (files[request.url]) {
        const [mediaType, file] = files[request.url];
        const text = await readFile(file, "utf8");
        const page = mediaType === "text/html" ? text.replaceAll("{{server}}", SLUICE_URL).replaceAll("{{account}}", account) : text;
        response.setHeader("content-type", `${mediaType}; charset=utf-8`).end(page);
      } else response.writeHead(404).end();
    } catch (error) {
      console.error(error.message);
      response.writeHead(502).end();
    }
  });
  // The element takes Sluice's own id of the account; the answer to a mint has it.
  let account = "";
  const found = mint().then((minted) => (account = minted.account), (error) => console.error(error.message));
  site.listen(port, () => found.then(() => console.log(`http://localhost:${site.address().port}`)));
}
