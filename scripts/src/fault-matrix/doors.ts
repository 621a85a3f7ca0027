import type { Fault } from "./fault.ts";
import { ATTEMPTS, RESOURCE, type Situation } from "./situation.ts";
import { inputOf, isIssuing, isSentOnce, type Operation, type Subject } from "./subject.ts";

/** A way into a client, and what its caller may rely on. */
export interface Door {
  readonly name: string;
  /** The operation whose answers the fault is in, or {@link RESOURCE}. */
  readonly target: string;
  /** How many requests meet the fault. Default: all. */
  readonly meets?: number;
  /** The call has to end by this: the client's own deadline, or its caller's signal. */
  readonly endsBy: "deadline" | "signal";
  /** It follows redirects, as fetch does. */
  readonly follows?: true;
  /** How often a request of it goes out at the most, unless another token may help. */
  readonly attempts: number;
  /** Whatever the fault, it succeeds: a token that is good is there, or another way to one. */
  readonly isServed?: boolean;
  prepare?(situation: Situation): Promise<void>;
  call(situation: Situation): Promise<unknown>;
}

/** Older than anything a client may hold back for, such as a token that is not known everywhere yet. */
const SETTLED_MS = 3000;

/** Every door of a package: what its vendor has decides which there are. */
export function doorsOf(subject: Subject): Door[] {
  const { vendor } = subject;
  const operations = Object.entries(vendor.operations);
  const kinds = new Map(
    operations.map(([id, { role = "", method }]) => [`${role} ${method}`, id]).reverse() as [string, string][],
  );
  const tried = operations.filter(([id]) => [...kinds.values()].includes(id));
  return [
    ...tokenDoors(subject),
    ...tried.map(([id, operation]) => operationDoor(subject, id, operation)),
    ...tried.map(([id, operation]) => clientDoor(subject, id, operation)),
    fetchDoor("GET"),
    fetchDoor("POST"),
  ];
}

/** Whether a fault can happen behind a door. */
export function isPossible(subject: Subject, { target }: Door, { issuing }: Fault): boolean {
  return !issuing || isIssuing(subject, target);
}

function tokenDoors({ exchange }: Subject): Door[] {
  if (!exchange) return [];
  const { operationId, refresh } = exchange;
  const renewing = refresh ?? operationId;
  // Where one operation does both, only the request that refreshes meets the fault.
  const only = refresh === operationId ? { meets: 1 } : {};
  const call = (situation: Situation) => situation.token();
  return [
    { name: "exchange", target: operationId, endsBy: "deadline", attempts: ATTEMPTS, call },
    {
      name: "exchange before fetch",
      target: operationId,
      endsBy: "signal",
      attempts: ATTEMPTS,
      call: ({ client, server, signal }) => readResponse(client.fetch(server.origin + RESOURCE, { signal })),
    },
    {
      name: "refresh",
      target: renewing,
      endsBy: "deadline",
      // A refresh is an optimisation, and not worth a second try.
      attempts: refresh ? 1 : ATTEMPTS,
      ...only,
      isServed: refresh !== undefined,
      prepare: (situation) => ageToken(situation, 0.02, 5000),
      call,
    },
    {
      name: "refresh in the background",
      target: renewing,
      endsBy: "deadline",
      // A refresh is an optimisation, and not worth a second try.
      attempts: refresh ? 1 : ATTEMPTS,
      ...only,
      isServed: true,
      prepare: (situation) => ageToken(situation, 0.1, 200_000),
      async call(situation) {
        const token = await situation.token();
        await Promise.all(situation.background);
        return token;
      },
    },
  ];
}

/** Obtains a token and lets time pass until this little of its life is left. */
async function ageToken(situation: Situation, share: number, mostMs: number): Promise<void> {
  const { expiresAt } = await situation.token();
  const leftMs = Number(expiresAt) - situation.now();
  situation.advance(leftMs - Math.min(mostMs, leftMs * share));
}

async function obtainToken(situation: Situation): Promise<void> {
  if (situation.subject.exchange) await situation.token();
  situation.advance(SETTLED_MS);
}

function operationDoor(subject: Subject, target: string, operation: Operation): Door {
  return {
    name: `operation ${target}`,
    target,
    endsBy: "deadline",
    attempts: isSentOnce(operation) ? 1 : ATTEMPTS,
    prepare: obtainToken,
    async call({ client, credentials, signal }) {
      return client[target]?.(inputOf(subject, target, credentials), { signal });
    },
  };
}

function clientDoor(subject: Subject, target: string, operation: Operation): Door {
  return {
    name: `client ${target}`,
    target,
    endsBy: "signal",
    attempts: 1,
    prepare: obtainToken,
    async call({ client, credentials, signal }) {
      const { method, path, input: places = {} } = operation;
      const at = (place: string) =>
        Object.fromEntries(
          Object.entries(inputOf(subject, target, credentials)).filter(([name]) => places[name] === place),
        );
      const params = { path: at("path"), query: at("query"), header: at("header") };
      const body = Object.values(places).includes("member") ? at("member") : Object.values(at("body"))[0];
      return client.client[method]?.(path, { params, ...(body !== undefined && { body }), signal });
    },
  };
}

function fetchDoor(method: string): Door {
  return {
    name: `fetch ${method}`,
    target: RESOURCE,
    endsBy: "signal",
    follows: true,
    attempts: 1,
    prepare: obtainToken,
    call({ client, server, signal }) {
      const body = method === "POST" ? { body: '{"amount":1}' } : {};
      return readResponse(client.fetch(server.origin + RESOURCE, { method, signal, ...body }));
    },
  };
}

/** A response after its body was read, or failed to be: what a body fails with is the platform's. */
async function readResponse(call: Promise<Response>): Promise<Response> {
  const response = await call;
  await response.arrayBuffer().catch(() => undefined);
  return response;
}
