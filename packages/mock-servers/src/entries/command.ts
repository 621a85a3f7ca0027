import { parseArgs } from "node:util";
import type { Credential } from "../credentials.ts";
import { MockError } from "../errors.ts";
import type { ConnectionFault, Fault } from "../faults.ts";
import type { MockRequest } from "../request-log.ts";
import { specFile } from "../spec-file.ts";
import { type MockServer, startMock } from "../start-mock.ts";
import { curlOf, exchangesOf, operationsOf, readDocument } from "./examples.ts";

export const USAGE = `mock-servers <spec…> [options]

Starts a mock server for each spec: an installed client package (acme-auth) or an OpenAPI file, until Ctrl-C.

  --port <n>         the port of the first; the others follow (default: 4010)
  --latency <ms>     how long every answer takes at the least
  --protect <path>   a path beside the spec's that wants a valid token, such as '/v1/**'; may be repeated
  --credentials <c>  JSON of credentials that are accepted, '{"user":"a","password":"b"}'; may be repeated
  --lifetime <ms>    how long tokens last
  --fault <fault>    <spec>/<operationId>:<what>[x<times>][@<probability>]; may be repeated. What: a status (503, or 503+2 with
                     Retry-After), hang, reset, resetInBody, truncate, oversize, html, garbage; or slow, or a redirect's status,
                     with =<ms> or =<url> at the end (slowx3=2000, 308=http://127.0.0.1:1/)
  --no-inferred      no refusal that nobody documents
  --seed <n>         ids, secrets and chances come in the same order each time
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
  const end = () => stop().then(() => process.exit());
  const stop = async () => {
    process.off("SIGINT", end).off("SIGTERM", end);
    await Promise.all(mocks.map((mock) => mock.stop()));
  };
  try {
    // Nothing starts unless everything can be found.
    for (const spec of specs) specFile(spec);
    for (const [index, spec] of specs.entries()) {
      const name = nameOf(spec);
      const onRequest = (request: MockRequest) => write(lineOf(name, request));
      const mock = await startMock(spec, { ...options, port: port + index, onRequest });
      mocks.push(mock);
      for (const { target, operationId, fault } of faults) if (nameOf(target) === name) mock.fail(operationId, fault);
      write(`${name} ${mock.url}`);
      write(`  ${await exampleOf(spec, mock.url)}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  // Heard before it is offered.
  process.once("SIGINT", end).once("SIGTERM", end);
  write("Press Ctrl-C to stop.");
  return { mocks, stop };
}

function readArguments(args: readonly string[], specsOf: (names: readonly string[]) => readonly string[]) {
  const { values, positionals } = parse(args);
  const specs = specsOf(positionals);
  if (specs.length === 0) throw new MockError(`name at least one package or file${HELP}`);
  const faults = (values.fault ?? []).map(readFault);
  const stray = faults.find(({ target }) => !specs.some((spec) => nameOf(target) === nameOf(spec)));
  if (stray)
    throw new MockError(`--fault names ${stray.target}, which is not started; started are ${specs.join(", ")}`);
  return {
    specs,
    port: readNumber("port", values.port ?? "4010", 1, 65_536 - specs.length),
    faults,
    latencyMs: readNumber("latency", values.latency ?? "0", 0, 600_000),
    protect: values.protect ?? [],
    credentials: values.credentials?.map(readCredential),
    tokenLifetimeMs: values.lifetime === undefined ? undefined : readNumber("lifetime", values.lifetime, 1, 1e13),
    seed: values.seed === undefined ? undefined : readNumber("seed", values.seed, 0, 2 ** 32 - 1),
    stateless: values.stateless ?? false,
    inferred: !values["no-inferred"],
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const list = { type: "string", multiple: true } as const;
  const flag = { type: "boolean" } as const;
  const options = {
    ...{ port: text, latency: text, seed: text, lifetime: text },
    ...{ protect: list, fault: list, credentials: list, stateless: flag, "no-inferred": flag },
  } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    const [reason = ""] = (cause as Error).message.split(/\n|\. /);
    throw new MockError(`${reason.replace(/\.$/, "")}${HELP}`, { cause });
  }
}

function readNumber(name: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new MockError(`--${name} takes a whole number from ${least} to ${most}`);
}

function readCredential(text: string): Credential {
  try {
    return JSON.parse(text) as Credential;
  } catch (cause) {
    throw new MockError(`--credentials takes JSON, such as '{"user":"a","password":"b"}'`, { cause });
  }
}

/** `<spec>/<operationId>:<what>[x<times>][@<probability>][=<value>]`. */
function readFault(text: string): { target: string; operationId: string; fault: Fault } {
  const [, target, operationId, what = "", times, probability, value] =
    /^(.+?)\/([^/:]+):([\w+]+?)(?:x(\d+))?(?:@([\d.]+))?(?:=(.+))?$/.exec(text) ?? [];
  if (!target || !operationId) throw new MockError(`--fault ${text} is not <spec>/<operationId>:<what>${HELP}`);
  const occurrence = {
    ...(times !== undefined && { times: Number(times) }),
    ...(probability !== undefined && { probability: Number(probability) }),
  };
  return { target, operationId, fault: { ...readWhat(what, value), ...occurrence } };
}

function readWhat(what: string, value: string | undefined): Fault {
  if (what === "slow") return { delayMs: Number(value) };
  if (value !== undefined) return { redirect: value, status: Number(what) as 307 };
  const [, status, retryAfter] = /^(\d{3})(?:\+(\d+(?:\.\d+)?))?$/.exec(what) ?? [];
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

/** A spec without its folder, scope and ending. */
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
