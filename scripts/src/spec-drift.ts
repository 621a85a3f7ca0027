import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { driftAgainst } from "./drift/against.ts";
import { type DriftReport, exitCode, markdownDrift } from "./drift/drift.ts";
import { driftLive } from "./drift/live.ts";
import { readVendorDocument } from "./drift/vendor-document.ts";
import { parseSpec } from "./spec-diff/documents.ts";
import { chosenSpecs, ROOT, readManifest, runCommand, UsageError } from "./workspace.ts";

export interface DriftOptions {
  /** A file or URL of the vendor's own OpenAPI document. */
  against?: string | undefined;
  /** Leaves out the operations of that document that the spec does not model. */
  modelled?: boolean;
  /** Sends requests instead of reading a document. */
  live?: boolean;
  /** Where to: the `x-name` of a server of the spec, or a URL. */
  server?: string | undefined;
  env?: Readonly<Record<string, string | undefined>>;
}

/** How far a vendor has moved away from our spec. Throws {@link UsageError} where nothing could be compared. */
export async function specDrift(
  root: string,
  packages: readonly string[],
  options: DriftOptions,
): Promise<DriftReport> {
  const { against, live = false, modelled = false, server, env = process.env } = options;
  const [name, ...more] = packages.length > 0 ? chosenSpecs(root, packages) : [];
  if (name === undefined || more.length > 0 || live === (against !== undefined)) {
    throw new UsageError(
      "[spec:drift] name one package, and --against <file or URL> or --live --server <name>: pnpm spec:drift klavi-auth --live --server sandbox",
    );
  }
  const file = join("specs", `${name}.yaml`);
  const { document } = parseSpec(file, readFileSync(join(root, file), "utf8"));
  const packageName = readManifest(join(root, "packages", name)).name;
  if (live) return { packageName, ...(await driftLive(root, name, document, server, env)) };
  const vendor = await readVendorDocument(against as string);
  const drifts = await driftAgainst(document, vendor, modelled);
  const notes = vendor.isOldDialect ? [`${vendor.label} is OpenAPI 3.0, and was read as 3.1 says the same.`] : [];
  return { packageName, comparedWith: vendor.label, notes, drifts };
}

if (import.meta.main) {
  // 1 and 2 tell of drift, so a command that could not compare ends with 3.
  await runCommand(async () => {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        against: { type: "string" },
        live: { type: "boolean", default: false },
        server: { type: "string" },
        modelled: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    const report = await specDrift(ROOT, positionals, values);
    console.log(values.json ? JSON.stringify(report, undefined, 2) : markdownDrift(report));
    process.exitCode = exitCode(report);
  }, 3);
}
