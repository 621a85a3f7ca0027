import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { ConformanceCase, PackageUnderTest } from "./entries/conformance.ts";
import {
  type Document,
  exampleCredentials,
  exampleInput,
  exchangesByScheme,
  mainExchangeOf,
  type Operation,
  operationsOf,
} from "./entries/examples.ts";
import type { MockServer } from "./start-mock.ts";

interface Client {
  getToken(options?: object): Promise<{ accessToken: string; expiresAt: number | null }>;
  [operationId: string]: ((input?: object) => Promise<unknown>) | undefined;
}

/** A private key signs and is not sent, so a wrong one is refused before anything is. */
const isSigningKey = (value: unknown) => String(value).includes("PRIVATE KEY");

/** What is true of every client whatever its vendor: how its tokens live, what a refusal costs, and what no error shows. */
export function lifecycleCases(document: Document): ConformanceCase[] {
  const exchange = mainExchangeOf(document);
  const call = safeOperation(document);
  const cases = (names: Record<string, Work>) =>
    Object.entries(names).map(([name, work]): ConformanceCase => ({ name, run: runOf(document, work) }));
  const withCall = call ? { "a token that is refused is replaced in the same call": replaced(call) } : {};
  return exchange === undefined
    ? cases({
        ...(call && { "wrong credentials are refused, each time": refused(call) }),
        "no error shows a credential": hidden(call ?? operationsOf(document)[0]),
      })
    : cases({
        "a hundred callers share one token": shared(exchange),
        "a token is kept until it expires, and no longer": kept,
        ...withCall,
        "wrong credentials are refused once, and not tried again for a while": refusedOnce,
        "no error shows a credential": hidden(call),
      });
}

/** Other credentials of the same form: an address stays an address. */
function wrongOnes(credentials: Record<string, unknown>): Record<string, unknown> {
  const sent = Object.entries(credentials).filter(([, value]) => !isSigningKey(value));
  return Object.fromEntries(sent.map(([name, value]) => [name, `${value}x`]));
}

interface Situation {
  mock: MockServer;
  underTest: PackageUnderTest;
  credentials: Record<string, unknown>;
  connect(options?: object): Client;
  /** How many requests its clients have sent. */
  sent(): number;
}
type Work = (situation: Situation) => Promise<void>;

function runOf(document: Document, work: Work): ConformanceCase["run"] {
  return async (mock, underTest) => {
    mock.reset();
    const credentials = exampleCredentials(document);
    let requests = 0;
    const counted: typeof fetch = (...args) => {
      requests++;
      return fetch(...args);
    };
    const always = { server: mock.url, clock: mock.clock, fetch: counted };
    const connect = (options = {}) => underTest.create({ ...credentials, ...always, ...options } as never) as Client;
    await work({ mock, underTest, credentials, connect, sent: () => requests });
  };
}

/** An operation that needs the client's own credential, its token if it has one, and changes nothing: neither a key, nor a token. */
function safeOperation(document: Document): Operation | undefined {
  const exchanges = exchangesByScheme(document);
  const issuing = Object.values(exchanges).flatMap(({ operationId, refresh }) => [operationId, refresh?.operationId]);
  const main = Object.keys(exchanges).filter((name) => exchanges[name]?.operationId === mainExchangeOf(document));
  return operationsOf(document).find(({ method, operationId, security = document.security ?? [] }) => {
    const names = security.flatMap((each) => Object.keys(each));
    const isOwn = main.length > 0 ? names.some((name) => main.includes(name)) : names.length > 0;
    return method === "get" && isOwn && !issuing.includes(operationId);
  });
}

/** How many tokens a mock has issued, once it has noted all that was sent to it: it does so when it has answered. */
async function issued({ mock, sent }: Situation, exchange: string): Promise<number> {
  while (mock.requests.length < sent()) await new Promise((resolve) => setTimeout(resolve, 1));
  return mock.requests.filter(({ operationId, status }) => operationId === exchange && status < 300).length;
}

const shared =
  (exchange: string): Work =>
  async (situation) => {
    const client = situation.connect();
    const tokens = await Promise.all(Array.from({ length: 100 }, () => client.getToken()));
    assert.equal(new Set(tokens.map(({ accessToken }) => accessToken)).size, 1);
    assert.equal(await issued(situation, exchange), 1);
  };

const kept: Work = async ({ mock, connect }) => {
  const client = connect();
  const { accessToken, expiresAt } = await client.getToken();
  if (expiresAt === null) mock.clock.advance(365 * 86_400_000);
  assert.equal((await client.getToken()).accessToken, accessToken);
  if (expiresAt === null) return;
  mock.clock.advance(expiresAt - mock.clock.now() + 1);
  assert.notEqual((await client.getToken()).accessToken, accessToken);
};

const replaced =
  (call: Operation): Work =>
  async ({ mock, connect }) => {
    const client = connect();
    await client[call.operationId]?.(exampleInput(call));
    const { accessToken } = await client.getToken();
    mock.revokeTokens();
    await client[call.operationId]?.(exampleInput(call));
    assert.notEqual((await client.getToken()).accessToken, accessToken);
  };

const refusedOnce: Work = async ({ underTest, credentials, connect, sent }) => {
  const client = connect(wrongOnes(credentials));
  const error = await failureOf(client.getToken());
  assert.ok(underTest.isError(error), inspect(error));
  const asked = sent();
  await failureOf(client.getToken());
  assert.equal(sent(), asked);
};

const refused =
  (call: Operation): Work =>
  async ({ underTest, credentials, connect, sent }) => {
    const client = connect(wrongOnes(credentials));
    for (const turn of [1, 2]) {
      const error = await failureOf(client[call.operationId]?.(exampleInput(call)));
      assert.ok(underTest.isError(error) && Object(error).status === 401, inspect(error));
      assert.equal(sent(), turn);
    }
  };

const hidden =
  (call: Operation | undefined): Work =>
  async ({ mock, credentials, connect, sent }) => {
    const names = Object.entries(credentials).flatMap(([name, value]) => (isSigningKey(value) ? [] : [name]));
    const canaries = Object.fromEntries(names.map((name) => [name, `canary-of-${name}`]));
    const events: unknown[] = [];
    const client = connect({ ...canaries, onEvent: (event: unknown) => events.push(event) });
    mock.fail("*", { status: 503, times: 1 });
    const work = call ? client[call.operationId]?.(exampleInput(call)) : client["getToken"]?.();
    const shown = [await failureOf(work), ...events].map(visible).join("\n");
    const forms = Object.values(canaries).flatMap((value) => [value, btoa(value), encodeURIComponent(value)]);
    assert.deepEqual(
      forms.filter((each) => shown.includes(each)),
      [],
    );
    assert.ok(sent() > 0, "something was sent");
  };

async function failureOf(call: Promise<unknown> | undefined): Promise<unknown> {
  return call?.then(
    () => new Error("the call succeeded"),
    (error: unknown) => error,
  );
}

/** Everything a value shows. */
function visible(value: unknown): string {
  const { message, stack, cause, body } = Object(value) as Record<string, unknown>;
  return [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    ...[value, body].map((each) => JSON.stringify(each)),
    ...[message, stack, inspect(cause), value].map(String),
  ].join("\n");
}
