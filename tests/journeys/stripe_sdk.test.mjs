// Stripe's own client for Node does with the sandbox what a user's program does with Stripe. No browser: the one for Python does
// the same in crates/server/tests/support/stripe_sdk.py.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import Stripe from "stripe";
import { startServer } from "../support/server.mjs";

const KEY = "sk_test_sandbox";
/** The longest that a webhook may take. */
const PATIENCE_MS = 30_000;

let app;
let stripe;
before(async () => {
  app = await startServer();
  stripe = client(KEY);
});
after(async () => {
  await app?.stop();
  await app?.remove();
});

function client(key) {
  const { hostname: host, port } = new URL(app.sandbox_url);
  return new Stripe(key, { host, port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
}

const { errors } = Stripe;

/** What a call fails with: exactly this kind of error, with this code. */
async function fails(kind, code, promise) {
  const failure = await promise.then(() => assert.fail(`${kind.name} was not raised`), (error) => error);
  assert.equal(failure.constructor.name, kind.name, failure.message);
  assert.equal(failure.code, code);
  return failure;
}

function pay(payment_method, more = {}) {
  return stripe.paymentIntents.create({
    amount: 2500,
    currency: "usd",
    confirm: true,
    payment_method,
    return_url: "https://shop.example/back",
    ...more,
  });
}

/** One of the sandbox's own switches. */
async function turn(path, body) {
  const answer = await fetch(`${app.sandbox_url}/_sandbox${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}` },
    body: body && JSON.stringify(body),
  });
  assert.equal(answer.status, 200);
}

async function authenticate({ id, object }, success) {
  await turn(`/${object}s/${id}/authenticate?success=${success}`);
  const service = object === "setup_intent" ? stripe.setupIntents : stripe.paymentIntents;
  return service.retrieve(id);
}

test("customers and their cards", async () => {
  const made = await stripe.customers.create({ email: "dana@brightwater.co", metadata: { a: "b" } });
  assert.equal((await stripe.customers.update(made.id, { name: "Dana" })).name, "Dana");
  const { email, metadata } = await stripe.customers.retrieve(made.id);
  assert.deepEqual([email, metadata.a], ["dana@brightwater.co", "b"]);
  for (let number = 0; number < 3; number += 1) await stripe.customers.create({ name: `Number ${number}` });
  const newest = await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 4 });
  assert.deepEqual(newest.map(({ name }) => name), ["Number 2", "Number 1", "Number 0", "Dana"]);

  const card = { number: "5555555555554444", exp_month: 12, exp_year: 2034, cvc: "123" };
  const typed = await stripe.paymentMethods.create({ type: "card", card });
  assert.equal(typed.card.brand, "mastercard");
  for (const name of [typed.id, "pm_card_visa"]) {
    assert.equal((await stripe.paymentMethods.attach(name, { customer: made.id })).customer, made.id);
  }
  assert.equal((await stripe.paymentMethods.detach(typed.id)).customer, null);
  const left = await stripe.paymentMethods.list({ customer: made.id });
  assert.deepEqual(left.data.map((method) => method.card.brand), ["visa"]);
});

test("payments, refunds and their events", async () => {
  const paid = await pay("pm_card_visa", { metadata: { order: "7" }, expand: ["payment_method"] });
  assert.deepEqual([paid.status, paid.metadata.order, paid.payment_method.card.last4], ["succeeded", "7", "4242"]);
  const later = await stripe.paymentIntents.create({ amount: 5000, currency: "usd" });
  assert.equal((await stripe.paymentIntents.confirm(later.id, { payment_method: "pm_card_visa" })).status, "succeeded");
  const stopped = await stripe.paymentIntents.create({ amount: 5000, currency: "usd" });
  assert.equal((await stripe.paymentIntents.cancel(stopped.id)).status, "canceled");

  const first = await stripe.refunds.create({ payment_intent: paid.id, amount: 1000 });
  assert.deepEqual([first.status, first.amount], ["succeeded", 1000]);
  assert.equal((await stripe.refunds.create({ payment_intent: paid.id })).amount, 1500);
  const more = stripe.refunds.create({ payment_intent: paid.id });
  await fails(errors.StripeInvalidRequestError, "charge_already_refunded", more);
  assert.equal((await stripe.refunds.list({ payment_intent: paid.id })).data.length, 2);

  const events = await stripe.events.list({ type: "payment_intent.succeeded", limit: 100 });
  const [event, ...others] = events.data.filter(({ data }) => data.object.id === paid.id);
  assert.equal(others.length, 0);
  assert.equal((await stripe.events.retrieve(event.id)).data.object.amount, 2500);
});

test("declines, and 3-D Secure both ways", async () => {
  for (const [card, code, reason] of [
    ["chargeDeclined", "card_declined", "generic_decline"],
    ["chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["chargeDeclinedExpiredCard", "expired_card", undefined],
  ]) {
    const failure = await fails(errors.StripeCardError, code, pay(`pm_card_${card}`));
    assert.equal(failure.statusCode, 402);
    assert.equal(failure.payment_intent.status, "requires_payment_method");
    if (reason) assert.equal(failure.decline_code, reason);
  }
  let ended;
  for (const [success, status] of [[true, "succeeded"], [false, "requires_payment_method"]]) {
    const asked = await pay("pm_card_authenticationRequired");
    assert.equal(asked.status, "requires_action");
    ended = await authenticate(asked, success);
    assert.equal(ended.status, status);
  }
  assert.equal(ended.last_payment_error.code, "payment_intent_authentication_failure");
});

test("a card that was kept is charged while its owner is away", async () => {
  const { id: customer } = await stripe.customers.create({ name: "Dana" });
  const setup = { customer, setup_future_usage: "off_session" };
  const once = await pay("pm_card_authenticationRequiredOnSetup", setup);
  const { payment_method: kept, status } = await authenticate(once, true);
  assert.equal(status, "succeeded");
  const away = { customer, off_session: true, return_url: undefined };
  assert.equal((await pay(kept, away)).status, "succeeded");
  const { id: always } = await stripe.paymentMethods.attach("pm_card_authenticationRequired", { customer });
  await fails(errors.StripeCardError, "authentication_required", pay(always, away));
});

test("a card that is saved without a payment, and declined when its bank says so", async () => {
  const { id: customer } = await stripe.customers.create({ name: "Saver" });
  const { id: token } = await stripe.testHelpers.confirmationTokens.create({ payment_method: "pm_card_visa" });
  const params = { customer, confirm: true, usage: "off_session", allowed_payment_method_types: ["card"] };
  const saved = await stripe.setupIntents.create({ ...params, confirmation_token: token, expand: ["payment_method"] });
  assert.deepEqual([saved.status, saved.payment_method.card.last4], ["succeeded", "4242"]);
  assert.equal(saved.payment_method.customer, customer);
  const { id: card } = saved.payment_method;
  const payment_method_options = { card: { stored_credential_usage: "unscheduled" } };
  const away = { customer, off_session: true, return_url: undefined, payment_method_options };
  assert.equal((await pay(card, away)).status, "succeeded");
  await turn(`/payment_methods/${card}/declines`, { decline_code: "lost_card" });
  const failure = await fails(errors.StripeCardError, "card_declined", pay(card, away));
  assert.deepEqual([failure.decline_code, failure.advice_code], ["lost_card", "do_not_try_again"]);

  let ended;
  for (const [success, status] of [[true, "succeeded"], [false, "requires_payment_method"]]) {
    const asked = await stripe.setupIntents.create({ ...params, payment_method: "pm_card_authenticationRequired" });
    assert.equal(asked.status, "requires_action");
    ended = await authenticate(asked, success);
    assert.equal(ended.status, status);
  }
  assert.equal(ended.last_setup_error.code, "setup_intent_authentication_failure");
  assert.equal((await stripe.setupIntents.cancel(ended.id)).status, "canceled");
  assert.equal((await stripe.setupIntents.list({ customer })).data.length, 3);
});

test("a dispute, opened and decided", async () => {
  const paid = await pay("pm_card_createDispute");
  const { data: [opened] } = await stripe.disputes.list({ payment_intent: paid.id });
  const { amount, status, reason, charge } = await stripe.disputes.retrieve(opened.id);
  assert.deepEqual([amount, status, reason, charge], [2500, "needs_response", "fraudulent", paid.latest_charge]);
  const refund = stripe.refunds.create({ payment_intent: paid.id });
  await fails(errors.StripeInvalidRequestError, "charge_disputed", refund);
  await turn(`/disputes/${opened.id}`, { status: "won" });
  assert.equal((await stripe.disputes.retrieve(opened.id)).status, "won");
});

test("a repeated request, and what is wrong with others", async () => {
  const make = (name) => stripe.customers.create({ name }, { idempotencyKey: "node" });
  const first = await make("Robin");
  const again = await make("Robin");
  assert.equal(again.id, first.id);
  assert.equal(again.lastResponse.headers["idempotent-replayed"], "true");
  await fails(errors.StripeIdempotencyError, undefined, make("Somebody else"));

  const { StripeInvalidRequestError: wrong } = errors;
  await fails(wrong, "resource_missing", stripe.customers.retrieve("cus_none"));
  await fails(wrong, "parameter_unknown", stripe.customers.create({ nme: "Dana" }));
  await fails(wrong, "parameter_missing", stripe.paymentIntents.create({ amount: 100 }));
  await fails(errors.StripeAuthenticationError, undefined, client("sk_test_wrong").customers.list());
});

test("a webhook of the sandbox is genuine to the client, and no other is", async () => {
  const got = [];
  const receiver = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    got.push([Buffer.concat(parts), request.headers["stripe-signature"]]);
    response.end();
    receiver.emit("delivered");
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const url = `http://127.0.0.1:${receiver.address().port}/hooks`;
  const enabled_events = ["payment_intent.succeeded"];
  const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events });
  try {
    const delivered = once(receiver, "delivered", { signal: AbortSignal.timeout(PATIENCE_MS) });
    const paid = await pay("pm_card_visa");
    await delivered;
    const [[body, signature]] = got;
    const event = stripe.webhooks.constructEvent(body, signature, endpoint.secret);
    assert.deepEqual([event.type, event.data.object.id], ["payment_intent.succeeded", paid.id]);
    for (const wrong of [
      [Buffer.concat([body, Buffer.from(" ")]), signature, endpoint.secret],
      [body, signature, "whsec_other"],
      [body, "t=1,v1=0", endpoint.secret],
    ]) {
      assert.throws(() => stripe.webhooks.constructEvent(...wrong), errors.StripeSignatureVerificationError);
    }
  } finally {
    await stripe.webhookEndpoints.del(endpoint.id);
    receiver.close();
  }
});
