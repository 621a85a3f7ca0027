import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startFaultServer } from "@org/mock-servers/fault-server";
import { expect, test } from "vitest";

const SOURCE = fileURLToPath(new URL("../src/index.ts", import.meta.url));
const ACORN = fileURLToPath(new URL("acorn.ts", import.meta.url));

/** Runs a program that ends when nothing is left to do, and not before. */
function run(body: string): Promise<string> {
  const program = `import { createVendorClient } from ${JSON.stringify(SOURCE)};
    import { acorn, credentials } from ${JSON.stringify(ACORN)};
    const create = (server, options) => createVendorClient(acorn, { ...credentials, server, ...options });
    ${body}`;
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ["--input-type=module-typescript", "-e", program],
      { timeout: 20_000 },
      (error, stdout, stderr) => (error || stderr ? reject(error ?? new Error(stderr)) : resolve(stdout)),
    );
  });
}

test("a process that holds a token of an hour, or of ten years, ends by itself", async () => {
  await using server = await startFaultServer(() => ({
    json: { token: "t", expiresIn: 3600 },
    headers: { connection: "close" },
  }));
  expect(await run(`console.log((await create(${JSON.stringify(server.url)}).getToken()).accessToken);`)).toBe("t\n");
});

test("so does one whose last waiter gave up, and its request with it", async () => {
  await using server = await startFaultServer(() => "hang");
  const output = await run(`
    const client = create(${JSON.stringify(server.url)});
    await client.getToken({ signal: AbortSignal.timeout(50) }).catch((error) => console.log(error.code));
  `);
  expect(output).toBe("aborted\n");
});
