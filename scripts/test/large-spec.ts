import { parse, stringify } from "yaml";
import { fictionalSpecs } from "./workspace.ts";

type Tree = Record<string, Record<string, unknown>>;

/** A spec of so many operations, one of them the exchange, each of the others with a path and a schema of its own. */
export function largeSpec(operations: number): string {
  const document = parse(fictionalSpecs["birch-session"] as string) as { paths: Tree; components: { schemas: Tree } };
  const { paths, components } = document;
  const [path, operation] = Object.entries(paths).find(([each]) => each.includes("{thingId}")) as [string, object];
  delete paths[path];
  for (let index = 1; index < operations; index++) {
    const numbered = JSON.stringify(operation)
      .replaceAll("getThing", `getThing${index}`)
      .replaceAll("#/components/schemas/Thing", `#/components/schemas/Thing${index}`);
    paths[path.replace("things", `things-${index}`)] = JSON.parse(numbered) as Tree[string];
    components.schemas[`Thing${index}`] = components.schemas["Thing"] as Tree[string];
  }
  delete components.schemas["Thing"];
  return stringify(document, { aliasDuplicateObjects: false });
}
