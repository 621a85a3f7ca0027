import { describe, expect, test } from "vitest";
import { createAcorn, except, type Handler, rejection } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

// For mutation testing a few are enough: what fails with ten thousand for a fault in the code fails with them.
const MANY = process.env["STRYKER_MUTATOR_WORKER"] === undefined ? 10_000 : 50;
const API = "https://api.acorn.example";
const times = <T>(count: number, work: () => Promise<T>) => Promise.all(Array.from({ length: count }, work));
const ok = except(() => Response.json({}));
/** Answers the first login with a status, and everything else as it should be. */
const failingOnce = (status: number): Handler => {
  let failed = false;
  return (request, index) => {
    if (!request.url.endsWith("/login") || failed) return ok(request, index);
    failed = true;
    return Response.json({ why: "?" }, { status });
  };
};

describe("ten thousand callers", () => {
  test("on a cold cache make one token request, and one more at expiry", async () => {
    const { clock, advance } = createFakeClock();
    const { client, logins } = createAcorn(ok, { clock });
    expect(new Set(await times(MANY, () => client.getToken())).size).toBe(1);
    expect(logins()).toBe(1);
    advance(3_600_000);
    await times(MANY, () => client.getToken());
    expect(logins()).toBe(2);
  });

  test("of the authorised fetch make one token request", async () => {
    const { client, logins, seen } = createAcorn(ok);
    await times(MANY, () => client.fetch(`${API}/a`));
    expect([logins(), seen.length]).toEqual([1, MANY + 1]);
  });

  test("with an endpoint that answers 500 once make two requests, and nobody is rejected", async () => {
    const { client, logins } = createAcorn(failingOnce(500), { http: { backoffMs: 1 } });
    await times(MANY, () => client.getToken());
    expect(logins()).toBe(2);
  });

  test("without retries make one request, are rejected with one cause, and the next call succeeds", async () => {
    const { client, logins } = createAcorn(failingOnce(500), { http: { attempts: 1 } });
    const errors = await times(MANY, () => rejection(client.getToken()));
    expect([logins(), new Set(errors).size]).toEqual([1, 1]);
    await client.getToken();
    expect(logins()).toBe(2);
  });

  test("whose token was revoked make one exchange, and each call is replayed exactly once", async () => {
    let revoked = "none";
    const { client, logins, seen } = createAcorn(
      except(({ headers }) => new Response(null, { status: headers["authorization"] === revoked ? 401 : 200 })),
    );
    await client.fetch(`${API}/a`);
    revoked = "Bearer token-1";
    const responses = await times(MANY, () => client.fetch(`${API}/a`));
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    expect(logins()).toBe(2);
    expect(seen.length).toBe(2 * MANY + 3);
  });

  test("with refused credentials make no request in the next 30 s", async () => {
    const { clock, advance } = createFakeClock();
    const { client, seen } = createAcorn(() => Response.json({}, { status: 401 }), { clock });
    await rejection(client.getToken());
    advance(29_999);
    const errors = await times(MANY, () => rejection(client.getThing({ id: "1" })));
    expect(new Set(errors.map(({ code }) => code as unknown))).toEqual(new Set(["invalid_credentials"]));
    expect(seen.length).toBe(1);
    advance(1);
    await rejection(client.getToken());
    expect(seen.length).toBe(2);
  });

  test("told to wait make no request before that instant", async () => {
    const { clock, advance } = createFakeClock();
    const { client, seen } = createAcorn(() => Response.json({}, { status: 429, headers: { "Retry-After": "45" } }), {
      clock,
    });
    expect(await rejection(client.getToken())).toMatchObject({ code: "rate_limited", retryAfterMs: 45_000 });
    advance(44_999);
    const errors = await times(MANY, () => rejection(client.getToken()));
    expect(new Set(errors.map(({ code }) => code as unknown))).toEqual(new Set(["rate_limited"]));
    expect(seen.length).toBe(1);
    advance(1);
    await rejection(client.getToken());
    expect(seen.length).toBe(2);
  });
});

test("a vendor that asks for an hour is waited for a minute, so that nobody is locked out", async () => {
  const { clock, advance } = createFakeClock();
  const { client, seen } = createAcorn(() => Response.json({}, { status: 429, headers: { "Retry-After": "3600" } }), {
    clock,
  });
  await rejection(client.getToken());
  advance(59_999);
  await rejection(client.getToken());
  expect(seen.length).toBe(1);
  advance(1);
  await rejection(client.getToken());
  expect(seen.length).toBe(2);
});

test("a route that always answers 401 makes at most two exchanges for a thousand calls", async () => {
  const { client, logins } = createAcorn(except(() => new Response(null, { status: 401 })));
  for (let call = 0; call < 1000; call++) expect((await client.fetch(`${API}/a`)).status).toBe(401);
  expect(logins()).toBeLessThanOrEqual(2);
});

test("and is tried again with another token once the last replay is half a minute old", async () => {
  const { clock, advance } = createFakeClock();
  const { client, logins } = createAcorn(
    except(() => new Response(null, { status: 401 })),
    { clock },
  );
  await client.fetch(`${API}/a`);
  advance(29_999);
  await client.fetch(`${API}/a`);
  expect(logins()).toBe(2);
  advance(1);
  await client.fetch(`${API}/a`);
  expect(logins()).toBe(3);
});
