import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { type MockServer, startMocks } from "@org/mock-servers";
import {
  type Document,
  exampleCredentials,
  exampleInput,
  exchangesByScheme,
  operationsOf,
  readDocument,
} from "@org/mock-servers/examples";
import { type Reply, startFaultServer } from "@org/mock-servers/fault-server";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { primarySecurity } from "../src/emit/vendor.ts";
import { generate } from "../src/generate.ts";
import { modelOf } from "../src/spec/model.ts";
import { createWorkspace, fictionalSpecs, importPackage, VENDORS } from "./workspace.ts";

const names = Object.keys(fictionalSpecs);
const { root, remove } = createWorkspace(fictionalSpecs);
await generate(root);
const files = names.map((name) => join(VENDORS, `${name}.yaml`));
const mocks: MockServer[] = await startMocks(files);
afterAll(async () => {
  await Promise.all(mocks.map((mock) => mock.stop()));
  remove();
});

interface Client {
  getToken(options?: object): Promise<{ accessToken: string; expiresAt: number | null }>;
  [operationId: string]: (input?: object) => Promise<unknown>;
}

/** What the spec of a vendor says of its tokens, and a client against its mock. */
async function situationOf(name: string) {
  const index = names.indexOf(name);
  const mock = mocks[index] as MockServer;
  const document = await readDocument(files[index] as string);
  const model = modelOf(parse(readFileSync(files[index] as string, "utf8")));
  const primary = primarySecurity(model);
  const scheme = primary.find((each) => model.schemes.get(each)?.exchange) ?? primary[0] ?? "";
  const exchange = model.schemes.get(scheme)?.exchange;
  const guarded = model.operations.filter(({ security }) => security.includes(scheme));
  const { id = "" } = guarded.find(({ method }) => method === "get") ?? guarded[0] ?? {};
  const call = operationsOf(document).find(({ operationId }) => operationId === id);
  if (!call) throw new Error(`${name} has no operation with its own credentials`);
  const { create, isError } = await importPackage(root, name);
  const credentials = exampleCredentials(document);
  const createClient = (options: object = {}) =>
    create({ ...credentials, server: mock.url, clock: mock.clock, ...options } as never) as Client;
  const issuing = [exchange?.operationId, exchange?.refresh];
  return {
    ...{ mock, document, model, exchange, credentials, createClient, isError },
    call: (client: Client) => client[call.operationId]?.(exampleInput(call)),
    callId: call.operationId,
    /** The operations of the requests that were answered with a token of the scheme. */
    asked: () =>
      mock.requests.flatMap(({ operationId, status }) =>
        operationId && issuing.includes(operationId) && status < 300 ? operationId : [],
      ),
  };
}

const withTokens = names.filter((name) => /x-token-exchange|tokenUrl/.test(fictionalSpecs[name] ?? ""));
const withoutTokens = names.filter((name) => !withTokens.includes(name));
const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

beforeEach(() => {
  for (const mock of mocks) mock.reset();
});

describe.each(withTokens)("%s", async (name) => {
  const { mock, document, model, exchange, credentials, createClient, call, asked, isError } = await situationOf(name);
  const lifetimeMs = documentedLifetimeMs(document, exchange?.operationId ?? "");

  test("obtains one token for a hundred callers", async () => {
    const client = createClient();
    await Promise.all(Array.from({ length: 100 }, () => call(client)));
    expect(asked()).toEqual([exchange?.operationId]);
  });

  test("keeps it for as long as the spec says, and obtains another then", async () => {
    const client = createClient();
    const { accessToken, expiresAt } = await client.getToken();
    if (lifetimeMs === undefined) {
      expect(expiresAt).toBeNull();
      mock.clock.advance(10 * 365 * 86_400_000);
      expect((await client.getToken()).accessToken).toBe(accessToken);
      return;
    }
    expect(Math.abs(Number(expiresAt) - mock.clock.now() - lifetimeMs)).toBeLessThan(2000);
    mock.clock.advance(lifetimeMs * 0.65);
    await call(client);
    expect(asked()).toHaveLength(1);
    mock.clock.advance(lifetimeMs * 0.36);
    await call(client);
    expect(asked()).toHaveLength(2);
    expect((await client.getToken()).accessToken).not.toBe(accessToken);
  });

  test("replaces it after a 401, in the same call", async () => {
    const client = createClient();
    await call(client);
    mock.revokeTokens();
    await call(client);
    expect(asked()).toEqual([exchange?.operationId, exchange?.operationId]);
  });

  test("refuses wrong credentials once, and asks no more for a while", async () => {
    const keys = model.operations.flatMap(({ assertion }) => assertion?.privateKey ?? []);
    const wrong = Object.keys(credentials).filter((each) => !keys.includes(each));
    const client = createClient(Object.fromEntries(wrong.map((each) => [each, "wrong"])));
    const refusals = [1, 2, 3].map(async () => client.getToken().catch((error: unknown) => error));
    for (const refusal of await Promise.all(refusals))
      expect([isError(refusal), (refusal as { code: string }).code]).toEqual([true, "invalid_credentials"]);
    const before = mock.requests.length;
    await client.getToken().catch(() => undefined);
    expect(mock.requests).toHaveLength(before);
  });

  test.runIf(exchange?.refresh)(
    "refreshes it ahead of expiry, again and again, and logs in where that is refused",
    async () => {
      const client = createClient();
      const tokens = new Set([(await client.getToken()).accessToken]);
      for (let turn = 0; turn < 3; turn++) {
        mock.clock.advance(Number(lifetimeMs) * 0.9);
        await call(client);
        await settled();
        tokens.add((await client.getToken()).accessToken);
      }
      expect(asked()).toEqual([exchange?.operationId, ...Array(3).fill(exchange?.refresh)]);
      expect(tokens.size).toBe(4);
      const sent = mock.requests.filter(({ status }) => status >= 400);
      expect(sent).toEqual([]);
      mock.revokeTokens();
      mock.clock.advance(Number(lifetimeMs) * 0.9);
      await call(client);
      await settled();
      expect(asked().at(-1)).toBe(exchange?.operationId);
      await call(client);
    },
  );

  test.runIf(exchange?.refreshInput)("shares what refreshes it through a store", async () => {
    const entries = new Map<string, object>();
    const store = {
      get: (key: string) => entries.get(key),
      set: (key: string, token: object) => void entries.set(key, JSON.parse(JSON.stringify(token))),
      delete: (key: string) => void entries.delete(key),
    };
    await createClient({ store }).getToken();
    const next = createClient({ store });
    await next.getToken();
    mock.clock.advance(Number(lifetimeMs) * 0.9);
    await call(next);
    await settled();
    expect(asked()).toEqual([exchange?.operationId, exchange?.refresh]);
    expect(mock.requests.filter(({ status }) => status >= 400)).toEqual([]);
  });
});

describe.each(withoutTokens)("%s", async (name) => {
  const { mock, credentials, createClient, call, callId, isError } = await situationOf(name);

  test("sends its credentials with the very first call, and nothing before it", async () => {
    await call(createClient());
    expect(mock.requests.map(({ operationId }) => operationId)).toEqual([callId]);
  });

  test("is refused with wrong ones, each time", async () => {
    const client = createClient(Object.fromEntries(Object.keys(credentials).map((each) => [each, "wrong"])));
    for (const turn of [1, 2]) {
      const error = await call(client)?.catch((thrown: unknown) => thrown);
      expect([isError(error), (error as { status: number }).status]).toEqual([true, 401]);
      expect(mock.requests).toHaveLength(turn);
    }
  });
});

const UNITS_MS: Record<string, number> = { milliseconds: 1, minutes: 60_000, hours: 3_600_000 };
/** What a mock gives a token whose lifetime its document states by a date alone. */
const DATED_MS = 3_600_000;

/** What the document's own example and extension say of a token's lifetime; `undefined` where they say nothing. */
function documentedLifetimeMs(document: Document, operationId: string): number | undefined {
  const exchange = Object.values(exchangesByScheme(document)).find((each) => each.operationId === operationId);
  const { expiresIn = "", expiresInUnit = "", expiresAt, lifetime } = exchange ?? {};
  if (expiresAt !== undefined) return DATED_MS;
  const operation = operationsOf(document).find((each) => each.operationId === operationId);
  const [, success] = Object.entries(operation?.responses ?? {}).find(([status]) => status.startsWith("2")) ?? [];
  const [example] = Object.values(Object.values(success?.content ?? {})[0]?.examples ?? {});
  const keys = expiresIn.split("/").slice(1);
  const stated = Number(keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], example?.value));
  if (keys.length > 0 && stated > 0) return stated * (UNITS_MS[expiresInUnit] ?? 1000);
  const [, hours = 0, minutes = 0] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(lifetime ?? "PT0H") ?? [];
  return (Number(hours) * 60 + Number(minutes)) * 60_000 || undefined;
}

describe.each(names)("%s shows no secret", async (name) => {
  const { model, document, createClient, credentials } = await situationOf(name);
  const signing = new Set(model.operations.flatMap(({ assertion }) => assertion?.privateKey ?? []));
  const secrets = model.credentials.filter(({ secret }) => secret);
  const canaries = Object.fromEntries(
    secrets.map((each) => [each.name, signing.has(each.name) ? credentials[each.name] : `canary-${each.name}`]),
  );

  const answers: Record<string, (echo: object) => Reply> = {
    "an echo of the request in a 400": (echo) => ({ status: 400, json: echo }),
    "an echo of the request in a 401": (echo) => ({ status: 401, json: echo }),
    "an echo of the request in a 503": (echo) => ({ status: 503, json: echo }),
    "a success that is none": (echo) => ({ status: 200, json: { ...echo, token: "not a token" } }),
    "what is no JSON": (echo) => ({ status: 200, text: `<html>${JSON.stringify(echo)}` }),
    "a redirect": () => ({ status: 307, headers: { location: "http://127.0.0.1:9/elsewhere" } }),
  };
  test.each(Object.keys(answers))("after %s", async (what) => {
    const sent: string[] = [];
    await using server = await startFaultServer((request) => {
      sent.push(decodeURIComponent(request.path), request.body, JSON.stringify(request.headers));
      return answers[what]?.({ echo: { ...request, decoded: decodeURIComponent(request.path) } }) ?? {};
    });
    const seen: unknown[] = [];
    const http = { attempts: 2, backoffMs: 1, attemptTimeoutMs: 500 };
    const client = createClient({
      ...canaries,
      server: server.url,
      http,
      onEvent: (event: unknown) => seen.push(event),
    });
    const calls = operationsOf(document).filter(({ operationId }) => operationId in client);
    for (const operation of calls.slice(0, 5))
      seen.push(await failureOf(client[operation.operationId]?.(exampleInput(operation))));
    if ("getToken" in client) seen.push(await failureOf(client.getToken({ force: true })));
    const text = seen.map(visible).join("\n");
    const basic = sent.flatMap((each) => [...each.matchAll(/Basic ([\w+/=]+)/gi)].map(([, pair]) => String(pair)));
    const assertions = sent.flatMap((each) => each.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []);
    const forms = Object.values(canaries).flatMap((value) => [String(value), encodeURIComponent(String(value))]);
    const leaked = [...forms, ...basic, ...assertions].filter((each) => text.includes(each));
    expect(leaked).toEqual([]);
    // Every secret went somewhere, or the test would say nothing.
    if (what !== "a redirect" && secrets.length > signing.size)
      expect(sent.join("\n") + basic.map(atob)).toContain("canary-");
  });
});

/** What a call failed with; what it succeeds with is the vendor's own answer, for whoever asked. */
const failureOf = (call: Promise<unknown> | undefined) =>
  call?.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Everything a value shows. */
function visible(value: unknown): string {
  const body = value instanceof Error ? (value as { body?: unknown }).body : undefined;
  const shown = [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(value),
    JSON.stringify(body),
  ];
  if (value instanceof Error) shown.push(value.message, String(value.stack), inspect(value.cause), String(value));
  return shown.join("\n");
}
