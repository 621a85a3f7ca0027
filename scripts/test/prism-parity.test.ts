import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { type MockServer, startMock } from "@org/mock-servers";
import { exampleInput, type Operation, operationsOf, readDocument } from "@org/mock-servers/examples";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT, specNames } from "../src/workspace.ts";
import { freePort, VENDORS } from "./workspace.ts";

interface Asked {
  what: string;
  path: string;
  init: RequestInit;
}

/** Prism's own command on a file, once it listens. */
async function startCli(file: string): Promise<{ url: string; process: ChildProcess }> {
  const port = await freePort();
  const cli = join(ROOT, "node_modules/@stoplight/prism-cli/dist/index.js");
  const child = spawn(process.execPath, [cli, "mock", file, "--port", String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => chunk.includes("is listening on") && resolve());
  });
  return { url: `http://127.0.0.1:${port}`, process: child };
}

/** What a client sees of an answer; the date is the server's own. */
async function seen(url: string, { path, init }: Asked) {
  const response = await fetch(url + path, { redirect: "manual", ...init });
  const { date: _, ...headers } = Object.fromEntries(response.headers);
  const text = await response.text();
  // Prism draws random ids for nothing but its dynamic answers; those agree in shape only.
  const isDynamic = new Headers(init.headers).get("prefer")?.includes("dynamic=true");
  const { "content-length": __, ...others } = headers;
  return isDynamic ? { status: response.status, headers: others } : { status: response.status, headers, text };
}

/** Requests of an operation: as it should be, and wrong in every way that a client can be wrong. */
function requestsOf(operation: Operation): Asked[] {
  const { method, operationId, parameters, requestBody, responses } = operation;
  const input = exampleInput(operation);
  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input[name] ?? "x")),
  );
  const query = parameters.filter((each) => each.in === "query" && each.required);
  const search = query.length === 0 ? "" : `?${query.map(({ name }) => `${name}=${String(input[name])}`).join("&")}`;
  const [[mediaType = "", media] = []] = Object.entries(requestBody?.content ?? {});
  const value = Object.values(media?.examples ?? {})[0]?.value;
  const write = (body: unknown) =>
    mediaType.includes("form")
      ? new URLSearchParams(body as never).toString()
      : mediaType === "text/plain"
        ? String(body)
        : JSON.stringify(body);
  const headers: Record<string, string> = {
    Authorization: "Bearer example-token",
    Accept: "application/json",
    ...(value !== undefined && { "Content-Type": mediaType }),
  };
  const init = { method: method.toUpperCase(), headers, ...(value !== undefined && { body: write(value) }) };
  const with_ = (more: Record<string, string>) => ({ ...init, headers: { ...headers, ...more } });
  const without = (name: string) => ({
    ...init,
    headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)),
  });

  const variants: [string, RequestInit, string?][] = [
    ["as it should be", init],
    ["with Basic", with_({ Authorization: `Basic ${btoa("a:b")}` })],
    ["with Basic that holds a colon", with_({ Authorization: `Basic ${btoa("a:b:c")}` })],
    ["with no credentials", without("Authorization")],
    ["with credentials of another scheme", with_({ Authorization: "Digest x" })],
    ["that accepts anything", with_({ Accept: "*/*" })],
    ["that accepts nothing there is", with_({ Accept: "application/xml" })],
    ["from a browser", with_({ Origin: "https://app.example", "Access-Control-Request-Headers": "x-a" })],
    ["with a member of the query nobody knows", init, `${search || "?"}${search ? "&" : ""}unknown=1&unknown=2`],
    ["without its query", init, ""],
    ["that prefers what is no number", with_({ Prefer: "code=abc" })],
    ["that prefers an example there is not", with_({ Prefer: "example=missing" })],
    ["that prefers a dynamic answer", with_({ Prefer: "dynamic=true" })],
    ["that prefers by its query", init, `${search || "?"}${search ? "&" : ""}__code=401`],
    ...["200", "201", "204", "400", "401", "404", "418", "429", "500", ...Object.keys(responses)].map(
      (code): [string, RequestInit] => [`that prefers ${code}`, with_({ Prefer: `code=${code}` })],
    ),
    ...Object.entries(responses).flatMap(([code, { content = {} }]) =>
      Object.values(content).flatMap(({ examples = {} }) =>
        Object.keys(examples).map((name): [string, RequestInit] => [
          `that prefers ${code} ${name}`,
          with_({ Prefer: `code=${Number(code) || 503}, example=${name}` }),
        ]),
      ),
    ),
    ["with another method", { ...init, method: method === "post" ? "DELETE" : "POST" }],
    [
      "before a browser asks",
      { method: "OPTIONS", headers: { Origin: "https://a.example", "Access-Control-Request-Method": "POST" } },
    ],
    ["OPTIONS", { method: "OPTIONS" }],
    ["HEAD", { method: "HEAD", headers }],
  ];
  if (value !== undefined) {
    const members = Object.entries(Object(value) as Record<string, unknown>);
    variants.push(
      ["with no body", { method: init.method, headers }],
      ["with an empty body", { ...init, body: "" }],
      ["with a body of another type", { ...init, body: "[]" }],
      ["with another content type", { ...with_({ "Content-Type": "text/html" }) }],
      ["with no content type", { ...without("Content-Type"), body: new Blob([write(value)]) }],
      ["with a charset", with_({ "Content-Type": `${mediaType}; charset=utf-8` })],
      ["with a member nobody knows", { ...init, body: write({ ...Object(value), unknown: "1" }) }],
      ...members.flatMap(([name]): [string, RequestInit][] => [
        [`without ${name}`, { ...init, body: write(Object.fromEntries(members.filter(([key]) => key !== name))) }],
        [`with a number as ${name}`, { ...init, body: write({ ...Object(value), [name]: 1 }) }],
        [`with null as ${name}`, { ...init, body: write({ ...Object(value), [name]: null }) }],
      ]),
    );
  }
  return variants.map(([what, each, own = search]) => ({
    what: `${operationId} ${what}`,
    path: path + own,
    init: each,
  }));
}

const files = [
  ...specNames(ROOT).map((name) => join(ROOT, "specs", `${name}.yaml`)),
  join(VENDORS, "elm-everything.yaml"),
];

describe.each(files)("a stateless mock answers as Prism's command does: %s", (file) => {
  let mock: MockServer;
  let cli: Awaited<ReturnType<typeof startCli>>;
  beforeAll(async () => {
    [mock, cli] = await Promise.all([startMock(file, { stateless: true }), startCli(file)]);
  });
  afterAll(async () => {
    cli.process.kill();
    await mock.stop();
  });

  test("to every operation, and to requests that are wrong in many ways", async () => {
    const operations = operationsOf(await readDocument(file));
    const requests = [...operations.flatMap(requestsOf), { what: "an unknown path", path: "/nowhere", init: {} }];
    const differences = [];
    for (const asked of requests) {
      const failed = (why: unknown) => ({ failed: String(why) });
      const [ours, theirs] = [await seen(mock.url, asked).catch(failed), await seen(cli.url, asked).catch(failed)];
      if (JSON.stringify(ours) !== JSON.stringify(theirs)) differences.push({ what: asked.what, ours, theirs });
    }
    console.log(`${requests.length} requests, ${differences.length} differences`);
    expect(differences).toEqual([]);
  });
});
