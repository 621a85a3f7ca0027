import { generateKeyPairSync } from "node:crypto";
import { bodyMembers, type JwtAssertion, type Operation } from "./entries/examples.ts";

/** The member of an operation's body that is a signed assertion, and how it is made. */
export function assertionOf({ requestBody }: Operation): { name: string; assertion: JwtAssertion } | undefined {
  const members = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => bodyMembers(schema));
  return members.flatMap(({ name, assertion }) => (assertion ? [{ name, assertion }] : []))[0];
}

/** The credentials an assertion is made of, with the example of each. */
export function assertionCredentials({ algorithm, claims, keyId, privateKey = "privateKey" }: JwtAssertion) {
  const names = [...Object.values(claims).flatMap(namesIn), ...(keyId === undefined ? [] : [keyId])];
  return { ...Object.fromEntries(names.map((name) => [name, `example-${name}`])), [privateKey]: keyFor(algorithm) };
}

/** Whether an assertion is one: of its form, not expired, and with the claims the credentials make. */
export function isAssertion(
  token: unknown,
  { algorithm, claims }: JwtAssertion,
  credentials: Readonly<Record<string, unknown>>,
  now: number,
): boolean {
  try {
    const [header, payload, signature] = String(token).split(".");
    const decode = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
    const { exp, ...given } = decode(payload);
    const isMade = Object.entries(claims).every(
      ([name, claim]) => String(claim).includes("{$") || given[name] === fill(claim, credentials),
    );
    return decode(header)["alg"] === algorithm && Boolean(signature) && Number(exp) * 1000 > now && isMade;
  } catch {
    return false;
  }
}

/** A text with its `{names}` replaced; whatever is no text stays. */
export function fill(template: unknown, values: Readonly<Record<string, unknown>>): unknown {
  if (typeof template !== "string") return template;
  return template.replace(/\{([^{}]+)\}/g, (all, name: string) => (name in values ? String(values[name]) : all));
}

/** The names in braces of a text; what begins with a dollar is no credential. */
export function namesIn(template: unknown): string[] {
  return typeof template === "string" ? [...template.matchAll(/\{([^{}$]+)\}/g)].map(([, name]) => String(name)) : [];
}

const keys = new Map<string, string>();

/** A key made for the process, because one that is written down looks like somebody's. */
function keyFor(algorithm: string): string {
  const key = keys.get(algorithm) ?? newKey(algorithm);
  keys.set(algorithm, key);
  return key;
}

function newKey(algorithm: string): string {
  if (algorithm.startsWith("HS")) return "example-key".repeat(6);
  const curves: Record<string, string> = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };
  const { privateKey } =
    algorithm in curves
      ? generateKeyPairSync("ec", { namedCurve: String(curves[algorithm]) })
      : algorithm.startsWith("Ed")
        ? generateKeyPairSync("ed25519")
        : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
