import { readFileSync } from "node:fs";
import { join } from "node:path";
import { baseSpec, currentSpec } from "../spec-diff/documents.ts";
import { downgraded } from "../spec-diff/downgrades.ts";
import { type Bump, type Finding, highest, isLower } from "../spec-diff/finding.ts";
import { judgeSurfaces } from "../spec-diff/surface/judge.ts";
import { currentSurfaces, sourceFiles } from "../spec-diff/surface/package.ts";
import type { Surface } from "../spec-diff/surface/program.ts";
import { judgeSpecs } from "../spec-diff/verdict.ts";
import { clientFolders, readManifest } from "../workspace.ts";
import { type Changeset, pendingBump } from "./pending.ts";
import { digestOf, publishedFolders, type ReleaseRecord, readRecord, releasedSurfaces } from "./record.ts";

/** What a published package needs before it may be released again. */
export interface Need {
  /** The package's folder. */
  readonly name: string;
  readonly packageName: string;
  /** The version released last; `undefined` if none was. */
  readonly version: string | undefined;
  /** `undefined` where nothing published changed. */
  readonly bump: Bump | undefined;
  /** What its document and its types say; none where only the inside of the package changed. */
  readonly findings: readonly Finding[];
}

interface Released {
  readonly name: string;
  readonly packageName: string;
  readonly record: ReleaseRecord;
  readonly isChanged: boolean;
}

/** The bump each published package requires: by its spec, by its TypeScript surface, and by the packages it gives on. */
export async function requiredBumps(root: string, pending: readonly Changeset[]): Promise<Need[]> {
  const folders = publishedFolders(root);
  const packages = folders.map((name) => {
    const record = readRecord(root, name);
    const packageName = readManifest(join(root, "packages", name)).name;
    return { name, packageName, record, isChanged: record !== undefined && digestOf(root, name) !== record.digest };
  });
  const released = packages.filter((each): each is Released => each.record !== undefined);
  const [documents, surfaces] = [await documentFindings(root, released), surfaceFindings(root, released)];
  const own = new Map(
    packages.map(({ name, packageName, record, isChanged }): [string, Need] => {
      const findings = [...(documents.get(name) ?? []), ...(surfaces.get(name) ?? [])];
      const bump = highest([isChanged ? "patch" : undefined, ...findings.map((finding) => finding.bump)]);
      return [packageName, { name, packageName, version: record?.version, bump, findings }];
    }),
  );
  return [...own.values()].map((need) => withDependencies(root, need, own, pending));
}

async function documentFindings(root: string, released: readonly Released[]): Promise<Map<string, readonly Finding[]>> {
  const clients = released.filter(({ name }) => clientFolders(root).includes(name));
  const pairs = await Promise.all(
    clients.map(async ({ name, packageName }) => {
      const [base, revision] = await Promise.all([baseSpec(root, name, undefined), currentSpec(root, name)]);
      return base ? [{ name, packageName, base, revision }] : [];
    }),
  );
  const verdicts = await judgeSpecs(pairs.flat());
  return new Map(verdicts.map(({ name, findings }) => [name, findings]));
}

/** A package's types may change with those it imports, so one change asks for all to be looked at. */
function surfaceFindings(root: string, released: readonly Released[]): Map<string, readonly Finding[]> {
  if (!released.some(({ isChanged }) => isChanged)) return new Map();
  const current = currentSurfaces(root);
  const before = releasedSurfaces(root, current);
  const judged = judgeSurfaces(
    released.map(({ packageName }) => ({
      base: before.get(packageName) as Surface,
      revision: current.get(packageName) as Surface,
    })),
  );
  return new Map(
    released.map(({ name, isChanged }, index) => {
      const findings = (judged[index] ?? []).map((finding) => downgraded(finding));
      // What another package adds to this one's types, users have without a release of this one.
      return [name, isChanged ? findings : findings.filter(({ bump }) => bump === "major")];
    }),
  );
}

/** A package that exports another's types breaks its users when that one does, whatever version range it asks for. */
function withDependencies(
  root: string,
  need: Need,
  all: ReadonlyMap<string, Need>,
  pending: readonly Changeset[],
): Need {
  const breaking = reExported(join(root, "packages", need.name)).filter(
    (other) =>
      all.get(other)?.version !== undefined &&
      (all.get(other)?.bump === "major" || pendingBump(pending, other) === "major"),
  );
  if (need.version === undefined || breaking.length === 0 || !isLower(need.bump, "major")) return need;
  const findings = breaking.map(
    (other): Finding => ({
      ...{ judge: "rules", rule: "dependency-major", bump: "major" },
      message: `\`${other}\`, whose types this package exports, has a breaking release; read its changelog.`,
    }),
  );
  return { ...need, bump: "major", findings: [...need.findings, ...findings] };
}

/** The packages of the workspace whose names a package exports as its own. */
function reExported(folder: string): string[] {
  const texts = sourceFiles(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(folder, "src", file), "utf8"));
  const found = texts.flatMap((text) => [...text.matchAll(/^export [^;]*? from "(@[^/"]+\/[^/"]+)/gm)]);
  return [...new Set(found.map(([, name]) => name as string))];
}
