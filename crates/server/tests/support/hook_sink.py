"""An endpoint that takes webhooks and prints each as a line of JSON, checked by the official library (standardwebhooks).

The first line says the port. A path like /500,slow,200 says how the first, the second, and every later request there is
answered; `slow` takes two seconds, `redirect` points to /200. A line of input is the secret to check with from then on.
"""

import json
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

secret = None
served = Counter()
lock = threading.Lock()


class Sink(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        script = self.path.strip("/").split(",")
        with lock:
            number = served[self.path]
            served[self.path] += 1
            say({
                "path": self.path,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": body,
                "genuine": genuine(body, self.headers),
            })
        answer = script[min(number, len(script) - 1)]
        if answer == "slow":
            time.sleep(2)
            answer = "200"
        try:
            if answer == "redirect":
                self.send_response(307)
                self.send_header("location", "/200")
            else:
                self.send_response(int(answer))
            self.send_header("content-length", "0")
            self.end_headers()
        except OSError:
            pass

    def log_message(self, *_):
        pass


def genuine(body, headers):
    if secret is None:
        return None
    try:
        Webhook(secret).verify(body, dict(headers.items()))
        return True
    except WebhookVerificationError as error:
        return str(error)


def say(what):
    print(json.dumps(what), flush=True)


server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
say({"port": server.server_address[1]})
for line in sys.stdin:
    secret = line.strip()
    say({"secret": "taken"})
