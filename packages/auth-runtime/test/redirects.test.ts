import { startFaultServer } from "@org/mock-servers/fault-server";
import { describe, expect, test } from "vitest";
import { createVendorClient } from "../src/index.ts";
import { type Acorn, acorn, credentials, rejection } from "./acorn.ts";

const SECRETS = [
  credentials.password,
  credentials.apiKey,
  "example-token",
  btoa(`${credentials.user}:${credentials.password}`),
];

/** Everything a server received, as text in which a secret would show. */
const received = (requests: readonly object[]) =>
  requests.map((request) => decodeURIComponent(JSON.stringify(request))).join("\n");

describe.each([301, 302, 303, 307, 308])("a %i", (status) => {
  const calls: [string, (client: Acorn) => Promise<unknown>][] = [
    ["to the token exchange", (client) => client.getToken()],
    ["to an operation with a bearer", (client) => client.getThing({ id: "1" })],
    ["to an operation with Basic", (client) => client.openThing({ name: "x" })],
    ["to an operation with a key in the query", (client) => client.listKeys()],
    ["to an operation with a key in a header", (client) => client.getHeaderKey()],
    ["to an operation with a cookie", (client) => client.getSession()],
    ["to an operation with a secret in its body", (client) => client.store({ body: { pin: credentials.apiKey } })],
    ["to the authorised fetch", (client) => client.fetch(`${(client as unknown as { base: string }).base}/a`)],
  ];

  test.each(calls)("%s, to another origin, takes no credential there", async (what, call) => {
    await using thief = await startFaultServer(() => ({ json: { token: "stolen", expiresIn: 1 } }));
    const isExchange = what.includes("exchange");
    await using vendor = await startFaultServer(({ path }) =>
      path === "/login" && !isExchange
        ? { json: { token: "example-token", expiresIn: 3600 } }
        : { status, headers: { location: `${thief.url}/caught` } },
    );
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server: vendor.url, http: { attempts: 1 } });
    await call(Object.assign(client, { base: vendor.url })).catch(() => undefined);
    for (const secret of SECRETS) expect(received(thief.requests)).not.toContain(secret);
    expect(vendor.requests.length).toBeGreaterThan(0);
  });

  test("of a request with a secret, to the same origin, is refused too", async () => {
    await using vendor = await startFaultServer(({ path }) =>
      path === "/login" ? { status, headers: { location: "/elsewhere" } } : {},
    );
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server: vendor.url });
    expect(await rejection(client.getToken())).toMatchObject({ code: "redirect_refused" });
    expect(vendor.requests.map(({ path }) => path)).toEqual(["/login"]);
  });
});
