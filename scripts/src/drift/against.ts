import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenApiDocument, operationsOf } from "../spec/document.ts";
import { isLower } from "../spec-diff/finding.ts";
import { type Change, redoclyChanges } from "../spec-diff/redocly.ts";
import { findingsOf } from "../spec-diff/verdict.ts";
import type { Drift } from "./drift.ts";
import { matchOperations, wireContract } from "./operations.ts";
import { printable } from "./unknown-members.ts";
import type { VendorDocument } from "./vendor-document.ts";

/** Of these a vendor's silence is no contradiction: the spec may know more than the vendor wrote down. */
const KNOWN_BETTER = [
  ...[
    "format",
    "pattern",
    "default",
    "const",
    "additionalProperties",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
  ],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "uniqueItems"],
];

/** The differences between a spec and the vendor's document, operation by operation. */
export async function driftAgainst(
  own: OpenApiDocument,
  vendor: VendorDocument,
  modelledOnly: boolean,
): Promise<Drift[]> {
  const matches = matchOperations(own, vendor.document);
  const found = matches.flatMap((match) => (match.theirs ? [{ own: match.own, theirs: match.theirs }] : []));
  const missing = matches
    .filter(({ theirs }) => !theirs)
    .map(({ own: { method, path, operation } }): Drift => {
      const message = `The vendor's document has no ${method.toUpperCase()} ${path}.`;
      return { operation: operation.operationId, kind: "missing", impact: "breaking", message };
    });
  const modelled = new Set(found.map(({ theirs }) => theirs.operation));
  const others = modelledOnly ? [] : operationsOf(vendor.document).filter(({ operation }) => !modelled.has(operation));
  const added = others.map(({ method, path, operation }): Drift => {
    const message = `The vendor's document has it, and the spec does not${operation.operationId ? ` (${printable(operation.operationId)})` : ""}.`;
    return { operation: `${method.toUpperCase()} ${printable(path)}`, kind: "added", impact: "additive", message };
  });
  return [...missing, ...(await changedOperations(own, vendor, found)), ...added];
}

type Found = { own: ReturnType<typeof matchOperations>[number]["own"]; theirs: Found["own"] };

async function changedOperations(
  own: OpenApiDocument,
  vendor: VendorDocument,
  found: readonly Found[],
): Promise<Drift[]> {
  const paths: Record<"base" | "revision", Record<string, Record<string, object>>> = { base: {}, revision: {} };
  for (const match of found) {
    const { path, method } = match.own;
    const base = wireContract({ document: own, isOldDialect: false }, match.own, match.own);
    const theirs = wireContract(vendor, match.theirs, match.own);
    const revision = { ...theirs, security: theirs.security ?? base.security };
    for (const [side, contract] of Object.entries({ base, revision }) as ["base" | "revision", object][]) {
      paths[side][path] = { ...paths[side][path], [method]: contract };
    }
  }
  const [before, after] = [asDocument(paths.base), asDocument(paths.revision)];
  const folder = await mkdtemp(join(tmpdir(), "spec-drift-"));
  try {
    const files = ["spec.json", "vendor.json"].map((name) => join(folder, name)) as [string, string];
    await Promise.all([writeFile(files[0], JSON.stringify(before)), writeFile(files[1], JSON.stringify(after))]);
    const changes = await redoclyChanges(...files);
    return changes.flatMap((change) => driftOf(change, [before, after]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function asDocument(paths: Record<string, Record<string, object>>): OpenApiDocument {
  const requirements = Object.values(paths).flatMap((item) =>
    Object.values(item).flatMap((operation) => (operation as { security?: object[] }).security ?? []),
  );
  const schemes = [...new Set(requirements.flatMap((each) => Object.keys(each)))];
  // How each travels is in its name; the schemes themselves are the same on both sides.
  const securitySchemes = Object.fromEntries(schemes.map((name) => [name, { type: "http", scheme: "bearer" }]));
  const info = { title: "Contract", version: "1.0.0" };
  return { openapi: "3.1.0", info, paths, components: { securitySchemes } } as unknown as OpenApiDocument;
}

function driftOf(change: Change, documents: readonly OpenApiDocument[]): Drift[] {
  if (change.path.startsWith("#/components/")) return [];
  if (KNOWN_BETTER.includes(change.property ?? "") && change.revision?.value === undefined) return [];
  const status = /\/responses\/(\w+)$/.exec(change.path)?.[1] ?? "";
  const isError = status !== "" && !status.startsWith("2") && !String(change.base?.value ?? "").startsWith("2");
  // Hardly a vendor lists 401, and a spec has to.
  if (isError && change.kind === "removed" && status === "401") return [];
  const findings = findingsOf(change, documents).toSorted((one, other) => (isLower(one.bump, other.bump) ? 1 : -1));
  const [finding] = findings;
  if (!finding) return [];
  const impact = finding.bump === "major" && !isError ? "breaking" : "additive";
  const kind = change.kind === "added" ? "added" : change.kind === "removed" ? "missing" : "changed";
  return [{ operation: finding.operation ?? "The whole document", kind, impact, message: finding.message }];
}
