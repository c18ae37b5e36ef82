"""Stands before localstripe and gives it what it lacks, so that the requests of production reach it unchanged. What it lacks is
listed, and asserted, in `gateway/differences.rs`.

Arguments: localstripe's port. The first line says the port of this one. Ends with its input. `GET /_shim/log` answers with
every write that came: path, Stripe-Version, idempotency key, the names of the parameters that were taken out.
"""

import asyncio
import hashlib
import json
import sys
from urllib.parse import parse_qsl, urlencode

from aiohttp import ClientSession, web

PEER = f"http://127.0.0.1:{sys.argv[1]}"
# Parameters that Stripe takes and localstripe answers with 400.
UNKNOWN = ("allowed_payment_method_types", "return_url", "setup_future_usage")
# The same where a card is kept without a payment; it is confirmed by a request of its own.
UNKNOWN_TO_SETUPS = (*UNKNOWN, "confirm", "payment_method_options")
# The numbers of Stripe's test cards, by the names of their payment methods.
CARDS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_chargeDeclinedLostCard": "4000000000009987",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_threeDSecureRequiredChargeDeclined": "4000008400001629",
}

log = []
# By idempotency key: what was asked, and what was answered.
answers = {}
# By confirmation token: the payment method behind it.
tokens = {}


class Peer:
    """localstripe, asked by whoever asks us."""

    def __init__(self, session, request):
        self.session = session
        known = ("authorization", "content-type")
        self.headers = {name: value for name, value in request.headers.items() if name.lower() in known}

    async def ask(self, method, path, pairs=None):
        body = None if pairs is None else urlencode(pairs)
        async with self.session.request(method, PEER + path, data=body, headers=self.headers) as answer:
            # A path that it does not have is answered in plain text.
            told = answer.content_type == "application/json"
            return answer.status, await answer.json() if told else {}


async def handle(request):
    body = await request.read()
    async with ClientSession() as session:
        peer = Peer(session, request)
        if request.method == "POST":
            status, answer = await write(peer, request, parse_qsl(body.decode(), keep_blank_values=True))
        elif request.path.startswith("/v1/confirmation_tokens/"):
            status, answer = await token(peer, request.path.rsplit("/", 1)[1])
        elif request.path in ("/v1/payment_intents", "/v1/setup_intents"):
            status, answer = await newest_first(peer, request)
        elif request.path == "/v1/disputes":
            # Nobody can dispute anything there.
            status, answer = 200, {"object": "list", "data": [], "has_more": False}
        else:
            status, answer = await peer.ask("GET", str(request.rel_url))
    return web.json_response(answer, status=status)


async def write(peer, request, pairs):
    """A write, once for each idempotency key."""
    key = request.headers.get("Idempotency-Key")
    out = [name for name, _ in pairs if name.split("[")[0] in unknown(request)]
    version = request.headers.get("Stripe-Version")
    log.append({"path": request.path, "version": version, "key": key, "taken_out": sorted(out)})
    if key is None:
        return await carry_out(peer, request, pairs)
    asked = hashlib.sha256(repr((request.path, pairs)).encode()).hexdigest()
    if key in answers:
        before, answer = answers[key]
        if asked != before:
            why = "Keys for idempotent requests can only be used with the same parameters."
            return 400, {"error": {"type": "idempotency_error", "message": why}}
        return answer
    answers[key] = (asked, await carry_out(peer, request, pairs))
    return answers[key][1]


def unknown(request):
    return UNKNOWN_TO_SETUPS if request.path == "/v1/setup_intents" else UNKNOWN


async def carry_out(peer, request, pairs):
    if request.path == "/v1/test_helpers/confirmation_tokens":
        return await new_token(peer, dict(pairs)["payment_method"])
    sent = []
    for name, value in pairs:
        if name == "confirmation_token":
            sent.append(("payment_method", tokens.get(value, "pm_none")))
        elif name.split("[")[0] not in unknown(request):
            sent.append((name, value))
    if request.path == "/v1/setup_intents":
        return await new_setup(peer, sent)
    return await peer.ask("POST", str(request.rel_url), sent)


async def new_setup(peer, pairs):
    """Made without a card, and confirmed with it."""
    confirmed = ("payment_method", "expand[]")
    status, made = await peer.ask("POST", "/v1/setup_intents", [pair for pair in pairs if pair[0] not in confirmed])
    if status != 200:
        return status, made
    path = f"/v1/setup_intents/{made['id']}/confirm"
    return await peer.ask("POST", path, [pair for pair in pairs if pair[0] in confirmed])


async def new_token(peer, name):
    """A confirmation token is a payment method that is attached to nobody."""
    card = {"number": CARDS[name], "exp_month": 12, "exp_year": 2030, "cvc": "123"}
    pairs = [("type", "card")] + [(f"card[{field}]", value) for field, value in card.items()]
    status, method = await peer.ask("POST", "/v1/payment_methods", pairs)
    if status != 200:
        return status, method
    name = f"ctoken_{len(tokens) + 1}"
    tokens[name] = method["id"]
    return 200, {"id": name, "object": "confirmation_token"}


async def token(peer, name):
    status, method = await peer.ask("GET", f"/v1/payment_methods/{tokens.get(name, 'pm_none')}")
    if status != 200:
        return status, method
    preview = {field: method[field] for field in ("type", "card")}
    return 200, {"id": name, "object": "confirmation_token", "payment_method_preview": preview}


async def newest_first(peer, request):
    """Of one customer, or of all, newest first, in pages."""
    query = request.query
    customer = query.get("customer")
    if customer is not None:
        status, found = await peer.ask("GET", f"/v1/customers/{customer}")
        if status != 200:
            return status, found
    wanted = [("limit", "100000")] + [("expand[]", value) for value in query.getall("expand[]", [])]
    status, page = await peer.ask("GET", f"{request.path}?{urlencode(wanted)}")
    if status != 200:
        return status, page
    rows = [row for row in reversed(page["data"]) if customer in (None, row["customer"])]
    ids = [row["id"] for row in rows]
    after = query.get("starting_after")
    first = ids.index(after) + 1 if after in ids else 0
    last = first + int(query.get("limit", "10"))
    return 200, {**page, "data": rows[first:last], "has_more": last < len(rows)}


async def show_log(request):
    return web.json_response(log)


async def main():
    app = web.Application()
    app.router.add_get("/_shim/log", show_log)
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
