import { MockError } from "./errors.ts";

type Check = [isRight: (value: unknown) => boolean, needed: string];

const number = (least: number, most = Number.POSITIVE_INFINITY): Check => [
  (value) => typeof value === "number" && value >= least && value <= most,
  `a number from ${least}${Number.isFinite(most) ? ` to ${most}` : " on"}`,
];
const boolean: Check = [(value) => typeof value === "boolean", "true or false"];
const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

const CHECKS: Record<string, Check> = {
  port: [(value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 65_536, "a port from 0 to 65535"],
  credentials: [
    (value) => isObject(value) || (Array.isArray(value) && value.length > 0 && value.every(isObject)),
    "an object of credentials, or a list of them",
  ],
  protect: [
    (value) => Array.isArray(value) && value.every((path) => typeof path === "string" && path.startsWith("/")),
    'a list of paths, such as ["/v1/**"]',
  ],
  tokenLifetimeMs: number(1, 1e13),
  latencyMs: number(0, 2 ** 31 - 1),
  seed: number(0, 2 ** 32 - 1),
  stateless: boolean,
  inferred: boolean,
  onRequest: [(value) => typeof value === "function", "a function"],
};

/** Refuses an option nobody knows, or one that cannot be. */
export function checkOptions(options: unknown): void {
  if (!isObject(options)) throw new MockError("pass the options as an object");
  for (const [name, value] of Object.entries(options as object)) {
    const [isRight, needed] = CHECKS[name] ?? [];
    if (!isRight)
      throw new MockError(`there is no option "${name}"; the options are ${Object.keys(CHECKS).join(", ")}`);
    if (value !== undefined && !isRight(value)) throw new MockError(`${name} has to be ${needed}`);
  }
}
