import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type Fault, MockError, type MockRequest, startMock } from "../src/index.ts";

const grove = fileURLToPath(new URL("grove.yaml", import.meta.url));
const mock = await startMock(grove, { protect: ["/v1/**"] });
afterAll(() => mock.stop());
beforeEach(() => mock.reset());
const logIn = (more: object = {}) =>
  fetch(`${mock.url}/session`, {
    method: "POST",
    redirect: "manual",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: "someone", password: "example-password", ...more }),
  });

describe("a fault", () => {
  test("of a status is answered as the spec documents it, as often as asked, and then no more", async () => {
    mock.fail("createSession", { status: 503, retryAfter: 2, times: 2 });
    for (let time = 0; time < 2; time++) {
      const response = await logIn();
      expect([response.status, response.headers.get("retry-after"), await response.json()]).toEqual([
        503,
        "2",
        { why: "busy" },
      ]);
    }
    expect((await logIn()).status).toBe(200);
  });

  test("of a status nobody documents has no body, or the one it was given", async () => {
    mock.fail("createSession", { status: 429, retryAfter: new Date("2030-01-01T00:00:00Z") });
    const bare = await logIn();
    expect([bare.status, await bare.text()]).toEqual([429, ""]);
    expect(bare.headers.get("retry-after")).toBe("Tue, 01 Jan 2030 00:00:00 GMT");
    mock.fail("createSession", { status: 418, body: { tea: true } });
    expect(await (await logIn()).json()).toEqual({ tea: true });
  });

  test.each(["reset", "resetInBody", "truncate", "oversize", "html", "garbage"] as const)(
    "beneath an answer is none that a client can read: %s",
    async (fault) => {
      mock.fail("createSession", { fault });
      const outcome = await logIn()
        .then((response) => response.text())
        .catch(() => "broken");
      const isWhole = outcome.startsWith("{") && outcome.endsWith("}") && outcome.length < 2 ** 20;
      expect(isWhole).toBe(false);
      expect((await logIn()).status).toBe(200);
    },
  );

  test.each([{ fault: "reset" }, { fault: "truncate" }, { status: 500 }, { redirect: "/elsewhere" }] satisfies Fault[])(
    "may lose the answer to a request that took effect: %j",
    async (fault) => {
      const token = (await (await logIn()).json()).data.token as string;
      const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
      const plant = () =>
        fetch(`${mock.url}/groves/a/trees`, { method: "POST", headers, body: '{"name":"oak"}', redirect: "manual" })
          .then((response) => response.text().then(() => response.status))
          .catch(() => 0);
      const planted = async () => (await (await fetch(`${mock.url}/groves/a/trees`, { headers })).json()).trees.length;
      mock.fail("plantTree", fault);
      expect(await plant()).not.toBe(201);
      expect(await planted()).toBe(0);
      mock.fail("plantTree", { ...fault, applied: true });
      expect(await plant()).not.toBe(201);
      expect(await planted()).toBe(1);
      expect(mock.requests.filter(({ fault }) => fault?.endsWith(", applied"))).toHaveLength(1);
    },
  );

  test("may hang until the mock stops", async () => {
    await using other = await startMock(grove);
    other.fail("*", { fault: "hang" });
    const call = fetch(`${other.url}/groves/a/trees`);
    const raced = await Promise.race([
      call.catch(() => "broken"),
      new Promise((resolve) => setTimeout(resolve, 50, "silent")),
    ]);
    expect(raced).toBe("silent");
    await other.stop();
    await expect(call).rejects.toThrow("fetch failed");
  });

  test.each([301, 302, 303, 307, 308] as const)("may be a redirect: %i", async (status) => {
    mock.fail("createSession", { redirect: "http://127.0.0.1:1/x", status });
    const { status: answered, headers } = await logIn();
    expect([answered, headers.get("location")]).toEqual([status, "http://127.0.0.1:1/x"]);
  });

  test("may be a late answer", async () => {
    mock.fail("createSession", { delayMs: 60 });
    const start = performance.now();
    expect((await logIn()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(50);
  });

  test("happens by chance, the same for the same seed", async () => {
    const run = async () => {
      await using seeded = await startMock(grove, { seed: 3 });
      seeded.fail("*", { status: 500, probability: 0.5 });
      const statuses = [];
      for (let time = 0; time < 20; time++) statuses.push((await fetch(`${seeded.url}/groves/a/trees`)).status);
      return statuses;
    };
    const statuses = await run();
    expect(new Set(statuses)).toEqual(new Set([500, 401]));
    expect(await run()).toEqual(statuses);
  });

  const impossible: [string, string, unknown, string][] = [
    [
      "an unknown operation",
      "logIn",
      { status: 500 },
      'there is no operation "logIn"; the operations are createSession',
    ],
    ["nothing", "*", {}, "it needs one of status, fault, redirect and delayMs"],
    ["a status that is none", "*", { status: 99 }, "99 is no status of an answer"],
    ["a fault that is none", "*", { fault: "explode" }, 'there is no "explode"; there are hang, reset'],
    ["a redirect with another status", "*", { redirect: "/x", status: 304 }, "a redirect's status is 301"],
    ["no time at all", "*", { status: 500, times: 0 }, "times has to be a whole number from 1 on"],
    ["more than certainty", "*", { status: 500, probability: 2 }, "probability has to be from 0 to 1"],
    ["two at once", "*", { status: 500, fault: "hang" }, "it needs one of"],
    ["a half-applied fault", "*", { status: 500, applied: "half" }, "applied has to be true or false"],
    ["a misspelt member", "*", { status: 500, time: 2 }, 'there is no "time"'],
    ["no object", "*", "hang", "it has to be an object"],
    ["a pause that is none", "*", { status: 503, retryAfter: "soon" }, "retryAfter has to be seconds, or a Date"],
    [
      "a pause without an end",
      "*",
      { status: 503, retryAfter: Number.POSITIVE_INFINITY },
      "retryAfter has to be seconds",
    ],
    [
      "an invalid date",
      "*",
      { status: 503, retryAfter: new Date(Number.NaN) },
      "retryAfter has to be seconds, or a Date",
    ],
    ["a delay into the past", "*", { delayMs: -1 }, "delayMs has to be 0 or more"],
  ];
  test.each(impossible)("that cannot be is refused: %s", (_, operationId, fault, message) => {
    expect(() => mock.fail(operationId, fault as Fault)).toThrow(MockError);
    expect(() => mock.fail(operationId, fault as Fault)).toThrow(message);
  });
});

describe("what happened", () => {
  test("is kept: the operation, the answer, what was wrong, and the fault", async () => {
    await logIn();
    mock.fail("createSession", { status: 503 });
    await logIn();
    mock.fail("createSession", { fault: "reset" });
    await logIn().catch(() => undefined);
    await fetch(`${mock.url}/session`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    await fetch(`${mock.url}/v1/x`);
    const brief = ({ method, path, operationId, status, fault }: MockRequest) => [
      method,
      path,
      operationId,
      status,
      fault,
    ];
    expect(mock.requests.map(brief)).toEqual([
      ["POST", "/session", "createSession", 200, undefined],
      ["POST", "/session", "createSession", 503, "status 503"],
      ["POST", "/session", "createSession", 0, "reset"],
      ["POST", "/session", "createSession", 422, undefined],
      ["GET", "/v1/x", undefined, 401, undefined],
    ]);
    expect(mock.requests.map(({ violations }) => violations.length)).toEqual([0, 0, 0, 2, 0]);
    expect(mock.requests[3]?.violations[0]).toContain("must have required property 'user'");
  });

  test("shows no secret, wherever it travelled", async () => {
    const { data } = (await (await logIn()).json()) as { data: { token: string } };
    await fetch(`${mock.url}/groves/${data.token}/trees?key=example-api-key`, {
      headers: { Authorization: `Bearer ${data.token}` },
    });
    await logIn({ password: "mistyped-password" });
    const shown = JSON.stringify(mock.requests);
    for (const secret of ["example-password", "mistyped-password", "example-api-key", data.token])
      expect(shown).not.toContain(secret);
    expect(mock.requests[0]?.body).toBe('{"user":"someone","password":"[masked]"}');
    expect(mock.requests[1]).toMatchObject({
      path: "/groves/[masked]/trees?key=[masked]",
      headers: { authorization: "[masked]" },
    });
  });
});

describe("odd requests", () => {
  test("are answered: a path that is none, a wrong percent sign, a body that is too large", async () => {
    const raw = (line: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(Number(new URL(mock.url).port), "127.0.0.1", () =>
          socket.end(`GET ${line} HTTP/1.1\r\nHost: a\r\n\r\n`),
        );
        socket.once("data", (chunk: Buffer) => resolve(chunk.toString().slice(9, 12)));
      });
    expect(await raw("//")).toBe("400");
    const { data } = (await (await logIn()).json()) as { data: { token: string } };
    const headers = { Authorization: `Bearer ${data.token}` };
    expect((await fetch(`${mock.url}/groves/a/trees/%E0`, { headers })).status).toBeGreaterThanOrEqual(400);
    const large = { method: "POST", headers: { "Content-Type": "application/json" }, body: "x".repeat(11 * 2 ** 20) };
    expect((await fetch(`${mock.url}/session`, large)).status).toBe(413);
  });

  test("are shown shortened and masked, however they are made", async () => {
    await logIn({ note: "a.".repeat(200_000) });
    expect(mock.requests[0]?.body.length).toBeLessThan(11_000);
    await fetch(`${mock.url}/session?a=x-mock-${"A".repeat(32)}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Copy": "example-password" },
      body: '{"password":"mistyped-password',
    });
    const shown = JSON.stringify(mock.requests[1]);
    for (const secret of ["example-password", "mistyped-password", "AAAA"]) expect(shown).not.toContain(secret);
  });

  test("of a browser that only asks meet no fault", async () => {
    mock.fail("*", { status: 503 });
    const ask = {
      method: "OPTIONS",
      headers: { Origin: "https://a.example", "Access-Control-Request-Method": "POST" },
    };
    expect((await fetch(`${mock.url}/session`, ask)).status).toBe(204);
    expect((await logIn()).status).toBe(503);
  });
});

test("a stopped mock says so", async () => {
  const stopped = await startMock(grove);
  await stopped.stop();
  await stopped.stop();
  for (const work of [() => stopped.fail("*", { status: 500 }), () => stopped.revokeTokens(), () => stopped.reset()])
    expect(work).toThrow("was stopped; start another");
});

test("a body that is not JSON, which Prism never answers, is answered with 400", async () => {
  const response = await fetch(`${mock.url}/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: '{"user":',
  });
  expect([response.status, response.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
  expect(await response.json()).toMatchObject({ title: "The body is not JSON" });
});

test("every answer takes as long as the latency says", async () => {
  await using slow = await startMock(grove, { latencyMs: 60 });
  const start = performance.now();
  await fetch(`${slow.url}/groves/a/trees`);
  expect(performance.now() - start).toBeGreaterThan(50);
});
