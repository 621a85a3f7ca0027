import { join } from "node:path";
import { type MockServer, startMock } from "@org/mock-servers";
import { exampleCredentials, readDocument } from "@org/mock-servers/examples";
import { pascalCase } from "../emit/names.ts";
import type { Plan } from "../exercise.ts";
import { plannedCalls } from "../planned-calls.ts";
import { clientFolders, packageFolders, ROOT, readManifest } from "../workspace.ts";

/** A published package, and what a consumer tries of it. */
export interface PublishedPackage {
  name: string;
  /** The runtimes it is not made for. */
  except: RegExp;
  /** The body of a consumer's program: it has the package as `library` and everything of `exercise.ts`. */
  body: string;
  /** The consumer's program in TypeScript. */
  typed: string;
  /** Puts its mock back to the start, before a run. */
  reset(): void;
}

export interface PublishedPackages extends AsyncDisposable {
  packages: PublishedPackage[];
}

const EVERYWHERE = /^$/;

/** Everything that is published, with a mock running for each client. */
export async function publishedPackages(): Promise<PublishedPackages> {
  const clients = clientFolders(ROOT);
  const mocks: MockServer[] = [];
  const packages = await Promise.all(
    packageFolders(ROOT).map(async (folder): Promise<PublishedPackage> => {
      const { name } = readManifest(join(ROOT, "packages", folder));
      if (folder === "mock-servers") return mockServers(name, clients);
      if (!clients.includes(folder)) return runtime(name);
      const mock = await startMock(join(ROOT, "specs", `${folder}.yaml`));
      mocks.push(mock);
      return client(name, folder, mock);
    }),
  );
  return {
    packages,
    async [Symbol.asyncDispose]() {
      await Promise.all(mocks.map((mock) => mock.stop()));
    },
  };
}

async function client(name: string, folder: string, mock: MockServer): Promise<PublishedPackage> {
  const document = await readDocument(mock.spec);
  const secret = Object.keys(exampleCredentials(document)).at(-1) as string;
  const create = `create${pascalCase(folder)}`;
  const isError = `is${pascalCase(folder)}Error`;
  const options = { ...mock.credentials, server: mock.url };
  const plan: Plan = { create, isError, options, wrong: { [secret]: "a-wrong-one" }, calls: plannedCalls(document) };
  const [first] = plan.calls;
  const { exports } = readManifest(join(ROOT, "packages", folder)) as unknown as { exports: Record<string, string> };
  const further = Object.keys(exports)
    .filter((entry) => entry.startsWith("./") && !/schema|openapi/.test(entry))
    .map((entry) => entry.slice("./".length));
  return {
    name,
    except: EVERYWHERE,
    body: `await prove(library, ${JSON.stringify(plan)});\n${further.map((entry) => `await import("${name}/${entry}");`).join("\n")}`,
    typed: `import { ${create}, ${isError} } from "${name}";
import type { paths } from "${name}/schema";
const client = ${create}(${JSON.stringify(options)});
try {
  const answer: object = await client.${first?.method}(${first?.method === "getToken" ? "" : JSON.stringify(first?.input)});
  console.log(answer, {} as keyof paths);
} catch (error) {
  if (${isError}(error) && error.code === "timeout") console.log(error.operationId);
}
// @ts-expect-error an option nobody knows
${create}(${JSON.stringify({ ...options, nonsense: 1 })});
`,
    reset: () => mock.reset(),
  };
}

function runtime(name: string): PublishedPackage {
  return {
    name,
    except: EVERYWHERE,
    body: `if (library.isVendorError(new Error("another"))) throw new Error("recognised what is none");
const error = new library.VendorError("@acme/auth", "timeout", "too late");
if (!library.isVendorError(error)) throw new Error("did not recognise its own");`,
    typed: `import { isVendorError, type TokenStore } from "${name}";
export const store: TokenStore = { get: () => undefined, set() {}, delete() {} };
export const codeOf = (error: unknown) => (isVendorError(error) ? error.code : undefined);
// @ts-expect-error no code there is
export const isNonsense = codeOf(1) === "nonsense";
`,
    reset() {},
  };
}

/** Servers are for Node; a mock finds the document of an installed client by its name. */
function mockServers(name: string, clients: readonly string[]): PublishedPackage {
  return {
    name,
    except: /^(bun|deno|workerd)/,
    body: `const mocks = await library.startMocks(${JSON.stringify(clients)});
for (const mock of mocks) {
  const { status } = await fetch(mock.url + "/nowhere");
  if (status !== 404) throw new Error(mock.spec + " answered " + status);
  await mock.stop();
}
const { execFileSync } = await import("node:child_process");
const { dirname } = await import("node:path");
const env = { ...process.env, PATH: dirname(process.execPath) + ":" + process.env.PATH };
execFileSync("node_modules/.bin/mock-servers", ["--help"], { env });`,
    typed: `import { type MockServer, startMock } from "${name}";
import { conformanceCases } from "${name}/conformance";
const mock: MockServer = await startMock("acme", { seed: 1 });
console.log(mock.url, await conformanceCases("acme"));
// @ts-expect-error an option nobody knows
await startMock("acme", { nonsense: 1 });
`,
    reset() {},
  };
}
