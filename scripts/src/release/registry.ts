import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { runServer } from "verdaccio";
import { SCOPE } from "../workspace.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A real npm registry on loopback that knows nothing but what is published to it. */
export interface Registry extends AsyncDisposable {
  /** Its base URL, without a slash at the end. */
  readonly url: string;
  /** What an `.npmrc` needs for the workspace's packages to come from here and go there. */
  readonly npmrc: string;
  /** The versions it holds of a package, oldest first. */
  versions(name: string): Promise<string[]>;
  /** The version behind each dist-tag of a package; empty if the registry does not know it. */
  distTags(name: string): Promise<Record<string, string>>;
  /** After so many more publications it drops every connection, as a registry does in the middle of a release. */
  failAfter(publications: number): void;
}

interface Packument {
  versions: object;
  "dist-tags": Record<string, string>;
}

export async function startRegistry(): Promise<Registry> {
  const storage = temporaryFolder("registry");
  const everybody = { access: "$all", publish: "$all", unpublish: "$all" };
  const configuration = {
    configPath: join(storage, "config.yaml"),
    storage,
    uplinks: {},
    packages: { "@*/*": everybody, "**": everybody },
    auth: {},
    log: { type: "stdout", format: "json", level: "fatal" },
  };
  const server = (await runServer(configuration as unknown as string)) as Server;
  const [answer] = server.listeners("request") as ((...args: unknown[]) => void)[];
  let left = Number.POSITIVE_INFINITY;
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    if (request.method === "PUT" && left-- <= 0) request.socket.destroy();
    else answer?.call(server, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `http://${host}`;
  const read = async (name: string) => {
    const response = await fetch(`${url}/${name.replace("/", "%2f")}`);
    return response.status === 404 ? {} : ((await response.json()) as Partial<Packument>);
  };
  return {
    url,
    // Everybody may publish, but npm's clients ask for a token before they try.
    // A connection that it drops is not tried again for a minute.
    npmrc: `${SCOPE}:registry=${url}/\n//${host}/:_authToken=not-a-secret\nfetch-retries=0\n`,
    versions: async (name) => Object.keys((await read(name)).versions ?? {}),
    distTags: async (name) => (await read(name))["dist-tags"] ?? {},
    failAfter(publications) {
      left = publications;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
