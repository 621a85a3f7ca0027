import { createAuthorisedFetches, type Sources } from "./authorise.ts";
import { momentOf } from "./clock.ts";
import { safeFetchError } from "./errors.ts";
import { type CallOptions, type FetchInput, type Send, within } from "./http.ts";
import { noStore } from "./no-store.ts";
import { callOperation } from "./operation.ts";
import { checkOptions } from "./options.ts";
import { createTypedClient, type TypedClient } from "./typed-client.ts";
import type { Vendor } from "./vendor.ts";

/** The members that every client has beside its operations. */
export interface AuthorisedClient<Paths extends object> {
  /**
   * A drop-in `fetch` that attaches the credentials, for the vendor's origins only, and replays a request once after a 401.
   * Its caller owns deadlines and retries.
   *
   * @throws `origin_not_allowed` for any other origin, the errors of the token exchange, and what `fetch` itself throws.
   */
  readonly fetch: typeof fetch;
  /** Called as an openapi-fetch client is: `{ data, error, response }`, typed by the spec, with the credentials each operation needs. */
  readonly client: TypedClient<Paths>;
  /**
   * Waits for the tokens that are being written to the `store`, a few seconds at the most; never rejects. For scripts that end, and
   * for serverless functions without `waitUntil`.
   */
  settled(): Promise<void>;
}

/** A write waits for the one before it, and takes as long itself at the most; what is later died with the request it belonged to. */
const LONGEST_WRITE_MS = 2000;

/** Builds a package's client from its vendor's data. Throws `invalid_options` or `insecure_url` for what cannot work. */
export function createVendorClient<VendorClient>(vendor: Vendor, options: object): VendorClient {
  const { operations, security, features } = vendor;
  const settings = checkOptions(...(features.prepare?.(vendor, options) ?? ([vendor, options] as const)));
  const authorise = createAuthorisedFetches(settings);
  let sources: Sources = new Map();
  const fetchOf = (operationId: string, own = sources) => authorise(operations[operationId] ?? vendor, own);
  sources = settings.vendor.features.tokens?.(settings, fetchOf) ?? sources;
  const methods = Object.keys(operations).map((operationId) => {
    const send = fetchOf(operationId);
    const method = async (input?: unknown, callOptions?: CallOptions) => {
      const requested = momentOf(settings.clock);
      const { data, headers } = await callOperation(settings, operationId, send, input, callOptions);
      settings.answerChecks.get(operationId)?.(data, headers, requested);
      return data;
    };
    return [operationId, method];
  });
  const fetchAny = fetchOf("");
  const sendSafely: Send = async (to, init) => {
    try {
      return await settings.fetch(to, init);
    } catch (error) {
      throw safeFetchError(error, settings.redact);
    }
  };
  return {
    ...(features.tokens && sources.get(security.find((name) => sources.has(name)) ?? "")),
    fetch: (input: FetchInput, init?: RequestInit) => fetchAny(input, noStore(init, input), sendSafely),
    client: createTypedClient(settings, fetchOf),
    settled: () => settle(settings.writes),
    ...Object.fromEntries(methods),
  } as VendorClient;
}

/** Writes that are added meanwhile are waited for, too. */
async function settle(writes: Set<Promise<unknown>>): Promise<void> {
  for (const write of writes) {
    await within(() => write, undefined, LONGEST_WRITE_MS).catch(() => undefined);
    writes.delete(write);
  }
}
