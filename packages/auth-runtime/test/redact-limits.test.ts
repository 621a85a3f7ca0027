import { describe, expect, test } from "vitest";
import { createRedact } from "../src/redact.ts";
import { createAcorn, except, rejection, type Untyped } from "./acorn.ts";

const clean = <Value>(value: Value, ...secrets: string[]) => createRedact(() => secrets)(value);

test("a secret is replaced in long texts, however they are encoded, before the test gives up", () => {
  for (const piece of ["%25", "\\", "&amp;", "a", "+", "secret", "%", "&#1;", "\\u0041"]) {
    const text = piece.repeat(2 ** 18 / piece.length);
    expect(clean(`${text}secret`, "secret", "aaaaaaaaaaaaab", "\\\\\\\\\\\\x")).not.toContain("secret");
  }
  // A vendor may issue a token that can be decoded again and again.
  expect(clean("a", `%${"25".repeat(2 ** 18)}`)).toBe("a");
  const long = "long-secret".repeat(100_000);
  expect(clean({ echo: encodeURIComponent(long) }, long)).toEqual({ echo: "[redacted]" });
});

describe("an answer nested 100,000 deep", () => {
  const DEPTH = 100_000;
  const deep = `${'{"a":['.repeat(DEPTH / 2)}"example-password"${"]}".repeat(DEPTH / 2)}`;
  const refused = () => new Response(deep, { status: 401 });

  test("is redacted like any other", () => {
    let value: unknown = clean(JSON.parse(deep), "example-password");
    while (typeof value === "object") value = Object.values(value as object)[0];
    expect(value).toBe("[redacted]");
  });

  test("that refuses the credentials refuses them: 100 calls make one request", async () => {
    const { client, logins } = createAcorn(refused);
    for (let call = 0; call < 100; call++)
      expect(await rejection(client.getToken())).toMatchObject({ code: "invalid_credentials" });
    expect(logins()).toBe(1);
  });

  test.each(["error", "token", "expiresIn"])(
    "at %s of an exchange's answer is an answer, and no dead network",
    async (member) => {
      const parts = {
        error: '"x"',
        token: '"token-1"',
        expiresIn: "60",
        [member]: "[".repeat(DEPTH) + "]".repeat(DEPTH),
      };
      const body = `{${Object.entries(parts).map(([name, text]) => `"${name}":${text}`)}}`;
      for (const status of [200, 400, 403]) {
        const call = createAcorn(() => new Response(body, { status }), { http: { attempts: 1 } }).client.getToken();
        const answered = await call.catch((error: unknown) => error);
        expect(answered).toMatchObject(
          status === 200 && member !== "token"
            ? { accessToken: "token-1" }
            : { httpStatus: status === 200 ? undefined : status },
        );
        expect((answered as { code?: string }).code).not.toBe("network_error");
      }
    },
  );

  test("of an operation, or of the typed client, is an answer and no dead network", async () => {
    const { client } = createAcorn(except(refused));
    expect(await rejection(client.getThing({ id: "1" }))).toMatchObject({ code: "http_error", status: 401 });
    const typed = client.client as unknown as Untyped;
    const { response } = await typed.GET("/things/{id}", { params: { path: { id: "1" } } });
    expect(response.status).toBe(401);
  });

  test("that is no JSON to its end is an undocumented body", async () => {
    const { client } = createAcorn(except(() => new Response("[".repeat(DEPTH), { status: 404 })));
    expect(await rejection(client.getThing({ id: "1" }))).toMatchObject({ code: "invalid_response", httpStatus: 404 });
  });
});
