// Sends the same POST so many times over 8 connections: node bench/lib/post.js <url> <count> <body>
import { Agent, request } from 'node:http';

const [url, count, body] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
let left = count;

function postOne() {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      if (response.statusCode >= 300) reject(new Error(`status ${response.statusCode}`));
      response.resume().on('end', resolve);
    });
    sent.on('error', reject).end(body);
  });
}

async function postSome() {
  while (left > 0) {
    left -= 1;
    await postOne();
  }
}

await Promise.all(Array.from({ length: 8 }, postSome));
agent.destroy();
