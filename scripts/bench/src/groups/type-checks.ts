import { fileURLToPath } from "node:url";
import { link } from "../../../src/release/published.ts";
import { ROOT } from "../../../src/workspace.ts";
import { COMPILER, createConsumer, figureOf, writeProgram } from "../../../test/large-consumer.ts";
import { commandUsage } from "../command-usage.ts";
import type { Group, Row } from "../group.ts";

const BENCH = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAM = fileURLToPath(new URL("../generate-with.ts", import.meta.url));

/** Every operation but the exchange, called as a line of a program says. */
function calls(operations: number, line: (index: number) => string): string {
  return Array.from({ length: operations - 1 }, (_, index) => line(index + 1)).join("\n");
}

type Write = (root: string, operations: number) => Promise<string>;

/** What writes the program of each, and answers its name. */
const programs: Record<string, Write> = {
  async "ours: operation methods"() {
    return "consumer";
  },
  async "openapi-fetch on openapi-typescript's paths"(root, operations) {
    link(root, "openapi-fetch", BENCH);
    const text = calls(
      operations,
      (index) =>
        `export const id${index}: string | undefined = (await large.GET("/v1/things-${index}/{thingId}", { params: { path: { thingId: "1" }, query: { expand: "parts" } } })).data?.id;`,
    );
    const head = `import createClient from "openapi-fetch";
import type { paths } from "../packages/large/src/generated/schema.ts";
const large = createClient<paths>({ baseUrl: "https://api.birch.example" });`;
    writeProgram(root, "openapi-fetch", `${head}\n${text}\n`);
    return "openapi-fetch";
  },
  async "@hey-api/openapi-ts's functions"(root, operations) {
    await commandUsage(PROGRAM, ["@hey-api/openapi-ts", root], ROOT);
    const text = calls(
      operations,
      (index) =>
        `export const id${index}: string | undefined = (await large.getThing${index}({ path: { thingId: "1" }, query: { expand: "parts" } })).data?.id;`,
    );
    writeProgram(root, "hey-api", `import * as large from "../@hey-api/openapi-ts/large/index.ts";\n${text}\n`);
    return "hey-api";
  },
};

function typeChecksOf(operations: number): Group {
  let consumer: ReturnType<typeof createConsumer> | undefined;
  const rowOf = (name: string, write: Write): Row => ({
    name,
    async prepare() {
      consumer ??= createConsumer(operations);
      const { root, remove } = await consumer;
      process.once("exit", remove);
      const program = await write(root, operations);
      return async () => {
        const { cpu, wall, output } = await commandUsage(COMPILER, ["-p", program, "--extendedDiagnostics"], root);
        const check = figureOf(output, "Check time") * 1000;
        return { cpu, wall, check, instantiations: figureOf(output, "Instantiations") };
      };
    },
  });
  return {
    name: `type check of ${operations} operations`,
    about:
      "A program that calls every operation of one generated document and reads its answer, checked by TypeScript 5.9 without its libraries' own checks. " +
      "CPU and wall time are the compiler's whole run.",
    columns: { cpu: "CPU ms", wall: "wall ms", check: "check ms", instantiations: "instantiations" },
    rows: Object.entries(programs).map(([name, write]) => rowOf(name, write)),
    rounds: 5,
  };
}

export const typeChecks: readonly Group[] = [typeChecksOf(8), typeChecksOf(100)];
