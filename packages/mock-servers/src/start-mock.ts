import { MockError } from "./errors.ts";
import { readSpec, specFile } from "./spec-file.ts";

export interface MockOptions {
  /** The port to listen on. Default: a free one. */
  port?: number;
}

/** A running mock of one spec; stops by itself at the end of an `await using` block. */
export interface MockServer extends AsyncDisposable {
  /** What it was started for. */
  readonly spec: string;
  /** Its base URL, ready to be a client's `server`. */
  readonly url: `http://127.0.0.1:${number}`;
  stop(): Promise<void>;
}

/**
 * Starts a Prism mock server on loopback.
 *
 * @param spec the name of an installed client package (`klavi-auth`), or the path of an OpenAPI 3.x file.
 * @throws {@link MockError} for a package or file that is not there, a document that is no OpenAPI, a port in use.
 */
export async function startMock(spec: string, { port = 0 }: MockOptions = {}): Promise<MockServer> {
  const server = await createPrism(specFile(spec));
  const address = await server.listen(port, "127.0.0.1").catch((cause: unknown) => {
    const reason = String(cause).includes("EADDRINUSE") ? "is in use" : `cannot be listened on (${String(cause)})`;
    throw new MockError(`port ${port} ${reason}; choose another port`, { cause });
  });
  const stop = () => server.close();
  return { spec, url: address as MockServer["url"], stop, [Symbol.asyncDispose]: stop };
}

/** Starts several, all in this process, on ports that follow each other from `port`, or on free ones. Stops all if one fails. */
export async function startMocks(specs: readonly string[], { port = 0 }: MockOptions = {}): Promise<MockServer[]> {
  const settled = await Promise.allSettled(
    specs.map((spec, index) => startMock(spec, { port: port === 0 ? 0 : port + index })),
  );
  const running = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = settled.find((result) => result.status === "rejected");
  if (!failed) return running;
  await Promise.all(running.map((mock) => mock.stop()));
  throw failed.reason;
}

type PrismServer = ReturnType<typeof import("@stoplight/prism-http-server")["createServer"]>;

async function createPrism(file: string): Promise<PrismServer> {
  const document = await readSpec(file);
  // Prism takes over a second to load, so nobody pays for it who only wants an error.
  const [{ createLogger }, { getHttpOperationsFromSpec }, { createServer }] = await Promise.all([
    import("@stoplight/prism-core"),
    import("@stoplight/prism-http"),
    import("@stoplight/prism-http-server"),
  ]);
  const operations = await getHttpOperationsFromSpec(document).catch((cause: unknown) => {
    const [reason] = String((cause as Error).message).split("\n");
    throw new MockError(`${file} cannot be served: ${reason}`, { cause });
  });
  if (operations.length === 0) throw new MockError(`${file} has no operations to serve`);
  return createServer(operations, {
    cors: true,
    config: {
      isProxy: false,
      checkSecurity: true,
      validateRequest: true,
      validateResponse: true,
      errors: false,
      upstreamProxy: undefined,
      mock: { dynamic: false },
    },
    components: { logger: createLogger("mock", { level: "silent" }) },
  });
}
