import { join } from "node:path";
import { parseArgs } from "node:util";
import { MockError, startMocks } from "@org/mock-servers";
import { curlOf, exchangesOf, operationsOf, readDocument } from "@org/mock-servers/examples";
import { ROOT, runCommand, specNames, UsageError } from "./workspace.ts";

const DEFAULT_PORT = 4010;

/** `pnpm mock [package…] [--port N]`: the mock servers on fixed ports, until Ctrl-C. */
await runCommand(async () => {
  const { names, port } = readArguments();
  const mocks = await startMocks(
    names.map((name) => join(ROOT, "specs", `${name}.yaml`)),
    { port },
  ).catch((error: unknown) => {
    throw error instanceof MockError ? new UsageError(error.message.replace(`${ROOT}/`, "")) : error;
  });
  for (const [index, { url, spec }] of mocks.entries()) {
    const document = await readDocument(spec);
    const operations = operationsOf(document);
    const [exchange] = exchangesOf(document);
    const first = operations.find(({ operationId }) => operationId === exchange) ?? operations[0];
    console.log(`${names[index]} ${url}\n  ${first ? curlOf(document, first, url) : ""}`);
  }
  console.log("Press Ctrl-C to stop.");
  const stop = async () => {
    await Promise.all(mocks.map((mock) => mock.stop()));
    process.exit();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
});

function readArguments(): { names: string[]; port: number } {
  const all = specNames(ROOT);
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { port: { type: "string" } } });
    const named = positionals.map((name) => name.replace(/^@[^/]+\//, ""));
    const unknown = named.find((name) => !all.includes(name));
    if (unknown !== undefined) throw new Error(`there is no package "${unknown}"; the packages are ${all.join(", ")}`);
    const port = Number(values.port ?? DEFAULT_PORT);
    const names = named.length > 0 ? named : all;
    const highest = 65_536 - names.length;
    if (!Number.isInteger(port) || port < 1 || port > highest)
      throw new Error(`--port takes a number from 1 to ${highest}`);
    return { names, port };
  } catch (error) {
    throw new UsageError(`[mock] ${(error as Error).message}`);
  }
}
