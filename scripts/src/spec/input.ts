import type { InputLocation } from "@org/auth-runtime";
import {
  isReference,
  type LocatedOperation,
  type OpenApiDocument,
  type Parameter,
  type Reference,
  type RequestBody,
  resolve,
  type Schema,
  SpecError,
} from "./document.ts";
import { isSecret } from "./secrets.ts";

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
  const all = parametersOf(document, [...(item.parameters ?? []), ...(operation.parameters ?? [])]);
  const body = bodyOf(document, operation.requestBody && resolve<RequestBody>(document, operation.requestBody));
  const names = new Set(all.map(({ name }) => name));
  const collisions = (body?.members ?? []).map(({ name }) => name).filter((name) => names.has(name));
  const isFlat = body?.members !== undefined && collisions.length === 0;
  if (isFlat) all.push(...(body.members ?? []));
  else if (body) {
    if (names.has("body")) throw new SpecError(`a parameter is named "body", which is where the body has to go`);
    all.push({ ...body.whole, name: "body", location: "body" });
  }
  const fixed = all.flatMap((member) => {
    const value = fixedValue(document, member);
    return value === undefined ? [] : [{ name: member.name, location: member.location, value }];
  });
  const members = all.filter((member) => fixedValue(document, member) === undefined);
  return { members, fixed, encoding: body?.encoding, open: isFlat && body.open, collisions };
}

function parametersOf(document: OpenApiDocument, entries: (Parameter | Reference)[]): InputMember[] {
  const parameters = new Map<string, Parameter>();
  for (const entry of entries) {
    const parameter = resolve<Parameter>(document, entry);
    parameters.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  const members: InputMember[] = [];
  for (const parameter of parameters.values()) {
    const { name, in: location, description, schema = {} } = parameter;
    if (location === "header" && RESERVED_HEADERS.includes(name.toLowerCase())) continue;
    if (location === "cookie") throw new SpecError(`the cookie parameter "${name}" is not supported`);
    if (members.some((member) => member.name === name)) throw new SpecError(`two parameters are named "${name}"`);
    checkStyle(document, parameter);
    // OpenAPI has every path parameter required, whatever the document says.
    const required = location === "path" || (parameter.required ?? false);
    members.push({ name, location, schema, description, required, secret: isSecret(document, schema) });
  }
  return members;
}

/** Refuses a serialisation other than the one requests are sent with, rather than sending something else. */
function checkStyle(document: OpenApiDocument, { name, in: location, style, explode, schema = {} }: Parameter): void {
  const types = [resolve<Schema>(document, schema).type].flat();
  const isQuery = location === "query";
  const isPlain = !types.includes("object") && (isQuery || !types.includes("array"));
  const isDefault = style === undefined || style === (isQuery ? "form" : "simple");
  const isExploded = explode !== false || !types.includes("array");
  if ((isPlain && isDefault && isExploded) || (isQuery && style === "deepObject")) return;
  throw new SpecError(
    `the ${location} parameter "${name}" is serialised in a way that is not supported; only plain values, and in the query exploded arrays and style: deepObject, are`,
  );
}

interface BodyModel {
  encoding: "json" | "form" | "text";
  members: InputMember[] | undefined;
  whole: Omit<InputMember, "name" | "location">;
  open: boolean;
}

function bodyOf(document: OpenApiDocument, body: RequestBody | undefined): BodyModel | undefined {
  if (!body) return undefined;
  const content = Object.entries(body.content).map(
    ([type, media]) => [type.split(";")[0]?.trim() ?? "", media] as const,
  );
  const supported = Object.entries(ENCODINGS).find(([mediaType]) => content.some(([type]) => type === mediaType));
  if (!supported) {
    throw new SpecError(`none of the body's media types is supported; use one of ${Object.keys(ENCODINGS).join(", ")}`);
  }
  const [mediaType, encoding] = supported;
  const schema = content.find(([type]) => type === mediaType)?.[1].schema ?? {};
  const flat = flatten(document, schema);
  const { description } = resolve<Schema>(document, schema);
  const members = Object.entries(flat?.properties ?? {}).map(
    ([name, member]): InputMember => ({
      name,
      location: "member",
      schema: member,
      description: member.description ?? resolve<Schema>(document, member).description,
      required: flat?.required?.includes(name) ?? false,
      secret: isSecret(document, member),
    }),
  );
  return {
    encoding,
    members: members.length > 0 ? members : undefined,
    whole: { schema, description, required: body.required ?? false, secret: isSecret(document, schema) },
    open: Boolean(flat?.additionalProperties),
  };
}

/** The one object a schema describes, the parts of `allOf` joined; `undefined` if it is anything else. */
function flatten(document: OpenApiDocument, schema: Schema): Schema | undefined {
  const { type, properties, required, additionalProperties, allOf, oneOf, anyOf } = resolve<Schema>(document, schema);
  if (oneOf || anyOf || (type ?? "object") !== "object" || !(properties || allOf || type)) return undefined;
  const parts = (allOf ?? []).map((part) => flatten(document, part));
  if (parts.includes(undefined)) return undefined;
  const all = [...(parts as Schema[]), { properties, required, additionalProperties } as Schema];
  return {
    properties: Object.assign({}, ...all.map((part) => part.properties)),
    required: all.flatMap((part) => part.required ?? []),
    additionalProperties: all.some((part) => part.additionalProperties),
  };
}

/** What a required member cannot be other than; an optional one is the caller's choice to send. */
function fixedValue(document: OpenApiDocument, { schema, required }: InputMember): unknown {
  const resolved = isReference(schema) ? resolve<Schema>(document, schema) : schema;
  if (!required) return undefined;
  if (resolved.const !== undefined) return resolved.const;
  return resolved.enum?.length === 1 ? resolved.enum[0] : undefined;
}
