"""Stripe's own client for Python does with the sandbox what a user's program does with Stripe. Arguments: the sandbox's URL and
its secret key. Prints what it has done as one line of JSON; anything that is not as Stripe does it ends it.
"""

import json
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import stripe
from stripe import StripeClient

URL, KEY = sys.argv[1:]
done = []


def client(key=KEY):
    return StripeClient(key, base_addresses={"api": URL}, max_network_retries=0)


v1 = client().v1


def fails(error, code, call, *arguments):
    try:
        call(*arguments)
    except error as failure:
        assert type(failure) is error, failure
        assert failure.code == code, (failure.code, code)
        assert failure.user_message or failure.http_status == 401, failure
        return failure
    raise AssertionError(f"{error.__name__} was not raised")


def pay(method, customer=None, **more):
    params = {"amount": 2500, "currency": "usd", "confirm": True, "payment_method": method, **more}
    params.setdefault("return_url", "https://shop.example/back")
    return v1.payment_intents.create(params | ({"customer": customer} if customer else {}))


def switch(path, body=None):
    """One of the sandbox's own switches."""
    data = b"" if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{URL}/_sandbox{path}", data=data, headers={"Authorization": f"Bearer {KEY}"})
    return json.loads(urllib.request.urlopen(request).read())


def authenticate(intent, success):
    kind, service = {
        "payment_intent": ("payment_intents", v1.payment_intents),
        "setup_intent": ("setup_intents", v1.setup_intents),
    }[intent.object]
    switch(f"/{kind}/{intent.id}/authenticate?success={success}")
    return service.retrieve(intent.id)


def customers():
    made = v1.customers.create({"email": "dana@brightwater.co", "name": "Dana", "metadata": {"a": "b"}})
    assert made.id.startswith("cus_") and made.metadata["a"] == "b"
    assert v1.customers.update(made.id, {"name": "Dana Reyes"}).name == "Dana Reyes"
    assert v1.customers.retrieve(made.id).email == "dana@brightwater.co"
    for number in range(3):
        v1.customers.create({"name": f"Number {number}"})
    names = [customer.name for customer in v1.customers.list({"limit": 2}).auto_paging_iter()]
    assert names == ["Number 2", "Number 1", "Number 0", "Dana Reyes"], names
    return made.id


def payment_methods(customer):
    card = {"number": "5555555555554444", "exp_month": 12, "exp_year": 2034, "cvc": "123"}
    typed = v1.payment_methods.create({"type": "card", "card": card})
    assert (typed.card.brand, typed.card.last4) == ("mastercard", "4444")
    for name in (typed.id, "pm_card_visa"):
        attached = v1.payment_methods.attach(name, {"customer": customer})
        assert attached.customer == customer
    brands = [method.card.brand for method in v1.payment_methods.list({"customer": customer}).data]
    assert brands == ["visa", "mastercard"], brands
    assert v1.payment_methods.detach(typed.id).customer is None
    left = v1.payment_methods.list({"customer": customer}).data
    assert [method.card.brand for method in left] == ["visa"]
    return left[0].id


def payments(customer, card):
    paid = pay(card, customer, metadata={"order": "7"}, expand=["payment_method"])
    assert (paid.status, paid.amount_received, paid.metadata["order"]) == ("succeeded", 2500, "7")
    assert paid.payment_method.card.last4 == "4242"
    later = v1.payment_intents.create({"amount": 5000, "currency": "usd", "customer": customer})
    assert later.status == "requires_payment_method"
    assert v1.payment_intents.confirm(later.id, {"payment_method": card}).status == "succeeded"
    stopped = v1.payment_intents.create({"amount": 5000, "currency": "usd"})
    assert v1.payment_intents.cancel(stopped.id).status == "canceled"
    listed = v1.payment_intents.list({"customer": customer}).data
    assert [intent.id for intent in listed] == [later.id, paid.id]
    return paid


def declines(customer):
    for name, code, reason in (
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ):
        failure = fails(stripe.CardError, code, pay, name)
        assert failure.http_status == 402
        assert reason is None or failure.error.decline_code == reason, failure.error
        assert failure.error.payment_intent.status == "requires_payment_method"
    attach = v1.payment_methods.attach
    fails(stripe.CardError, "card_declined", attach, "pm_card_chargeDeclined", {"customer": customer})


def three_d_secure():
    for success, status in (("true", "succeeded"), ("false", "requires_payment_method")):
        asked = pay("pm_card_authenticationRequired")
        assert asked.status == "requires_action" and asked.next_action.type
        assert asked.client_secret.startswith(asked.id)
        ended = authenticate(asked, success)
        assert ended.status == status, ended.status
    assert ended.last_payment_error.code == "payment_intent_authentication_failure"


def off_session(customer):
    once = pay("pm_card_authenticationRequiredOnSetup", customer, setup_future_usage="off_session")
    assert authenticate(once, "true").status == "succeeded"
    kept = v1.payment_intents.retrieve(once.id).payment_method
    params = {"amount": 900, "currency": "usd", "customer": customer, "confirm": True, "off_session": True}
    assert v1.payment_intents.create({**params, "payment_method": kept}).status == "succeeded"
    always = v1.payment_methods.attach("pm_card_authenticationRequired", {"customer": customer})
    charge = v1.payment_intents.create
    failure = fails(stripe.CardError, "authentication_required", charge, {**params, "payment_method": always.id})
    assert failure.error.payment_intent.id.startswith("pi_")


def setups(customer):
    token = v1.test_helpers.confirmation_tokens.create({"payment_method": "pm_card_visa"})
    params = {"customer": customer, "confirm": True, "usage": "off_session", "allowed_payment_method_types": ["card"]}
    saved = v1.setup_intents.create(
        {**params, "confirmation_token": token.id, "metadata": {"setup": "1"}, "expand": ["payment_method"]}
    )
    assert (saved.status, saved.usage, saved.metadata["setup"]) == ("succeeded", "off_session", "1")
    assert (saved.payment_method.customer, saved.payment_method.card.last4) == (customer, "4242")
    charge = {"amount": 900, "currency": "usd", "customer": customer, "confirm": True, "off_session": True}
    charge["payment_method"] = saved.payment_method.id
    charge["payment_method_options"] = {"card": {"stored_credential_usage": "unscheduled"}}
    assert v1.payment_intents.create(charge).status == "succeeded"
    switch(f"/payment_methods/{saved.payment_method.id}/declines", {"decline_code": "lost_card"})
    failure = fails(stripe.CardError, "card_declined", v1.payment_intents.create, charge)
    assert (failure.error.decline_code, failure.error.advice_code) == ("lost_card", "do_not_try_again")

    for success, status in (("true", "succeeded"), ("false", "requires_payment_method")):
        asked = v1.setup_intents.create({**params, "payment_method": "pm_card_authenticationRequired"})
        assert asked.status == "requires_action" and asked.client_secret.startswith(asked.id)
        ended = authenticate(asked, success)
        assert ended.status == status, ended.status
    assert ended.last_setup_error.code == "setup_intent_authentication_failure"
    assert v1.setup_intents.cancel(ended.id).status == "canceled"
    lost = {**params, "payment_method": "pm_card_chargeDeclinedLostCard"}
    failure = fails(stripe.CardError, "card_declined", v1.setup_intents.create, lost)
    assert failure.error.setup_intent.status == "requires_payment_method"
    assert v1.setup_intents.confirm(failure.error.setup_intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"
    assert len(v1.setup_intents.list({"customer": customer}).data) == 4


def disputes():
    paid = pay("pm_card_createDispute")
    (dispute,) = v1.disputes.list({"payment_intent": paid.id}).data
    found = v1.disputes.retrieve(dispute.id)
    assert (found.amount, found.status, found.reason) == (2500, "needs_response", "fraudulent")
    assert (found.payment_intent, found.charge) == (paid.id, paid.latest_charge)
    assert v1.charges.retrieve(found.charge).disputed
    refund = v1.refunds.create
    fails(stripe.InvalidRequestError, "charge_disputed", refund, {"payment_intent": paid.id})
    switch(f"/disputes/{found.id}", {"status": "won"})
    assert v1.disputes.retrieve(found.id).status == "won"
    types = [event.type for event in v1.events.list({"limit": 100}).data if event.data.object["id"] == found.id]
    assert types == [
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.created",
    ], types
    switch("/disputes", {"payment_intent": pay("pm_card_visa").id, "amount": 700})
    (newest,) = v1.disputes.list({"limit": 1}).data
    assert (newest.amount, v1.disputes.close(newest.id).status) == (700, "lost")


def refunds(paid):
    first = v1.refunds.create({"payment_intent": paid.id, "amount": 1000})
    assert (first.status, first.amount) == ("succeeded", 1000)
    assert v1.refunds.create({"payment_intent": paid.id}).amount == 1500
    refund = v1.refunds.create
    fails(stripe.InvalidRequestError, "charge_already_refunded", refund, {"payment_intent": paid.id})
    assert len(v1.refunds.list({"payment_intent": paid.id}).data) == 2
    assert v1.refunds.retrieve(first.id).payment_intent == paid.id


def idempotency():
    def make(name):
        return v1.customers.create({"name": name}, {"idempotency_key": "one"})

    first = make("Robin")
    again = make("Robin")
    assert first.id == again.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    fails(stripe.IdempotencyError, None, make, "Somebody else")


def errors():
    fails(stripe.InvalidRequestError, "resource_missing", v1.customers.retrieve, "cus_none")
    fails(stripe.InvalidRequestError, "parameter_unknown", v1.customers.create, {"nme": "Dana"})
    fails(stripe.InvalidRequestError, "parameter_missing", v1.payment_intents.create, {"amount": 100})
    fails(stripe.AuthenticationError, None, client("sk_test_wrong").v1.customers.list)


def events(paid):
    found = v1.events.list({"type": "payment_intent.succeeded", "limit": 100})
    of_paid = [event for event in found.data if event.data.object["id"] == paid.id]
    assert len(of_paid) == 1
    assert v1.events.retrieve(of_paid[0].id).data.object["amount"] == 2500


def webhooks():
    """The sandbox sends one here; the client's own check says whether it is genuine."""
    got = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((body, self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.timeout = 30
    url = f"http://127.0.0.1:{server.server_port}/hooks"
    endpoint = v1.webhook_endpoints.create({"url": url, "enabled_events": ["payment_intent.succeeded"]})
    paid = pay("pm_card_visa")
    server.handle_request()
    (body, signature), = got
    event = client().construct_event(body, signature, endpoint.secret)
    assert (event.type, event.data.object["id"]) == ("payment_intent.succeeded", paid.id)
    for wrong in ((body + b" ", signature, endpoint.secret), (body, signature, "whsec_other"), (body, "t=1,v1=0", endpoint.secret)):
        try:
            client().construct_event(*wrong)
        except stripe.SignatureVerificationError:
            continue
        raise AssertionError("a forged event was taken")
    v1.webhook_endpoints.delete(endpoint.id)


def step(name, work, *arguments):
    result = work(*arguments)
    done.append(name)
    return result


customer = step("customers", customers)
card = step("payment methods", payment_methods, customer)
paid = step("payments", payments, customer, card)
step("declines", declines, customer)
step("3-D Secure", three_d_secure)
step("off-session", off_session, customer)
step("setup intents", setups, v1.customers.create({"name": "Saver"}).id)
step("refunds", refunds, paid)
step("disputes", disputes)
step("idempotency", idempotency)
step("errors", errors)
step("events", events, paid)
step("webhooks", webhooks)
print(json.dumps(done), flush=True)
