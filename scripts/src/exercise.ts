// Copied without its types to wherever a client is tried, so it stands alone and knows no runtime.

/** A call of one operation, or of `getToken`, by its name on the client. */
export interface PlannedCall {
  method: string;
  /** Method and path, as in `POST /v1/keys`. */
  request: string;
  input: Record<string, unknown>;
}

/** What a package is to prove: the names of its factory and guard, the options of a mock, a wrong secret, the calls. */
export interface Plan {
  create: string;
  isError: string;
  options: object;
  wrong: object;
  calls: PlannedCall[];
}

type Client = Record<string, (input?: unknown) => Promise<unknown>>;
type Report = (call: PlannedCall, error: unknown, durationMs: number) => void;

/** Makes every call in turn; what was created is what later calls read and delete. */
export async function exercise(client: unknown, calls: readonly PlannedCall[], report: Report): Promise<void> {
  /** The ids of what was created, by the path that lists it. */
  const created = new Map<string, unknown>();
  for (const call of calls) {
    const { method, request, input } = call;
    const [, path = "", parent = "", parameter = ""] = /^\w+ ((.*?)(?:\/\{(\w+)\})?)$/.exec(request) ?? [];
    const own = created.has(parent) && parameter ? { ...input, [parameter]: created.get(parent) } : input;
    const startedAt = performance.now();
    let error: unknown;
    try {
      const send = (client as Client)[method];
      if (!send) throw new TypeError(`there is no ${method}`);
      const result = await (method === "getToken" ? send() : send(own));
      if (request.startsWith("POST")) {
        const [id] = Object.values(Object(result)).flatMap((member) => Object(member).id ?? []);
        created.set(path, id);
      }
    } catch (thrown) {
      error = thrown;
    }
    report(call, error, performance.now() - startedAt);
  }
}

/** Throws unless every call succeeds, and a wrong secret is the package's own error. */
export async function prove(library: Record<string, unknown>, plan: Plan): Promise<void> {
  const { create, isError, options, wrong, calls } = plan;
  const factory = library[create] as (options: object) => Client;
  const refuse = (call: PlannedCall, error: unknown) => {
    if (error) throw new Error(`${call.method}: ${(error as Error).stack}`);
  };
  const [first] = calls;
  if (!first) throw new Error("there is nothing to call");
  // Before the calls: the last of them may end the credentials.
  let refused: unknown;
  await exercise(factory({ ...options, ...wrong }), [first], (_, error) => {
    refused = error;
  });
  if (!(library[isError] as (error: unknown) => boolean)(refused) || Object(refused).status !== 401)
    throw new Error(`a wrong secret was answered by ${refused}`);
  await exercise(factory(options), calls, refuse);
}
