import { describe, expect, test } from "vitest";
import { tokens } from "../src/features.ts";
import { type BearerAuth, createVendorClient, isVendorError } from "../src/index.ts";
import { rejection } from "./acorn.ts";
import { type Brought, connect, vendor } from "./brought.ts";

describe("auth takes the place of the credentials, for every call that needs any", () => {
  const sources: [string, BearerAuth][] = [
    ["a bearer token", "example-token"],
    ["what gives tokens", { getToken: () => ({ accessToken: "example-token" }) }],
    ["what gives them later", { getToken: async () => ({ accessToken: "example-token", expiresAt: 1 }) }],
  ];
  test.each(sources)("%s", async (_, auth) => {
    const { client, sent } = connect({ auth });
    await client.read();
    await client.client.GET("/read");
    await client.fetch("https://brought.example/anything");
    await client.open();
    expect(sent).toEqual([...Array(3).fill("Bearer example-token"), null]);
    expect("getToken" in client).toBe(false);
  });

  test("also beside credentials that are spelt out as undefined, as the types allow", async () => {
    const { client, sent } = connect({ auth: "example-token", id: undefined, secret: undefined });
    await client.read();
    expect(sent).toEqual(["Bearer example-token"]);
  });

  test("credentials work as ever", async () => {
    const { client, sent } = connect({ id: "me", secret: "example-secret", auth: undefined });
    await client.read();
    expect(sent).toEqual([`Basic ${btoa("me:example-secret")}`]);
  });
});

describe("a wrong combination is refused at the door, with the reason", () => {
  const both = "auth takes the place of id and secret; give one or the other, not both";
  const wrong: [string, unknown, string][] = [
    ["nothing", {}, "give id and secret, or auth"],
    ["half of the credentials", { id: "me" }, "secret is missing"],
    ["auth beside all credentials", { auth: "token", id: "me", secret: "example-secret" }, both],
    ["auth beside one of them", { auth: "token", id: "me" }, both],
    ["auth that is null", { auth: null }, "auth has to be a bearer token, or have the function getToken"],
    ["a number", { auth: 1 }, "auth has to be a bearer token, or have the function getToken"],
    ["no source", { auth: { token: "token" } }, "auth has to be a bearer token, or have the function getToken"],
    ["an empty token", { auth: "" }, "auth has to be a string, not empty"],
    ["the header's value", { auth: "Bearer token" }, "auth has to be made of characters a header can carry"],
    ["a line break", { auth: "token\r\nX-Evil: 1" }, "auth has to be made of characters a header can carry"],
    [
      "a misspelt auth",
      { id: "me", secret: "s", oauth: "token" },
      'there is no option "oauth"; the options are id, secret, auth',
    ],
    ["a misspelt option", { auth: "token", timeout: 1 }, 'there is no option "timeout"; the options are auth'],
    ["no options", undefined, "options have to be an object"],
  ];
  test.each(wrong)("%s", (_, options, message) => {
    const create = () => createVendorClient<Brought>(vendor, options as object);
    expect(create).toThrow(
      expect.objectContaining({
        code: "invalid_options",
        message: expect.stringContaining(`[@test/brought] ${message}`),
      }),
    );
  });
});

describe("a source of the user's", () => {
  const refused = () => new Response(null, { status: 401 });
  /** Gives token-1, token-2 … and notes what it is told. */
  const counting = () => {
    let issued = 1;
    const invalidated: unknown[] = [];
    const invalidate = (token: unknown) => {
      invalidated.push(token);
      issued++;
    };
    return { auth: { getToken: () => ({ accessToken: `token-${issued}` }), invalidate }, invalidated };
  };

  test("is told of a 401 and asked again, once", async () => {
    const { auth, invalidated } = counting();
    const { client, sent } = connect({ auth }, (index) => (index === 0 ? refused() : Response.json({ ok: true })));
    expect(await client.read()).toEqual({ ok: true });
    expect(sent).toEqual(["Bearer token-1", "Bearer token-2"]);
    expect(invalidated).toEqual([{ accessToken: "token-1", expiresAt: null }]);
  });

  test("a route that always answers 401 does not have it make tokens without end", async () => {
    const { auth, invalidated } = counting();
    const { client } = connect({ auth }, refused);
    for (let call = 0; call < 100; call++) expect(await rejection(client.read())).toMatchObject({ status: 401 });
    expect(invalidated).toHaveLength(1);
  });

  test("its tokens are secrets: an echo of one is replaced", async () => {
    const echo = (_: number, authorization: string) => Response.json({ authorization }, { status: 400 });
    const { client } = connect({ auth: counting().auth }, echo);
    expect(await rejection(client.read())).toMatchObject({ body: { authorization: "Bearer [redacted]" } });
    const { client: withToken } = connect({ auth: "example-token" }, echo);
    expect(await rejection(withToken.read())).toMatchObject({ body: { authorization: "Bearer [redacted]" } });
  });

  test("may be another client: what that throws arrives as it is", async () => {
    const other = createVendorClient<Brought>({ ...vendor, features: { ...vendor.features, tokens } }, { auth: "x" });
    const auth = { getToken: () => other.fetch("https://elsewhere.example") as never };
    const error = await rejection(connect({ auth }).client.read());
    expect(isVendorError(error) && error.code).toBe("origin_not_allowed");
  });

  test("that has no other token than the refused one is not asked to send it again", async () => {
    const events: unknown[] = [];
    const auth = { getToken: () => ({ accessToken: "the-only-one" }) };
    const sent: unknown[] = [];
    const fetch = async (input: unknown) => {
      sent.push(input);
      return new Response(null, { status: 401 });
    };
    const { client } = connect({ auth, fetch, onEvent: (event: unknown) => events.push(event) });
    expect((await client.fetch("https://brought.example/a")).status).toBe(401);
    expect(sent).toHaveLength(1);
    expect(events).toEqual([{ type: "request.not_replayed", reason: "token" }]);
  });

  test("that gives up with its caller does not look like a failure", async () => {
    const getToken = ({ signal }: { signal?: AbortSignal | undefined } = {}) =>
      new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    const { client } = connect({ auth: { getToken } });
    const controller = new AbortController();
    const call = client.fetch("https://brought.example/a", { signal: controller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect(await rejection(call)).toBe(controller.signal.reason);
  });

  const throwing = () => {
    throw new Error("canary");
  };
  test.each([
    ["throws", throwing],
    ["rejects", () => Promise.reject(new Error("canary"))],
  ])("whose invalidate %s changes nothing of the answer", async (_, invalidate) => {
    const auth = { getToken: () => ({ accessToken: "example-token" }), invalidate };
    const { client } = connect({ auth }, refused);
    expect(await rejection(client.read())).toMatchObject({ status: 401 });
    expect((await client.fetch("https://brought.example/a")).status).toBe(401);
  });

  test("that hangs and knows no signal ends with its caller", async () => {
    const { client, sent } = connect({ auth: { getToken: () => new Promise<never>(() => undefined) } });
    const controller = new AbortController();
    const call = client.fetch("https://brought.example/a", { signal: controller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await rejection(call);
    expect(sent).toEqual([]);
  });

  test.each([Number.NaN, "soon", {}, undefined])("that says a token ends at %j says nothing", async (expiresAt) => {
    const getToken = () => ({ accessToken: "example-token", expiresAt }) as never;
    const told: unknown[] = [];
    const { client } = connect({ auth: { getToken, invalidate: (token: unknown) => told.push(token) } }, refused);
    await rejection(client.read());
    expect(told[0]).toEqual({ accessToken: "example-token", expiresAt: null });
  });

  test("that hangs ends by the call's own deadline, or by its signal", async () => {
    const auth = { getToken: () => new Promise<never>(() => undefined) };
    const { client, sent } = connect({ auth, http: { attempts: 1, timeoutMs: 20 } });
    expect(await rejection(client.read())).toMatchObject({ code: "timeout" });
    const controller = new AbortController();
    const call = client.read({}, { signal: controller.signal });
    controller.abort();
    expect(await rejection(call)).toMatchObject({ code: "aborted" });
    expect(sent).toEqual([]);
  });
});
