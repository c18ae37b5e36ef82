"""An SMTP server (aiosmtpd) that takes every letter, reads it with Python's own parser and prints it as a line of JSON.

The first line says the port. `refused@…` gets 550, `later@…` gets 451, a subject with "spam" 554. Ends with its input.
"""

import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.smtp import SMTP


class Sink:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550 No such mailbox"
        if address.startswith("later@"):
            return "451 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
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
            "parts": [[part.get_content_type(), part.get_content()] for part in letter.iter_parts()],
            "defects": [repr(defect) for part in letter.walk() for defect in part.defects],
            "raw": envelope.original_content.decode("latin-1"),
        })
        return "250 OK"


def say(what):
    print(json.dumps(what), flush=True)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), hostname="sink.example"), "127.0.0.1", 0)
    say({"port": server.sockets[0].getsockname()[1]})
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
