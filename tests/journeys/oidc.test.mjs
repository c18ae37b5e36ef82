// Signing in with an OpenID provider: whom it lets in, and everything that a browser could be made to bring back from it.

import assert from "node:assert/strict";
import { after } from "node:test";
import { row } from "../support/agency.mjs";
import { checkAxe, journeys, shot } from "../support/journey.mjs";
import { CLIENT_ID, CLIENT_SECRET, startProvider } from "../support/provider.mjs";

const OWNER = "robin@northwind-media.example";
const START = "/api/v1/session/oidc";
const provider = await startProvider();
const { journey } = journeys({
  env: {
    SLUICE_OIDC_ISSUER: provider.issuer,
    SLUICE_OIDC_CLIENT_ID: CLIENT_ID,
    SLUICE_OIDC_CLIENT_SECRET: CLIENT_SECRET,
    SLUICE_OIDC_LABEL: "Example Accounts",
  },
});
after(() => provider.stop());

/** A browser without a screen: it keeps cookies by origin, and shows each redirect to `meddle` before it follows. */
class Visitor {
  #jars = new Map();

  async get(address, meddle = (url) => url) {
    let url = new URL(address);
    for (let hops = 0; hops < 20; hops += 1) {
      const jar = this.jar(url.origin);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(url, { redirect: "manual", headers: { cookie } });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
        if (value === "" || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
        else jar.set(name, value);
      }
      const to = response.headers.get("location");
      if (!to) return { url, status: response.status, text: await response.text() };
      url = await meddle(new URL(to, url), response);
    }
    throw new Error(`${address} leads in circles`);
  }

  jar(origin) {
    if (!this.#jars.has(origin)) this.#jars.set(origin, new Map());
    return this.#jars.get(origin);
  }

  async whoami(app) {
    const me = await this.get(`${app.url}/api/v1/me`);
    return me.status === 200 ? JSON.parse(me.text).user.email : me.status;
  }
}

const ready = ({ app }) => {
  provider.serve(`${app.url}/api/v1/session/oidc/callback`);
  provider.signIn(OWNER);
};

/** Tries to sign in, and expects to be told why not, and nothing to have begun. */
async function refused({ app, visitor = new Visitor(), meddle, words }) {
  const { url, status, text } = await visitor.get(`${app.url}${START}`, meddle);
  assert.equal(url.pathname, "/sign-in/oidc");
  assert.equal(status, 200);
  assert.match(text, words);
  assert.equal(await visitor.whoami(app), 401);
}

journey("whoever the provider vouches for is signed in", async ({ app, page, allow }) => {
  ready({ app });
  allow(page, /401 GET .*\/api\/v1\/me$/);
  const link = page.getByRole("link", { name: "Sign in with Example Accounts" });
  // The page that tells what went wrong has the link, too.
  await page.goto(`${app.url}/sign-in/oidc`);
  await link.waitFor();
  await checkAxe(page, "sign-in with a provider");
  await page.goto(`${app.url}/sign-in`);
  await link.waitFor();
  await checkAxe(page, "sign-in, with a provider");
  await shot(page, "sign-in-provider");
  await link.click();
  await row(page, "Alder Dental Group").waitFor();
  const cookies = await page.context().cookies(app.url);
  const ours = cookies.filter(({ name }) => name.startsWith("sluice"));
  assert.deepEqual(ours.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]), [["sluice", true, "Lax"]]);
  // What was asked for: the code flow, with a proof of its own.
  const asked = provider.asked().at(-1).searchParams;
  assert.equal(asked.get("response_type"), "code");
  assert.equal(asked.get("code_challenge_method"), "S256");
  assert.equal(asked.get("scope"), "openid email");
  for (const name of ["state", "nonce", "code_challenge"]) assert.equal(asked.get(name).length, 43, name);
  const trail = await page.request.get(`${app.url}/api/v1/audit?action=sign_in_with_provider`);
  const { lines } = await trail.json();
  assert.equal(lines.length, 1);
  assert.equal(lines[0].who.kind, "user");
});

journey("the address may stand in the token itself", async ({ app }) => {
  ready({ app });
  provider.inToken(true);
  const visitor = new Visitor();
  await visitor.get(`${app.url}${START}`);
  assert.equal(await visitor.whoami(app), OWNER);
});

journey("an address that nobody here has lets nobody in, and makes nobody", async ({ app }) => {
  ready({ app });
  provider.signIn("stranger@elsewhere.example");
  await refused({ app, words: /Nobody here signs in with your e-mail address at Example Accounts/ });
});

journey("an address that was not verified lets nobody in, wherever it stands", async ({ app }) => {
  for (const inToken of [false, true]) {
    ready({ app });
    provider.inToken(inToken);
    provider.signIn(OWNER, false);
    await refused({ app, words: /has not verified your e-mail address/ });
  }
});

journey("who has an address now does not come in as who had it before", async ({ app }) => {
  ready({ app });
  const owner = new Visitor();
  await owner.get(`${app.url}${START}`);
  assert.equal(await owner.whoami(app), OWNER);
  provider.signIn(OWNER, true, "somebody-new-at-the-provider");
  await refused({ app, words: /Somebody else has signed in here with your e-mail address at Example Accounts/ });
  const lines = async (action) =>
    JSON.parse((await owner.get(`${app.url}/api/v1/audit?action=${action}`)).text).lines;
  assert.equal((await lines("bind_provider")).length, 1);
  const [line, ...more] = await lines("refuse_provider");
  assert.equal(more.length, 0);
  assert.equal(line.who.kind, "system");
  assert.equal(JSON.parse(line.after).issuer, provider.issuer);
  provider.signIn(OWNER);
  const again = new Visitor();
  await again.get(`${app.url}${START}`);
  assert.equal(await again.whoami(app), OWNER);
});

journey("a forged state is refused", async ({ app }) => {
  ready({ app });
  const forge = (url) => {
    if (url.pathname.endsWith("/callback")) url.searchParams.set("state", "A".repeat(43));
    return url;
  };
  await refused({ app, meddle: forge, words: /did not begin in this browser/ });
});

journey("an answer in another browser is refused", async ({ app }) => {
  ready({ app });
  let answer;
  const attacker = new Visitor();
  const keep = (url) => {
    if (!url.pathname.endsWith("/callback")) return url;
    answer = url;
    return new URL("/livez", app.url);
  };
  await attacker.get(`${app.url}${START}`, keep);
  const victim = new Visitor();
  const { text } = await victim.get(answer.href);
  assert.match(text, /did not begin in this browser/);
  assert.equal(await victim.whoami(app), 401);
});

journey("a code works once, also for whoever has kept everything", async ({ app }) => {
  ready({ app });
  const visitor = new Visitor();
  let answer;
  let kept;
  await visitor.get(`${app.url}${START}`, (url) => {
    if (url.pathname.endsWith("/callback")) {
      answer = url;
      kept = visitor.jar(app.url).get("sluice-oidc");
    }
    return url;
  });
  assert.equal(await visitor.whoami(app), OWNER);
  assert.equal(visitor.jar(app.url).has("sluice-oidc"), false, "the attempt is over");
  const thief = new Visitor();
  thief.jar(app.url).set("sluice-oidc", kept);
  const { text } = await thief.get(answer.href);
  assert.match(text, /Example Accounts did not sign you in/);
  assert.equal(await thief.whoami(app), 401);
});

journey("a token for another attempt is refused", async ({ app }) => {
  ready({ app });
  const other = (url) => {
    if (url.origin === provider.issuer && url.searchParams.has("nonce")) url.searchParams.set("nonce", "B".repeat(43));
    return url;
  };
  await refused({ app, meddle: other, words: /does not prove who you are/ });
});

journey("a code without its proof is refused", async ({ app }) => {
  ready({ app });
  const other = (url) => {
    const { searchParams } = url;
    if (searchParams.has("code_challenge")) searchParams.set("code_challenge", "C".repeat(43));
    return url;
  };
  await refused({ app, meddle: other, words: /Example Accounts did not sign you in/ });
});

journey("no is no", async ({ app }) => {
  ready({ app });
  const declined = (url) => {
    if (url.pathname.endsWith("/callback")) {
      url.searchParams.delete("code");
      url.searchParams.set("error", "access_denied");
    }
    return url;
  };
  await refused({ app, meddle: declined, words: /Example Accounts did not sign you in/ });
});

journey("another site signs nobody in", async ({ app }) => {
  ready({ app });
  for (const site of ["cross-site", "same-site"]) {
    const response = await fetch(`${app.url}${START}`, { redirect: "manual", headers: { "sec-fetch-site": site } });
    assert.equal(response.headers.get("location"), "/sign-in/oidc");
    assert.deepEqual(response.headers.getSetCookie(), []);
  }
  const crafted = await fetch(`${app.url}/sign-in/oidc?problem=%3Cscript%3Ealert(1)%3C%2Fscript%3E`);
  assert.doesNotMatch(await crafted.text(), /alert/);
});
