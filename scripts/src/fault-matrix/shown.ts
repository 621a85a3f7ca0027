import { inspect } from "node:util";

/** Everything a value shows: its members however deep, its JSON, and of an error what hides from both. */
export function shown(value: unknown, depth = 0): string {
  const parts = [inspect(value, { depth: 10, showHidden: true, getters: true }), jsonOf(value)];
  if (value instanceof Error) {
    const { message, stack, cause, ...rest } = value;
    const { body, data } = value as { body?: unknown; data?: unknown };
    parts.push(message, String(value), String(stack), jsonOf(body), jsonOf(rest), String(data));
    if (cause !== undefined && depth < 5) parts.push(shown(cause, depth + 1));
  }
  return parts.join("\n");
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch (error) {
    return String(error);
  }
}

/** The excerpts of a text that hold one of these secrets, or a mark, written in any way. */
export function leaksIn(text: string, mark: string, secrets: readonly string[]): string[] {
  const encoded = secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret);
    // However many bytes stand before it; the ends depend on what is beside them.
    return [0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString("base64")
        .slice(4, -4),
    );
  });
  const needles = [mark, ...encoded, ...encoded.map((each) => each.replaceAll("+", "-").replaceAll("/", "_"))];
  return needles
    .filter((needle) => needle.length >= 6 && text.includes(needle))
    .map((needle) =>
      text.slice(Math.max(0, text.indexOf(needle) - 30), text.indexOf(needle) + 40).replaceAll(/\s+/g, " "),
    );
}
