import { createAuthorisedFetches, type Sources } from "./authorise.ts";
import type { CallOptions, FetchInput } from "./http.ts";
import { callOperation } from "./operation.ts";
import { checkOptions } from "./options.ts";
import { createTypedClient, type TypedClient } from "./typed-client.ts";
import type { Vendor } from "./vendor.ts";

/** What every client has beside its operations. */
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
}

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
    const method = async (input?: unknown, callOptions?: CallOptions) =>
      (await callOperation(settings, operationId, send, input, callOptions)).data;
    return [operationId, method];
  });
  const fetchAny = fetchOf("");
  return {
    ...(features.tokens && sources.get(security.find((name) => sources.has(name)) ?? "")),
    fetch: (input: FetchInput, init?: RequestInit) => fetchAny(input, init),
    client: createTypedClient(settings, fetchOf),
    ...Object.fromEntries(methods),
  } as VendorClient;
}
