import { describe, expect, test } from "vitest";
import { createVendorClient } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials, except, rejection, type Untyped } from "./acorn.ts";

const API = "https://api.acorn.example";

describe("what a redirect may carry", () => {
  const moved = () => new Response(null, { status: 308, headers: { Location: "https://evil.example/" } });
  const redirects: [string, (client: ReturnType<typeof createAcorn>["client"]) => Promise<unknown>][] = [
    ["a key in a header of its own", (client) => client.getHeaderKey()],
    ["a key in the query", (client) => client.listKeys()],
    ["a cookie", (client) => client.getSession()],
    ["a secret in the body", (client) => client.store({ body: { pin: "example-pin" } })],
    [
      "a secret in the body, through client",
      (client) => (client.client as unknown as Untyped)["POST"]("/login", { body: {} }),
    ],
  ];
  test.each(redirects)("%s is never sent after one", async (_, call) => {
    const { client, seen } = createAcorn(moved);
    expect(await rejection(call(client))).toMatchObject({ code: "redirect_refused" });
    expect(seen).toHaveLength(1);
  });

  test("the token in Authorization leaves redirects to fetch, which takes it off for another origin", async () => {
    const redirects: unknown[] = [];
    const fetch = async (_: unknown, init?: RequestInit) => {
      redirects.push(init?.redirect);
      return Response.json({ token: "t" });
    };
    const { client } = createAcorn(undefined, { fetch });
    await client.fetch(`${API}/a`);
    await client.getThing({ id: "1" });
    await client.openThing({ name: "x" });
    expect(redirects).toEqual(["manual", undefined, undefined, undefined]);
  });

  test("a redirect that a browser hides is refused too", async () => {
    const hidden = Object.defineProperty(Response.json({}), "type", { value: "opaqueredirect" });
    const { client } = createAcorn(() => hidden);
    expect(await rejection(client.listKeys())).toMatchObject({ code: "redirect_refused" });
  });

  test("a request the caller follows by hand gets the redirect itself", async () => {
    const { client } = createAcorn(except(moved));
    expect((await client.fetch(`${API}/a`, { redirect: "manual" })).status).toBe(308);
    const byHand = new Request(`${API}/keys`, { redirect: "manual" });
    const keyed = createVendorClient<Acorn>(
      { ...acorn, security: ["key"] },
      { ...credentials, server: "main", fetch: moved },
    );
    expect((await keyed.fetch(byHand)).status).toBe(308);
  });
});
