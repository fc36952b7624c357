"""Three receivers that are right in different ways, with an oracle and hooks: receiver.py <kind>; prints its port.

kind: "acts on every event", "acts on decisions alone", "knows repeats by state". See receivers.ts.
"""

import hashlib
import hmac
import json
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = "wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw"
KIND = sys.argv[1]
RANK = {
    "created": 1, "pending": 2, "completed": 3, "failed": 3, "expired": 3, "needs_review": 4, "declined": 5, "approved": 6,
}
SET = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")
MAX_BODY = 2_097_152


class Refusal(Exception):
    def __init__(self, status):
        super().__init__(status)
        self.status = status


class State:
    def __init__(self):
        self.lock = threading.Lock()
        self.secret = SECRET
        self.down = set()
        self.seen = set()
        self.processed = {}
        self.objects = {}


STATE = State()


def is_genuine(header, body):
    if STATE.secret is None:
        raise Refusal(500)
    for part in (header or "").split(" "):
        match = SET.fullmatch(part)
        if match and abs(time.time() - int(match[1])) <= 300:
            expected = hmac.new(STATE.secret.encode(), match[1].encode() + b"." + body, hashlib.sha256).hexdigest()
            if hmac.compare_digest(expected, match[2]):
                return True
    return False


def parse(body):
    try:
        event = json.loads(body.decode("utf-8"))
        data = event["data"]
        attributes = data["attributes"]
        inquiry = (attributes.get("payload") or {}).get("data") or {}
        own = inquiry.get("attributes") or {}
        created = attributes.get("created-at") or attributes.get("createdAt") or attributes.get("created_at") or ""
        return data["id"], attributes["name"], str(created), inquiry.get("id"), own.get("status"), own.get("reference-id")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refusal(400) from error


def count(event_id):
    STATE.processed[event_id] = STATE.processed.get(event_id, 0) + 1


def work(event):
    """Under the lock: claim and effect are one step."""
    event_id, name, created, object_id, status, person = event
    if STATE.down:
        raise Refusal(503)
    if KIND == "knows repeats by state":
        known = STATE.objects.get(person, ("", ""))[1]
        if not isinstance(person, str) or not name.startswith("inquiry."):
            return
        if RANK.get(status, 0) > RANK.get(known, 0):
            STATE.objects[person] = (created, status)
            count(event_id)
        return
    if KIND == "acts on decisions alone" and name not in ("inquiry.approved", "inquiry.declined"):
        return
    if event_id in STATE.seen:
        return
    STATE.seen.add(event_id)
    count(event_id)
    if isinstance(status, str):
        known = STATE.objects.get(object_id, ("", ""))
        if (created, RANK.get(status, 0)) > (known[0], RANK.get(known[1], 0)):
            STATE.objects[object_id] = (created, status)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            return self.read_chunks()
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionError("cut off")
        return body

    def read_chunks(self):
        body = b""
        while True:
            size = int(self.rfile.readline().split(b";")[0] or b"0", 16)
            body += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return body

    def do_POST(self):
        try:
            body = self.read_body()
            if self.path.startswith("/hooks/"):
                return self.hook(self.path.removeprefix("/hooks/"))
            if self.headers.get("Content-Encoding", "identity") != "identity":
                raise Refusal(415)
            if len(body) > MAX_BODY:
                raise Refusal(413)
            if not is_genuine(self.headers.get("Persona-Signature"), body):
                raise Refusal(401)
            event = parse(body)
            with STATE.lock:
                work(event)
            self.answer(200, b'{"received":true}', [("Content-Type", "application/json")])
        except Refusal as refusal:
            self.answer(refusal.status, b"refused")
        except ConnectionError:
            self.close_connection = True

    def do_GET(self):
        if self.path != "/oracle":
            return self.refuse()
        with STATE.lock:
            entries = {key: {"processed": value} for key, value in STATE.processed.items()}
            entries.update({key: {"status": value[1]} for key, value in STATE.objects.items()})
        self.answer(200, json.dumps(entries).encode())

    def refuse(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer(405, b"POST only", [("Allow", "POST")])

    do_HEAD = do_OPTIONS = do_PUT = do_DELETE = refuse

    def hook(self, name):
        with STATE.lock:
            what, _, change = name.rpartition("-")
            if change == "down":
                STATE.down.add(what)
            elif change == "up":
                STATE.down.discard(what)
            elif name == "unset-secret":
                STATE.secret = None
            elif name == "restart":
                STATE.secret = SECRET
                STATE.down.clear()
        self.answer(204)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
