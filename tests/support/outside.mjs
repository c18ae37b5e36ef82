// The world outside the pages: the demo's mailbox, the gateway's books and its switches.

/** The sandbox's key, which is no secret. */
const KEY = "sk_test_sandbox";

/** Every letter that the demo sent, newest first. */
export async function letters(app) {
  const answer = await fetch(`${app.url}/demo/mailbox.json`);
  return answer.json();
}

/** Letters to an address, newest first. */
export async function lettersTo(app, to) {
  return (await letters(app)).filter((letter) => letter.to === to);
}

async function sandbox(app, method, path, body) {
  const answer = await fetch(`${app.sandbox_url}/_sandbox${path}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the sandbox said ${answer.status}: ${text}`);
  return JSON.parse(text);
}

/** The gateway's own books. */
export function books(app) {
  return sandbox(app, "GET", "/books");
}

/** The next requests to a path of the gateway meet a fault. */
export function fault(app, wanted) {
  return sandbox(app, "POST", "/faults", wanted);
}

/** Faults that wait and that have struck. */
export async function faults(app) {
  return (await sandbox(app, "GET", "/faults")).faults;
}

/** What happens to the gateway's webhooks from now on. */
export function webhooks(app, settings) {
  return sandbox(app, "POST", "/webhooks", settings);
}

/** A cardholder disputes so many cents of a payment of ours; answers the gateway's id of the dispute. */
export async function dispute(app, payment, reason, amount) {
  const { payment_intents: intents } = await books(app);
  const { id } = intents.find(({ metadata }) => metadata.payment_id === payment);
  return (await sandbox(app, "POST", "/disputes", { payment_intent: id, reason, amount })).id;
}

/** The bank decides a dispute: `won` or `lost`. */
export function decide(app, id, status) {
  return sandbox(app, "POST", `/disputes/${id}`, { status });
}

/** Charges that went through for one customer of the gateway, found by e-mail. */
export async function charged(app, email) {
  const { customers, payment_intents: intents } = await books(app);
  const ids = customers.filter((customer) => customer.email === email).map(({ id }) => id);
  return intents
    .filter(({ customer, status }) => ids.includes(customer) && status === "succeeded")
    .map(({ amount }) => amount);
}

/** Cards on file at the gateway for an e-mail address. */
export async function cardsOnFile(app, email) {
  const { customers, payment_methods: methods } = await books(app);
  const ids = customers.filter((customer) => customer.email === email).map(({ id }) => id);
  return methods.filter(({ customer }) => ids.includes(customer)).map(({ card }) => card.last4);
}
