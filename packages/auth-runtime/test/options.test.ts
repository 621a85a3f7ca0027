import { describe, expect, test } from "vitest";
import { createVendorClient, isVendorError, type Vendor } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials } from "./acorn.ts";

const create = (options: unknown) => createVendorClient<Acorn>(acorn, options as object);
function errorOf(options: unknown): { code: string; message: string } {
  try {
    create(options);
  } catch (error) {
    if (isVendorError(error)) return error;
  }
  throw new Error("nothing was thrown");
}
const valid = { ...credentials, server: "main" };

describe("what cannot work is refused at the door", () => {
  const mistakes: [string, unknown, string][] = [
    ["no options", undefined, "options have to be an object"],
    ["a missing credential", { ...valid, user: undefined }, "user is missing"],
    ["a credential that is null", { ...valid, user: null }, "user is missing"],
    ["an empty credential", { ...valid, password: "" }, "password has to be a string, not empty"],
    ["a credential that is no string", { ...valid, password: 1 }, "password has to be a string, not empty"],
    ["an empty optional credential", { ...valid, scope: "" }, "scope has to be a string, not empty"],
    ["a colon in a Basic user id", { ...valid, user: "a:b" }, "user must not contain a colon"],
    [
      "a key no header can carry",
      { ...valid, apiKey: "a\nb" },
      "apiKey has to be made of characters a header can carry",
    ],
    ["an unknown option", { ...valid, timeout: 1 }, 'there is no option "timeout"; the options are user, password'],
    [
      "an unknown server",
      { ...valid, server: "test" },
      "server has to be one of main, tenant, versioned, region, or a plain http(s) URL",
    ],
    ["a server inherited from Object", { ...valid, server: "constructor" }, "server has to be one of"],
    ["no server where there are several", credentials, "server has to be one of"],
    ["a server that is null", { ...valid, server: null }, "server has to be one of"],
    ["a server URL that is none", { ...valid, server: "https://" }, "server has to be one of main, tenant"],
    ["a file URL", { ...valid, server: new URL("file:///etc/hosts") }, "server has to be one of main, tenant"],
    [
      "a server URL with a password",
      { ...valid, server: "https://a:b@c.example" },
      "server has to be one of main, tenant",
    ],
    [
      "a server URL with a query",
      { ...valid, server: "https://c.example?a=b" },
      "server has to be one of main, tenant",
    ],
    [
      "a missing server variable",
      { ...valid, server: { name: "tenant" } },
      'server has to be { name: "tenant", tenant }, with tenant one DNS label',
    ],
    [
      "a variable that is no DNS label",
      { ...valid, server: { name: "tenant", tenant: "-acme" } },
      'server has to be { name: "tenant", tenant }, with tenant one DNS label',
    ],
    [
      "a variable that leads elsewhere",
      { ...valid, server: { name: "tenant", tenant: "evil.example/" } },
      'server has to be { name: "tenant", tenant }',
    ],
    [
      "a variable outside its values",
      { ...valid, server: { name: "region", region: "ap" } },
      'server has to be { name: "region", region }, with region one of us, eu',
    ],
    ["origins that are no list", { ...valid, origins: "https://a.example" }, "origins has to be a list"],
    ["an origin that is none", { ...valid, origins: ["a.example"] }, "origins has to be a list such as"],
    ["a fetch that is no function", { ...valid, fetch: {} }, "fetch has to be a function"],
  ];
  test.each(mistakes)("%s", (_, options, message) => {
    const error = errorOf(options);
    expect(error.code).toBe("invalid_options");
    expect(error.message).toContain(`[@test/acorn] ${message}`);
    expect(error.message).not.toContain(credentials.password);
  });

  test.each([
    "http://api.acorn.example",
    "http://localhost.evil.example",
    "http://127.evil.example",
    "http://10.0.0.1",
  ])("plain http: %s", (server) => {
    expect(errorOf({ ...valid, server })).toMatchObject({
      code: "insecure_url",
      message: expect.stringContaining("neither https nor loopback; use https, or list it in insecureOrigins"),
    });
    expect(errorOf({ ...valid, origins: [server] }).code).toBe("insecure_url");
    expect(() => create({ ...valid, server, insecureOrigins: [server] })).not.toThrow();
  });

  test.each(["http://localhost:4010", "http://127.0.0.1:4010", "http://[::1]:4010", "http://mock.localhost"])(
    "loopback may speak plain http: %s",
    (server) => {
      expect(() => create({ ...valid, server })).not.toThrow();
    },
  );
});

describe("a wrong server is quoted beside the known ones", () => {
  const known = "server has to be one of main, tenant, versioned, region, or a plain http(s) URL";
  const wrong: [string, unknown, string][] = [
    ["a name", "sandbx", `${known}, not "sandbx"`],
    ["a name in an object", { name: "tennant", tenant: "a" }, `${known}, not "tennant"`],
    ["null", null, known],
    ["an empty one", "", `${known}, not ""`],
    ["a host without a scheme", "api.acorn.example", `${known}, not "api.acorn.example"`],
    ["a long one, in part", "x".repeat(5000), `${known}, not "${"x".repeat(60)}"`],
    ["one of several lines, on one line", "a\nb", `${known}, not "a\\nb"`],
    ["none", undefined, known],
    ["a URL with a password, without it", "https://a:b@c.example", known],
    ["a URL with a query, without it", "https://c.example?key=b", known],
    ["a credential, without it", credentials.password, known],
  ];
  test.each(wrong)("%s", (_, server, message) => {
    expect(errorOf({ ...credentials, server }).message).toBe(`[@test/acorn] ${message}`);
  });
});

test("an option that is undefined is as if it were not there", () => {
  expect(() => create({ ...valid, http: { attempts: undefined }, fetch: undefined, store: undefined })).not.toThrow();
});

test("a key that travels in the query may hold what no header can carry", () => {
  const { key, headerKey } = acorn.schemes;
  const createWith = (schemes: Vendor["schemes"]) =>
    createVendorClient({ ...acorn, schemes, security: [], operations: {} }, { ...valid, apiKey: "a b" });
  expect(() => createWith({ key })).not.toThrow();
  expect(() => createWith({ headerKey })).toThrow("apiKey has to be made of characters a header can carry");
});

describe("where requests go", () => {
  const servers: [unknown, string][] = [
    ["main", "https://api.acorn.example/ping"],
    [{ name: "tenant", tenant: "acme" }, "https://acme.acorn.example/base/ping"],
    [{ name: "tenant", tenant: "a" }, "https://a.acorn.example/base/ping"],
    ["region", "https://us.acorn.example/ping"],
    ["versioned", "https://acorn.example/api/v2/ping"],
    [{ name: "region", region: "eu" }, "https://eu.acorn.example/ping"],
    ["https://mock.example/base/", "https://mock.example/base/ping"],
    [new URL("http://127.0.0.1:4010"), "http://127.0.0.1:4010/ping"],
  ];
  test.each(servers)("%j leads to %s", async (server, url) => {
    const { client, seen } = createAcorn(undefined, { server });
    await client.ping();
    expect(seen[0]?.url).toBe(url);
  });
});
