import type { SecurityScheme } from "./entries/examples.ts";
import type { PrismRequest } from "./prism.ts";

/** What a request carries where a scheme says: without the scheme's own prefix. */
export function carriedBy(scheme: SecurityScheme, request: PrismRequest): string | undefined {
  const whole = placed(scheme, request);
  const [prefix = "", ...rest] = scheme["x-token-exchange"] ? (scheme["x-credential-template"] ?? "").split("{") : [];
  return rest.length > 0 && whole?.startsWith(prefix) ? whole.slice(prefix.length) : whole;
}

/** The value a request has where a scheme's is. */
function placed(scheme: SecurityScheme, { url, headers }: PrismRequest): string | undefined {
  const { name = "", in: place } = scheme;
  if (place === "query") return url.query[name] === undefined ? undefined : String(url.query[name]);
  if (place === "cookie") {
    const cookies = String(headers.cookie ?? "").split(/;\s*/);
    return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
  }
  if (place === "header")
    return headers[name.toLowerCase()] === undefined ? undefined : String(headers[name.toLowerCase()]);
  const [, prefix, value] = /^(\S+)\s+(.*)$/.exec(headers.authorization ?? "") ?? [];
  return prefix?.toLowerCase() === (scheme.scheme ?? "bearer").toLowerCase() ? value : undefined;
}
