import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { conformanceCases, type PackageUnderTest } from "../src/entries/conformance.ts";
import { startMock } from "../src/index.ts";

const grove = fileURLToPath(new URL("grove.yaml", import.meta.url));
const mock = await startMock(grove);
afterAll(() => mock.stop());
const names = [
  "a hundred callers share one token",
  "a token is kept until it expires, and no longer",
  "a token that is refused is replaced in the same call",
  "wrong credentials are refused once, and not tried again for a while",
  "no error shows a credential",
];
const cases = (await conformanceCases(grove)).filter(({ name }) => names.includes(name));

interface Options {
  server: string;
  user: string;
  password: string;
  clock: { now(): number };
  fetch: typeof fetch;
}
type Damage = "alone" | "forever" | "resigned" | "stubborn" | "talkative";

/** A client written by hand, as small as it can be and conform; `damage` is what it does wrong. */
function packageWith(damage?: Damage): PackageUnderTest {
  class OwnError extends Error {
    readonly status: number;
    constructor(status: number, message: string) {
      super(message);
      this.status = status;
    }
  }
  return {
    create({ server, user, password, clock, fetch: send }: Options) {
      let token: Promise<{ accessToken: string; expiresAt: number }> | undefined;
      let refusal: OwnError | undefined;
      const logIn = async () => {
        if (refusal && damage !== "stubborn") throw refusal;
        const body = JSON.stringify({ user, password });
        const headers = { "Content-Type": "application/json" };
        const response = await send(`${server}/session`, { method: "POST", headers, body });
        const { data, expiresIn } = (await response.json()) as { data: { token: string }; expiresIn: number };
        if (response.ok) return { accessToken: data.token, expiresAt: clock.now() + expiresIn * 1000 };
        refusal = new OwnError(response.status, damage === "talkative" ? `refused ${password}` : "refused");
        throw refusal;
      };
      const getToken = async () => {
        if (damage === "alone") return logIn();
        token ??= logIn();
        try {
          const { expiresAt } = await token;
          if (damage !== "forever" && expiresAt <= clock.now()) token = logIn();
          return await token;
        } catch (error) {
          token = undefined;
          throw error;
        }
      };
      const get = async () => {
        const { accessToken } = await getToken();
        return send(`${server}/groves/grove-1/trees`, { headers: { Authorization: `Bearer ${accessToken}` } });
      };
      return {
        getToken,
        async listTrees() {
          const response = await get();
          if (response.ok || damage === "resigned") return response.json();
          token = undefined;
          const second = await get();
          if (!second.ok) throw new OwnError(second.status, "refused");
          return second.json();
        },
      };
    },
    isError: (error) => error instanceof OwnError,
  };
}

describe("the lifecycle cases", () => {
  test("are these, for a spec that issues tokens", () => {
    expect(cases.map(({ name }) => name)).toEqual(names);
  });

  test.each(cases)("a client that conforms passes: $name", ({ run }) => run(mock, packageWith()));

  const damages: [what: string, name: string, damage: Damage][] = [
    ["logs in for each caller", "a hundred callers share one token", "alone"],
    ["never lets a token go", "a token is kept until it expires, and no longer", "forever"],
    ["takes a 401 for an answer", "a token that is refused is replaced in the same call", "resigned"],
    [
      "tries wrong credentials again",
      "wrong credentials are refused once, and not tried again for a while",
      "stubborn",
    ],
    ["quotes a password", "no error shows a credential", "talkative"],
  ];
  test.each(damages)("a client that %s fails: %s", async (_, name, damage) => {
    const found = cases.find((each) => each.name === name);
    await expect(found?.run(mock, packageWith(damage))).rejects.toThrow();
  });
});
