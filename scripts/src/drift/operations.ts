import {
  type LocatedOperation,
  type OpenApiDocument,
  operationsOf,
  type Parameter,
  type RequestBody,
  type Response,
  resolve,
  type SecurityScheme,
  securityOf,
} from "../spec/document.ts";
import { contractOf } from "./contract.ts";
import type { VendorDocument } from "./vendor-document.ts";

/** An operation of ours and the vendor's own description of it, if there is one. */
export interface Match {
  readonly own: LocatedOperation;
  readonly theirs: LocatedOperation | undefined;
}

/** Finds our operations in the vendor's document by method and path, whichever of both holds a server's base path. */
export function matchOperations(own: OpenApiDocument, vendor: OpenApiDocument): Match[] {
  const theirs = operationsOf(vendor).map((located) => ({ located, paths: fullPaths(vendor, located.path) }));
  return operationsOf(own).map((located) => {
    const paths = fullPaths(own, located.path);
    const found = theirs.find(
      (each) => each.located.method === located.method && paths.some((path) => each.paths.includes(path)),
    );
    return { own: located, theirs: found?.located };
  });
}

/** A path with and without the paths of the document's servers, whatever its parameters are called. */
function fullPaths({ servers = [] }: OpenApiDocument, path: string): string[] {
  const bases = servers.map(({ url }) => /^(?:[^/]*:\/\/[^/]*)?(\/.*?)?\/?$/.exec(url)?.[1] ?? "");
  return [...new Set(["", ...bases])].map((base) =>
    `${base}${path}`.replace(/\{[^}]+\}/g, "{}").replace(/(.)\/$/, "$1"),
  );
}

/** What OpenAPI ignores as parameters. */
const RESERVED_HEADERS = ["accept", "content-type", "authorization"];

/** An operation reduced to what travels, under our names; `components` holds what its security refers to. */
export function wireContract(
  source: Pick<VendorDocument, "document" | "isOldDialect">,
  located: LocatedOperation,
  named: LocatedOperation,
) {
  const { document } = source;
  const { item, operation } = located;
  const names = new Map(pathNames(located.path).map((name, index) => [name, pathNames(named.path)[index] ?? name]));
  const parameters = new Map<string, object>();
  for (const entry of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
    const { name, in: place, required, schema = {} } = resolve<Parameter>(document, entry);
    if (place === "header" && RESERVED_HEADERS.includes(name.toLowerCase())) continue;
    const ours = place === "path" ? (names.get(name) ?? name) : name;
    const isRequired = place === "path" || (required ?? false);
    parameters.set(`${place} ${ours}`, {
      name: ours,
      in: place,
      required: isRequired,
      schema: contractOf(source, schema),
    });
  }
  const body = operation.requestBody && resolve<RequestBody>(document, operation.requestBody);
  const contentOf = (content: RequestBody["content"] | undefined) =>
    Object.fromEntries(
      Object.entries(content ?? {}).map(([type, media]) => [
        type.replace(/\s*;.*$/, ""),
        { schema: contractOf(source, media.schema ?? {}) },
      ]),
    );
  const responses = Object.entries(operation.responses ?? {}).map(([status, entry]) => {
    const content = contentOf(resolve<Response>(document, entry).content);
    return [status, { description: "", ...(Object.keys(content).length > 0 && { content }) }];
  });
  return {
    operationId: named.operation.operationId,
    parameters: [...parameters.values()].sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other))),
    ...(body && { requestBody: { required: body.required ?? false, content: contentOf(body.content) } }),
    responses: Object.fromEntries(responses) as Record<string, object>,
    security: securityShapes(document, located),
  };
}

function pathNames(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name as string);
}

/** The alternatives of an operation's security by how the credential travels, whatever the schemes are called. */
function securityShapes(
  document: OpenApiDocument,
  { operation }: LocatedOperation,
): Record<string, string[]>[] | undefined {
  if (operation.security === undefined && document.security === undefined) return undefined;
  const shapes = securityOf(document, operation).map((requirement) =>
    Object.fromEntries(
      Object.entries(requirement).map(([name, scopes]) => [
        shapeOf(document.components?.securitySchemes?.[name]),
        scopes,
      ]),
    ),
  );
  return [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
}

function shapeOf(scheme: SecurityScheme | undefined): string {
  if (scheme?.type === "apiKey") return `${scheme.in}-${scheme.name}`;
  return scheme?.type === "http" && scheme.scheme?.toLowerCase() === "basic" ? "basic" : "bearer";
}
