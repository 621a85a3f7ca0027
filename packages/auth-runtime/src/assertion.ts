import { importPKCS8, SignJWT } from "jose";
import type { Answer } from "./operation.ts";
import type { Settings } from "./options.ts";
import { callAndKeep } from "./refresh.ts";
import type { Assertion } from "./vendor.ts";

/**
 * Calls an operation with the signed part of its input (RFC 7523 section 3), where it has one: a JSON Web Token with the spec's
 * claims, `iat`, `exp` and a `jti` of its own. Throws `invalid_options` for a key that cannot sign it, and what the call throws.
 */
export async function callWithAssertion(...call: Parameters<typeof callAndKeep>): Promise<Answer> {
  const [settings, operationId, fetch, input, options] = call;
  const { baseUrl = settings.baseUrl, path = "", assertion } = settings.vendor.operations[operationId] ?? {};
  const signed = assertion && { [assertion.member]: await sign(settings, assertion, baseUrl + path) };
  return callAndKeep(settings, operationId, fetch, { ...(input as object), ...signed }, options);
}

async function sign({ credentials, clock, fail }: Settings, assertion: Assertion, url: string): Promise<string> {
  const { algorithm, privateKey, keyId, lifetimeMs, claims } = assertion;
  const fill = (value: unknown) =>
    typeof value === "string"
      ? value.replace(/\{([^{}]+)\}/g, (_, name: string) => (name === "$url" ? url : String(credentials[name])))
      : value;
  const own = Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, fill(value)]));
  const iat = Math.floor(clock.now() / 1000);
  const secret = String(credentials[privateKey]);
  const isHmac = algorithm.startsWith("HS");
  try {
    const key = isHmac ? new TextEncoder().encode(secret) : await importPKCS8(secret, algorithm);
    const header = { alg: algorithm, typ: "JWT", ...(keyId && { kid: String(credentials[keyId]) }) };
    const token = new SignJWT({ ...own, iat, exp: iat + lifetimeMs / 1000, jti: crypto.randomUUID() });
    return await token.setProtectedHeader(header).sign(key);
  } catch {
    // The reason may quote the key.
    const needed = isHmac
      ? "a secret"
      : 'a private key in PEM that begins with "-----BEGIN PRIVATE KEY-----" (PKCS #8)';
    throw fail(`${privateKey} has to be ${needed}, good for ${algorithm}`);
  }
}

export { callWithAssertion as assertion };
