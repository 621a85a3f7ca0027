/** A text with its percent signs read, or as it is where they are wrong. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The path and query of a request line; `undefined` for one that is no URL. */
export function parsePath(path: string): { pathname: string; searchParams: URLSearchParams } | undefined {
  return URL.parse(path, "http://mock") ?? undefined;
}
