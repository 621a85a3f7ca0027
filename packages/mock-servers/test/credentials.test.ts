import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { login, start, trees } from "./grove.ts";

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
    const basic = (pair: string, prefix = "Basic") =>
      at.send("GET", "/basic", { headers: { Authorization: `${prefix} ${btoa(pair)}` } });
    expect((await basic("k:s")).status).toBe(401);
    expect((await basic("k:s:s")).status).toBe(204);
    expect((await basic("k:s:s", "Bearer")).status).toBe(401);
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

  test("that are created are good for what the spec says, until they are deleted or everything is forgotten", async () => {
    await using at = await start();
    const token = await at.logIn();
    const plant = async () => (await at.send("POST", trees, { token, body: { name: "oak" } })).body.tree;
    const use = async ({ id, seal }: { id: string; seal: string }) =>
      (await at.send("GET", "/basic", { headers: { Authorization: `Basic ${btoa(`${id}:${seal}`)}` } })).status;
    const [first, second] = [await plant(), await plant()];
    expect([await use(first), await use(second), await use({ ...first, seal: second.seal })]).toEqual([204, 204, 401]);
    await at.send("DELETE", `${trees}/${first.id}`, { token });
    expect([await use(first), await use(second)]).toEqual([401, 204]);
    at.mock.reset();
    expect(await use(second)).toBe(401);
    expect(at.mock.credentials).toMatchObject(login);
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

  test("sign tokens that are good for no more than they are", async () => {
    await using at = await start({ credentials: { keyId: "k", secret: "s", scopes: ["reader"] } });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const statuses = [];
    for (const scope of ["admin", ["admin", "reader"], "reader", undefined]) {
      const head = `${part({ alg: "HS256", kid: "k" })}.${part({ scope })}`;
      const token = `${head}.${createHmac("sha256", "s").update(head).digest("base64url")}`;
      statuses.push((await at.send("GET", "/shelf", { token })).status);
    }
    expect(statuses).toEqual([403, 204, 204, 204]);
  });

  test("of one account are replaced without touching another's", async () => {
    await using at = await start({
      credentials: [
        { user: "a", password: "p" },
        { user: "b", password: "q" },
      ],
    });
    await at.send("DELETE", "/password", { token: await at.logIn({ user: "a", password: "p" }) });
    expect((await at.send("POST", "/session", { body: { user: "a", password: "p" } })).status).toBe(401);
    expect((await at.send("POST", "/session", { body: { user: "b", password: "q" } })).status).toBe(200);
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
