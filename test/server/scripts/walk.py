"""Walks the default schedule on a paused clock, with Python's standard library alone."""
import hashlib
import json
import sys
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread



def refuse_to_sleep(_seconds):
    raise AssertionError("this script must not sleep")


time.sleep = refuse_to_sleep
sys.path.insert(0, sys.argv[1])
from hookcast import Hookcast

received = []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        received.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(500)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
Thread(target=receiver.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{receiver.server_port}/hook"
OLD, NEW = "wbhsec_11111111-2222-4333-8444-555555555555", "wbhsec_66666666-7777-4888-8999-aaaaaaaaaaaa"

with Hookcast() as hookcast:
    call = hookcast.call
    webhook = call("POST", "/v1/webhooks", {"url": url, "secret": OLD, "seed": 7})["id"]
    call("PATCH", f"/v1/webhooks/{webhook}/clock", {"paused": True})
    begin = time.perf_counter()
    sent = call("POST", "/v1/deliveries?wait=attempt:1", {"event": "inquiry.approved"})["id"]
    for _ in range(8):
        assert call("POST", f"/v1/webhooks/{webhook}/clock/next")["moved"]
    delivery = call("GET", f"/v1/deliveries/{sent}?wait=settled")
    took = time.perf_counter() - begin
    for number in range(1, 10):
        body = call("GET", f"/v1/deliveries/{sent}/attempts/{number}/body")
        assert body == received[number - 1][1]
        assert hashlib.sha256(body).hexdigest() == delivery["sha256"]
    call("POST", f"/v1/webhooks/{webhook}/rotate-secret", {"secret": NEW, "expiresIn": "1h"})
    call("POST", "/v1/deliveries?wait=attempt:1", {"event": "inquiry.approved"})
    signed_by_both = received[-1][0]["Persona-Signature"]
    call("POST", f"/v1/webhooks/{webhook}/clock/advance", {"by": "61m"})
    edited = call("POST", f"/v1/deliveries/{sent}/resend?wait=attempt:1", {"set": {"status": "declined"}})
    signed_by_one = received[-1][0]["Persona-Signature"]
    run = call("POST", "/v1/conformance-runs?wait=settled&timeout=60s", {"only": ["ACK-01"]})
    report = call("GET", f"/v1/conformance-runs/{run['id']}/report?format=json")
    print(json.dumps({
        "state": delivery["state"],
        "attempts": len(delivery["attempts"]),
        "sets": [len(signed_by_both.split(" ")), len(signed_by_one.split(" "))],
        "edited": json.loads(received[-1][1]) and edited["sha256"] != delivery["sha256"],
        "conformance": [run["state"], run["failures"], report["schema"]],
        "tookMs": round(took * 1000),
    }))
