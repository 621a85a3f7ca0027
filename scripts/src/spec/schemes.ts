import { at, type OpenApiDocument, operationsOf, type SecurityScheme, SpecError } from "./document.ts";
import { parseDurationMs, parseExpression, type ValuePath } from "./expressions.ts";

/** How a security scheme sends its credential, and how that is obtained if it is a token. */
export interface SchemeModel {
  placement: { in: "header" | "query" | "cookie"; name: string; prefix?: string };
  /** The credentials the scheme sends as they are: two for Basic, one for a key. */
  credentials: string[];
  /** What is sent of them, where it is not each as it is. */
  template?: string;
  exchange?: ExchangeModel;
}
export interface ExchangeModel {
  operationId: string;
  token: ValuePath[];
  expiresIn?: ValuePath;
  jwt?: true;
  expiresAt?: ValuePath;
  unitMs?: number;
  lifetimeMs?: number;
  /** Input the extension fixes, of the exchange and of the refresh. */
  fixed?: Record<string, unknown>;
  refresh?: string;
  refreshFixed?: Record<string, unknown>;
  /** Input of the refresh that the last answer holds. */
  refreshInput?: Record<string, ValuePath>;
}

const UNITS_MS = { milliseconds: 1, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

/** The schemes a package can serve, by name. */
export function schemesOf(document: OpenApiDocument): Map<string, SchemeModel> {
  const schemes = new Map<string, SchemeModel>();
  for (const [name, scheme] of Object.entries(document.components?.securitySchemes ?? {})) {
    // What proves who the client is has then been said by the connection.
    if (scheme.type === "mutualTLS") continue;
    at(["components", "securitySchemes", name], () => {
      schemes.set(name, schemeOf(document, scheme));
    });
  }
  return schemes;
}

function schemeOf(document: OpenApiDocument, scheme: SecurityScheme): SchemeModel {
  const exchange = exchangeOf(document, scheme);
  const { placement, names } = placementOf(scheme, exchange !== undefined);
  const template = scheme["x-credential-template"];
  if (!exchange) {
    const credentials = template === undefined ? names : namesIn(template);
    if (credentials.length === 0) throw new SpecError(`"${template}" names no credential; write one as {apiKey}, say`);
    return { placement, credentials, ...(template !== undefined && { template }) };
  }
  const [prefix, ...rest] = template?.split(/\{[^{}]+\}/) ?? [""];
  if (template !== undefined && (rest.length !== 1 || rest[0] !== ""))
    throw new SpecError(`"${template}" has to end in {token}, which stands for the token of the exchange`);
  const prefixed = (placement.prefix ?? "") + prefix;
  return { placement: { ...placement, ...(prefixed && { prefix: prefixed }) }, credentials: [], exchange };
}

/** The `{names}` in a text. */
export function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\{([^{}$]+)\}/g)].map(([, name]) => name as string))];
}

/** RFC 9110 section 16.4 registers these, which take more than a credential. */
const UNSUPPORTED = /^(digest|dpop|gnap|hoba|mutual|negotiate|scram-sha-(1|256)|vapid)$/i;

/** Where a scheme's credential travels, and what its parts are called unless a template names them. */
function placementOf(
  { type, scheme = "", in: place, name, "x-credential-names": given = {} }: SecurityScheme,
  isToken: boolean,
): { placement: SchemeModel["placement"]; names: string[] } {
  const { username = "username", password = "password", apiKey = "apiKey", token = "token" } = given;
  const authorization = { in: "header", name: "Authorization" } as const;
  const isBasic = scheme.toLowerCase() === "basic";
  if (type === "http" && isBasic && !isToken)
    return { placement: { ...authorization, prefix: "Basic " }, names: [username, password] };
  if (type === "http" && !isBasic && scheme !== "" && !UNSUPPORTED.test(scheme)) {
    const prefix = scheme.toLowerCase() === "bearer" ? "Bearer " : `${scheme} `;
    return { placement: { ...authorization, prefix }, names: [token] };
  }
  if (type === "apiKey" && place && name) return { placement: { in: place, name }, names: [apiKey] };
  if (type === "oauth2" && isToken) return { placement: { ...authorization, prefix: "Bearer " }, names: [] };
  throw new SpecError(
    `a security scheme of type ${[type, scheme].filter(Boolean).join(" ")} is not supported; use http basic, bearer or another that carries a credential, apiKey, oauth2 with client credentials, or mutualTLS`,
  );
}

function exchangeOf(document: OpenApiDocument, scheme: SecurityScheme): ExchangeModel | undefined {
  const exchange = scheme["x-token-exchange"];
  if (exchange) {
    const { expiresIn, expiresInUnit, expiresAt, lifetime, parameters, refresh } = exchange;
    const renewing = Object.entries(refresh?.parameters ?? {});
    const isRead = ([, value]: [string, unknown]) => typeof value === "string" && value.startsWith("$");
    const read = renewing.filter(isRead).map(([name, value]) => [name, parseExpression(String(value))] as const);
    const fixed = renewing.filter((parameter) => !isRead(parameter));
    return {
      operationId: exchange.operationId,
      token: [exchange.token].flat().map(parseExpression),
      ...(expiresIn === "jwt" ? { jwt: true } : expiresIn !== undefined && { expiresIn: parseExpression(expiresIn) }),
      ...(expiresAt !== undefined && { expiresAt: parseExpression(expiresAt) }),
      ...(lifetime !== undefined && { lifetimeMs: parseDurationMs(lifetime) }),
      ...(expiresInUnit !== undefined && { unitMs: UNITS_MS[expiresInUnit] }),
      ...(parameters && { fixed: parameters }),
      ...(refresh && { refresh: refresh.operationId }),
      ...(fixed.length > 0 && { refreshFixed: Object.fromEntries(fixed) }),
      ...(read.length > 0 && { refreshInput: Object.fromEntries(read) }),
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
    ({ path, method, operation }) =>
      method === "post" &&
      (tokenUrl === path ||
        (operation.servers ?? document.servers ?? []).some(({ url }) => tokenUrl === url.replace(/\/$/, "") + path)),
  );
  const found = candidates[0];
  if (!found) {
    throw new SpecError(`the tokenUrl ${tokenUrl} is no operation of this document; add its POST under paths`);
  }
  return found.operation.operationId;
}
