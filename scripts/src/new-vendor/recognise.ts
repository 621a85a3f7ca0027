import {
  type LocatedOperation,
  type MediaType,
  type OpenApiDocument,
  operationsOf,
  type Response,
  resolve,
  type Schema,
  type TokenExchange,
} from "../spec/document.ts";

const TOKEN = /^(access_?token|auth_?token|session_?token|id_?token|bearer(_?token)?|jwt|token)$/i;
export const EXPIRES_IN = /^(expires?_?in|expiry_?in|ttl|lifetime)$/i;
export const EXPIRES_AT = /^(expires?_?at|expiration|expiry|valid_?until|expires)$/i;
/** An operation whose words say that it issues tokens; one that answers with a `token` of its own need not. */
const ISSUES = /token|auth|login|log-in|signin|sign-in|session/i;
const RENEWS = /refresh|renew/i;
const ENVELOPES = ["data", "result", "response"];

/** The operations of a document that look as if they issued the token of a scheme, with how. */
export function recognisedExchanges(document: OpenApiDocument): TokenExchange[] {
  return operationsOf(document)
    .filter(({ path, method, operation }) => {
      const words = `${path} ${operation.operationId ?? ""} ${operation.summary ?? ""}`;
      return (method === "post" || method === "get") && ISSUES.test(words) && !RENEWS.test(words);
    })
    .flatMap((located): TokenExchange[] => {
      const found = memberOf(document, located);
      return found ? [{ operationId: located.operation.operationId, ...found }] : [];
    });
}

/** The operation that renews a token by being called with it. */
export function recognisedRefresh(document: OpenApiDocument, scheme: string): string | undefined {
  const renewals = operationsOf(document).filter(
    ({ path, operation }) =>
      RENEWS.test(`${path} ${operation.operationId}`) &&
      (operation.security ?? document.security ?? []).some((requirement) => scheme in requirement),
  );
  return renewals.length === 1 ? renewals[0]?.operation.operationId : undefined;
}

function memberOf(
  document: OpenApiDocument,
  { operation }: LocatedOperation,
): Omit<TokenExchange, "operationId"> | undefined {
  const success = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith("2"))?.[1];
  if (!success) return undefined;
  const media: MediaType | undefined = Object.values(resolve<Response>(document, success).content ?? {})[0];
  const body = resolve<Schema>(document, media?.schema ?? {});
  for (const prefix of ["", ...ENVELOPES]) {
    const holder = prefix === "" ? body : resolve<Schema>(document, body.properties?.[prefix] ?? {});
    const names = Object.keys(holder.properties ?? {});
    const token = names.find((name) => TOKEN.test(name));
    if (token === undefined) continue;
    const expression = (name: string) => `$response.body#/${[prefix, name].filter(Boolean).join("/")}`;
    const expiresIn = names.find((name) => EXPIRES_IN.test(name));
    const expiresAt = names.find((name) => EXPIRES_AT.test(name));
    return {
      token: expression(token),
      ...(expiresIn !== undefined
        ? { expiresIn: expression(expiresIn) }
        : expiresAt !== undefined && { expiresAt: expression(expiresAt) }),
    };
  }
  return undefined;
}
