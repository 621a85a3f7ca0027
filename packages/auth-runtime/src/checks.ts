import type { Fail } from "./errors.ts";

export type Members = Record<string, unknown>;

/** Refuses what is no object, has a member nobody knows, or a signal that is none. */
export function checkNames(value: unknown, known: readonly string[], fail: Fail): Members {
  if (typeof value !== "object" || !value) throw fail("options have to be an object");
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw fail(`there is no option "${unknown}"; the options are ${known.join(", ")}`);
  const { signal } = value as Members;
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw fail("signal has to be an AbortSignal");
  return value as Members;
}

export function checkNumber(value: unknown, least: number, name: string, fail: Fail): number {
  if (typeof value === "number" && value >= least) return value;
  throw fail(`${name} has to be a number, ${least} or more`);
}

/** Refuses what lacks one of the named functions, or where none are named, is none itself; it may be left out. */
export function checkMethods(value: unknown, methods: string, name: string, fail: Fail): void {
  const holder = value as Members | null | undefined;
  const isFunction = (method: string) => typeof (method ? holder?.[method] : holder) === "function";
  if (value !== undefined && !methods.split(", ").every(isFunction))
    throw fail(`${name} has to ${methods ? `have the functions ${methods}` : "be a function"}`);
}

/** Whether a credential or token can be sent in a header as it is: no blanks, no line breaks, ASCII only. */
export function isHeaderSafe(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]+$/.test(value);
}
