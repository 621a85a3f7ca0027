import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { conformanceCases, type PackageUnderTest } from "../src/entries/conformance.ts";
import { documentedRequestCases } from "../src/entries/documented-requests.ts";
import { curlOf, operationsOf, readDocument } from "../src/entries/examples.ts";
import { startMock } from "../src/index.ts";

const fern = fileURLToPath(new URL("fern.yaml", import.meta.url));
const mock = await startMock(fern, { stateless: true });
afterAll(() => mock.stop());
const cases = await conformanceCases(fern);

interface Input {
  fernId: string;
  kind: string;
  height: unknown;
}
interface Options {
  server: string;
  username: string;
  password: string;
  fetch?: typeof fetch;
}

/** A client written by hand, to see the cases pass; `damage` is what it does wrong. */
const packageWith = (damage: { result?: unknown; body?: unknown; swallow?: boolean } = {}): PackageUnderTest => ({
  create: ({ server, username, password, fetch: send = fetch }: Options) => ({
    async putFern({ fernId, kind, height }: Input) {
      const response = await send(`${server}/ferns/${encodeURIComponent(fernId)}?kind=${kind}`, {
        method: "PUT",
        headers: { Authorization: `Basic ${btoa(`${username}:${password}`)}`, "Content-Type": "application/json" },
        body: JSON.stringify({ height }),
      });
      const body: unknown = await response.json();
      if (response.ok || damage.swallow) return damage.result ?? body;
      throw Object.assign(new Error("refused"), {
        isOurs: true,
        operationId: "putFern",
        status: response.status,
        body: damage.body ?? body,
      });
    },
  }),
  isError: (error) => (error as { isOurs?: boolean }).isOurs === true,
});

describe("the conformance cases", () => {
  test("cover every status, every named example and every damaged required member", () => {
    expect(cases.map(({ name }) => name)).toEqual([
      "putFern answers 200 tall",
      "putFern answers 200 small",
      "putFern answers 401 refused",
      "putFern is refused without height",
      "putFern is refused with height of the wrong type",
      "no error shows a credential",
    ]);
  });

  test.each(cases)("a client that conforms passes: $name", ({ run }) => run(mock, packageWith()));

  const damages: [string, string, Parameters<typeof packageWith>[0]][] = [
    ["another result", "putFern answers 200 small", { result: { height: 3 } }],
    ["another error body", "putFern answers 401 refused", { body: {} }],
    ["a swallowed error", "putFern answers 401 refused", { swallow: true }],
    ["a swallowed refusal", "putFern is refused without height", { swallow: true }],
  ];
  test.each(damages)("a client with %s fails: %s", async (_, name, damage) => {
    const found = cases.find((each) => each.name === name);
    await expect(found?.run(mock, packageWith(damage))).rejects.toThrow();
  });
});

describe("the requests of a vendor's documents", () => {
  const request = {
    from: "curl",
    method: "PUT",
    path: "/ferns/1?kind=royal",
    headers: { Authorization: "Basic YTpi", "Content-Type": "application/json" },
    body: { height: 1 },
    status: 200,
  };

  test.each(documentedRequestCases([request]))("$name", ({ run }) => run(mock.url));

  test("fail where Prism answers otherwise", async () => {
    const [accepted] = documentedRequestCases([{ ...request, status: 201 }]);
    await expect(accepted?.run(mock.url)).rejects.toThrow("200");
    const [, refused] = documentedRequestCases([{ ...request, body: { unknown: 1, height: 1 } }]);
    await expect(refused?.run(mock.url)).rejects.toThrow("it was answered 200");
  });
});

test("an operation's curl command is made of its examples", async () => {
  const document = await readDocument(fern);
  const [operation] = operationsOf(document);
  expect(operation && curlOf(document, operation, "http://127.0.0.1:1")).toBe(
    `curl -X PUT 'http://127.0.0.1:1/ferns/fern%201?kind=tree' -u example-user:example-password -H 'Content-Type: application/json' -d '{"height":3}'`,
  );
});
