import { at, type OpenApiDocument, operationsOf, type SecurityScheme, SpecError } from "./document.ts";
import { parseDurationMs, parseExpression, type ValuePath } from "./expressions.ts";

/** How a security scheme sends its credential, and how that is obtained if it is a token. */
export interface SchemeModel {
  placement: { in: "header" | "query" | "cookie"; name: string; prefix?: string };
  /** The credentials the scheme sends as they are: two for Basic, one for a key. */
  credentials: string[];
  exchange?: ExchangeModel;
}
export interface ExchangeModel {
  operationId: string;
  token: ValuePath[];
  expiresIn?: ValuePath;
  jwt?: true;
  expiresAt?: ValuePath;
  lifetimeMs?: number;
  refresh?: string;
}

/** The schemes a package can serve, by name. */
export function schemesOf(document: OpenApiDocument): Map<string, SchemeModel> {
  const schemes = new Map<string, SchemeModel>();
  for (const [name, scheme] of Object.entries(document.components?.securitySchemes ?? {})) {
    at(["components", "securitySchemes", name], () => {
      schemes.set(name, schemeOf(document, scheme));
    });
  }
  return schemes;
}

function schemeOf(document: OpenApiDocument, scheme: SecurityScheme): SchemeModel {
  const exchange = exchangeOf(document, scheme);
  const names = scheme["x-credential-names"] ?? {};
  const bearer = { in: "header", name: "Authorization", prefix: "Bearer " } as const;
  if (scheme.type === "http" && scheme.scheme?.toLowerCase() === "basic") {
    return {
      placement: { in: "header", name: "Authorization", prefix: "Basic " },
      credentials: [names["username"] ?? "username", names["password"] ?? "password"],
    };
  }
  if (scheme.type === "http" && scheme.scheme?.toLowerCase() === "bearer") {
    return exchange
      ? { placement: bearer, credentials: [], exchange }
      : { placement: bearer, credentials: [names["token"] ?? "token"] };
  }
  if (scheme.type === "apiKey" && scheme.in && scheme.name) {
    const placement = { in: scheme.in, name: scheme.name };
    return exchange
      ? { placement, credentials: [], exchange }
      : { placement, credentials: [names["apiKey"] ?? "apiKey"] };
  }
  if (scheme.type === "oauth2" && exchange) return { placement: bearer, credentials: [], exchange };
  throw new SpecError(
    `a security scheme of type ${[scheme.type, scheme.scheme].filter(Boolean).join(" ")} is not supported; use http basic or bearer, apiKey, or oauth2 with client credentials`,
  );
}

function exchangeOf(document: OpenApiDocument, scheme: SecurityScheme): ExchangeModel | undefined {
  const exchange = scheme["x-token-exchange"];
  if (exchange) {
    const { expiresIn, expiresAt, lifetime } = exchange;
    return {
      operationId: exchange.operationId,
      token: [exchange.token].flat().map(parseExpression),
      ...(expiresIn === "jwt" ? { jwt: true } : expiresIn !== undefined && { expiresIn: parseExpression(expiresIn) }),
      ...(expiresAt !== undefined && { expiresAt: parseExpression(expiresAt) }),
      ...(lifetime !== undefined && { lifetimeMs: parseDurationMs(lifetime) }),
      ...(exchange.refresh && { refresh: exchange.refresh.operationId }),
    };
  }
  const tokenUrl = scheme.type === "oauth2" ? scheme.flows?.clientCredentials?.tokenUrl : undefined;
  if (tokenUrl === undefined) return undefined;
  return {
    operationId: tokenOperation(document, tokenUrl),
    token: [["body", "access_token"]],
    expiresIn: ["body", "expires_in"],
  };
}

/** The operation a `tokenUrl`, absolute or relative to a server, names (RFC 6749 section 3.2: it is a POST). */
function tokenOperation(document: OpenApiDocument, tokenUrl: string): string {
  const candidates = operationsOf(document).filter(
    ({ path, method }) =>
      method === "post" &&
      (tokenUrl === path || (document.servers ?? []).some(({ url }) => tokenUrl === url.replace(/\/$/, "") + path)),
  );
  const found = candidates[0];
  if (!found) {
    throw new SpecError(`the tokenUrl ${tokenUrl} is no operation of this document; add its POST under paths`);
  }
  return found.operation.operationId;
}
