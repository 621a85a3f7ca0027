import assert from "node:assert/strict";
import { lifecycleCases } from "../lifecycle-cases.ts";
import type { MockServer } from "../start-mock.ts";
import {
  bodyMembers,
  type Document,
  exampleCredentials,
  exampleInput,
  mainExchangeOf,
  type Operation,
  operationsOf,
  readDocument,
} from "./examples.ts";

/** The public API of the package under test; what its types say, its own tests assert. */
export interface PackageUnderTest {
  /** The factory, which takes credentials by their own names, `server` and `fetch`, and `clock` where tokens expire. */
  create(options: never): object;
  /** The guard of its errors. */
  isError(error: unknown): boolean;
}

/** One thing that has to be so, to be seen through a package's public API over HTTP. */
export interface ConformanceCase {
  readonly name: string;
  /** Rejects unless the package does what the case says, on a running mock of the same spec. */
  run(mock: MockServer, underTest: PackageUnderTest): Promise<void>;
}

/** A client as the cases see it: a method per operationId, and `getToken` where the vendor issues tokens. */
type AnyClient = Record<string, (input?: unknown) => Promise<unknown>>;

/** Stands for every status that only `default` documents. */
const UNLISTED_STATUS = 503;

/**
 * The conformance cases of a spec (a client package's name or a path): every operation, documented status and named example, and
 * every required member missing or of the wrong type; how tokens live, what a refusal costs, and that no error shows a
 * credential. A new operation has its cases once it is written.
 */
export async function conformanceCases(spec: string): Promise<ConformanceCase[]> {
  const document = await readDocument(spec);
  const contract = operationsOf(document).flatMap((operation) => [
    ...answerCases(document, operation),
    ...refusalCases(document, operation),
  ]);
  return [...contract, ...lifecycleCases(document)];
}

function answerCases(document: Document, operation: Operation): ConformanceCase[] {
  const { operationId } = operation;
  return Object.entries(operation.responses).flatMap(([key, response]) => {
    const status = key === "default" ? UNLISTED_STATUS : Number(key.replaceAll("X", "0"));
    const [media] = Object.values(response.content ?? {});
    const named = Object.entries(media?.examples ?? {}).map(([name, { value }]) => ({ name, value }));
    return (named.length > 0 ? named : [undefined]).map((example): ConformanceCase => {
      const run: ConformanceCase["run"] = async ({ url }, { create, isError }) => {
        const fetch = preferring(operation, `code=${status}${example ? `, example=${example.name}` : ""}`);
        const client = create({ ...exampleCredentials(document), server: url, fetch } as never) as AnyClient;
        const call = client[operationId]?.(exampleInput(operation));
        if (status >= 300) {
          const error = await failureOf(call, isError);
          assert.deepEqual([error.operationId, error.status], [operationId, status], error.message);
          if (example) assert.deepEqual(error.body, example.value);
          return;
        }
        const data = await call;
        if (example) assert.deepEqual(data, example.value);
        if (mainExchangeOf(document) === operationId) {
          const token = (await client["getToken"]?.()) as { accessToken: string };
          const isDocumented = JSON.stringify([example, response.headers]).includes(token.accessToken);
          assert.ok(isDocumented, "the token is the example's");
        }
      };
      return { name: `${operationId} answers ${[key, example?.name].filter(Boolean).join(" ")}`, run };
    });
  });
}

function refusalCases(document: Document, operation: Operation): ConformanceCase[] {
  const { operationId } = operation;
  const [[mediaType, media] = []] = Object.entries(operation.requestBody?.content ?? {});
  const input = exampleInput(operation);
  const members = bodyMembers(media?.schema).filter(({ required, isFixed }) => required && !isFixed);
  const asked = members.map(({ name }) => name).filter((name) => name in input);
  const wrong = asked.flatMap((name): [string, unknown][] => [
    [`without ${name}`, { ...input, [name]: undefined }],
    // A form has no types: everything in it is text.
    ...(mediaType?.startsWith("application/json")
      ? [[`with ${name} of the wrong type`, { ...input, [name]: { wrong: true } }] as [string, unknown]]
      : []),
  ]);
  return wrong.map(([what, wrongInput]) => ({
    name: `${operationId} is refused ${what}`,
    run: async ({ url }, { create, isError }) => {
      const client = create({ ...exampleCredentials(document), server: url } as never) as AnyClient;
      const { status, code } = await failureOf(client[operationId]?.(wrongInput), isError);
      assert.ok(status !== undefined && status >= 400 && status < 500, `${code} ${status}`);
    },
  }));
}

interface Failure {
  operationId: string;
  code: string;
  message: string;
  status: number | undefined;
  body: unknown;
}

async function failureOf(call: Promise<unknown> | undefined, isError: PackageUnderTest["isError"]): Promise<Failure> {
  const error: unknown = await call?.then(
    () => new Error("the call succeeded"),
    (thrown: unknown) => thrown,
  );
  if (!isError(error)) throw error;
  return error as Failure;
}

/** A `fetch` that asks Prism for a certain answer of one operation, and leaves every other request alone. */
function preferring({ method, path }: Operation, prefer: string): typeof fetch {
  const pattern = new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/]+")}$`);
  return (input, init) => {
    const request = new Request(input, init);
    const isMeant = request.method === method.toUpperCase() && pattern.test(new URL(request.url).pathname);
    if (isMeant) request.headers.set("Prefer", prefer);
    return fetch(request);
  };
}
