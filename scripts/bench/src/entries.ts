import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { installPublished, link } from "../../src/release/published.ts";
import { temporaryFolder } from "../../src/release/temporary-folder.ts";
import { SCOPE } from "../../src/workspace.ts";

/** What a user imports for the task, as a bundler or Node gets it. */
export interface Entry {
  readonly name: string;
  /** What is installed for it. */
  readonly packages: readonly string[];
  /** What is imported from them. */
  readonly imports: readonly string[];
}

const ours = (folder: string, factory: string): Entry => ({
  name: `${SCOPE}/${folder}`,
  packages: [`${SCOPE}/${folder}`],
  imports: [factory],
});

export const openapiFetch: Entry = {
  name: "openapi-fetch",
  packages: ["openapi-fetch"],
  imports: ["default as createClient"],
};

/** Ours, then those who do a part of the same. */
export const entries: readonly Entry[] = [
  ours("klavi-auth", "createKlaviAuth"),
  ours("kua-auth", "createKuaAuth"),
  ours("unith-auth", "createUnithAuth"),
  ours("smooch-keys", "createSmoochKeys"),
  { name: "ky", packages: ["ky"], imports: ["default as ky"] },
  { name: "ofetch", packages: ["ofetch"], imports: ["ofetch"] },
  { name: "axios", packages: ["axios"], imports: ["default as axios"] },
  {
    name: "@octokit/request and auth-token",
    packages: ["@octokit/request", "@octokit/auth-token"],
    imports: ["request", "createTokenAuth"],
  },
  { name: "@octokit/auth-app", packages: ["@octokit/auth-app"], imports: ["createAppAuth"] },
  { name: "google-auth-library", packages: ["google-auth-library"], imports: ["OAuth2Client"] },
  {
    name: "@azure/core-rest-pipeline",
    packages: ["@azure/core-rest-pipeline"],
    imports: ["bearerTokenAuthenticationPolicy"],
  },
  { name: "@smithy/property-provider", packages: ["@smithy/property-provider"], imports: ["memoize"] },
  { name: "simple-oauth2", packages: ["simple-oauth2"], imports: ["ClientCredentials"] },
  {
    name: "sunshine-conversations-client",
    packages: ["sunshine-conversations-client"],
    imports: ["AppKeysApi"],
  },
];

const BENCH = fileURLToPath(new URL("..", import.meta.url));
let home: Promise<string> | undefined;

/** A folder in which all of them are installed: ours as published, the peers as they come. */
export function installedHome(): Promise<string> {
  home ??= (async () => {
    const folder = temporaryFolder("entries");
    const names = [openapiFetch, ...entries].flatMap(({ packages }) => packages);
    const clients = names.filter((name) => name.startsWith(SCOPE)).map((name) => basename(name));
    await installPublished(folder, ["auth-runtime", ...clients]);
    for (const name of names) link(folder, name, BENCH);
    return folder;
  })();
  return home;
}
