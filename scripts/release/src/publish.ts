import { parseArgs } from "node:util";
import { publishedOf, runNpm } from "./npm.ts";
import { type Release, readPlan, verifyTarball } from "./plan.ts";
import { Refusal } from "./refusal.ts";
import { isLower, parseVersion } from "./version.ts";

/** Where `release:pack` puts the plan and its tarballs, beneath the repository's root. */
const PACKED = "packed";
const USAGE = "node scripts/release/src/publish.ts [--tag <dist-tag>] [--stage] [--help]";
const HELP = `Usage: ${USAGE}

Publishes the tarballs that release:pack left in ${PACKED}/, dependencies first. It leaves out what the registry has already, and publishes nothing
if a tarball is not the one that was packed, or if "latest" would move to a lower version.

  --tag <dist-tag>  publish under this dist-tag instead of "latest"; with release-<major>.x, every package must have that major
  --stage           stage each package (npm 11.15 or later): a maintainer approves it with a second factor
  --help            print this

Exit codes: 0 all packages are published; 1 refused, or npm failed; 2 the options are wrong.

Example, a hotfix of an old major: node scripts/release/src/publish.ts --tag release-1.x
`;

interface Options {
  readonly tag: string | undefined;
  readonly stage: boolean;
  readonly help: boolean;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`[release:publish] ${error.message}`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === "string") {
    console.error(`[release:publish] ${options}; usage: ${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(HELP.trimEnd());
    return 0;
  }
  const plan = await readPlan(PACKED);
  for (const release of plan) await verifyTarball(PACKED, release);
  const due = await dueReleases(plan, options.tag);
  await publishAll(due, options.stage);
  return 0;
}

/** The options, or the mistake in them. */
function readOptions(): Options | string {
  try {
    const { values } = parseArgs({
      options: {
        tag: { type: "string" },
        stage: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    return mistakeOf(values.tag) ?? { tag: values.tag, stage: values.stage, help: values.help };
  } catch (error) {
    // The lines after the first are about positional arguments, which there are none of.
    return (error as Error).message.split(/\n|\. To specify/)[0] as string;
  }
}

/** npm could not tell a tag from a range of versions, so it refuses such a tag; and `latest` is not a choice but the default. */
function mistakeOf(tag: string | undefined): string | undefined {
  if (tag === undefined) return undefined;
  if (tag === "latest") return "--tag latest is the default; leave --tag out";
  const isRange = /^v*(\d|[x*](\.|$))/i.test(tag);
  if (isRange || !/^[a-z][a-z0-9._-]*$/i.test(tag))
    return `--tag ${JSON.stringify(tag)} is no dist-tag, such as release-1.x`;
  return undefined;
}

/** The releases that the registry lacks, each with its tag. Throws {@link Refusal} if one of them must not be published. */
async function dueReleases(plan: readonly Release[], tag: string | undefined): Promise<Release[]> {
  const published = await Promise.all(plan.map(({ name }) => publishedOf(name, PACKED)));
  const refusals: string[] = [];
  const due = plan.flatMap((planned, index) => {
    const { versions = [], distTags = {} } = published[index] ?? {};
    if (versions.includes(planned.version)) {
      console.log(`${planned.name} ${planned.version} is published already`);
      return [];
    }
    const release = planned.tag === "latest" && tag !== undefined ? { ...planned, tag } : planned;
    refusals.push(...refusalsOf(release, distTags["latest"], tag));
    return [release];
  });
  if (refusals.length > 0) throw new Refusal([...refusals, "nothing was published"].join("\n"));
  return due;
}

function refusalsOf({ name, version, parsed, tag }: Release, latest?: string, wanted?: string): string[] {
  const [, major] = /^release-(\d+)\.x$/.exec(wanted ?? "") ?? [];
  if (major !== undefined && Number(major) !== parsed.numbers[0])
    return [`${name} ${version} is not of major ${major}, so it is not published with --tag ${wanted}`];
  const newest = parseVersion(latest ?? "");
  if (tag !== "latest" || !newest || !isLower(parsed, newest)) return [];
  const line = `release-${parsed.numbers[0]}.x`;
  return [
    `${name} ${version} would take "latest" back from ${latest}; publish it from a branch ${line} with --tag ${line} (docs/releasing.md)`,
  ];
}

/** Publishes in order. Throws {@link Refusal} at the first failure: what follows may depend on what failed. */
async function publishAll(due: readonly Release[], stage: boolean): Promise<void> {
  const [command, done] = stage ? [["stage", "publish"], "staged"] : [["publish"], "published"];
  const finished: string[] = [];
  for (const { name, version, access, tag, tarball } of due) {
    const options = ["--access", access, "--tag", tag, "--ignore-scripts"];
    const code = await runNpm([...command, `./${tarball}`, ...options], PACKED);
    if (code !== 0)
      throw new Refusal(
        `npm ended with ${code} at ${name} ${version}, for the reason above; ${done} before it: ${finished.join(", ") || "nothing"}. ` +
          "Once the reason is gone, run the same command again: it leaves out what the registry has",
      );
    finished.push(`${name} ${version}`);
    console.log(`${done} ${name} ${version} under ${tag}`);
  }
  if (due.length === 0) console.log("nothing to publish: the registry has every version of the plan");
}
