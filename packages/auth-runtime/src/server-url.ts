import type { Members } from "./checks.ts";
import type { Fail } from "./errors.ts";
import type { ServerDescription, Vendor } from "./vendor.ts";

/** How much of a wrong name is quoted. */
const QUOTED_LENGTH = 60;

/** The URL of the server that options name, or give, without a slash at its end. */
export function serverUrl(
  { servers, features }: Pick<Vendor, "servers" | "features">,
  { server, ...others }: Members,
  fail: Fail,
): string {
  const names = Object.keys(servers);
  const choice = server ?? (names[1] ? "" : names[0]);
  const name = String((choice as Members | undefined)?.["name"] ?? choice);
  const url = URL.parse(features.variables?.(servers, choice, fail) ?? String(servers[name] ?? name));
  // This leaves no room for a user, a password, a query or a fragment.
  if (url && /^https?:/.test(url.protocol) && url.href === url.origin + url.pathname)
    return url.href.replace(/\/$/, "");
  // A URL may hold a password or a key, and a credential may have come here by mistake.
  const isShown = server != null && !/[@?#]/.test(name) && !Object.values(others).includes(name);
  const quoted = isShown ? `, not ${JSON.stringify(name.slice(0, QUOTED_LENGTH))}` : "";
  throw fail(`server has to be one of ${names.join(", ")}, or a plain http(s) URL${quoted}`);
}

/** The URL of a server that was named, alone or with its variables; `undefined` if none was. */
export function fillVariables(servers: Vendor["servers"], choice: unknown, fail: Fail): string | undefined {
  const given = Object(choice) as Members;
  const name = String(given["name"] ?? choice);
  const { url, variables = {} } = Object(servers[name]) as Partial<ServerDescription>;
  return url?.replace(/\{([^{}]+)\}/g, (_, variable: string) => {
    const { enum: values, default: fallback } = variables[variable] ?? {};
    const value = given[variable] ?? fallback;
    const isAllowed = values?.includes(String(value)) ?? /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(String(value));
    if (typeof value === "string" && isAllowed) return value;
    const needed = values ? `one of ${values.join(", ")}` : "one DNS label";
    throw fail(`server has to be { name: "${name}", ${variable} }, with ${variable} ${needed}`);
  });
}

/** The origins of a list. */
export function originsOf(option: string, { [option]: list = [] }: Members, fail: Fail): string[] {
  const origins = Array.isArray(list) ? list.map((entry) => URL.parse(entry)?.origin) : [""];
  if (origins.every((origin) => /^https?:/.test(String(origin)))) return origins as string[];
  throw fail(`${option} has to be a list such as ["https://host"]`);
}
