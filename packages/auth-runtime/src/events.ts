/** The events a client reports; none of them holds a secret. Durations are in milliseconds, attempts count from 1. */
export type ClientEvent =
  /** A token was obtained: by an exchange, by a refresh, or found in the store. */
  | { type: "token.issued"; by: "exchange" | "refresh" | "store"; durationMs: number; expiresAt: number | null }
  /** A caller got the cached token while another is being obtained in the background. */
  | { type: "token.served_while_refreshing"; remainingMs: number }
  /** A refresh failed, and the same flight goes on with an exchange. */
  | { type: "token.refresh_fell_back"; code: string; durationMs: number }
  /** A background refresh failed; the cached token stays, and the next try waits. */
  | { type: "token.refresh_failed"; code: string; durationMs: number; retryInMs: number }
  | { type: "token.invalidated" }
  /** An attempt failed and another follows. */
  | { type: "request.retried"; operationId: string; attempt: number; delayMs: number; status: number | undefined }
  /** A request was answered 401 and is sent again with another token. */
  | { type: "request.replayed"; durationMs: number }
  /**
   * A 401 is returned as it is: its route, or its whole origin, refused every token of the last 30 s; its request's body cannot
   * be sent again; or no other token was issued.
   */
  | { type: "request.not_replayed"; reason: "route" | "origin" | "body" | "token" };

export type EmitEvent = (event: ClientEvent) => void;
