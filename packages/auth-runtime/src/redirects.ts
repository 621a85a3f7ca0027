import { cancel } from "./answer-body.ts";
import type { Fail } from "./errors.ts";
import { bodyKindOf } from "./http.ts";
import type { OperationDescription } from "./vendor.ts";

/** A longer origin is left out of a message. */
const MAX_ORIGIN_LENGTH = 100;

/**
 * Refuses an answer that is a redirect, unless the operation documents its status, and one that a redirect led to because the
 * `fetch` in use follows them all the same. The message names the target's origin, unless that holds a secret.
 *
 * @param redact replaces the secrets in a text
 * @throws `redirect_refused`; the answer's body is cancelled
 */
export function refuseRedirect(
  { type, status, headers, redirected, body }: Response,
  requestUrl: string,
  operation: OperationDescription,
  redact: (text: string) => string,
  fail: Fail,
): void {
  const isUndocumented = /^30[12378]$/.test(String(status)) && !bodyKindOf(operation, status);
  if (!redirected && type !== "opaqueredirect" && !isUndocumented) return;
  cancel(body);
  // Redacted before it is parsed, which changes the case of a secret in its host; and no host holds the replacement.
  const location = redact(headers.get("Location") ?? "");
  const { origin = "", protocol = "" } = (location && URL.parse(location, requestUrl)) || {};
  const where = /^https?:$/.test(protocol) && origin.length <= MAX_ORIGIN_LENGTH ? ` to ${origin}` : "";
  throw fail(`was answered with a redirect${where}, which is not followed; check server`, "redirect_refused", {
    httpStatus: status || undefined,
  });
}
