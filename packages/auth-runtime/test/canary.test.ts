import { inspect } from "node:util";
import { type Fault, type Reply, startFaultServer } from "@org/mock-servers/fault-server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createVendorClient, type StoredToken } from "../src/index.ts";
import { type Acorn, acorn } from "./acorn.ts";

const CANARIES = { password: "canary-Pässword-'\"\\&%", apiKey: "canary-api-key", token: "canary-token" };
const options = { user: "someone", password: CANARIES.password, apiKey: CANARIES.apiKey };
const canaries = Object.values(CANARIES).flatMap((secret) => {
  const basic = Buffer.from(`someone:${secret}`).toString("base64");
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), basic];
});

/** Everything a value shows: enumerable or not, however deep, as text, JSON, and through a copy. */
function visible(value: unknown): string {
  const shown = [inspect(value, { depth: 20, showHidden: true, getters: true }), String(value)];
  if (value instanceof Error)
    shown.push(
      value.message,
      String(value.stack),
      visible(value.cause),
      JSON.stringify((value as { body?: unknown }).body) ?? "",
    );
  shown.push(JSON.stringify(value) ?? "", JSON.stringify({ ...(value as object) }) ?? "");
  return shown.join("\n");
}

/** Each secret that shows, with what stands around it. */
function leaksIn(text: string): string[] {
  return canaries.flatMap((canary) => {
    const at = text.indexOf(canary);
    return at < 0 ? [] : [text.slice(Math.max(0, at - 60), at + 60)];
  });
}

/** What a vendor can know of a client before it issued a token: an echo of anything else is no secret of the client's. */
const known = [CANARIES.password, CANARIES.apiKey].flatMap((secret) => [secret, encodeURIComponent(secret)]);

// What a vendor may answer, echoes of the request among it; every operation gets each of them.
const echo =
  (status: number) =>
  (request: { headers: object; body: string; path: string }): Reply => ({
    status,
    json: {
      token: "bad token",
      echo: { ...request, plain: known, decoded: decodeURIComponent(request.path) },
    },
  });
const answers: Record<string, (request: { headers: object; body: string; path: string }) => Reply | Fault> = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 418, 429, 500, 503].map((status) => [`${status} with an echo`, echo(status)]),
  ),
  "200 with an echo": echo(200),
  "HTML with an echo": ({ body }) => ({
    status: 502,
    text: `<html>${body}${known}`,
    headers: { "content-type": "text/html" },
  }),
  "broken JSON with an echo": ({ body }) => ({
    text: `{"token":"${CANARIES.token}",${body}`,
    headers: { "content-type": "application/json" },
  }),
  "a redirect": ({ path }) => ({ status: 307, headers: { location: `http://127.0.0.1:9${path}` } }),
  ...Object.fromEntries(
    (["reset", "resetInBody", "truncate", "hang", "oversize"] as Fault[]).map((fault) => [fault, () => fault]),
  ),
};
const inputs: Record<string, object> = {
  getThing: { id: "1" },
  putThing: { id: "1", body: { secret: "x" } },
  openThing: { name: "x" },
  store: { body: { pin: CANARIES.apiKey } },
  logIn: { user: "someone", password: CANARIES.password },
};
// By enumeration: an operation added to the fixture, or a member added to the client, is covered without anyone remembering.
const members = ["getToken", "fetch", ...Object.keys(acorn.operations)];

const written: string[] = [];
beforeEach(() => {
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...args) => void written.push(args.map(visible).join(" ")));
  }
});
afterEach(() => vi.restoreAllMocks());

describe.each(Object.keys(answers))("after %s", (answer) => {
  test.each(members)("%s shows no secret in errors, events, logs or cache keys", async (member) => {
    await using server = await startFaultServer((request) =>
      request.path === "/login" && member !== "logIn" && member !== "getToken"
        ? { json: { token: CANARIES.token, expiresIn: 3600 } }
        : (answers[answer]?.(request) ?? {}),
    );
    const seen: unknown[] = [];
    const kept = new Map<string, StoredToken>();
    const client = createVendorClient<Acorn & Record<string, (input?: unknown) => Promise<unknown>>>(acorn, {
      ...{ ...options, server: server.url },
      http: { attempts: 2, attemptTimeoutMs: 60, backoffMs: 1 },
      onEvent: (event: unknown) => seen.push(event),
      store: {
        get: (key: string) => void seen.push(key) as undefined,
        set: (key: string, token: StoredToken) => void kept.set(key, token),
        delete: (key: string) => void seen.push(key),
      },
    });
    const hurried = (path: string) => client.fetch(`${server.url}${path}`, { signal: AbortSignal.timeout(200) });
    await (member === "fetch" ? hurried("/a") : client[member]?.(inputs[member] as never))?.catch((error: unknown) => {
      // What fetch itself throws is the platform's, and holds no credential either.
      seen.push(error);
    });
    seen.push(client, [...kept.keys()], process.argv);
    const text = [...seen.map(visible), ...written].join("\n");
    expect(leaksIn(text)).toEqual([]);
  });
});

test("a client shows nothing of its options", () => {
  const client = createVendorClient<Acorn>(acorn, { ...options, server: "main" });
  const text =
    visible(client) +
    Object.values(client)
      .map((member) => visible(member))
      .join("\n");
  expect(leaksIn(text)).toEqual([]);
  expect(() => structuredClone(client)).toThrow();
});
