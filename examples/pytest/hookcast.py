"""A running `hookcast serve` for tests: copy this file, `import hookcast`, and use the fixture."""
import json
import os
import subprocess
import urllib.error
import urllib.request

COMMAND = os.environ.get("HOOKCAST_COMMAND", "npx hookcast").split()


class Hookcast:
    """One server; `with Hookcast() as hookcast:` stops it at the end."""

    def __enter__(self):
        self.process = subprocess.Popen([*COMMAND, "serve", "--port", "0", "--json"], stdout=subprocess.PIPE)
        self.url = json.loads(self.process.stdout.readline())["url"]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def call(self, method, path, body=None):
        """Returns the answer's JSON; raises with the server's explanation."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                content = answer.read()
                return json.loads(content) if "json" in answer.headers.get("Content-Type", "") else content
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["detail"]) from None

    def send(self, event, **options):
        return self.call("POST", "/v1/deliveries?wait=settled", {"event": event, **options})
