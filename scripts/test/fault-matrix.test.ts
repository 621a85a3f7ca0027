import { describe, expect, onTestFinished, test } from "vitest";
import { FAULTS } from "../src/fault-matrix/catalogue.ts";
import { type CellResult, runCell } from "../src/fault-matrix/cell.ts";
import { doorsOf } from "../src/fault-matrix/doors.ts";
import { cellsOf, runCells, type Selection, sampleOf } from "../src/fault-matrix/matrix.ts";
import { readSubjects, type Subject } from "../src/fault-matrix/subject.ts";
import { watched } from "../src/fault-matrix/watch.ts";
import { generate } from "../src/generate.ts";
import { clientFolders, ROOT } from "../src/workspace.ts";
import { createWorkspace, fictionalSpecs } from "./workspace.ts";

const CONCURRENCY = 16;
/** Every so many doors of a fault are in the sample that each run of the tests tries. */
const STRIDE = 24;

/** Their sample is thinner, as there are many of them. */
const FICTIONAL_STRIDE = 150;

const subjects = await readSubjects(ROOT);
const cells = cellsOf(subjects);
const sample = sampleOf(cells, STRIDE);

const failuresOf = (results: readonly CellResult[]) =>
  results.flatMap(({ cell: { subject, door, fault }, breaches }) =>
    breaches.map(({ invariant, detail }) => `${subject.name} | ${door.name} | ${fault.name}: ${invariant}: ${detail}`),
  );

describe("the fault matrix", () => {
  test("has 180 faults or more, each with a name of its own", () => {
    expect(FAULTS.length).toBeGreaterThanOrEqual(180);
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  });

  test("tries every client package of the workspace", () => {
    expect(subjects.map(({ name }) => name)).toEqual(clientFolders(ROOT));
  });

  test("has every kind of door, for each client that has one", () => {
    const kinds = new Set(subjects.flatMap((subject) => doorsOf(subject).map(({ name }) => name.replace(/ \w+$/, ""))));
    expect([...kinds]).toEqual(expect.arrayContaining(["exchange", "refresh", "operation", "fetch", "client"]));
  });

  test("is sampled so that each fault and each door is tried", () => {
    expect(new Set(sample.map(({ fault }) => fault))).toEqual(new Set(FAULTS));
    const doorNames = (list: typeof cells) => new Set(list.map(({ subject, door }) => `${subject.name} ${door.name}`));
    expect(doorNames(sample)).toEqual(doorNames(cells));
  });

  test("each call ends in time and as documented, shows no secret, and the next one succeeds", async () => {
    const { results, problems } = await watched(() => runCells(sample, CONCURRENCY));
    expect(failuresOf(results)).toEqual([]);
    expect(problems).toEqual([]);
  }, 120_000);
});

test("the fault matrix holds for the fictional vendors, however they issue, refresh and carry a token", async () => {
  const { root, remove } = createWorkspace(fictionalSpecs);
  onTestFinished(remove);
  await generate(root);
  const fictional = sampleOf(cellsOf(await readSubjects(root)), FICTIONAL_STRIDE);
  expect(failuresOf(await runCells(fictional, CONCURRENCY))).toEqual([]);
}, 120_000);

type Options = Record<string, unknown> & { fetch?: typeof fetch };
type Client = Record<string, (...input: never[]) => Promise<unknown>>;

/** What a few cells find in clients that are broken on purpose: by the `fetch` they are given, or by what wraps them. */
async function found(selection: Selection, spoil: (options: Options, create: Subject["create"]) => Client) {
  const broken = subjects.map((subject) => ({
    ...subject,
    create: ((options: Options) => spoil(options, subject.create)) as unknown as Subject["create"],
  }));
  const results = await Promise.all(cellsOf(broken, selection).map(runCell));
  return new Set(results.flatMap(({ breaches }) => breaches.map(({ invariant }) => invariant)));
}
const klavi = { client: "klavi-auth" };
const withFetch =
  (send: typeof fetch) =>
  (options: Options, create: Subject["create"]): Client =>
    create({ ...options, fetch: send } as never) as Client;
/** A client whose `getToken` is another. */
const withGetToken =
  (getToken: (real: () => Promise<unknown>, options: Options, call: number) => Promise<unknown>) =>
  (options: Options, create: Subject["create"]): Client => {
    const client = create(options as never) as Client;
    let calls = 0;
    return { ...client, getToken: () => getToken(client["getToken"] as () => Promise<unknown>, options, ++calls) };
  };

describe("the fault matrix finds a client", () => {
  test("that follows redirects, and takes what it finds there", async () => {
    const following = withFetch(async (input, init) => {
      const { status, headers, body } = await fetch(input, { ...init, redirect: "follow" });
      return new Response(body, { status, headers });
    });
    const broken = await found({ ...klavi, door: "exchange", only: "302 to another origin" }, following);
    expect(broken).toEqual(new Set(["no redirect is followed", "no token of another's is taken"]));
  });

  test("that takes its credentials along", async () => {
    const following = withFetch(async (input, init) => {
      const answer = await fetch(input, { ...init, redirect: "manual" });
      const location = answer.headers.get("location");
      return location ? fetch(location, init) : answer;
    });
    const broken = await found({ ...klavi, door: "fetch GET", only: "302 to another origin" }, following);
    expect(broken).toEqual(new Set(["no credential leaves its origin"]));
  });

  test("that sends twice what may be sent once", async () => {
    const twice = withFetch(async (input, init) => {
      if (init?.method === "POST") await fetch(input, init).catch(() => undefined);
      return fetch(input, init);
    });
    const broken = await found({ client: "smooch-keys", door: "operation createAppKey", only: "500 none" }, twice);
    expect(broken).toEqual(new Set(["is sent no more often than it may be"]));
  });

  test("that never ends", async () => {
    const broken = await found(
      { ...klavi, door: "exchange", only: "500 none" },
      withGetToken(() => new Promise(() => undefined)),
    );
    expect(broken).toEqual(new Set(["ends in time", "the next call recovers"]));
  });

  test("that fails with an error of its own making, which quotes a secret", async () => {
    const quoting = withGetToken(async (real, { secretKey }) => {
      await real().catch(() => {
        throw new Error("no token", { cause: { password: encodeURIComponent(String(secretKey)) } });
      });
      return real();
    });
    const broken = await found({ ...klavi, door: "exchange", only: "500 none" }, quoting);
    expect(broken).toEqual(new Set(["ends as documented", "shows no secret"]));
  });

  test("that takes an answer for a broken connection", async () => {
    const dropping = withFetch(async (input, init) => {
      const answer = await fetch(input, init);
      if (answer.status === 500) throw new TypeError("fetch failed");
      return answer;
    });
    const broken = await found({ ...klavi, door: "exchange", only: "500 none" }, dropping);
    expect(broken).toEqual(new Set(["tells what was answered"]));
  });

  test("that fails because its refresh does, and goes on failing", async () => {
    const isFirst = (call: number) => call === 1;
    const failing = withGetToken(async (real, _, call) => {
      if (isFirst(call)) return real();
      throw new TypeError("no refresh");
    });
    const broken = await found({ ...klavi, door: "refresh", only: "500 none" }, failing);
    expect(broken).toEqual(
      new Set(["ends as documented", "a failing refresh fails no call", "the next call recovers"]),
    );
  });

  test("that keeps listening to its caller's signal", async () => {
    const listening = (options: Options, create: Subject["create"]): Client => {
      const client = create(options as never) as Client;
      return {
        ...client,
        async getAccount(input: never, init?: { signal: AbortSignal }) {
          init?.signal.addEventListener("abort", () => undefined);
          return client["getAccount"]?.(input, init as never);
        },
      };
    };
    const broken = await found({ client: "kua-auth", door: "operation getAccount", only: "500 none" }, listening);
    expect(broken).toEqual(new Set(["lets go of its signal"]));
  });

  test("that leaves timers behind, or writes to the console", async () => {
    // More than the runner's own, which may end meanwhile.
    let timers: NodeJS.Timeout[] = [];
    const { problems } = await watched(async () => {
      timers = Array.from({ length: 50 }, () => setTimeout(() => undefined, 60_000));
      console.log("a line");
      return [];
    }, 50);
    for (const timer of timers) clearTimeout(timer);
    const lines = problems.map((problem) => problem.split("\n")[0]);
    expect(lines).toContainEqual(expect.stringContaining("a line"));
    expect(lines).toContain("left behind: Timeout");
  });
});
