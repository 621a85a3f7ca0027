import { join } from "node:path";
import { pascalCase } from "../emit/names.ts";
import { clientFields } from "../shapes/client-fields.ts";
import type { VendorModel } from "../spec/model.ts";
import { ROOT, readManifest, SCOPE } from "../workspace.ts";
import { readmeOf } from "./readme.ts";

export interface NewPackage {
  /** Its folder, and the part of its name behind the scope. */
  name: string;
  title: string;
  model: VendorModel;
}

/** The files of a client package that a person may edit, by path within it; shaped as those of every other. */
export function packageFiles(created: NewPackage): Map<string, string> {
  return new Map([
    ["package.json", manifestText(manifestOf(created))],
    ["README.md", readmeOf(created)],
    ["tsconfig.json", '{ "extends": "../../tsconfig.base.json" }\n'],
    ["src/tsconfig.json", '{ "extends": "../../../tsconfig.base.json" }\n'],
    ["src/index.ts", entryOf(created)],
    ["test/contract.test.ts", contractTestOf(created)],
    ["test/types.test.ts", typesTestOf(created)],
  ]);
}

/** What every manifest shares is taken from one that the shape rules have already seen. */
function manifestOf({ name, title, model }: NewPackage): object {
  const { license, repository, type, sideEffects, engines, ...runtime } = readManifest(
    join(ROOT, "packages/auth-runtime"),
  );
  const { jose = "" } = runtime["devDependencies"] as Record<string, string>;
  const signs = model.operations.some(({ assertion }) => assertion);
  return {
    name: `${SCOPE}/${name}`,
    version: "0.0.0",
    description: `Typed client of ${title}`,
    keywords: [...name.split("-"), "openapi"],
    license,
    repository: { ...(repository as object), directory: `packages/${name}` },
    type,
    sideEffects,
    engines,
    ...clientFields([], signs ? { jose } : {}),
  };
}

/** Two levels are a line for each member, and what lies deeper is one line: that keeps a manifest short. */
function manifestText(manifest: object): string {
  const isLong = (value: unknown) => JSON.stringify(value).length > 100;
  const text = (value: unknown, indent: string): string => {
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    if (!isLong(value))
      return JSON.stringify(value, null, 1)
        .replaceAll(/\n\s*/g, " ")
        .replaceAll(/\[ | \]/g, (each) => each.trim());
    const members = Object.entries(value).map(
      ([key, each]) => `${indent}  ${JSON.stringify(key)}: ${text(each, `${indent}  `)}`,
    );
    return `{\n${members.join(",\n")}\n${indent}}`;
  };
  return `${text(manifest, "")}\n`;
}

function entryOf({ name, title, model }: NewPackage): string {
  const Name = pascalCase(name);
  const hasTokens = [...model.schemes.values()].some(({ exchange }) => exchange);
  const types = ["CallOptions", "ClientOptions", ...(hasTokens ? ["GetTokenOptions"] : []), "ServerUrl"];
  if (hasTokens) types.push("Token");
  const url = model.document.externalDocs?.url;
  return `import { createVendorClient, isVendorError } from "${SCOPE}/auth-runtime";
import type { ${Name}, ${Name}Error, ${Name}Options } from "./generated/index.ts";
import { vendor } from "./generated/vendor.ts";

export type { ${types.join(", ")} } from "${SCOPE}/auth-runtime";
export * from "./generated/index.ts";

/**
 * Creates a client of ${comment(title)}. It sends nothing yet${hasTokens ? ": a token is obtained when one is first needed" : ""}.
 *
 * @returns its operations, ${hasTokens ? "`getToken`, `invalidate`, " : ""}an authorised \`fetch\` and \`client\`, called as an openapi-fetch client is
 * @throws \`invalid_options\` for a credential, server or option that cannot work, \`insecure_url\` for plain http beyond loopback${url ? `\n * @see {@link ${comment(url)}}` : ""}
 */
export function create${Name}(options: ${Name}Options): ${Name} {
  return createVendorClient<${Name}>(vendor, options);
}

/** Whether an error is one of this package's, thrown by any installed copy of it; narrow it by \`code\`, or by \`operationId\` and \`status\`. */
export function is${Name}Error(error: unknown): error is ${Name}Error {
  return isVendorError(error, vendor.package);
}
`;
}

function contractTestOf({ name }: NewPackage): string {
  const Name = pascalCase(name);
  return `import { startMock } from "${SCOPE}/mock-servers";
import { conformanceCases } from "${SCOPE}/mock-servers/conformance";
import { afterAll, describe, test } from "vitest";
import { create${Name}, is${Name}Error } from "../src/index.ts";

const mock = await startMock("${name}");
afterAll(() => mock.stop());

describe("what the spec says is what arrives", async () => {
  const underTest = { create: create${Name}, isError: is${Name}Error };
  test.each(await conformanceCases("${name}"))("$name", ({ run }) => run(mock, underTest));
});
`;
}

function typesTestOf({ name, model }: NewPackage): string {
  const Name = pascalCase(name);
  const credentials = Object.fromEntries(
    model.credentials.filter(({ required }) => required).map(({ name: each }) => [each, "example"]),
  );
  const [first] = Object.keys(credentials);
  const missing = `
  // @ts-expect-error ${first} is missing
  expect(() => create${Name}({ server: "http://127.0.0.1:9" })).toThrow("${first} is missing");`;
  return `import { expect, test } from "vitest";
import { create${Name}, is${Name}Error } from "../src/index.ts";

const options = ${JSON.stringify({ ...credentials, server: "http://127.0.0.1:9" })} as const;

test("${first === undefined ? "" : "a missing credential and "}an option nobody knows ${first === undefined ? "does" : "do"} not compile, and ${first === undefined ? "says" : "say"} why when they run", () => {${first === undefined ? "" : missing}
  // @ts-expect-error there is no such option
  expect(() => create${Name}({ ...options, nonsense: 1 })).toThrow('no option "nonsense"');
});

test("a failure is the package's own error", () => {
  let thrown: unknown;
  try {
    create${Name}({ ...options, server: "http://vendor.example" });
  } catch (error) {
    thrown = error;
  }
  expect(is${Name}Error(thrown) && thrown.code).toBe("insecure_url");
});
`;
}

const comment = (text: string) => text.replaceAll("*/", "* /").replaceAll("\n", " ");
