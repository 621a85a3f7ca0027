import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "./refusal.ts";
import { parseVersion, type Version } from "./version.ts";

/** A package to publish, as `changeset pack` planned it. Each text is one that a command line can carry. */
export interface Release {
  readonly name: string;
  readonly version: string;
  readonly parsed: Version;
  readonly access: string;
  readonly tag: string;
  /** Relative to the folder of the plan. */
  readonly tarball: string;
  /** `sha256-` and the digest in base64. */
  readonly integrity: string;
}

const FILE = "publish-plan.json";
/** The shape of each text of a release: what the plan holds was written by another job. */
const SHAPES = {
  name: /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/,
  version: /^\d[0-9A-Za-z.+-]*$/,
  access: /^(public|restricted)$/,
  tag: /^[a-z][a-z0-9._-]*$/i,
  "tarball.path": /^packages\/[a-z0-9][\w.+-]*\.tgz$/i,
  "tarball.integrity": /^sha256-[A-Za-z0-9+/]{43}=$/,
};

/** Reads the plan of a folder, dependencies first. Throws {@link Refusal} for a plan that is missing or not of the expected shape. */
export async function readPlan(folder: string): Promise<Release[]> {
  const file = join(folder, FILE);
  const text = await readFile(file, "utf8").catch((cause: Error) => {
    throw new Refusal(`${file} cannot be read; run release:pack first`, { cause });
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new Refusal(`${file} is not JSON; run release:pack again`, { cause });
  }
  const { version, plan } = members(content);
  if (version !== 1) throw new Refusal(`${file} has version ${version}; this script reads version 1`);
  if (!Array.isArray(plan) || !plan.every(Array.isArray)) throw new Refusal(`${file} has no list of lists as its plan`);
  // A chunk depends on those before it alone, so the order of the chunks is the order of publication.
  return plan.flat().flatMap((entry, index) => {
    const { kind, ...release } = members(entry);
    if (kind === "tag-only") return [];
    if (kind !== "publish") throw new Refusal(`${file}: release ${index + 1} has the unknown kind ${kind}`);
    return [readRelease(release, `${file}: release ${index + 1}`)];
  });
}

function readRelease(entry: Record<string, unknown>, place: string): Release {
  const tarball = members(entry["tarball"]);
  const values: Record<string, unknown> = {
    ...entry,
    "tarball.path": tarball["path"],
    "tarball.integrity": tarball["integrity"],
  };
  const read = (member: keyof typeof SHAPES): string => {
    const value = values[member];
    if (typeof value === "string" && SHAPES[member].test(value)) return value;
    throw new Refusal(`${place} has no valid ${member}: ${JSON.stringify(value)}`);
  };
  const version = read("version");
  const parsed = parseVersion(version);
  if (!parsed) throw new Refusal(`${place} has no valid version: "${version}"`);
  const texts = { name: read("name"), access: read("access"), tag: read("tag") };
  return { ...texts, version, parsed, tarball: read("tarball.path"), integrity: read("tarball.integrity") };
}

/** Throws {@link Refusal} for a tarball that is missing or is not the one that was packed. */
export async function verifyTarball(folder: string, { name, version, tarball, integrity }: Release): Promise<void> {
  const content = await readFile(join(folder, tarball)).catch((cause: Error) => {
    throw new Refusal(`the tarball of ${name} ${version} cannot be read: ${cause.message}`, { cause });
  });
  const actual = `sha256-${createHash("sha256").update(content).digest("base64")}`;
  if (actual !== integrity)
    throw new Refusal(`${tarball} is not the file that was packed: the plan says ${integrity}, the file has ${actual}`);
}

function members(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
