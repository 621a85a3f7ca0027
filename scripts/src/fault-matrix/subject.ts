import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Vendor } from "@org/auth-runtime";
import type { PackageUnderTest } from "@org/mock-servers/conformance";
import {
  type Document,
  exampleCredentials,
  exampleInput,
  operationsOf,
  readDocument,
} from "@org/mock-servers/examples";
import { pascalCase } from "../emit/names.ts";
import { clientFolders } from "../workspace.ts";
import { jsonReply, type Reply, type TokenChanges } from "./fault.ts";

export type Operation = Vendor["operations"][string];
type Exchange = NonNullable<Vendor["schemes"][string]["exchange"]>;
type ValuePath = Exchange["token"][number];

/** A client package, and what its document says of its answers. */
export interface Subject extends PackageUnderTest {
  readonly name: string;
  readonly vendor: Vendor;
  readonly document: Document;
  /** How its tokens are issued, where it has tokens. */
  readonly exchange: Exchange | undefined;
}

/** The client packages of a workspace. */
export function readSubjects(root: string): Promise<Subject[]> {
  return Promise.all(clientFolders(root).map((name) => readSubject(root, name)));
}

async function readSubject(root: string, name: string): Promise<Subject> {
  const source = join(root, "packages", name, "src");
  const load = async (file: string) => import(pathToFileURL(join(source, file)).href) as Promise<Record<string, never>>;
  const library = await load("index.ts");
  const vendor: Vendor = (await load("generated/vendor.ts"))["vendor"] as never;
  const document = await readDocument(join(source, "generated/openapi.yaml"));
  const exchange = vendor.security.map((scheme) => vendor.schemes[scheme]?.exchange).find(Boolean);
  const create: PackageUnderTest["create"] = library[`create${pascalCase(name)}`] as never;
  const isError: PackageUnderTest["isError"] = library[`is${pascalCase(name)}Error`] as never;
  return { name, vendor, document, exchange, create, isError };
}

/** Credentials that are found again wherever they show; keys that sign have to stay real ones. */
export function canaryCredentials({ vendor, document }: Subject, mark: string): Record<string, unknown> {
  const signing = Object.values(vendor.operations).flatMap(({ assertion }) => assertion?.privateKey ?? []);
  const canaries = Object.entries(vendor.credentials)
    .filter(([name, { secret }]) => secret && !signing.includes(name))
    .map(([name], index) => [name, `${mark}s${index}"&%<>+/=~`]);
  return { ...exampleCredentials(document), ...Object.fromEntries(canaries) };
}

/** The flat input of an operation, with these credentials in it. */
export function inputOf({ document }: Subject, operationId: string, credentials: Record<string, unknown>) {
  const operation = operationsOf(document).find((each) => each.operationId === operationId);
  const example = operation ? exampleInput(operation) : {};
  return Object.fromEntries(Object.entries(example).map(([name, value]) => [name, credentials[name] ?? value]));
}

/** The operation a request is of, by its method and path. */
export function operationAt({ vendor }: Subject, method: string, path: string): string | undefined {
  const found = Object.entries(vendor.operations).find(([, operation]) => {
    const pattern = operation.path.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{[^}]+\}/g, "[^/]+");
    return operation.method === method && new RegExp(`^${pattern}$`).test(path.split("?")[0] ?? "");
  });
  return found?.[0];
}

/** Whether an operation issues a token: by an exchange, or by a refresh. */
export function isIssuing({ exchange }: Subject, operationId: string): boolean {
  return exchange !== undefined && [exchange.operationId, exchange.refresh].includes(operationId);
}

/** Whether an operation is sent once only, because a second time would do something a second time. */
export function isSentOnce({ method, retry, role }: Operation): boolean {
  return role !== "exchange" && !(retry ?? !/^P(OST|ATCH)$/.test(method));
}

/** The documented body of a status, or of the success where it has none; and the status of the success. */
export function documentedBody({ document }: Subject, operationId: string, status?: number) {
  const { responses = {} } = operationsOf(document).find((each) => each.operationId === operationId) ?? {};
  const success = Object.keys(responses).find((key) => key.startsWith("2")) ?? "200";
  const keys = status === undefined ? [success] : [String(status), `${String(status)[0]}XX`, "default", success];
  const [media] = Object.values(responses[keys.find((key) => key in responses) ?? success]?.content ?? {});
  const [example] = Object.values(media?.examples ?? {});
  return {
    status: Number(success.replaceAll("X", "0")),
    value: structuredClone(example?.value ?? media?.example ?? {}),
  };
}

/** Whether each success of an operation has members it cannot do without. */
export function requiresMembers({ document }: Subject, operationId: string): boolean {
  const { responses = {} } = operationsOf(document).find((each) => each.operationId === operationId) ?? {};
  const successes = Object.entries(responses).filter(([key]) => key.startsWith("2"));
  return successes.every(([, { content }]) =>
    Object.values(content ?? {}).some(
      ({ schema }) => (schema?.required ?? []).length > 0 || schema?.oneOf !== undefined,
    ),
  );
}

/** The documented success of an operation that issues a token: with this token, and what else is asked for. */
export function issue(subject: Subject, operationId: string, token: string, changes: TokenChanges = {}): Reply {
  const { status, value } = documentedBody(subject, operationId);
  const { exchange } = subject;
  if (!exchange) return jsonReply(status, value);
  const headers: [string, string][] = [];
  const put = (path: ValuePath | undefined, content: unknown) => {
    const [place, ...keys] = path ?? ["body"];
    if (place === "body") setMember(value as Record<string, unknown>, keys, content);
    else if (content !== undefined) headers.push([keys[0] ?? "", String(content)]);
  };
  // The body may be the bare token.
  if (exchange.token[0]?.length === 1) return textReply(status, "token" in changes ? changes.token : token);
  // One place at a time: a token elsewhere would stand in for the one that is tried.
  for (const path of exchange.token) put(path, undefined);
  put(exchange.token[0], "token" in changes ? changes.token : token);
  if ("lifetime" in changes) put(exchange.expiresIn ?? exchange.expiresAt, changes.lifetime);
  return jsonReply(status, value, headers);
}

const textReply = (status: number, text: unknown): Reply => ({
  status,
  headers: [["content-type", "text/plain"]],
  body: text === undefined ? "" : String(text),
});

/** A token whose claims say these things of its lifetime. */
export function jwtOf(mark: string, claims: { readonly iat: number; readonly exp: unknown }): string {
  const encode = (value: object) =>
    Buffer.from(JSON.stringify(value).replace(/"raw:([^"]*)"/, "$1")).toString("base64url");
  return `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ jti: mark, ...claims })}.${mark}`;
}

function setMember(holder: Record<string, unknown>, [key = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    if (value === undefined) delete holder[key];
    else if (key !== "") holder[key] = value;
    return;
  }
  const inner = Object(holder[key]) === holder[key] ? holder[key] : undefined;
  if (!inner && value === undefined) return;
  holder[key] = inner ?? {};
  setMember(holder[key] as Record<string, unknown>, rest, value);
}
