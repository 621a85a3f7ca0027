import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Bump, highest } from "../spec-diff/finding.ts";
import { UsageError } from "../workspace.ts";

/** A changeset as a file of `.changeset/`. */
export interface Changeset {
  readonly file: string;
  readonly text: string;
  /** The bump of each package it names. */
  readonly releases: Readonly<Record<string, Bump | "none">>;
}

const FRONT = /^\s*---\r?\n([\s\S]*?)\r?\n?---\s*(?:\n|$)/;

/** The changesets that wait for a release. Throws {@link UsageError} for one that is none. */
export function pendingChangesets(root: string): Changeset[] {
  const folder = join(root, ".changeset");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .filter((file) => file.endsWith(".md") && file !== "README.md")
    .sort()
    .map((file) => readChangeset(`.changeset/${file}`, readFileSync(join(folder, file), "utf8")));
}

function readChangeset(file: string, text: string): Changeset {
  const [, front] = FRONT.exec(text) ?? [];
  let releases: Changeset["releases"] | undefined;
  try {
    releases = front === undefined ? undefined : ((parse(front) ?? {}) as Changeset["releases"]);
  } catch {
    // Said below, with the file's name.
  }
  const isKnown = (bump: unknown) => ["patch", "minor", "major", "none"].includes(String(bump));
  if (typeof releases === "object" && Object.values(releases).every(isKnown)) return { file, text, releases };
  throw new UsageError(`[spec:changeset] ${file} is no changeset; begin it with ---, a line "package": minor, and ---`);
}

/** The bump the changesets give a package, `undefined` if none names it. */
export function pendingBump(changesets: readonly Changeset[], packageName: string): Bump | undefined {
  return highest(
    changesets.map(({ releases }) => releases[packageName]).filter((bump) => bump !== undefined && bump !== "none"),
  );
}

/** The text of a changeset that no longer names a package; `undefined` if it named no other. */
export function withoutPackage({ text, releases }: Changeset, packageName: string): string | undefined {
  const others = Object.entries(releases).filter(([name]) => name !== packageName);
  if (others.length === 0) return undefined;
  const lines = others.map(([name, bump]) => `"${name}": ${bump}`);
  return `---\n${lines.join("\n")}\n---\n\n${text.replace(FRONT, "").trimStart()}`;
}
