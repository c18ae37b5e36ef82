"""An SMTP server (aiosmtpd) that takes every letter, reads it with Python's own parser and prints it as a line of JSON.

The first line says the port. `refused@…` gets 550, `later@…` gets 451, a subject with "spam" 554. Ends with its input.

Options: `--tls start|starttls` with `--cert FILE` (certificate and key), `--login USER:PASSWORD` that everybody has to know,
`--stall PHASE`: whoever comes to this phase of the conversation first is left waiting for ever, and a line says so.
"""

import argparse
import asyncio
import email
import email.policy
import json
import logging
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

options = argparse.ArgumentParser()
options.add_argument("--tls", choices=["start", "starttls"])
options.add_argument("--cert")
options.add_argument("--login")
options.add_argument("--stall")
options = options.parse_args()

# Whoever turns away from our certificate is not an error of this server, and a password on loopback is no danger.
logging.disable()
warnings.simplefilter("ignore")

stalled = False


async def reached(phase):
    """Stops there, for ever, the first time."""
    global stalled
    if phase == options.stall and not stalled:
        stalled = True
        say({"stalled": phase})
        await asyncio.Event().wait()


class Sink:
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        await reached("hello")
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        await reached("sender")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        await reached("recipient")
        if address.startswith("refused@"):
            return "550 No such mailbox"
        if address.startswith("later@"):
            return "451 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await reached("letter")
        letter = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        if "spam" in letter["subject"]:
            return "554 We do not want this"
        say({
            "mail_from": envelope.mail_from,
            "rcpt_tos": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in letter.items()],
            "from_name": letter["from"].addresses[0].display_name,
            "from_address": letter["from"].addresses[0].addr_spec,
            "type": letter.get_content_type(),
            "parts": [[part.get_content_type(), content(part)] for part in letter.walk() if not part.is_multipart()],
            "defects": [repr(defect) for part in letter.walk() for defect in part.defects],
            "raw": envelope.original_content.decode("latin-1"),
            "encrypted": session.ssl is not None or options.tls == "start",
            "login": (session.auth_data.login.decode() if session.authenticated else None),
        })
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        await reached("goodbye")
        return "221 Bye"


def content(part):
    """A text as such, anything else in hexadecimal digits."""
    got = part.get_content()
    return got if isinstance(got, str) else got.hex()


class Slow(SMTP):
    async def _handle_client(self):
        await reached("greeting")
        await super()._handle_client()

    async def smtp_DATA(self, arg):
        await reached("data")
        await super().smtp_DATA(arg)


def knows(server, session, envelope, mechanism, data):
    given = f"{data.login.decode()}:{data.password.decode()}"
    return AuthResult(success=given == options.login, handled=False, auth_data=data)


def conversation(context):
    return Slow(
        Sink(),
        hostname="sink.example",
        tls_context=context if options.tls == "starttls" else None,
        require_starttls=options.tls == "starttls",
        authenticator=knows if options.login else None,
        auth_required=bool(options.login),
        auth_require_tls=options.tls == "starttls",
    )


def say(what):
    print(json.dumps(what), flush=True)


async def main():
    loop = asyncio.get_running_loop()
    context = None
    if options.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.cert)
    tls = context if options.tls == "start" else None
    server = await loop.create_server(lambda: conversation(context), "127.0.0.1", 0, ssl=tls)
    say({"port": server.sockets[0].getsockname()[1]})
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
