import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import type { Vendor } from "../src/index.ts";
import { rejection } from "./acorn.ts";
import { assertion, beech, createBeech } from "./beech.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = (key: typeof rsa.privateKey) => key.export({ type: "pkcs8", format: "pem" }).toString();

/** The vendor of refresh tokens, whose exchange takes an assertion in the place of a secret. */
function vendorOf(algorithm: string): Vendor {
  const { logIn } = beech.operations;
  const signed = {
    member: "client_assertion",
    algorithm,
    privateKey: "secret",
    keyId: "client",
    lifetimeMs: 60_000,
    claims: { iss: "{client}", aud: "{$url}", admin: true, note: "a {client} at {client}" },
  };
  const input = { grant_type: "member", client_assertion: "member", refresh_token: "member" } as const;
  const secrets = ["client_assertion", "refresh_token"];
  return {
    ...beech,
    features: { ...beech.features, send: assertion },
    operations: { ...beech.operations, logIn: { ...logIn, input, secrets, assertion: signed } },
  };
}

describe("a signed assertion", () => {
  test.each([
    ["RS256", pem(rsa.privateKey), rsa.publicKey],
    ["ES256", pem(ec.privateKey), ec.publicKey],
    ["HS256", "example-secret-of-a-client", new TextEncoder().encode("example-secret-of-a-client")],
  ])("by %s says what the spec says, to the server it is sent to", async (algorithm, secret, key) => {
    const { client, logins, later, clock } = createBeech(() => undefined, { secret }, vendorOf(algorithm));
    const iat = Math.floor(clock.now() / 1000);
    await client.getToken();
    const [{ client_assertion: token = "", ...rest } = {}] = logins;
    const { payload } = await jwtVerify(token, key, { currentDate: new Date(clock.now()) });
    const { jti, ...claims } = payload;
    const aud = "https://login.beech.example/auth/token";
    expect(claims).toEqual({ iss: "someone", aud, admin: true, note: "a someone at someone", iat, exp: iat + 60 });
    expect(decodeProtectedHeader(token)).toEqual({ alg: algorithm, typ: "JWT", kid: "someone" });
    expect(rest).toEqual({ grant_type: "password" });
    await later();
    await expect.poll(() => logins.length).toBe(2);
    expect(logins[1]).toMatchObject({ grant_type: "refresh_token", refresh_token: "refresh-1" });
    const again = await jwtVerify(String(logins[1]?.["client_assertion"]), key, { currentDate: new Date(clock.now()) });
    expect(again.payload.jti).not.toBe(jti);
  });

  test.each([
    ["no PEM", "canary-secret"],
    ["of another kind", pem(ec.privateKey)],
    ["PKCS #1", rsa.privateKey.export({ type: "pkcs1", format: "pem" }).toString()],
  ])("with a key that is %s is a clear error without it, and nothing is sent", async (_, secret) => {
    const { client, seen } = createBeech(() => undefined, { secret }, vendorOf("RS256"));
    const error = await rejection(client.getToken());
    expect([error["code"], seen.length]).toEqual(["invalid_options", 0]);
    expect(error.message).toBe(
      '[@test/beech] secret has to be a private key in PEM that begins with "-----BEGIN PRIVATE KEY-----" (PKCS #8), good for RS256',
    );
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret.split("\n")[1] ?? secret);
  });

  test("that a vendor echoes is replaced", async () => {
    const echo = (request: unknown) => Response.json({ request }, { status: 400 });
    const { client, logins } = createBeech(echo, { secret: pem(rsa.privateKey) }, vendorOf("RS256"));
    const error = await rejection(client.getToken());
    expect(logins[0]?.["client_assertion"]).toMatch(/^eyJ/);
    expect(JSON.stringify(error["body"])).toContain("[redacted]");
    expect(JSON.stringify(error["body"])).not.toContain(String(logins[0]?.["client_assertion"]));
  });
});
