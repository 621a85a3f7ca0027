import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pascalCase } from "../emit/names.ts";
import { type OpenApiDocument, type Response, resolve } from "../spec/document.ts";
import { modelOf, type OperationModel, type VendorModel } from "../spec/model.ts";
import { isSuccess } from "../spec/responses.ts";
import { UsageError } from "../workspace.ts";
import type { Drift, DriftReport } from "./drift.ts";
import { credentialsFrom, type Environment, serverFrom, valuesFrom, variableName } from "./environment.ts";
import { type Observation, validatingFetch } from "./proxy.ts";
import { unknownMembers } from "./unknown-members.ts";

/** A client as far as it is driven here. */
interface Client {
  getToken?(): Promise<unknown>;
  [operationId: string]: ((input: object) => Promise<unknown>) | undefined;
}
/** What is asked of a server without changing anything there. */
const SAFE_METHODS = ["get", "head"];
/** An operation that answers one of these without documenting it is not there any more. */
const GONE = [404, 405, 410, 501];

/** What was seen so far. */
interface Seen {
  readonly drifts: Drift[];
  readonly notes: string[];
  successes: number;
  /** What kept a request from being answered: said as it is, and not as what the client made of it. */
  failure?: unknown;
}

/**
 * Obtains a token and calls the safe operations with the package's own client, through Prism's validation proxy, and
 * reports what the answers violate. Throws {@link UsageError} for an upstream that is down, refuses the credentials or
 * answers nothing with success.
 */
export async function driftLive(
  root: string,
  name: string,
  document: OpenApiDocument,
  serverName: string | undefined,
  env: Environment,
): Promise<Omit<DriftReport, "packageName">> {
  const model = modelOf(document);
  const server = serverFrom(env, name, model.servers, serverName);
  const credentials = credentialsFrom(env, name, model);
  const seen: Seen = { drifts: [], notes: [], successes: 0 };
  const observe = (observation: Observation) => {
    checkAccepted(observation, server.url, name, model);
    if (observation.status < 300) seen.successes++;
    seen.drifts.push(...driftsOf(observation, document, model));
  };
  const basePath = new URL(server.url).pathname.replace(/\/$/, "");
  const proxied = await validatingFetch(join(root, "specs", `${name}.yaml`), basePath, observe);
  const fetch: typeof globalThis.fetch = (...args) =>
    proxied(...args).catch((error: unknown) => {
      seen.failure ??= error;
      throw error;
    });
  const options = { ...credentials, server: server.option, fetch, http: { attempts: 1 } };
  await callAll(await createClient(root, name, options), model, name, env, seen);
  const { drifts, notes, successes } = seen;
  if (successes === 0 && drifts.length === 0) {
    throw new UsageError(`[spec:drift] ${new URL(server.url).origin} was compared with nothing: ${notes.join(" ")}`);
  }
  return { comparedWith: server.url, notes, drifts: distinct(drifts) };
}

/** The token exchange, then each safe operation whose input is known. */
async function callAll(client: Client, model: VendorModel, name: string, env: Environment, seen: Seen): Promise<void> {
  const { getToken } = client;
  const hasToken = getToken ? await attempt(seen, "The token exchange", () => getToken()) : true;
  for (const { id, input, security } of model.operations.filter(({ method }) => SAFE_METHODS.includes(method))) {
    const variableOf = (member: string) => variableName(name, id, member);
    const required = input.members.filter((each) => each.required).map((each) => variableOf(each.name));
    const unset = required.filter((variable) => !env[variable]);
    if (unset.length > 0) seen.notes.push(`${id} was not called: set ${unset.join(" and ")}.`);
    else if (!hasToken && security.length > 0) seen.notes.push(`${id} was not called, because there was no token.`);
    else {
      const members = input.members.map((member) => member.name);
      await attempt(seen, id, () => client[id]?.(valuesFrom(env, members, variableOf)));
    }
  }
}

async function attempt(seen: Seen, operation: string, work: () => Promise<unknown> | undefined): Promise<boolean> {
  const found = seen.drifts.length;
  const error = await Promise.resolve(work()).then(
    () => undefined,
    (thrown: unknown) => thrown as { code?: string; httpStatus?: number },
  );
  if (seen.failure) throw seen.failure;
  if (error && seen.drifts.length === found) {
    seen.notes.push(`${operation} was not seen to succeed (${error.httpStatus ?? error.code}).`);
  }
  return error === undefined;
}

async function createClient(root: string, name: string, options: object): Promise<Client> {
  const entry = pathToFileURL(join(root, "packages", name, "src", "index.ts")).href;
  const module = (await import(entry)) as Record<string, (options: object) => Client>;
  try {
    return module[`create${pascalCase(name)}`]?.(options) as Client;
  } catch (error) {
    throw new UsageError(`[spec:drift] ${(error as Error).message}`);
  }
}

function checkAccepted({ method, path, status }: Observation, url: string, name: string, model: VendorModel): void {
  if (status !== 401) return;
  const variables = model.credentials.map((each) => variableName(name, each.name)).join(" and ");
  const request = `${method.toUpperCase()} ${path}`;
  throw new UsageError(
    `[spec:drift] ${new URL(url).origin} refuses ${request} (401), so nothing was compared; check ${variables}`,
  );
}

function driftsOf(observation: Observation, document: OpenApiDocument, model: VendorModel): Drift[] {
  const { method, path, status, violations, body } = observation;
  const found = model.operations.find((each) => each.method === method && each.path === path);
  const operation = found?.id ?? `${method.toUpperCase()} ${path}`;
  const successes = (found?.responses ?? []).filter(isSuccess).map((response) => response.status);
  const isOther = status >= 200 && status < 300 && !successes.some((each) => each === String(status) || each === "2XX");
  if (isOther) {
    // Prism would hold it against the `default` answer, which is an error's.
    const message = `It answers ${status}, where the spec documents ${successes.join(", ")}.`;
    return [{ operation, kind: "changed", impact: "breaking", message }];
  }
  const violated = violations.map(({ location, message, isError }): Drift => {
    const isGone = !isError && GONE.includes(status);
    const kind = isGone || /required property/.test(message) ? "missing" : "changed";
    const [side, ...place] = location;
    const subject = side === "request" ? "The request" : `The answer ${status}`;
    const text = `${subject}${place.length > 0 ? `, \`${place.join(".")}\`` : ""}: ${message}.`;
    return { operation, kind, impact: isError || isGone ? "breaking" : "additive", message: text };
  });
  return [...violated, ...(found ? added(found, document, status, body) : [])];
}

/** What an answer holds beside what the spec names: nothing breaks, and the spec could say more. */
function added({ id, operation }: OperationModel, document: OpenApiDocument, status: number, body: unknown): Drift[] {
  const entry = operation.responses[String(status)];
  const [media] = Object.values((entry && resolve<Response>(document, entry).content) ?? {});
  return unknownMembers(document, media?.schema, body).map((member) => ({
    ...{ operation: id, kind: "added", impact: "additive" },
    message: `The answer ${status} has \`${member}\`, which the spec does not name.`,
  }));
}

function distinct(drifts: readonly Drift[]): Drift[] {
  return [...new Map(drifts.map((drift) => [JSON.stringify(drift), drift])).values()];
}
