import { join } from "node:path";
import { startMocks } from "@org/mock-servers";
import { readDocument } from "@org/mock-servers/examples";
import { pascalCase } from "./emit/names.ts";
import { exercise } from "./exercise.ts";
import { plannedCalls } from "./planned-calls.ts";
import { ROOT, readManifest, runCommand, specNames, UsageError } from "./workspace.ts";

type Row = [packageName: string, operationId: string, request: string, status: string, ms: string];

const WIDTHS = [18, 22, 69, 8];

function print(row: Row): void {
  console.log(
    row
      .map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0))
      .join("")
      .trimEnd(),
  );
}

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
      const client = create({ ...credentials, server, fetch: recordingFetch });
      await exercise(client, plannedCalls(await readDocument(spec)), ({ method, request }, error, durationMs) => {
        print([packageName, method, request, status, durationMs.toFixed(1)]);
        calls++;
        if (method === "getToken") tokens++;
        if (!error) return;
        failures++;
        console.error(String(error));
      });
    }
  } finally {
    await Promise.all(mocks.map((mock) => mock.stop()));
  }
  const summary = `${names.length} packages, ${tokens} tokens, ${calls - tokens} operations: ${calls - failures} of ${calls} calls succeeded`;
  if (failures > 0) throw new UsageError(summary);
  console.log(summary);
});
