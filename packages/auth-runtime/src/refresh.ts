import type { Members } from "./checks.ts";
import { memberOf } from "./issued-token.ts";
import { type Answer, callOperation } from "./operation.ts";
import { KNOWN_TOKENS, stringsOf } from "./redact.ts";
import type { CurrentToken, IssuedToken, TokenSource } from "./token-source.ts";
import type { TokenExchange } from "./vendor.ts";

type Call = (operationId: string, own: object, sources: ReadonlyMap<string, TokenSource>) => Promise<IssuedToken>;

/** A token that is still valid may be refreshed. Rejects where that fails; the caller goes on with an exchange. */
export async function refresh(
  scheme: string,
  exchange: TokenExchange,
  current: CurrentToken | undefined,
  call: Call,
): Promise<IssuedToken | undefined> {
  if (!current || !exchange.refresh) return undefined;
  // The source waits for this very call, so it cannot be asked for the token.
  const held = new Map([[scheme, { getToken: async () => current.token, invalidate: () => undefined }]]);
  return call(exchange.refresh, {}, held);
}

/** The same with what the last answer held, such as a refresh token; where it held none, there is nothing to refresh with. */
export async function refreshWithMore(
  scheme: string,
  exchange: TokenExchange,
  current: CurrentToken | undefined,
  call: Call,
): Promise<IssuedToken | undefined> {
  if (exchange.takesMore && !current?.more) return undefined;
  return refresh(scheme, exchange, current, (operationId, _own, sources) =>
    call(operationId, { ...exchange.refreshFixed, ...current?.more }, sources),
  );
}

/**
 * Calls an operation and keeps what its answer holds for the next refresh. What it does not hold stays as it was sent: a vendor
 * that rotates refresh tokens issues another one, and any other need not repeat it.
 */
export async function callAndKeep(...call: Parameters<typeof callOperation>): Promise<Answer> {
  const [{ vendor, tokens }, operationId, , input] = call;
  const answer = await callOperation(...call);
  const places = Object.entries(vendor.operations[operationId]?.keeps ?? {});
  const found = places.map(([name, path]) => [name, memberOf(answer.data, path) ?? (input as Members)[name]]);
  const isWhole = found.length > 0 && found.every(([, value]) => value);
  const more = isWhole ? Object.fromEntries(found) : undefined;
  tokens.unshift(...stringsOf(more).slice(0, KNOWN_TOKENS));
  tokens.splice(KNOWN_TOKENS);
  return { ...answer, more };
}
