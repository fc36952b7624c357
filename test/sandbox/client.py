"""A client in Python's standard library: creates an inquiry, has it approved, gets the signed webhook, reads it back."""
import hashlib
import hmac
import json
import queue
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

BASE = sys.argv[1]
events = queue.Queue()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        events.put((self.headers["Persona-Signature"], body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": "Bearer persona_sandbox_python", "Content-Type": "application/json"}
    request = urllib.request.Request(BASE + path, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


server = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()

webhook = call("POST", "/webhooks", {"data": {"attributes": {
    "name": "python",
    "url": f"http://127.0.0.1:{server.server_port}/",
    "enabled-events": ["inquiry.approved"],
}}})["data"]
call("POST", f"/webhooks/{webhook['id']}/enable")

inquiry = call("POST", "/inquiries", {"data": {"attributes": {
    "inquiry-template-id": "itmpl_example",
    "reference-id": "user-1",
}}})["data"]
call("POST", f"/inquiries/{inquiry['id']}/perform-simulate-actions", {"meta": {"simulate-actions": [
    {"type": "start_inquiry"},
    {"type": "complete_inquiry"},
    {"type": "approve_inquiry"},
]}})

signature, body = events.get(timeout=20)
t, v1 = (part.split("=")[1] for part in signature.split(","))
secret = webhook["attributes"]["secret"].encode()
expected = hmac.new(secret, t.encode() + b"." + body, hashlib.sha256).hexdigest()
assert hmac.compare_digest(v1, expected), "the signature does not match"

told = json.loads(body)["data"]["attributes"]["payload"]["data"]
read = call("GET", f"/inquiries/{inquiry['id']}")["data"]
assert told == read, "the webhook and the API disagree"
print(read["attributes"]["status"])
