import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ANSWER } from "./endpoint.ts";

// The server of the rows that go over loopback, in a process of its own so that its CPU time is not theirs.
const delayMs = Number(process.argv[2] ?? 0);
const body = JSON.stringify(ANSWER);
let requests = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  requests++;
  request.resume();
  const headers = { "content-type": "application/json", "content-length": body.length };
  const answer = () => void response.writeHead(200, headers).end(body);
  if (delayMs > 0) setTimeout(answer, delayMs);
  else answer();
});
server.listen(0, "127.0.0.1", 16_384, () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on("message", () => process.send?.(requests));
process.on("disconnect", () => process.exit());
