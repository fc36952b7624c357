/** Test oracles without packages, by their files: each answers GET on port 3001 with what a function of the user's says. */
export const ORACLES: Readonly<Record<string, string>> = {
  'oracle.mjs': `// For tests only. Tells hookcast what your receiver has done with each event.
import { createServer } from 'node:http';

// Read it from your database: how often each event was processed, and the state of each object.
async function readState() {
  return {
    // 'evt_2CVZ4HyVg7qaboXz2PUHknAn': { processed: 1 },
    // 'inq_7HmRpYxLn4Qw9NvTzKdBgF3c': { status: 'approved' },
  };
}

createServer((request, response) => {
  readState().then(
    (state) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(state)),
    () => response.writeHead(500).end(),
  );
}).listen(Number(process.env.ORACLE_PORT ?? 3001), '127.0.0.1');
`,
  'oracle.py': `# For tests only. Tells hookcast what your receiver has done with each event.
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def read_state():
    """Read it from your database: how often each event was processed, and the state of each object."""
    return {
        # "evt_2CVZ4HyVg7qaboXz2PUHknAn": {"processed": 1},
        # "inq_7HmRpYxLn4Qw9NvTzKdBgF3c": {"status": "approved"},
    }


class Oracle(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(read_state()).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("ORACLE_PORT", "3001"))), Oracle).serve_forever()
`,
  'oracle.rb': `# For tests only. Tells hookcast what your receiver has done with each event.
require 'json'
require 'socket'

# Read it from your database: how often each event was processed, and the state of each object.
def read_state
  {
    # 'evt_2CVZ4HyVg7qaboXz2PUHknAn' => { processed: 1 },
    # 'inq_7HmRpYxLn4Qw9NvTzKdBgF3c' => { status: 'approved' },
  }
end

server = TCPServer.new('127.0.0.1', Integer(ENV.fetch('ORACLE_PORT', '3001')))
loop do
  client = server.accept
  until [nil, "\\r\\n"].include?(client.gets) do end
  body = JSON.generate(read_state)
  client.write "HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\n" \\
               "Content-Length: #{body.bytesize}\\r\\nConnection: close\\r\\n\\r\\n#{body}"
  client.close
end
`,
  'oracle.go': `// For tests only. Tells hookcast what your receiver has done with each event.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
)

type entry struct {
	Processed *int    \`json:"processed,omitempty"\`
	Status    *string \`json:"status,omitempty"\`
}

// readState reads from your database how often each event was processed, and the state of each object,
// by their ids: evt_… and inq_….
func readState() map[string]entry {
	return map[string]entry{}
}

func main() {
	port := os.Getenv("ORACLE_PORT")
	if port == "" {
		port = "3001"
	}
	http.HandleFunc("/", func(response http.ResponseWriter, _ *http.Request) {
		response.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(response).Encode(readState())
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
`,
  'oracle.php': `<?php
// For tests only. Tells hookcast what your receiver has done with each event.

// Read it from your database: how often each event was processed, and the state of each object.
function read_state(): array
{
    return [
        // 'evt_2CVZ4HyVg7qaboXz2PUHknAn' => ['processed' => 1],
        // 'inq_7HmRpYxLn4Qw9NvTzKdBgF3c' => ['status' => 'approved'],
    ];
}

header('Content-Type: application/json');
echo json_encode((object) read_state());
`,
  'Oracle.java': `// For tests only. Tells hookcast what your receiver has done with each event.
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

public class Oracle {
    // Read it from your database: how often each event was processed, and the state of each object, as
    // {"evt_2CVZ4HyVg7qaboXz2PUHknAn": {"processed": 1}, "inq_7HmRpYxLn4Qw9NvTzKdBgF3c": {"status": "approved"}}
    static String readState() {
        return "{}";
    }

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(System.getenv().getOrDefault("ORACLE_PORT", "3001"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", exchange -> {
            byte[] body = readState().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
`,
};
