import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { startMock } from "../src/index.ts";
import { grove, login, start, trees } from "./grove.ts";

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

  test("last whole seconds where the answer states them", async () => {
    await using at = await start({ tokenLifetimeMs: 1500 });
    expect((await at.send("POST", "/session", { body: login })).body.expiresIn).toBe(2);
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
    const [scheme, value] = [`Basic ${token}`, "/v2/a"];
    expect((await at.send("GET", value, { headers: { Authorization: scheme } })).status).toBe(401);
  });

  test("guard no path of the spec, and take any token where nothing is remembered", async () => {
    await using at = await start({ protect: ["/**"] });
    expect((await at.send("POST", "/session/renewal", { token: await at.logIn() })).status).toBe(405);
    await using plain = await start({ protect: ["/v1/**"], stateless: true });
    expect((await plain.send("GET", "/v1/x", { token: "any" })).status).toBe(200);
    expect((await plain.send("GET", "/v1/x")).status).toBe(401);
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

  test("begins again after reset", async () => {
    await using at = await start({ seed: 7 });
    const plant = async () =>
      (await at.send("POST", trees, { token: await at.logIn(), body: { name: "a" } })).body.tree.id;
    const first = await plant();
    at.mock.reset();
    expect(await plant()).toBe(first);
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
