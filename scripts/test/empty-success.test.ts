import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { emitPackage } from "../src/emit/package-files.ts";
import type { OpenApiDocument } from "../src/spec/document.ts";
import { fictionalSpecs } from "./workspace.ts";

/** What is generated of an operation whose only success has this body: its result's type, and its body's kind. */
function generated(method: string, schema: object, more: object = {}): [type: string, kind: string] {
  const document = parse(fictionalSpecs["dogwood-forever"] as string) as OpenApiDocument;
  const responses = {
    "200": { description: "Done.", content: { "application/json": { schema } } },
    ...more,
    default: { description: "Failed.", content: { "application/json": { schema: { type: "object" } } } },
  };
  const operation = { operationId: "doIt", summary: "Do it", description: "Does it.", responses };
  Object.assign(document.paths, { "/it": { [method]: operation } });
  Object.assign(document.components ?? {}, {
    schemas: {
      ...document.components?.schemas,
      Optional: { type: "object", properties: { a: { type: "string" } } },
      Required: { type: "object", required: ["a"], properties: { a: { type: "string" } } },
    },
  });
  const files = emitPackage({ name: "dogwood-forever", packageName: "@test/dogwood-forever", text: "", document });
  const type = /\bdoIt\(.*\): Promise<([\s\S]*?)>;\n/.exec(String(files.get("client.ts")))?.[1] ?? "";
  const data = String(files.get("vendor.ts"));
  const kind = /"2XX": "([^"]+)"/.exec(data.slice(data.indexOf("doIt")))?.[1] ?? "";
  return [type.replace(/\s+/g, " "), kind];
}

const optional = { $ref: "#/components/schemas/Optional" };
const required = { $ref: "#/components/schemas/Required" };
const REQUIRED = "Required";
const OPTIONAL = "Optional";

describe("the result of an operation that changes something", () => {
  const cases: [string, object, string, string][] = [
    ["an object without members", { type: "object" }, "void", "object?"],
    ["a closed object without members", { type: "object", additionalProperties: false }, "void", "object?"],
    [
      "an object of any members",
      { type: "object", additionalProperties: { type: "string" } },
      "Record<string, string> | undefined",
      "object?",
    ],
    ["an object without a required member", optional, `${OPTIONAL} | undefined`, "object?"],
    ["an object with a required member", required, REQUIRED, "object"],
    ["a list", { type: "array", items: required }, `${REQUIRED}[] | undefined`, "json?"],
    ["a list of at least one", { type: "array", minItems: 1, items: required }, `${REQUIRED}[]`, "json"],
    [
      "an object of at least one member",
      { ...optionalObject(), minProperties: 1 },
      "{ a?: string | undefined; }",
      "object",
    ],
    ["all of an optional and a required one", { allOf: [optional, required] }, `${OPTIONAL} & ${REQUIRED}`, "object"],
    ["all of optional ones", { allOf: [optional, optional] }, `${OPTIONAL} & ${OPTIONAL} | undefined`, "object?"],
    ["one of required ones", { oneOf: [required, required] }, REQUIRED, "object"],
    [
      "one of an optional and a required one",
      { anyOf: [optional, required] },
      `${OPTIONAL} | ${REQUIRED} | undefined`,
      "object?",
    ],
    [
      "a member that is required of requests alone",
      { ...optionalObject(true), required: ["a"] },
      "{ a: string; } | undefined",
      "object?",
    ],
    ["nothing that is documented", {}, "unknown", "any"],
  ];
  test.each(cases)("may be missing as its body's schema says: %s", (_, schema, type, kind) => {
    for (const method of ["post", "put", "patch", "delete"]) expect(generated(method, schema)).toEqual([type, kind]);
  });

  test("is undefined, not void, beside another success with members", () => {
    const also = (schema: object) => ({
      "202": { description: "Accepted.", content: { "application/json": { schema } } },
    });
    expect(generated("post", { type: "object" }, also(required))).toEqual([`${REQUIRED} | undefined`, "object?"]);
    expect(generated("post", required, { "204": { description: "Nothing." } })).toEqual([
      `${REQUIRED} | undefined`,
      "object",
    ]);
    expect(generated("post", { type: "object" }, also({ type: "object" }))).toEqual(["void", "object?"]);
  });
});

test.each(["get", "head", "options", "trace"])(
  "the result of an operation that changes nothing is never missing: %s",
  (method) => {
    expect(generated(method, optional)).toEqual([OPTIONAL, "object"]);
    expect(generated(method, { type: "array", items: required })).toEqual([`${REQUIRED}[]`, "json"]);
  },
);

function optionalObject(writeOnly?: boolean) {
  return { type: "object", properties: { a: { type: "string", writeOnly } } };
}

test("the answer of an exchange is never missing, whatever its schema requires", () => {
  const name = "dogwood-forever";
  const document = parse(fictionalSpecs[name] as string) as OpenApiDocument;
  const lax = JSON.parse(JSON.stringify(document).replaceAll(/"required":\[[^\]]*\],?/g, "")) as OpenApiDocument;
  const files = emitPackage({ name, packageName: `@test/${name}`, text: "", document: lax });
  const [, exchange] = /role: "exchange"[^}]*?responses: \{([^}]*)\}/.exec(
    String(files.get("vendor.ts")).replaceAll(/input: \{[^}]*\}/g, ""),
  ) as unknown as [string, string];
  expect(exchange).toContain('"2XX": "object"');
});
