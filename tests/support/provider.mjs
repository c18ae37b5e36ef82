// An OpenID provider on loopback: the real thing (npm `oidc-provider`), where whoever the test names signs in at once.
// Never here: anything of Sluice's.

import { createServer } from "node:http";
import { once } from "node:events";
import Provider from "oidc-provider";

export const CLIENT_ID = "sluice";
export const CLIENT_SECRET = "a-secret-of-the-journeys-only";

/**
 * Listens, and answers once it is told which client there is.
 *
 * @returns {Promise<{ issuer: string, serve: (redirect: string) => void, signIn: (email: string, verified?: boolean, subject?: string) => void,
 *   inToken: (yes: boolean) => void, asked: () => URL[], stop: () => Promise<void> }>} `signIn` says who signs in from now on;
 *   `inToken` whether the ID token holds the address itself; `asked` answers what authorization it was asked for
 */
export async function startProvider() {
  let who = "nobody";
  let answer = (_, response) => response.writeHead(503).end();
  const people = new Map();
  const asked = [];
  const server = createServer((request, response) => answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${server.address().port}`;

  const made = new Map();
  const handler = (redirect, conformIdTokenClaims) => {
    const key = `${redirect} ${conformIdTokenClaims}`;
    if (!made.has(key)) made.set(key, make(redirect, conformIdTokenClaims));
    return made.get(key);
  };
  const make = (redirect, conformIdTokenClaims) => {
    const provider = new Provider(issuer, {
      clients: [{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [redirect] }],
      claims: { email: ["email", "email_verified"] },
      conformIdTokenClaims,
      cookies: { keys: ["of the journeys only"] },
      features: { devInteractions: { enabled: false } },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      // Whoever signs in agrees.
      async loadExistingGrant({ oidc }) {
        const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
        grant.addOIDCScope("openid email");
        await grant.save();
        return grant;
      },
      pkce: { required: () => true },
    });
    const callback = provider.callback();
    return (request, response) => {
      const url = new URL(request.url, issuer);
      if (url.pathname === "/auth") asked.push(url);
      if (!url.pathname.startsWith("/interaction/")) return callback(request, response);
      return provider.interactionFinished(request, response, { login: { accountId: who } });
    };
  };

  let redirect;
  return {
    issuer,
    serve(to) {
      redirect = to;
      answer = handler(redirect, true);
    },
    signIn(email, verified = true, subject = `subject-of-${email}`) {
      who = subject;
      people.set(who, { email, email_verified: verified });
    },
    inToken: (yes) => (answer = handler(redirect, !yes)),
    asked: () => asked,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
