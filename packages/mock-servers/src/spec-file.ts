import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { MockError } from "./errors.ts";

/** A bare name is that of a package published beside this one, whatever scope that is. */
const [OWN_SCOPE] = (createRequire(import.meta.url)("../package.json") as { name: string }).name.split("/");

/**
 * The file of a spec: a path is taken as it is, a bare name is the document an installed client package ships.
 * Throws {@link MockError} if there is none.
 */
export function specFile(spec: string): string {
  if (typeof spec !== "string" || spec === "")
    throw new MockError("name an installed client package, or the path of an OpenAPI file");
  if (/^https?:/.test(spec)) throw new MockError(`${spec} is no file; download it, and pass its path`);
  if (/[\\/]|\.(ya?ml|json)$/.test(spec) && !spec.startsWith("@")) {
    const file = resolve(spec);
    if (!existsSync(file)) throw new MockError(`there is no file ${spec}`);
    return file;
  }
  const name = spec.startsWith("@") ? spec : `${OWN_SCOPE}/${spec}`;
  try {
    return createRequire(join(process.cwd(), "package.json")).resolve(`${name}/openapi.yaml`);
  } catch (cause) {
    throw new MockError(`${name} is not installed here; install it, or pass the path of an OpenAPI file`, { cause });
  }
}

/** The parsed document of a spec. Throws {@link MockError} if it is not an OpenAPI document. */
export async function readSpec(file: string): Promise<object> {
  let document: unknown;
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new MockError(`${file} cannot be read (${cause.code})`, { cause });
  });
  try {
    document = parse(text);
  } catch (cause) {
    const [reason] = String((cause as Error).message).split("\n");
    throw new MockError(`${file} is not YAML or JSON: ${reason}`, { cause });
  }
  if (typeof document === "object" && document !== null && "openapi" in document) return document;
  throw new MockError(`${file} is no OpenAPI document; it has to begin with openapi: 3.1.0, say`);
}
