import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type MockOptions, startMock } from "../src/index.ts";

const grove = fileURLToPath(new URL("grove.yaml", import.meta.url));
const login = { user: "someone", password: "example-password" };

/** A mock, and requests to it in short. */
async function start(options?: MockOptions) {
  const mock = await startMock(grove, options);
  const send = async (method: string, path: string, { body, token, headers }: Sent = {}) => {
    const response = await fetch(mock.url + path, {
      method,
      headers: {
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
  const logIn = async (body: object = login): Promise<string> =>
    (await send("POST", "/session", { body })).body.data.token;
  return { mock, send, logIn, [Symbol.asyncDispose]: () => mock.stop() };
}
interface Sent {
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
}
const trees = "/groves/g1/trees";

describe("credentials", () => {
  test("of the spec's example are accepted, and no others", async () => {
    await using at = await start();
    expect((await at.send("POST", "/session", { body: login })).status).toBe(200);
    for (const wrong of [{ password: "x" }, { user: "x" }]) {
      const { status, body } = await at.send("POST", "/session", { body: { ...login, ...wrong } });
      expect([status, body]).toEqual([401, { why: "refused" }]);
    }
    expect(at.mock.credentials).toMatchObject(login);
  });

  test("that were given are accepted instead, one or several", async () => {
    const others = [
      { user: "a", password: "p" },
      { user: "b", password: "q" },
    ];
    await using at = await start({ credentials: others });
    for (const body of others) expect((await at.send("POST", "/session", { body })).status).toBe(200);
    for (const body of [login, { user: "a", password: "q" }])
      expect((await at.send("POST", "/session", { body })).status).toBe(401);
  });

  test("sent as Basic, as a key or as a token signed with them are looked at too", async () => {
    await using at = await start({ credentials: { keyId: "k", secret: "s:s", apiKey: "x" } });
    const basic = (pair: string) => at.send("GET", "/basic", { headers: { Authorization: `Basic ${btoa(pair)}` } });
    expect((await basic("k:s")).status).toBe(401);
    const signed = (secret: string, claims: object) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const head = `${part({ alg: "HS256", kid: "k" })}.${part(claims)}`;
      return at.send("GET", "/basic", {
        token: `${head}.${createHmac("sha256", secret).update(head).digest("base64url")}`,
      });
    };
    const soon = Math.floor(Date.now() / 1000) + 60;
    expect((await signed("s:s", { exp: soon })).status).toBe(204);
    expect((await signed("s:s", { exp: soon - 120 })).status).toBe(401);
    expect((await signed("t", { exp: soon })).status).toBe(401);
    expect((await at.send("GET", "/key?key=x")).status).toBe(204);
    expect((await at.send("GET", "/key?key=y")).status).toBe(401);
  });

  test("have the scopes they were given, and an operation wants those it declares", async () => {
    await using at = await start({
      credentials: [
        { user: "a", password: "p", scopes: ["reader"] },
        { user: "b", password: "q", scopes: ["reader", "admin"] },
        { user: "c", password: "r", scopes: ["admin"] },
      ],
    });
    const statuses = [];
    for (const [user, password] of ["ap", "bq", "cr"]) {
      const token = await at.logIn({ user, password });
      statuses.push((await at.send("GET", "/admin", { token })).status);
    }
    expect(statuses).toEqual([403, 200, 403]);
  });

  test("can be revoked and replaced by operations that say so", async () => {
    await using at = await start();
    const token = await at.logIn();
    const early = await at.send("PUT", "/password", { token });
    expect([early.status, early.headers.get("x-mock-inferred")]).toEqual([
      409,
      "There is a password already; delete it first",
    ]);
    expect((await at.send("DELETE", "/password", { token })).status).toBe(204);
    expect((await at.send("POST", "/session", { body: login })).status).toBe(401);
    const { body, headers } = await at.send("PUT", "/password", { token });
    expect(headers.get("x-mock-inferred")).toBe("Where the secret stands is not documented");
    expect((await at.send("POST", "/session", { body: { ...login, password: body.password } })).status).toBe(200);
    expect(at.mock.credentials).toMatchObject({ password: body.password });
    at.mock.reset();
    expect((await at.send("POST", "/session", { body: login })).status).toBe(200);
  });
});

describe("tokens", () => {
  test("are distinct, good until they expire, and refused with the documented 401", async () => {
    await using at = await start();
    const [first, second] = [await at.logIn(), await at.logIn()];
    expect(first).not.toBe(second);
    at.mock.clock.advance(59_000);
    expect((await at.send("GET", trees, { token: first })).status).toBe(200);
    at.mock.clock.advance(2_000);
    for (const token of [first, "unknown"]) {
      const { status, body } = await at.send("GET", trees, { token });
      expect([status, body]).toEqual([401, { why: "refused" }]);
    }
  });

  test("are good for their own scheme alone, and one may buy another", async () => {
    await using at = await start();
    const token = await at.logIn();
    const { ticket } = (await at.send("POST", "/ticket", { token })).body;
    const use = (value: string) => at.send("GET", "/ticket", { headers: { "X-Ticket": value } });
    expect([(await use(ticket)).status, (await use(token)).status]).toEqual([204, 401]);
    expect((await at.send("GET", trees, { token: ticket })).status).toBe(401);
    at.mock.clock.advance(60_001);
    expect((await use(ticket)).status).toBe(401);
  });

  test("are renewed by the refresh operation while they are good", async () => {
    await using at = await start();
    const token = await at.logIn();
    const renewed = (await at.send("GET", "/session/renewal", { token })).body.data.token;
    expect(renewed).not.toBe(token);
    expect((await at.send("GET", trees, { token: renewed })).status).toBe(200);
    at.mock.revokeTokens();
    expect((await at.send("GET", "/session/renewal", { token: renewed })).status).toBe(401);
  });

  test("last as long as they are told to, and the answer says so", async () => {
    await using at = await start({ tokenLifetimeMs: 5000 });
    const { body } = await at.send("POST", "/session", { body: login });
    expect(body.expiresIn).toBe(5);
    at.mock.clock.advance(5001);
    expect((await at.send("GET", trees, { token: body.data.token })).status).toBe(401);
  });

  test("guard paths beside the spec's", async () => {
    await using at = await start({ protect: ["/v1/*/leaves", "/v2/**"] });
    const token = await at.logIn();
    for (const path of ["/v1/oak/leaves", "/v2/a/b"]) {
      expect((await at.send("GET", path, { token })).status).toBe(200);
      const refused = await at.send("GET", path);
      expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    }
    expect((await at.send("GET", "/v1/a/b/leaves", { token })).status).toBe(404);
  });
});

describe("a collection", () => {
  test("remembers what is created, read, listed, changed and deleted, each in its own place", async () => {
    await using at = await start();
    const token = await at.logIn();
    expect((await at.send("GET", trees, { token })).body).toEqual({ trees: [] });
    const created = await at.send("POST", trees, { token, body: { name: "lime" } });
    const { id, seal } = created.body.tree;
    expect([created.status, created.body.tree.name]).toEqual([201, "lime"]);
    expect([id, seal]).not.toEqual(["tree_0123456789ab", "example-seal"]);
    expect(id).toMatch(/^tree_[0-9a-f]{12}$/);
    expect((await at.send("GET", `${trees}/${id}`, { token })).body).toEqual({ tree: { id, name: "lime" } });
    await at.send("PUT", `${trees}/${id}`, { token, body: { name: "elm" } });
    expect((await at.send("GET", trees, { token })).body).toEqual({ trees: [{ id, name: "elm" }] });
    expect((await at.send("GET", "/groves/g2/trees", { token })).body).toEqual({ trees: [] });
    expect((await at.send("DELETE", `${trees}/${id}`, { token })).status).toBe(204);
    const gone = await at.send("GET", `${trees}/${id}`, { token });
    expect([gone.status, gone.body]).toEqual([404, { why: "missing" }]);
    const undocumented = await at.send("DELETE", `${trees}/${id}`, { token });
    expect([undocumented.status, undocumented.headers.get("x-mock-inferred")]).toEqual([404, "There is no such entry"]);
  });

  test("holds as many entries as its limit says; more are refused, which nobody documents and can be switched off", async () => {
    for (const [inferred, statuses] of [
      [true, [201, 201, 201, 400]],
      [false, [201, 201, 201, 201]],
    ] as const) {
      await using at = await start({ inferred });
      const token = await at.logIn();
      const answers = [];
      for (const name of ["a", "b", "c", "d"]) answers.push(await at.send("POST", trees, { token, body: { name } }));
      expect(answers.map(({ status }) => status)).toEqual(statuses);
      expect(answers[3]?.headers.has("x-mock-inferred")).toBe(inferred);
    }
  });
});

describe("whatever it remembers", () => {
  test("comes in the same order for the same seed", async () => {
    const run = async () => {
      await using at = await start({ seed: 7 });
      const token = await at.logIn();
      return [token, (await at.send("POST", trees, { token, body: { name: "a" } })).body.tree.id];
    };
    expect(await run()).toEqual(await run());
  });

  test("is forgotten by reset, and never kept by a stateless mock", async () => {
    await using at = await start();
    const token = await at.logIn();
    await at.send("POST", trees, { token, body: { name: "a" } });
    at.mock.reset();
    expect((await at.send("GET", trees, { token })).status).toBe(401);
    expect((await at.send("GET", trees, { token: await at.logIn() })).body).toEqual({ trees: [] });
    await using plain = await start({ stateless: true });
    expect((await plain.send("GET", trees, { token: "any" })).body.trees).toHaveLength(1);
  });

  test("gives way to what a request prefers", async () => {
    await using at = await start();
    const prefer = (code: number) => at.send("POST", "/session", { body: login, headers: { Prefer: `code=${code}` } });
    expect((await prefer(503)).body).toEqual({ why: "busy" });
    expect((await prefer(200)).body.data.token).toBe("example-token");
  });
});

test("an answer of its own that the document forbids is not given", async () => {
  const text = readFileSync(grove, "utf8").replace("^[A-Za-z0-9._-]+$", "^example-token$");
  const file = join(mkdtempSync(join(tmpdir(), "mock-servers-")), "strict.yaml");
  writeFileSync(file, text);
  await using mock = await startMock(file);
  const response = await fetch(`${mock.url}/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(login),
  });
  rmSync(dirname(file), { recursive: true });
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ title: "The mock's own answer is not what the spec documents" });
});
