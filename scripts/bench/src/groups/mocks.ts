import { join } from "node:path";
import { exampleCredentials, readDocument } from "@org/mock-servers/examples";
import { vendor } from "../../../../packages/klavi-auth/src/generated/vendor.ts";
import { ROOT, specNames } from "../../../src/workspace.ts";
import type { Group } from "../group.ts";
import { type MockProcess, startOurs, startPrism } from "../mock-process.ts";

const SPEC = "klavi-auth";
const REQUESTS = 100;

/** Until every server answers. */
function startUp(start: () => Promise<MockProcess>) {
  return () => async () => {
    const startedAt = performance.now();
    const { child } = await start();
    const wall = performance.now() - startedAt;
    const cpu = await child.ask<number>("usage");
    await child[Symbol.asyncDispose]();
    return { cpu, wall };
  };
}

export const mockStart: Group = {
  name: "start of mock servers",
  about: "From the start of the process until every server in it answers.",
  columns: { cpu: "CPU ms", wall: "wall ms" },
  rows: [
    { name: "Prism CLI, one spec", prepare: startUp(() => startPrism(SPEC)) },
    { name: "ours, one spec", prepare: startUp(() => startOurs([SPEC])) },
    { name: "ours, every spec", prepare: startUp(() => startOurs(specNames(ROOT))) },
  ],
  rounds: 5,
};

/** Token requests with the documented credentials, one after another. */
function requests(start: () => Promise<MockProcess>) {
  return async () => {
    const { child, urls } = await start();
    const body = JSON.stringify(exampleCredentials(await readDocument(join(ROOT, "specs", `${SPEC}.yaml`))));
    const init = { method: "POST", body, headers: { "content-type": "application/json" } };
    const ask = async () => {
      const response = await fetch(`${urls[0]}${vendor.operations.createAccessToken.path}`, init);
      if (!response.ok) throw new Error(`the mock answered ${response.status}: ${await response.text()}`);
      await response.text();
    };
    const round = async () => {
      for (let index = 0; index < REQUESTS; index++) await ask();
    };
    await round();
    await round();
    return async () => {
      const [before, startedAt] = [await child.ask<number>("usage"), performance.now()];
      await round();
      const seconds = (performance.now() - startedAt) / 1000;
      const spent = (await child.ask<number>("usage")) - before;
      return { cpu: (spent * 1000) / REQUESTS, perSecond: REQUESTS / seconds };
    };
  };
}

export const mockRequests: Group = {
  name: "requests of a mock server",
  about: `Token requests of ${SPEC}, one after another. Ours checks the credentials, issues a token that is remembered, and logs the request with its secrets masked; Prism answers the example.`,
  columns: { cpu: "CPU µs per request", perSecond: "requests per second" },
  rows: [
    { name: "Prism CLI", prepare: requests(() => startPrism(SPEC)) },
    { name: "ours", prepare: requests(() => startOurs([SPEC])) },
  ],
  rounds: 30,
};
