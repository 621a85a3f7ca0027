const REPLACEMENT = "[redacted]";

/** Every string in a value, however deep. */
export function stringsOf(value: unknown): string[] {
  if (Object(value) === value) return Object.values(value as object).flatMap(stringsOf);
  return value === undefined || value === null ? [] : [String(value)];
}

/**
 * A copy of a parsed body in which the given secrets are replaced, because vendors echo what they refuse:
 * as they are, URL-encoded, and escaped as inside JSON text.
 */
export function redact(value: unknown, secrets: readonly string[]): unknown {
  const needles = secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)])
    .filter((needle) => needle !== "")
    // A secret may contain another: the longer goes first, or its tail would stay.
    .sort((a, b) => b.length - a.length);
  const clean = (text: string) => needles.reduce((rest, needle) => rest.replaceAll(needle, REPLACEMENT), text);
  const visit = (current: unknown): unknown => {
    if (typeof current === "string") return clean(current);
    if (Array.isArray(current)) return current.map(visit);
    if (Object(current) !== current) return current;
    return Object.fromEntries(Object.entries(current as object).map(([key, member]) => [clean(key), visit(member)]));
  };
  return visit(value);
}
