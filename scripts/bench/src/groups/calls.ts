import { type Endpoint, STUBBED, startEndpoint } from "../endpoint.ts";
import type { Group, Row } from "../group.ts";
import { callsPerRound } from "../rounds.ts";
import { loadSubject, type SubjectName } from "../subjects/index.ts";

export const CALLERS = [
  "bare `fetch` with a fixed header",
  "`klavi.fetch`",
  "bare `fetch` with a `Request`",
  "`klavi.fetch` with a `Request`",
  "`klavi.client.GET`",
  "`klavi.refreshAccessToken`",
  "`smooch.listAppKeys`",
  "openapi-fetch with a middleware",
  "openapi-fetch with `AbortSignal.timeout`",
  "ky",
  "ofetch",
  "axios (fetch adapter)",
  "@octokit/request with its auth hook",
  "google-auth-library",
] as const satisfies SubjectName[];

const columns = { cpu: "CPU µs per call", wall: "wall µs per call" };

function rowOf(name: SubjectName, endpoint: () => Endpoint | Promise<Endpoint>): Row {
  return {
    name,
    async prepare() {
      const { call } = await loadSubject(name);
      if (!call) throw new Error(`${name} calls nothing`);
      return callsPerRound(call(await endpoint()));
    },
  };
}

let shared: Promise<Endpoint> | undefined;
/** One server for all rows of a process; it ends with it. */
function loopback(): Promise<Endpoint> {
  shared ??= startEndpoint().then(({ said }) => ({ url: said }));
  return shared;
}

/** Calls over loopback. */
export const calls: Group = {
  name: "calls over loopback",
  about:
    "One authorised GET after another, its answer of some 250 bytes read as JSON, from a server in another process. " +
    "Ours obtains its token once and asks its cache at each call; an operation method has its deadlines, retries and size limit on. " +
    "The rows with a `Request` send a small body, of which ours keeps a copy for a replay. " +
    "google-auth-library sends with node-fetch and Zendesk's client with `node:http`, as they do by themselves.",
  columns,
  rows: [...CALLERS, "sunshine-conversations-client" as const].map((name) => rowOf(name, loopback)),
  rounds: 40,
  processes: 3,
};

/** The same without a socket. */
export const stubbedCalls: Group = {
  name: "calls of a stubbed `fetch`",
  about:
    "The same with a `fetch` that answers at once, so that what is left is the client's own work. Zendesk's client takes no `fetch`.",
  columns,
  rows: CALLERS.map((name) => rowOf(name, () => STUBBED)),
  rounds: 12,
  processes: 3,
};
