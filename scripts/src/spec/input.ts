import {
  type LocatedOperation,
  type OpenApiDocument,
  type Parameter,
  type RequestBody,
  resolve,
  type Schema,
  SpecError,
} from "./document.ts";
import { isSecret } from "./secrets.ts";

/** Where a flat member of an operation's input goes; `body` is the whole body under that name. */
export type InputLocation = "path" | "query" | "header" | "member" | "body";
export interface InputMember {
  name: string;
  location: InputLocation;
  schema: Schema;
  description: string | undefined;
  required: boolean;
  secret: boolean;
}
export interface InputModel {
  /** What a caller gives, flat. */
  members: InputMember[];
  /** What the spec fixes (`const`, a one-value `enum`): filled in, never asked for. */
  fixed: { name: string; location: InputLocation; value: unknown }[];
  encoding: "json" | "form" | "text" | undefined;
  /** The body takes members the spec does not name. */
  open: boolean;
  /** Body members that would hide a parameter of the same name; the body goes under `body` because of them. */
  collisions: string[];
}

const ENCODINGS = {
  "application/json": "json",
  "application/x-www-form-urlencoded": "form",
  "text/plain": "text",
} as const;
/** Headers that a security scheme or the body decides; OpenAPI ignores parameters of these names. */
const RESERVED_HEADERS = ["accept", "content-type", "authorization"];

/** What an operation takes, flattened. Throws {@link SpecError} for what cannot be sent. */
export function inputOf(document: OpenApiDocument, { item, operation }: LocatedOperation): InputModel {
  const parameters = new Map<string, Parameter>();
  for (const entry of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
    const parameter = resolve<Parameter>(document, entry);
    parameters.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  const all: InputMember[] = [];
  for (const parameter of parameters.values()) {
    const { name, in: location, description, required = false } = parameter;
    if (location === "header" && RESERVED_HEADERS.includes(name.toLowerCase())) continue;
    if (location === "cookie") throw new SpecError(`the cookie parameter "${name}" is not supported`);
    if (all.some((member) => member.name === name)) throw new SpecError(`two parameters are named "${name}"`);
    const schema = parameter.schema ?? {};
    all.push({ name, location, schema, description, required, secret: isSecret(document, schema) });
  }
  const body = bodyOf(document, operation.requestBody && resolve<RequestBody>(document, operation.requestBody));
  const names = new Set(all.map(({ name }) => name));
  const collisions = (body?.members ?? []).map(({ name }) => name).filter((name) => names.has(name));
  if (body?.members && collisions.length === 0) all.push(...body.members);
  else if (body) {
    if (names.has("body")) throw new SpecError(`a parameter is named "body", which is where the body has to go`);
    all.push({ ...body.whole, name: "body", location: "body" });
  }
  const members = all.filter((member) => fixedValue(document, member.schema) === undefined);
  const fixed = all.flatMap(({ name, location, schema }) => {
    const value = fixedValue(document, schema);
    return value === undefined ? [] : [{ name, location, value }];
  });
  return {
    members,
    fixed,
    encoding: body?.encoding,
    open: collisions.length === 0 && (body?.open ?? false),
    collisions,
  };
}

interface BodyModel {
  encoding: "json" | "form" | "text";
  members: InputMember[] | undefined;
  whole: Omit<InputMember, "name" | "location">;
  open: boolean;
}

function bodyOf(document: OpenApiDocument, body: RequestBody | undefined): BodyModel | undefined {
  if (!body) return undefined;
  const supported = Object.entries(ENCODINGS).find(([mediaType]) => body.content[mediaType]);
  if (!supported) {
    throw new SpecError(`none of the body's media types is supported; use one of ${Object.keys(ENCODINGS).join(", ")}`);
  }
  const [mediaType, encoding] = supported;
  const schema = body.content[mediaType]?.schema ?? {};
  const resolved = resolve<Schema>(document, schema);
  const whole = { schema, description: resolved.description, required: body.required ?? false, secret: false };
  const isFlat =
    resolved.type === "object" && resolved.properties && !resolved.oneOf && !resolved.anyOf && !resolved.allOf;
  const members = Object.entries(resolved.properties ?? {}).map(
    ([name, member]): InputMember => ({
      name,
      location: "member",
      schema: member,
      description: resolve<Schema>(document, member).description ?? member.description,
      required: resolved.required?.includes(name) ?? false,
      secret: isSecret(document, member),
    }),
  );
  return { encoding, members: isFlat ? members : undefined, whole, open: Boolean(resolved.additionalProperties) };
}

function fixedValue(document: OpenApiDocument, schema: Schema): unknown {
  const resolved = resolve<Schema>(document, schema);
  if (resolved.const !== undefined) return resolved.const;
  return resolved.enum?.length === 1 ? resolved.enum[0] : undefined;
}
