import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FaultServer, type ReceivedRequest, type Reply, startFaultServer } from "@org/mock-servers/fault-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { exitCode } from "../src/drift/drift.ts";
import { serverFrom } from "../src/drift/environment.ts";
import { modelOf } from "../src/spec/model.ts";
import { type DriftOptions, specDrift } from "../src/spec-drift.ts";
import { ROOT, UsageError } from "../src/workspace.ts";
import type { AnyDocument as Document } from "./workspace.ts";

const folder = mkdtempSync(join(tmpdir(), "drift-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const drift = (options: DriftOptions, name = "kua-auth") => specDrift(ROOT, [name], options);
const summary = async (options: DriftOptions, name?: string) =>
  (await drift(options, name)).drifts.map(({ operation, kind, impact }) => `${operation}: ${kind}, ${impact}`);
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect((error as Error).message.split("\n")).toHaveLength(1);
  return (error as Error).message;
}

describe("--against", () => {
  const spec = readFileSync(join(ROOT, "specs/kua-auth.yaml"), "utf8");
  const vendorFile = (edit: (document: Document) => unknown, write: (document: Document) => string = stringify) => {
    const document = parse(spec);
    edit(document);
    const file = join(folder, `vendor-${Math.random()}.yaml`);
    writeFileSync(file, write(document));
    return file;
  };
  const session = (document: Document) => document.paths["/core/api/v2/accounts/sessions/email"].post;
  const account = (document: Document) => document.paths["/core/api/v2/accounts"].get;
  const schemas = (document: Document) => document.components.schemas;

  test.each(["klavi-auth", "kua-auth", "smooch-keys", "unith-auth"])(
    "%s has not drifted from its own document",
    async (name) => {
      expect((await drift({ against: join(ROOT, "specs", `${name}.yaml`) }, name)).drifts).toEqual([]);
    },
  );

  test("what a vendor leaves unsaid, names otherwise or describes elsewhere is no drift", async () => {
    const against = vendorFile((d) => {
      d.servers = [{ url: "https://api.kua.example/core/api/" }];
      d.paths = Object.fromEntries(
        Object.entries(d.paths).map(([path, item]) => [path.replace("/core/api", ""), item]),
      );
      for (const path of Object.values(d.paths) as Document[])
        for (const each of Object.values(path) as Document[]) {
          each.operationId = `Controller_${each.operationId}`;
          each.summary = "Said otherwise";
          delete each.responses[401];
        }
      d.components.securitySchemes = { jwt: { type: "http", scheme: "bearer" } };
      d.security = [{ jwt: [] }];
      const { accessToken } = schemas(d).AccessToken.properties;
      delete accessToken.format;
      delete accessToken.pattern;
      schemas(d).EmailCredentials = {
        allOf: [
          { $ref: "#/components/schemas/Email" },
          { required: ["password"], properties: { password: { type: "string" } } },
        ],
      };
      schemas(d).Email = {
        type: "object",
        required: ["email"],
        properties: { email: { type: "string", title: "E-mail" } },
      };
    });
    expect(await summary({ against })).toEqual([]);
  });

  const edits: [string, (document: Document) => unknown, string[]][] = [
    ["an operation is gone", (d) => delete d.paths["/core/api/v2/accounts"], ["getAccount: missing, breaking"]],
    [
      "an operation is new",
      (d) =>
        Object.assign(d.paths["/core/api/v2/accounts"], { delete: { responses: { 204: { description: "gone" } } } }),
      ["DELETE /core/api/v2/accounts: added, additive"],
    ],
    [
      "a request member is new",
      (d) => Object.assign(schemas(d).EmailCredentials.properties, { device: { type: "string" } }),
      ["createEmailSession: added, additive"],
    ],
    [
      "a request member is required",
      (d) => {
        schemas(d).EmailCredentials.properties.otp = { type: "string" };
        schemas(d).EmailCredentials.required.push("otp");
      },
      ["createEmailSession: changed, breaking", "createEmailSession: added, additive"],
    ],
    [
      "a request member is no longer taken",
      (d) => {
        delete schemas(d).EmailCredentials.properties.email;
        schemas(d).EmailCredentials.required = ["password"];
      },
      ["createEmailSession: changed, additive", "createEmailSession: missing, breaking"],
    ],
    [
      "a response member is gone",
      (d) => delete schemas(d).AccessToken.properties.expiresIn,
      ["createEmailSession: missing, breaking"],
    ],
    [
      "a response member is new",
      (d) => Object.assign(schemas(d).AccessToken.properties, { scope: { type: "string" } }),
      ["createEmailSession: added, additive"],
    ],
    [
      "a response member has another type",
      (d) => Object.assign(schemas(d).AccessToken.properties.expiresIn, { type: "string" }),
      ["createEmailSession: changed, breaking"],
    ],
    [
      "success is another status",
      (d) => {
        session(d).responses[200] = session(d).responses[201];
        delete session(d).responses[201];
      },
      ["createEmailSession: changed, breaking"],
    ],
    [
      "a parameter is required",
      (d) =>
        Object.assign(account(d), {
          parameters: [{ name: "tenant", in: "query", required: true, schema: { type: "string" } }],
        }),
      ["getAccount: added, breaking"],
    ],
    [
      "a credential is asked for",
      (d) => Object.assign(session(d), { security: [{ bearerAuth: [] }] }),
      ["createEmailSession: added, breaking"],
    ],
    [
      "an error status is no longer documented",
      (d) => delete account(d).responses[500],
      ["getAccount: missing, additive"],
    ],
  ];
  test.each(edits)("%s", async (_, edit, expected) => {
    expect((await summary({ against: vendorFile(edit) })).sort()).toEqual(expected.sort());
  });

  test("the operations the spec does not model can be left out", async () => {
    const against = vendorFile((d) => Object.assign(d.paths, { "/other": { get: { responses: {} } } }));
    expect(await summary({ against })).toEqual(["GET /other: added, additive"]);
    expect(await summary({ against, modelled: true })).toEqual([]);
  });

  test("a document in OpenAPI 3.0 is read as 3.1 says the same, and the report says so", async () => {
    const old = (nullable: boolean) =>
      vendorFile((d) => {
        d.openapi = "3.0.3";
        const { expiresIn } = schemas(d).AccessToken.properties;
        Object.assign(expiresIn, { example: 86400, ...(nullable && { nullable: true }) });
      });
    const same = await drift({ against: old(false) });
    expect([same.drifts, same.notes[0]]).toEqual([
      [],
      expect.stringMatching(/ is OpenAPI 3\.0, and was read as 3\.1 says the same\.$/),
    ]);
    expect(await summary({ against: old(true) })).toEqual(["createEmailSession: changed, breaking"]);
  });

  test("is read from a URL, as JSON too", async () => {
    await using server = await startFaultServer(({ path }) =>
      path === "/openapi.json" ? { json: parse(spec) } : { status: 404 },
    );
    expect((await drift({ against: `${server.url}/openapi.json` })).drifts).toEqual([]);
    expect(await refusal(drift({ against: `${server.url}/gone` }))).toBe(
      `[spec:drift] ${server.url}/gone answers 404; nothing was compared`,
    );
    await server.stop();
    expect(await refusal(drift({ against: `${server.url}/openapi.json` }))).toContain(
      "cannot be reached (ECONNREFUSED)",
    );
  });

  const bad: [string, string, string][] = [
    ["does not parse", "openapi: [", "is neither JSON nor YAML: "],
    ["is something else", "hello: world", "is no OpenAPI 3.0 or 3.1 document with paths"],
    ["is Swagger 2.0", 'swagger: "2.0"', "is Swagger 2.0; convert it first: npx swagger2openapi"],
  ];
  test.each(bad)("says in one sentence that the document %s", async (_, text, message) => {
    expect(
      await refusal(
        drift({
          against: vendorFile(
            () => {},
            () => text,
          ),
        }),
      ),
    ).toContain(message);
  });

  test("says in one sentence that there is no such file, package or way to compare", async () => {
    expect(await refusal(drift({ against: join(folder, "none.yaml") }))).toContain("cannot be read (ENOENT)");
    expect(await refusal(drift({ against: "x" }, "acme"))).toContain("there is no spec acme");
    expect(await refusal(drift({}))).toContain("--against <file or URL> or --live --server <name>");
    expect(await refusal(drift({ against: "x", live: true }))).toContain("--against <file or URL> or --live");
  });
});

describe("--live", () => {
  const secrets = { KUA_AUTH_EMAIL: "canary@kua.example", KUA_AUTH_PASSWORD: "canary-password" };
  const TOKEN = "canary.access.token";
  const isLogin = ({ method }: ReceivedRequest) => method === "POST";
  const login = (change: object = {}): Reply => ({
    status: 201,
    json: { accessToken: TOKEN, tokenType: "Bearer", tokenFormat: "jwt", expiresIn: 86400, ...change },
  });
  const account: Reply = { json: { id: "a", anything: true } };
  const well = (request: ReceivedRequest) => (isLogin(request) ? login() : account);
  let upstream: FaultServer;
  let answer: (request: ReceivedRequest) => Reply = well;
  beforeAll(async () => {
    upstream = await startFaultServer((request) => answer(request));
  });
  afterAll(() => upstream.stop());
  const live = (env: DriftOptions["env"] = secrets) => drift({ live: true, server: upstream.url, env });
  const whenLogin = (reply: Reply) => (request: ReceivedRequest) => (isLogin(request) ? reply : account);
  const whenAccount = (reply: Reply) => (request: ReceivedRequest) => (isLogin(request) ? login() : reply);

  test("an upstream that does what the spec says is clean, and only the exchange and the safe operation were sent", async () => {
    answer = well;
    const before = upstream.requests.length;
    const report = await live();
    expect([report.drifts, report.notes, exitCode(report)]).toEqual([[], [], 0]);
    const sent = upstream.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(sent).toEqual(["POST /core/api/v2/accounts/sessions/email", "GET /core/api/v2/accounts"]);
    expect(upstream.requests.at(-1)?.headers["authorization"]).toBe(`Bearer ${TOKEN}`);
  });

  const ways: [string, (request: ReceivedRequest) => Reply, string[], 1 | 2][] = [
    [
      "the token moves to another member",
      whenLogin({ status: 201, json: { data: { token: TOKEN } } }),
      ["createEmailSession: missing, breaking", "createEmailSession: added, additive"],
      2,
    ],
    [
      "a member has another type",
      whenLogin(login({ expiresIn: "86400" })),
      ["createEmailSession: changed, breaking"],
      2,
    ],
    ["a member is null", whenLogin(login({ tokenType: null })), ["createEmailSession: changed, breaking"], 2],
    [
      "the token has characters no header carries",
      whenLogin(login({ accessToken: `${TOKEN} and more` })),
      ["createEmailSession: changed, breaking"],
      2,
    ],
    ["success is another status", whenLogin({ ...login(), status: 200 }), ["createEmailSession: changed, breaking"], 2],
    [
      "the answer is a page",
      whenLogin({ status: 201, text: "<html>Maintenance</html>", headers: { "content-type": "text/html" } }),
      ["createEmailSession: changed, breaking", "createEmailSession: changed, breaking"],
      2,
    ],
    [
      "the answer is JSON that does not parse",
      whenLogin({ status: 201, text: '{"accessToken":', headers: { "content-type": "application/json" } }),
      ["createEmailSession: changed, breaking"],
      2,
    ],
    ["the answer is a list", whenAccount({ json: [{ id: "a" }] }), ["getAccount: changed, breaking"], 2],
    ["an answer is empty", whenAccount({ status: 204 }), ["getAccount: changed, breaking"], 2],
    [
      "a member is new",
      whenLogin(login({ refreshToken: "canary-refresh" })),
      ["createEmailSession: added, additive"],
      1,
    ],
  ];
  test.each(ways)("an upstream that drifts: %s", async (_, drifting, expected, code) => {
    answer = drifting;
    const report = await live();
    expect(report.drifts.map(({ operation, kind, impact }) => `${operation}: ${kind}, ${impact}`).sort()).toEqual(
      expected.sort(),
    );
    expect(exitCode(report)).toBe(code);
    expect(JSON.stringify(report)).not.toContain("canary");
  });

  test("an operation that is no longer there is missing, where the spec lists its statuses", async () => {
    await using gone = await startFaultServer((request) =>
      isLogin(request) ? { json: { accessToken: "example-token", expireIn: 1800 } } : { status: 404, json: {} },
    );
    const env = { KLAVI_AUTH_ACCESS_KEY: "example-key", KLAVI_AUTH_SECRET_KEY: "example-secret" };
    const found = await summary({ live: true, server: gone.url, env }, "klavi-auth");
    expect(found).toEqual(["refreshAccessToken: missing, breaking"]);
  });

  test("an upstream that answers nothing with success was not compared, and is not clean", async () => {
    answer = () => ({ status: 500, json: { code: "InternalFault", message: "canary" } });
    expect(await refusal(live())).toBe(
      `[spec:drift] ${upstream.url} was compared with nothing: The token exchange was not seen to succeed (500). getAccount was not called, because there was no token.`,
    );
  });

  test("a redirect is not followed, and no credential arrives elsewhere", async () => {
    await using elsewhere = await startFaultServer(() => login());
    answer = () => ({ status: 307, headers: { location: `${elsewhere.url}/` } });
    expect((await live()).notes).toContain("getAccount was not called, because there was no token.");
    expect(elsewhere.requests).toEqual([]);
  });

  test("says in one sentence that the upstream is down, that it answers 401, and which variables are not set", async () => {
    answer = () => ({ status: 401, json: { error: { code: "Unauthorized", id: "a", message: "canary" } } });
    expect(await refusal(live())).toBe(
      `[spec:drift] ${upstream.url} refuses POST /core/api/v2/accounts/sessions/email (401), so nothing was compared; check KUA_AUTH_EMAIL and KUA_AUTH_PASSWORD`,
    );
    answer = whenAccount({ status: 401, json: { error: { code: "Unauthorized", id: "a", message: "canary" } } });
    expect(await refusal(live())).toContain("refuses GET /core/api/v2/accounts (401)");
    expect(await refusal(live({}))).toBe("[spec:drift] set KUA_AUTH_EMAIL and KUA_AUTH_PASSWORD, and run it again");
    expect(await refusal(drift({ live: true, server: "sandbox", env: secrets }))).toBe(
      "[spec:drift] --server takes production, or a URL, and not sandbox",
    );
    const down = await startFaultServer(() => account);
    await down.stop();
    expect(await refusal(drift({ live: true, server: down.url, env: secrets }))).toBe(
      `[spec:drift] ${down.url} cannot be reached (ECONNREFUSED); nothing was compared`,
    );
  });

  test("an operation whose input nobody gave is named, with the variable that holds it", async () => {
    await using smooch = await startFaultServer(() => ({ json: { keys: [] } }));
    const env = {
      SMOOCH_KEYS_KEY_ID: "act_1",
      SMOOCH_KEYS_SECRET: "example",
      SMOOCH_KEYS_LIST_APP_KEYS_APP_ID: "app-1",
    };
    const server = `${smooch.url}/sc`;
    const { drifts, notes } = await drift({ live: true, server, env }, "smooch-keys");
    expect(drifts).toEqual([]);
    expect(smooch.requests.map(({ path }) => path)).toEqual(["/sc/v2/apps/app-1/keys"]);
    expect(notes).toContain(
      "getAppKey was not called: set SMOOCH_KEYS_GET_APP_KEY_APP_ID and SMOOCH_KEYS_GET_APP_KEY_KEY_ID.",
    );
  });

  test("a server is found by its name, its variables in the environment", () => {
    const { servers } = modelOf(parse(readFileSync(join(ROOT, "specs/smooch-keys.yaml"), "utf8")));
    const [zendesk] = servers.filter(({ variables }) => variables.length > 0);
    const found = serverFrom({ SMOOCH_KEYS_SUBDOMAIN: "acme" }, "smooch-keys", servers, zendesk?.name);
    expect(found).toEqual({
      option: { name: zendesk?.name, subdomain: "acme" },
      url: zendesk?.url.replace("{subdomain}", "acme"),
    });
    expect(() => serverFrom({}, "smooch-keys", servers, zendesk?.name)).toThrow(
      "set SMOOCH_KEYS_SUBDOMAIN, and run it again",
    );
    expect(serverFrom({}, "smooch-keys", servers, "eu")).toEqual({
      option: "eu",
      url: servers.find(({ name }) => name === "eu")?.url,
    });
  });

  test("as a command: Markdown or JSON, 0 clean, 1 additive, 2 breaking, 3 where nothing could be compared", async () => {
    const command = (...args: string[]) =>
      new Promise<{ code: unknown; output: string }>((resolve) => {
        const script = join(ROOT, "scripts/src/spec-drift.ts");
        const env = { ...process.env, ...secrets };
        execFile(process.execPath, [script, "kua-auth", ...args], { env }, (error, stdout, stderr) =>
          resolve({ code: error?.code ?? 0, output: stdout + stderr }),
        );
      });
    const args = ["--live", "--server", upstream.url];
    answer = well;
    expect(await command(...args)).toEqual({
      code: 0,
      output: expect.stringMatching(/^## @org\/kua-auth: no drift\n/),
    });
    answer = whenLogin(login({ refreshToken: "canary-refresh" }));
    const additive = await command(...args, "--json");
    expect(additive.code).toBe(1);
    expect(JSON.parse(additive.output)).toMatchObject({ packageName: "@org/kua-auth", drifts: [{ kind: "added" }] });
    answer = whenLogin({ ...login(), status: 200 });
    const breaking = await command(...args);
    expect(breaking).toEqual({
      code: 2,
      output: expect.stringContaining("### createEmailSession\n\n- **breaking**, changed: "),
    });
    expect(additive.output + breaking.output).not.toContain("canary");
    expect((await command("--live", "--server", "nowhere")).code).toBe(3);
  }, 60_000);
});
