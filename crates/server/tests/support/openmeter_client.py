"""Sends usage with OpenMeter's own client, and in binary mode with the CloudEvents SDK.

Arguments: the server's URL, an API key, a time. Prints one line of JSON: what each call was answered with. The clients are used
as their manuals say; only the URL and the key are ours.
"""

import datetime
import json
import sys

import requests
from cloudevents.conversion import to_binary, to_structured
from cloudevents.http import CloudEvent
from corehttp.exceptions import HttpResponseError
from openmeter import Client
from openmeter.models import Event

url, key, time = sys.argv[1:]
time = datetime.datetime.fromisoformat(time)
answers = {}


def event(id, segments=2, subject="BW-0077", **more):
    return Event(
        id=id,
        source="twilio",
        specversion="1.0",
        type="sms.sent",
        subject=subject,
        time=time,
        data={"segments": segments, **more},
    )


def call(name, work):
    try:
        work()
        answers[name] = 204
    except HttpResponseError as error:
        answers[name] = error.status_code


with Client(endpoint=url, token=key) as client:
    ingest, ingest_all = client.events.ingest_event, client.events.ingest_events
    call("one", lambda: ingest(event("one")))
    call("one again", lambda: ingest(event("one")))
    call("one, but other", lambda: ingest(event("one", segments=3)))
    call("a batch", lambda: ingest_all([event(f"batch {n}") for n in range(1000)]))
    call("the batch again", lambda: ingest_all([event(f"batch {n}") for n in range(1000)]))
    call("too large a batch", lambda: ingest_all([event(f"large {n}") for n in range(1001)]))
    call("a batch with a mistake", lambda: ingest_all([event("fine"), event("not", segments=-1)]))
    call("an unknown subject", lambda: ingest(event("nobody's", subject="nobody")))
    call("with a price", lambda: ingest(event("priced", price="0.01")))
    call("without a time", lambda: ingest(Event(id="now", source="twilio", specversion="1.0", type="sms.sent",
                                               subject="BW-0077", data={"segments": "1"})))

with Client(endpoint=url, token="sluice_made_up") as client:
    call("without a living key", lambda: client.events.ingest_event(event("nobody")))

attributes = {"id": "sdk", "source": "twilio", "type": "sms.sent", "subject": "BW-0077", "time": time.isoformat()}
sdk = CloudEvent(attributes, {"segments": 2})
session = requests.Session()
session.headers["Authorization"] = f"Bearer {key}"
for name, (headers, body) in {"binary": to_binary(sdk), "structured": to_structured(sdk)}.items():
    answer = session.post(f"{url}/api/v1/events", headers=headers, data=body)
    answers[name] = answer.status_code

print(json.dumps(answers))
