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

/** What generated code imports or means by a bare name, so that no schema may be called that. */
const TAKEN = [
  ...["AuthorisedClient", "CallOptions", "ClientOptions", "Exclude", "HttpStatus", "Promise", "Record", "RequestError"],
  ...[
    "ResponseError",
    "Schema",
    "ServerErrorStatus",
    "ClientErrorStatus",
    "ServerUrl",
    "StatusError",
    "Token",
    "TokenSource",
  ],
  ...["URL", "Error", "Array", "components", "paths", "Date", "Object", "String", "Number", "Boolean"],
];

/** The exported TypeScript name of each component schema. Throws {@link SpecError} where two things would share one. */
export function schemaNames(model: VendorModel, prefix: string): Map<string, string> {
  const taken = new Map(TAKEN.map((name) => [name, "a name generated code needs"]));
  for (const suffix of ["", "Options", "Server", "Error", "OperationId"])
    taken.set(prefix + suffix, "the package's own name");
  for (const { id } of model.operations) {
    for (const suffix of ["Input", "Error"]) taken.set(pascalCase(id) + suffix, `a type of the operation ${id}`);
  }
  const names = new Map<string, string>();
  for (const name of Object.keys(model.document.components?.schemas ?? {})) {
    const alias = pascalCase(name);
    const holder = taken.get(alias);
    if (holder !== undefined || !/^[A-Z]/.test(alias)) {
      const why = holder === undefined ? "is no TypeScript name" : `is ${holder}`;
      throw new SpecError(`the schema "${name}" would be exported as ${alias}, which ${why}; rename it`, [
        "components",
        "schemas",
        name,
      ]);
    }
    taken.set(alias, `the name of the schema "${name}"`);
    names.set(name, alias);
  }
  return names;
}
