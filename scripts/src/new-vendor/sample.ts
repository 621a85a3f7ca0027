import { type OpenApiDocument, resolve, type Schema } from "../spec/document.ts";
import { looksSecret } from "../spec/secrets.ts";
import { EXPIRES_AT, EXPIRES_IN } from "./recognise.ts";

/** Deeper than this a schema holds itself. */
const MAX_DEPTH = 6;

interface SampledSchema extends Schema {
  example?: unknown;
  examples?: unknown[];
  minimum?: number;
  minLength?: number;
  maxLength?: number;
}

const FORMATS: Record<string, string> = {
  // So that what ends then has not ended.
  "date-time": "2099-01-01T00:00:00Z",
  date: "2099-01-01",
  email: "someone@vendor.example",
  uri: "https://vendor.example/",
  url: "https://vendor.example/",
  uuid: "00000000-0000-4000-8000-000000000000",
};

/** A value a schema allows, which says what it stands for: `example-client-id`. Its own example is taken where it holds no secret. */
export function sample(document: OpenApiDocument, schema: Schema, name = "value", depth = 0): unknown {
  const resolved = resolve<SampledSchema>(document, schema);
  const { type, format, example, examples = [example], default: fallback, oneOf, anyOf, allOf } = resolved;
  if (resolved.const !== undefined) return resolved.const;
  if (resolved.enum) return resolved.enum[0];
  // A document's own example of a secret may be a real one.
  const isSecret = format === "password" || looksSecret(name);
  const [own = fallback] = examples;
  if (own !== undefined && !isSecret) return own;
  if (allOf) {
    const parts = allOf.map((part) => sample(document, part, name, depth + 1));
    return Object.assign({}, ...parts, objectSample(document, resolved, depth));
  }
  const [alternative] = oneOf ?? anyOf ?? [];
  if (alternative) return sample(document, alternative, name, depth + 1);
  const [kind] = [type ?? (resolved.properties ? "object" : resolved.items ? "array" : undefined)]
    .flat()
    .filter((each) => each !== "null");
  if (kind === "object") return depth > MAX_DEPTH ? {} : objectSample(document, resolved, depth);
  if (kind === "array") return depth > MAX_DEPTH ? [] : [sample(document, resolved.items ?? {}, name, depth + 1)];
  if (kind === "integer" || kind === "number") return Math.max(numberFor(name), resolved.minimum ?? 0);
  if (kind === "boolean") return true;
  if (kind === "string") return stringSample(resolved, name);
  return undefined;
}

/** An hour for what is a lifetime in seconds, the year 2099 for a moment, and else one. */
function numberFor(name: string): number {
  if (EXPIRES_IN.test(name)) return 3600;
  return EXPIRES_AT.test(name) ? Date.UTC(2099, 0) / 1000 : 1;
}

function objectSample(document: OpenApiDocument, { properties = {} }: Schema, depth: number): Record<string, unknown> {
  const members = Object.entries(properties).map(([key, member]) => [key, sample(document, member, key, depth + 1)]);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function stringSample(
  { format = "", minLength = 0, maxLength = Number.POSITIVE_INFINITY }: SampledSchema,
  name: string,
) {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .toLowerCase();
  const text = FORMATS[format] ?? (/e-?mail/i.test(name) ? FORMATS["email"] : `example-${words}`);
  return (text as string).padEnd(minLength, "x").slice(0, maxLength);
}
