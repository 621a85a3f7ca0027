// Types only: openapi-fetch types the client, the runtime sends. Why: docs/decisions/0001.
import type { Client, ClientPathsWithMethod, FetchResponse, MaybeOptionalInit } from "openapi-fetch";
import { readText } from "./answer-body.ts";
import type { AuthorisedFetch } from "./authorise.ts";
import type { Members } from "./checks.ts";
import { type Fail, isVendorError } from "./errors.ts";
import { type FetchLike, sendBy } from "./fetch-like.ts";
import {
  type HeadersInput,
  interpret,
  isSuccess,
  ownFetch,
  requestError,
  type Send,
  tooLong,
  UNDOCUMENTED,
  within,
} from "./http.ts";
import { noStore } from "./no-store.ts";
import type { Settings } from "./options.ts";
import { secretsIn } from "./redact.ts";
import { refuseRedirect } from "./redirects.ts";
import { serialize } from "./serialize.ts";

type Method = "GET" | "PUT" | "POST" | "DELETE" | "OPTIONS" | "HEAD" | "PATCH" | "TRACE";

/** How a body is written and read is the spec's to say, not the call's. */
type Fixed = "baseUrl" | "querySerializer" | "bodySerializer" | "pathSerializer" | "parseAs" | "middleware";
type Init<Options> = Omit<NonNullable<Options>, Fixed | "fetch" | "headers"> & {
  readonly fetch?: FetchLike | undefined;
  readonly headers?: HeadersInput | undefined;
};
type Arguments<Options> = undefined extends Options ? [init?: Init<Options>] : [init: Init<Options>];

type SafeMethod = "GET" | "HEAD" | "OPTIONS" | "TRACE";
/** A success without a body is none that failed, where the request changed something and no member is required. */
type WithAbsence<Of extends Method, Answer> = Of extends SafeMethod
  ? Answer
  : Answer extends { data: infer Data; error?: never }
    ? Record<never, never> extends Data
      ? Omit<Answer, "data"> & { data: Data | undefined }
      : Answer
    : Answer;

/**
 * Called as an openapi-fetch client is: `const { data, error, response } = await client.GET("/path", { params, body })`.
 * For middleware or serialisers of your own, give `fetch` to an openapi-fetch client.
 */
export type TypedClient<Paths extends object> = {
  readonly [Of in Method]: <Path extends ClientPathsWithMethod<Client<Paths>, Lowercase<Of>> & keyof Paths>(
    path: Path,
    ...init: Arguments<MaybeOptionalInit<Paths[Path], Lowercase<Of> & keyof Paths[Path]>>
  ) => Promise<
    WithAbsence<
      Of,
      FetchResponse<Paths[Path][Lowercase<Of> & keyof Paths[Path]] & object, object, `${string}/${string}`>
    >
  >;
};

interface UntypedInit extends Omit<RequestInit, "headers"> {
  readonly headers?: HeadersInput;
  readonly params?: Readonly<Record<string, Members>>;
  readonly fetch?: FetchLike;
}

export function createTypedClient<Paths extends object>(
  settings: Settings,
  fetchOf: (operationId: string) => AuthorisedFetch,
): TypedClient<Paths> {
  const { vendor, fail, http, redact } = settings;
  const operations = Object.entries(vendor.operations);
  const send =
    (method: string) =>
    async (path: string, { params, body, headers, fetch, ...rest }: UntypedInit = {}) => {
      const [operationId = "", operation] =
        operations.find(([, each]) => each.path === path && each.method === method) ?? [];
      if (!operation) throw fail(`the spec has no ${method} ${path}`);
      const { url, init } = serialize(operation, settings, { ...params, body, headers }, fail);
      const failAs: Fail = (message, code, details) =>
        fail(`${operationId}: ${message}`, code, { ...details, operationId });
      const sent = secretsIn(operation, {
        ...{ ...params?.["path"], ...params?.["query"], ...params?.["header"] },
        ...Object(body),
        body,
      });
      const chosen = fetch ? ownFetch(sendBy(fetch, failAs), failAs, redact) : settings.fetch;
      const sendOnce: Send = async (to, own) => {
        const answer = await chosen(to, own, sent);
        if (rest.redirect !== "manual") refuseRedirect(answer, url, operation, (text) => redact(text, sent), failAs);
        return answer;
      };
      const call = async () => {
        const answer = await fetchOf(operationId)(url, { ...noStore(rest), ...init }, sendOnce);
        return [answer, await readText(answer, http.maxResponseBytes, failAs)] as const;
      };
      const [response, text] = await within(call, rest.signal, Number.POSITIVE_INFINITY).catch((error: unknown) => {
        const { aborted, reason } = rest.signal ?? {};
        if (aborted) throw reason;
        throw isVendorError(error) ? error : requestError(failAs, url, error, undefined, redact);
      });
      const { status } = response;
      if (text === undefined) throw failAs(tooLong(http), "invalid_response", { httpStatus: status });
      const { value, isDocumented } = interpret(operation, status, text);
      if (!isSuccess(status)) return { error: redact(value, sent), response };
      if (isDocumented) return { data: value, response };
      throw failAs(`answered ${status}${UNDOCUMENTED}`, "invalid_response", { httpStatus: status });
    };
  const methods = operations.map(([, { method }]) => [method, send(method)]);
  return Object.fromEntries(methods) as TypedClient<Paths>;
}
