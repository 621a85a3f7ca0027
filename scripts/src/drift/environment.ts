import type { ServerModel, VendorModel } from "../spec/model.ts";
import { UsageError } from "../workspace.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variable that holds a value: `KLAVI_AUTH_ACCESS_KEY` for the credential `accessKey` of klavi-auth,
 * `SMOOCH_KEYS_LIST_APP_KEYS_APP_ID` for the input `appId` of the operation `listAppKeys`.
 */
export function variableName(...names: readonly string[]): string {
  const words = names.map((name) => name.replace(/([a-z\d])([A-Z])/g, "$1-$2"));
  return words
    .join("_")
    .replace(/[^A-Za-z\d]+/g, "_")
    .toUpperCase();
}

/** The credentials a client is created with. Throws {@link UsageError} that names the variables which are not set. */
export function credentialsFrom(env: Environment, name: string, { credentials }: VendorModel): Record<string, string> {
  const required = credentials.filter((each) => each.required).map((each) => each.name);
  const missing = required.map((each) => variableName(name, each)).filter((variable) => !env[variable]);
  if (missing.length > 0) throw new UsageError(`[spec:drift] set ${missing.join(" and ")}, and run it again`);
  const names = credentials.map((each) => each.name);
  return valuesFrom(env, names, (each) => variableName(name, each));
}

/** Of some members those the environment has a value for. */
export function valuesFrom(
  env: Environment,
  members: readonly string[],
  variableOf: (member: string) => string,
): Record<string, string> {
  const entries = members.map((member) => [member, env[variableOf(member)]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/** What a client's `server` option is, and the URL that leads to. Throws {@link UsageError} for a name no server has. */
export function serverFrom(env: Environment, name: string, servers: readonly ServerModel[], given: string | undefined) {
  if (given !== undefined && /^https?:\/\/[^/]/.test(given)) return { option: given, url: given.replace(/\/$/, "") };
  const server = servers.find((each) => each.name === given);
  if (!server) {
    const names = servers.map((each) => each.name).join(", ");
    throw new UsageError(
      `[spec:drift] --server takes ${names}, or a URL${given === undefined ? "" : `, and not ${given}`}`,
    );
  }
  const { variables } = server;
  const names = variables.map((variable) => variable.name);
  const values = valuesFrom(env, names, (each) => variableName(name, each));
  const missing = variables.filter((variable) => !variable.enum && !values[variable.name]);
  if (missing.length > 0) {
    throw new UsageError(
      `[spec:drift] set ${missing.map((each) => variableName(name, each.name)).join(" and ")}, and run it again`,
    );
  }
  const url = variables.reduce(
    (text, variable) => text.replace(`{${variable.name}}`, values[variable.name] ?? variable.default),
    server.url,
  );
  return { option: variables.length === 0 ? server.name : { name: server.name, ...values }, url };
}
