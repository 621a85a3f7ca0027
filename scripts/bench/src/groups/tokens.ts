import { type Child, runChild } from "../child.ts";
import { type Endpoint, startEndpoint } from "../endpoint.ts";
import type { Group, Sample } from "../group.ts";
import { callsPerRound } from "../rounds.ts";
import { loadSubject, type SubjectName } from "../subjects/index.ts";

const KEEPERS = [
  "a promise kept in a variable",
  "`klavi.getToken`",
  "@smithy/property-provider `memoize`",
  "simple-oauth2",
  "@azure/core-rest-pipeline (bearer policy)",
  "google-auth-library",
  "@octokit/auth-app",
] as const satisfies SubjectName[];

/** So many callers ask for a token before there is one. */
const CALLERS = 10_000;
/** Long enough for all of them to have asked. */
const ANSWER_DELAY_MS = 200;

/** A token that is there already. */
export const cachedTokens: Group = {
  name: "a token from the cache",
  about:
    "`getToken()` while the token is valid, awaited. Whoever leaves the keeping to its user keeps it as its documentation says.",
  columns: { cpu: "CPU µs per call", wall: "wall µs per call" },
  rows: KEEPERS.map((name) => ({
    name,
    async prepare() {
      const { getToken } = await loadSubject(name);
      const { said: url } = await startEndpoint();
      return callsPerRound(getToken?.({ url }) ?? unable(name));
    },
  })),
  rounds: 12,
  processes: 3,
};

/** Many callers at once. */
export const coldCallers: Group = {
  name: "10,000 cold callers",
  about: `${CALLERS.toLocaleString("en")} calls before there is a token, each time in a fresh process, with a token endpoint that answers after ${ANSWER_DELAY_MS} ms. The peak memory is the whole process's.`,
  columns: { cpu: "CPU ms", wall: "wall ms", requests: "token requests", failed: "calls failed", peak: "peak MB" },
  rows: KEEPERS.map((name) => ({
    name,
    prepare: () => async (): Promise<Sample> => {
      await using endpoint: Child<Endpoint["url"]> = await startEndpoint(ANSWER_DELAY_MS);
      const args = [name, endpoint.said, String(CALLERS)];
      const spent = await runChild<Sample>(new URL("../cold-callers.ts", import.meta.url), { args });
      return { ...spent, requests: await endpoint.ask<number>("requests") };
    },
  })),
  rounds: 6,
};

function unable(name: string): never {
  throw new Error(`${name} keeps no token`);
}
