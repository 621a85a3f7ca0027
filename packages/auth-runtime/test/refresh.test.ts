import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { StoredToken } from "../src/index.ts";
import { rejection } from "./acorn.ts";
import { createBeech, LIFETIME_MS } from "./beech.ts";

const issue = (more: object) => Response.json({ expires_in: LIFETIME_MS / 1000, ...more });
const password = { grant_type: "password", client: "someone", secret: "example-secret" };
const renewal = (token: string) => ({ ...password, grant_type: "refresh_token", refresh_token: token });

describe("a refresh token", () => {
  test("renews the token ahead of expiry, and another one takes its place", async () => {
    const { logins, later } = createBeech(() => undefined);
    await later();
    await later();
    await later();
    expect(logins).toEqual([password, renewal("refresh-1"), renewal("refresh-2")]);
  });

  test("stays where the answer brings no other", async () => {
    const { logins, later } = createBeech((_, n) => (n > 1 ? issue({ token: `token-${n}` }) : undefined));
    await later();
    await later();
    await later();
    expect(logins.slice(1)).toEqual([renewal("refresh-1"), renewal("refresh-1")]);
  });

  test("is not needed: where there is none, the credentials are exchanged", async () => {
    const { logins, later } = createBeech((_, n) => (n > 0 ? issue({ token: `token-${n}` }) : undefined));
    await later();
    await later();
    expect(logins).toEqual([password, password]);
  });

  test.each([400, 401, 403, 429, 500])(
    "that is answered %i is followed by an exchange in the same flight",
    async (status) => {
      const { client, logins, later } = createBeech((_, n) => (n === 2 ? Response.json({}, { status }) : undefined));
      await later();
      await later();
      expect(logins).toEqual([password, renewal("refresh-1"), password]);
      expect((await client.getToken()).accessToken).toBe("token-3");
    },
  );

  test("is not used after its token was invalidated, or has expired", async () => {
    const { client, logins, clock } = createBeech(() => undefined);
    client.invalidate(await client.getToken());
    await client.getToken();
    const { now } = clock;
    clock.now = () => now() + LIFETIME_MS;
    await client.getToken();
    expect(logins).toEqual([password, password, password]);
  });

  test("is kept with the token in a store, and serves the next process", async () => {
    const kept = new Map<string, StoredToken>();
    const store = {
      get: (key: string) => kept.get(key),
      set: (key: string, token: StoredToken) => void kept.set(key, token),
      delete: (key: string) => void kept.delete(key),
    };
    const first = createBeech(() => undefined, { store });
    await first.client.getToken();
    const another = (_: unknown, n: number) => (n > 0 ? issue({ token: `another-${n}` }) : undefined);
    const second = createBeech(another, { store, clock: first.clock });
    await second.client.getToken();
    expect(second.logins).toEqual([]);
    const { now, monotonic } = first.clock;
    Object.assign(first.clock, { now: () => now() + 540_000, monotonic: () => monotonic() + 540_000 });
    await second.client.getToken();
    for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(second.logins).toEqual([renewal("refresh-1")]);
    expect([...kept.keys()].join()).not.toContain("refresh-1");
  });

  test("that cannot be read from the store is followed by an exchange", async () => {
    const { clock } = createBeech(() => undefined);
    const unreadable = Object.defineProperty({}, "refresh_token", {
      enumerable: true,
      get: () => {
        throw new Error("the row is gone");
      },
    });
    for (const more of [unreadable, "text", 1, [], { refresh_token: 1 }, { unknown: "x" }]) {
      const stored = { accessToken: "stored", issuedAt: clock.now(), expiresAt: clock.now() + LIFETIME_MS, more };
      const store = { get: () => stored, set: () => undefined, delete: () => undefined };
      const { client, logins, later } = createBeech(() => undefined, { store });
      expect((await client.getToken()).accessToken).toBe("stored");
      await later();
      expect(logins.at(-1)).toBeDefined();
      expect((await client.getToken()).accessToken).toBe(`token-${logins.length}`);
    }
  });

  test("shows nowhere, whoever echoes it: another operation, the refusal of a refresh, an event", async () => {
    const events: unknown[] = [];
    const echo = (request: unknown) => Response.json({ request, known: ["refresh-1", "refresh-2"] }, { status: 404 });
    const { client, later } = createBeech((request, n) => (n === 0 || n === 3 ? echo(request) : undefined), {
      onEvent: (event: unknown) => events.push(event),
    });
    await later();
    await later();
    const error = await rejection(client.getThing());
    await later();
    const text = [error, error["body"], error.stack, ...events]
      .map((each) => inspect(each, { depth: 9, showHidden: true }))
      .join();
    expect(text).not.toMatch(/refresh-\d/);
    expect(JSON.stringify(error["body"])).toContain('"known":["[redacted]","[redacted]"]');
    expect(events).toContainEqual(expect.objectContaining({ type: "token.refresh_fell_back" }));
  });
});

describe("tokens of a host of their own", () => {
  test("come from the one that goes with the server", async () => {
    for (const [server, login, api] of [
      ["main", "https://login.beech.example/auth/token", "https://api.beech.example/v1/thing"],
      ["other", "https://login.other.example/token", "https://other.beech.example/thing"],
      ["http://127.0.0.1:9/mock", "http://127.0.0.1:9/mock/token", "http://127.0.0.1:9/mock/thing"],
    ]) {
      const { client, seen } = createBeech(() => undefined, { server });
      await client.getThing();
      expect(seen.map(({ url }) => url)).toEqual([login, api]);
    }
  });

  test("leave the allowed origins as they were but for that host, and its options checked as ever", async () => {
    const { client } = createBeech(() => undefined, { origins: ["https://more.example"] });
    for (const origin of ["https://more.example", "https://login.beech.example"]) await client.fetch(`${origin}/a`);
    expect(await rejection(client.fetch("https://login.other.example/a"))).toMatchObject({
      code: "origin_not_allowed",
    });
    expect(() => createBeech(() => undefined, { origins: "x" })).toThrow("origins has to be a list");
    expect(() => createBeech(() => undefined, { server: "nowhere" })).toThrow("server has to be one of main, other");
  });
});
