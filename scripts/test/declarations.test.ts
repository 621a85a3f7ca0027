import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installPublished, link } from "../src/release/published.ts";
import { ROOT } from "../src/workspace.ts";

const folder = join(ROOT, "scripts/.cache/declarations");
const packages = ["auth-runtime", "klavi-auth", "smooch-keys"];

function run(...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
}

/** What a user has installed: declarations as they are published. */
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  await installPublished(folder, packages);
  link(folder, "@types/node", ROOT);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(folder, "user.ts"),
    `import { createKlaviAuth, isKlaviAuthError } from "@org/klavi-auth";
import { createSmoochKeys } from "@org/smooch-keys";
import { jwtAuth, signJwt } from "@org/smooch-keys/jwt";
import { rotateKey } from "@org/smooch-keys/rotate";
const klavi = createKlaviAuth({ accessKey: "a", secretKey: "b", server: "sandbox" });
const { data } = await klavi.client.POST("/monitor/v1/auth", { body: { accessKey: "a", secretKey: "b" } });
export const token: string | undefined = data?.accessToken;
const smooch = createSmoochKeys({ server: { name: "zendesk", subdomain: "acme" }, keyId: "a", secret: "b" });
createSmoochKeys({ server: "eu", auth: jwtAuth({ keyId: "app_a", secret: "b" }) });
// @ts-expect-error one or the other
createSmoochKeys({ server: "eu", auth: "token", keyId: "a", secret: "b" });
export const login: Promise<string> = signJwt({ keyId: "app_a", secret: "b", scope: "user", external_id: "42" });
export const rotated: Promise<{ readonly keyId: string }> = rotateKey(smooch, { appId: "a", keyId: "b", handOver: ({ secret }) => secret.trim() });
// @ts-expect-error the path needs its member
smooch.client.GET("/v2/apps/{appId}/keys");
try {
  await klavi.getToken();
} catch (error) {
  if (isKlaviAuthError(error) && error.operationId === "createAccessToken" && error.status === 401) error.body.message.trim();
}
`,
  );
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["node16", "ES2022"],
  ["bundler", "ES2022,DOM"],
])(
  "the published declarations compile with every one checked: %s resolution, libraries %s",
  async (resolution, lib) => {
    const compilerOptions = {
      ...{ noEmit: true, strict: true, skipLibCheck: false, target: "es2022", types: ["node"] },
      module: resolution === "bundler" ? "esnext" : resolution,
      moduleResolution: resolution,
      lib: lib.split(","),
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["user.ts"] }));
    const oldest = join(ROOT, "scripts/runtimes/node_modules/typescript-5.4/bin/tsc");
    for (const typescript of [createRequire(import.meta.url).resolve("typescript/bin/tsc"), oldest]) {
      const findings = (await run(typescript, "-p", folder)).split("\n");
      expect(
        findings
          .filter((line) => !line.includes("@types/node"))
          .join("\n")
          .trim(),
      ).toBe("");
    }
  },
  60_000,
);
