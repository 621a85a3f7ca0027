import { parseArgs } from "node:util";
import { MockError } from "../errors.ts";
import type { ConnectionFault, Fault } from "../faults.ts";
import type { MockRequest } from "../request-log.ts";
import { type MockServer, startMock } from "../start-mock.ts";
import { curlOf, exchangesOf, operationsOf, readDocument } from "./examples.ts";

export const USAGE = `mock-servers <spec…> [options]

Starts a mock server for each spec: an installed client package (acme-auth) or an OpenAPI file, until Ctrl-C.

  --port <n>         the port of the first; the others follow (default: 4010)
  --latency <ms>     how long every answer takes at the least
  --protect <path>   a path beside the spec's that wants a valid token, such as '/v1/**'; may be repeated
  --fault <fault>    <spec>/<operationId>:<what>[x<times>][@<probability>]; may be repeated. What: a status (503, or 503+2 with
                     Retry-After), hang, reset, resetInBody, truncate, oversize, html, garbage, slow=<ms>, 308=<url>
  --seed <n>         ids, tokens and chances come in the same order each time
  --stateless        plain Prism: nothing is remembered
  --help             this text`;

const HELP = "; mock-servers --help says how";

/** A running command: its mocks, and the end of it. */
export interface RunningCommand {
  readonly mocks: readonly MockServer[];
  stop(): Promise<void>;
}

/**
 * `mock-servers <spec…> --port 4010`: starts the mocks and writes a line for each, and for each request, until Ctrl-C.
 * Throws {@link MockError} for arguments that cannot be.
 */
export async function runCommand(
  args: readonly string[],
  write: (line: string) => void,
  /** What the named specs stand for; as they are, unless told otherwise. */
  specsOf = (names: readonly string[]) => names,
): Promise<RunningCommand> {
  const { specs, port, faults, ...options } = readArguments(args, specsOf);
  const mocks: MockServer[] = [];
  const stop = async () => void (await Promise.all(mocks.map((mock) => mock.stop())));
  try {
    for (const [index, spec] of specs.entries()) {
      const onRequest = (request: MockRequest) => write(lineOf(nameOf(spec), request));
      const mock = await startMock(spec, { ...options, port: port + index, onRequest });
      mocks.push(mock);
      for (const { target, operationId, fault } of faults)
        if (target === spec || target === nameOf(spec)) mock.fail(operationId, fault);
      write(`${nameOf(spec)} ${mock.url}`);
      write(`  ${await exampleOf(spec, mock.url)}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  // Heard before it is offered.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop().then(() => process.exit()));
  write("Press Ctrl-C to stop.");
  return { mocks, stop };
}

function readArguments(args: readonly string[], specsOf: (names: readonly string[]) => readonly string[]) {
  const { values, positionals } = parse(args);
  const specs = specsOf(positionals);
  if (specs.length === 0) throw new MockError(`name at least one package or file${HELP}`);
  const faults = (values.fault ?? []).map(readFault);
  const stray = faults.find(({ target }) => !specs.some((spec) => target === spec || target === nameOf(spec)));
  if (stray)
    throw new MockError(`--fault names ${stray.target}, which is not started; started are ${specs.join(", ")}`);
  return {
    specs,
    port: readNumber("port", values.port ?? "4010", 1, 65_536 - specs.length),
    faults,
    latencyMs: readNumber("latency", values.latency ?? "0", 0, 600_000),
    protect: values.protect ?? [],
    seed: values.seed === undefined ? undefined : readNumber("seed", values.seed, 0, 2 ** 32 - 1),
    stateless: values.stateless ?? false,
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const list = { type: "string", multiple: true } as const;
  const options = {
    port: text,
    latency: text,
    seed: text,
    protect: list,
    fault: list,
    stateless: { type: "boolean" },
  } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    const [reason = ""] = (cause as Error).message.split("\n");
    throw new MockError(`${reason.replace(/\.$/, "")}${HELP}`, { cause });
  }
}

function readNumber(name: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new MockError(`--${name} takes a whole number from ${least} to ${most}`);
}

/** `klavi-auth/createAccessToken:503x3`. */
function readFault(text: string): { target: string; operationId: string; fault: Fault } {
  const [, target, operationId, what = "", times, probability] =
    /^(.+)\/([\w*]+):(.+?)(?:x(\d+))?(?:@([\d.]+))?$/.exec(text) ?? [];
  if (!target || !operationId) throw new MockError(`--fault ${text} is not <spec>/<operationId>:<what>${HELP}`);
  const occurrence = {
    ...(times !== undefined && { times: Number(times) }),
    ...(probability !== undefined && { probability: Number(probability) }),
  };
  return { target, operationId, fault: { ...readWhat(what), ...occurrence } };
}

function readWhat(what: string): Fault {
  const [, redirect, location] = /^(3\d\d)=(.+)$/.exec(what) ?? [];
  if (location !== undefined) return { redirect: location, status: Number(redirect) as 307 };
  const [, delay] = /^slow=(\d+)$/.exec(what) ?? [];
  if (delay !== undefined) return { delayMs: Number(delay) };
  const [, status, retryAfter] = /^(\d{3})(?:\+(\d+))?$/.exec(what) ?? [];
  if (status === undefined) return { fault: what as ConnectionFault };
  return { status: Number(status), ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }) };
}

/** A request in one line. */
function lineOf(
  name: string,
  { method, path, operationId, status, durationMs, violations, fault }: MockRequest,
): string {
  const parts = [name, method, path, operationId ?? "-", status || "broken", `${durationMs.toFixed(1)} ms`];
  return [...parts, ...(fault ? [`fault: ${fault}`] : []), ...violations].join("  ");
}

/** `specs/klavi-auth.yaml` is called klavi-auth too. */
function nameOf(spec: string): string {
  return (/([^\\/]+?)(\.(ya?ml|json))?$/.exec(spec) ?? [])[1] ?? spec;
}

async function exampleOf(spec: string, url: string): Promise<string> {
  const document = await readDocument(spec);
  const operations = operationsOf(document);
  const [exchange] = exchangesOf(document);
  const first = operations.find(({ operationId }) => operationId === exchange) ?? operations[0];
  return first ? curlOf(document, first, url) : "";
}
