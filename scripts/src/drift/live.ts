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

/**
 * Obtains a token and calls the safe operations with the package's own client, through Prism's validation proxy, and
 * reports what the answers violate. Throws {@link UsageError} for an upstream that is down or refuses the credentials.
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
  const drifts: Drift[] = [];
  const notes: string[] = [];
  const observe = (observation: Observation) => {
    checkAccepted(observation, server.url, name, model);
    drifts.push(...driftsOf(observation, document, model));
  };
  const basePath = new URL(server.url).pathname.replace(/\/$/, "");
  let failure: unknown;
  const proxied = await validatingFetch(join(root, "specs", `${name}.yaml`), basePath, observe);
  const fetch: typeof globalThis.fetch = (...args) =>
    proxied(...args).catch((error: unknown) => {
      failure ??= error;
      throw error;
    });
  const client = await createClient(root, name, {
    ...credentials,
    server: server.option,
    fetch,
    http: { attempts: 1 },
  });
  const attempt = async (operation: string, work: () => Promise<unknown> | undefined) => {
    const found = drifts.length;
    const error = await Promise.resolve(work()).then(
      () => undefined,
      (thrown: unknown) => thrown as { code?: string; status?: number; httpStatus?: number },
    );
    // What kept the proxy from answering is said as it is, and not as what the client made of it.
    if (failure) throw failure;
    if (error && drifts.length === found)
      notes.push(`${operation} was not seen to succeed (${error.status ?? error.code}).`);
    return error === undefined;
  };

  const hasToken = client.getToken ? await attempt("The token exchange", () => client.getToken?.()) : true;
  for (const operation of model.operations.filter(({ method }) => SAFE_METHODS.includes(method))) {
    const variableOf = (member: string) => variableName(name, operation.id, member);
    const { members } = operation.input;
    const missing = members.filter((each) => each.required).map((each) => variableOf(each.name));
    const unset = missing.filter((variable) => !env[variable]);
    if (unset.length > 0) notes.push(`${operation.id} was not called: set ${unset.join(" and ")}.`);
    else if (!hasToken && operation.security.length > 0) {
      notes.push(`${operation.id} was not called, because there was no token.`);
    } else {
      const names = members.map((member) => member.name);
      await attempt(operation.id, () => client[operation.id]?.(valuesFrom(env, names, variableOf)));
    }
  }
  return { comparedWith: server.url, notes, drifts: distinct(drifts) };
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
