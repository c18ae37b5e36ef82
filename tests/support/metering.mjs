// What a metering system does: it has a key and sends events, as any CloudEvents client would.

import assert from "node:assert/strict";

/** An API key of the demo's first agency, made as an operator makes one. */
export async function apiKey(app) {
  const { code, out, err } = await app.run(["key", "create", "--agency", app.agency_id, "--name", "Journey"]);
  assert.equal(code, 0, err);
  return out.trim();
}

/** Sends events of one account: `{ id, type, data, time? }` each. */
export async function send(app, key, subject, events) {
  const body = events.map(({ id, type, data, time }) => ({
    specversion: "1.0",
    source: "journey.example",
    id,
    type,
    subject,
    ...(time && { time }),
    data,
  }));
  const headers = { "content-type": "application/cloudevents-batch+json", authorization: `Bearer ${key}` };
  const answer = await fetch(`${app.url}/api/v1/events`, { method: "POST", headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 204, await answer.text());
}
