const REPLACEMENT = "[redacted]";

/** A copy of a parsed body in which the given secrets, plain or URL-encoded, are replaced: vendors echo what they refuse. */
export function redact(value: unknown, secrets: readonly string[]): unknown {
  const needles = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]).filter((secret) => secret !== "");
  const clean = (text: string) => needles.reduce((rest, needle) => rest.replaceAll(needle, REPLACEMENT), text);
  const visit = (current: unknown): unknown => {
    if (typeof current === "string") return clean(current);
    if (Array.isArray(current)) return current.map(visit);
    if (typeof current !== "object" || current === null) return current;
    return Object.fromEntries(Object.entries(current).map(([key, member]) => [clean(key), visit(member)]));
  };
  return visit(value);
}
