import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { startMocks } from "@org/mock-servers";
import { exampleInput, exchangesOf, type Operation, operationsOf, readDocument } from "@org/mock-servers/examples";
import { pascalCase } from "./emit/names.ts";
import { ROOT, readManifest, runCommand, specNames, UsageError } from "./workspace.ts";

type Row = [packageName: string, operationId: string, request: string, status: string, ms: string];
type Client = Record<string, ((input?: unknown) => Promise<unknown>) | undefined>;

const WIDTHS = [18, 22, 69, 8];

function print(row: Row): void {
  console.log(
    row
      .map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0))
      .join("")
      .trimEnd(),
  );
}

const rank = ({ "x-mock": mock }: Operation) => (mock?.rotates ? 2 : mock?.revokes ? 1 : 0);

/** Every operation of every spec, through each package's public API, over HTTP against the mocks. */
await runCommand(async () => {
  const names = specNames(ROOT);
  const mocks = await startMocks(names.map((name) => join(ROOT, "specs", `${name}.yaml`)));
  let calls = 0;
  let failures = 0;
  let tokens = 0;
  try {
    print(["package", "operation", "request", "status", "ms"]);
    for (const [index, name] of names.entries()) {
      const { url: server, spec, credentials } = mocks[index] as (typeof mocks)[number];
      const document = await readDocument(spec);
      const folder = join(ROOT, "packages", name);
      const packageName = readManifest(folder).name;
      const { [`create${pascalCase(name)}`]: create } = await import(join(folder, "src/index.ts"));
      let status = "";
      const recordingFetch: typeof fetch = async (input, init) => {
        status = "none";
        const response = await fetch(input, init);
        status = String(response.status);
        return response;
      };
      const client = create({ ...credentials, server, fetch: recordingFetch }) as Client;
      /** The ids of what was created, by the path it was posted to. */
      const created = new Map<string, unknown>();
      const call = async (method: string, operation: Operation, input?: object) => {
        const request = `${operation.method.toUpperCase()} ${operation.path}`;
        const [, parent = "", parameter = ""] = /^(.*)\/\{(\w+)\}$/.exec(operation.path) ?? [];
        const own = created.has(parent) ? { ...input, [parameter]: created.get(parent) } : input;
        const start = performance.now();
        const error: unknown = await client[method]?.(own).then(
          (result) => {
            const [id] = Object.values(Object(result)).flatMap((member) => Object(member).id ?? []);
            if (operation.method === "post") created.set(operation.path, id);
          },
          (thrown: unknown) => thrown,
        );
        print([packageName, method, request, status, (performance.now() - start).toFixed(1)]);
        calls++;
        if (!error) return;
        failures++;
        console.error(String(error));
      };
      // A secret is replaced once the old one is gone.
      const operations = operationsOf(document).sort((a, b) => rank(a) - rank(b));
      for (const operation of operations.filter(({ operationId }) => exchangesOf(document).includes(operationId))) {
        tokens++;
        await call("getToken", operation);
      }
      for (const operation of operations) await call(operation.operationId, operation, exampleInput(operation));
    }
  } finally {
    await Promise.all(mocks.map((mock) => mock.stop()));
  }
  const summary = `${names.length} packages, ${tokens} tokens, ${calls - tokens} operations: ${calls - failures} of ${calls} calls succeeded`;
  if (failures > 0) throw new UsageError(summary);
  console.log(summary);
});
