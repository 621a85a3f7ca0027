import { SpecError } from "../spec/document.ts";
import type { VendorModel } from "../spec/model.ts";

/** `klavi-auth` as `KlaviAuth`. */
export function pascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => word[0]?.toUpperCase() + word.slice(1))
    .join("");
}

/** The types of the runtime that generated code may import. */
export const RUNTIME_TYPES = [
  ...["AuthorisedClient", "BearerAuth", "CallOptions", "ClientErrorStatus", "ClientOptions", "HttpStatus"],
  ...["RequestError", "ResponseError", "ServerErrorStatus", "ServerUrl", "StatusError", "TokenSource"],
];

/** What generated code imports or means by a bare name, so that nothing of a spec may be called that. */
const TAKEN = [
  ...[...RUNTIME_TYPES, "Schema", "Token", "GetTokenOptions", "Exclude", "Promise", "Record", "URL"],
  ...["Error", "Object", "String", "Number", "Boolean"],
];

/** The exported TypeScript name of each component schema. Throws {@link SpecError} where two things would share one. */
export function schemaNames(model: VendorModel, prefix: string): Map<string, string> {
  const holders = new Map(TAKEN.map((name) => [name, "a name generated code needs"]));
  const claim = (name: string, holder: string, what: string, pointer: string[]) => {
    const taken = /^[A-Z]/.test(name) ? holders.get(name) : "no TypeScript name";
    if (taken !== undefined)
      throw new SpecError(`${what} would be exported as ${name}, which is ${taken}; rename it`, pointer);
    holders.set(name, holder);
  };
  for (const suffix of ["", "Options", "KeyOptions", "AuthOptions", "Server", "Error", "OperationId"]) {
    claim(prefix + suffix, "the package's own name", `the package's ${suffix || "client"}`, []);
  }
  for (const { id, pointer } of model.operations) {
    for (const suffix of ["Input", "Error"]) {
      claim(pascalCase(id) + suffix, `a type of the operation ${id}`, `the operation "${id}"`, pointer);
    }
  }
  const names = new Map<string, string>();
  for (const name of Object.keys(model.document.components?.schemas ?? {})) {
    claim(pascalCase(name), `the name of the schema "${name}"`, `the schema "${name}"`, [
      "components",
      "schemas",
      name,
    ]);
    names.set(name, pascalCase(name));
  }
  return names;
}
