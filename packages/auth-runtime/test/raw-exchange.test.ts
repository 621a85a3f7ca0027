import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { createVendorClient, type Vendor } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials, rejection } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

const login = { user: "someone", password: "example-password" };
const jwt = (claims: object) => `h.${btoa(JSON.stringify(claims))}.s`;

/** A client every exchange and refresh of which is answered alike; its tokens state their own lifetime. */
function connect(answer: () => Response, options: object = {}) {
  const { token, ...schemes } = acorn.schemes;
  const exchange = { ...token.exchange, jwt: true };
  const vendor = { ...acorn, schemes: { ...schemes, token: { ...token, exchange } } } as Vendor;
  let requests = 0;
  const fetch = async () => {
    requests++;
    return answer();
  };
  const { clock, advance } = createFakeClock();
  const given = { ...credentials, server: "main", fetch, clock, ...options };
  return { client: createVendorClient<Acorn>(vendor, given), clock, advance, requests: () => requests };
}

describe("a success whose token cannot be used is invalid_response, from the operation, too, and says why:", () => {
  const past = { exp: 1_700_000_000 - 60 };
  const unusable: [string, unknown, string][] = [
    ["no token", {}, "no token at body.token"],
    ["null", { token: null }, "no token at body.token"],
    ["an empty text", { token: "" }, "no token at body.token"],
    ["a number", { token: 42 }, "no token at body.token"],
    ["an object", { token: { value: "canary" } }, "no token at body.token"],
    ["a line break", { token: "canary\r\nX: y" }, "the token at body.token has characters no header can carry"],
    ["a blank", { token: "canary canary" }, "the token at body.token has characters no header can carry"],
    ["letters beyond ASCII", { token: "canäry" }, "the token at body.token has characters no header can carry"],
    [
      "an end that is past",
      { token: jwt(past), canary: "canary" },
      "the token had expired when it arrived; its lifetime is -60 s by this machine's clock, so check that clock",
    ],
  ];
  test.each(unusable)("%s", async (_, body, why) => {
    const { client, requests } = connect(() => Response.json(body));
    for (const call of [() => client.logIn(login), () => client.getToken({ force: true })]) {
      const error = await rejection(call());
      expect(error).toMatchObject({ code: "invalid_response", operationId: "logIn" });
      expect(error.message).toBe(`[@test/acorn] logIn: ${why}`);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/canary|canäry|h\.ey/);
    }
    expect(requests()).toBe(2);
  });

  test("a lifetime that is over when the answer arrives", async () => {
    const { client, advance } = connect(() => {
      advance(5000);
      return Response.json({ token: "canary", expiresIn: 5 });
    });
    const message =
      "[@test/acorn] logIn: the token had expired when it arrived; its lifetime is 5 s by this machine's clock, so check that clock";
    for (const call of [() => client.logIn(login), () => client.getToken()])
      expect(await rejection(call())).toMatchObject({ code: "invalid_response", message });
  });

  test("of a refresh, too", async () => {
    const { client } = createAcorn(({ url }) =>
      url.endsWith("/renew") ? Response.json({ expiresIn: 5 }) : new Response(null, { status: 599 }),
    );
    const error = await rejection(client.renew());
    expect(error).toMatchObject({ code: "invalid_response", operationId: "renew" });
    expect(error.message).toContain("no token at body.token");
  });
});

test("a raw exchange with a token that can be used comes to its whole answer", async () => {
  const answer = { token: "example-token", expiresIn: 3600, scope: "all" };
  const { client } = connect(() => Response.json(answer));
  expect(await client.logIn(login)).toEqual(answer);
  expect(await client.ping()).toEqual(answer);
});
