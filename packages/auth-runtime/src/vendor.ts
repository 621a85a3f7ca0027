/** Where a flat member of an operation's input goes; `member` is one of the body's, `body` the whole of it. */
export type InputLocation = "path" | "query" | "header" | "member" | "body";
/** What a body has to be before its documented type is believed; `any` where nobody documents it. */
export type BodyKind = "object" | "json" | "text" | "empty" | "any";
/** Where an answer holds a value: the member path of its body, or a header. */
export type ValuePath = readonly ["body", ...string[]] | readonly ["header", string];

/** What the runtime needs to know of a vendor: plain data, generated from its spec. */
export interface Vendor {
  /** The package's name, with which its messages begin. */
  readonly package: string;
  readonly servers: Readonly<Record<string, ServerDescription>>;
  readonly credentials: Readonly<Record<string, CredentialDescription>>;
  readonly schemes: Readonly<Record<string, Scheme>>;
  /** The schemes that go with a call to a path the spec does not know. */
  readonly security: readonly string[];
  readonly operations: Readonly<Record<string, OperationDescription>>;
}

export interface ServerDescription {
  /** May hold `{variables}`. */
  readonly url: string;
  /** The variables that have a fixed set of values; every other one has to be given. */
  readonly variables?: Readonly<Record<string, { readonly enum: readonly string[]; readonly default: string }>>;
}

export interface CredentialDescription {
  readonly secret?: true;
  readonly optional?: true;
  /** Not a string, so only its presence is checked. */
  readonly any?: true;
}

export interface Scheme {
  readonly in: "header" | "query" | "cookie";
  readonly name: string;
  readonly prefix?: string;
  /** The credentials that are sent as they are: two for Basic, one for a key. */
  readonly credentials?: readonly string[];
  readonly exchange?: TokenExchange;
}

export interface TokenExchange {
  readonly operationId: string;
  readonly token: readonly ValuePath[];
  /** Seconds, or `jwt`: from the token's own claims. */
  readonly expiresIn?: ValuePath | "jwt";
  readonly expiresAt?: ValuePath;
  /** The documented lifetime, used only where the answer gives none. */
  readonly lifetimeMs?: number;
  readonly refresh?: string;
}

export interface OperationDescription {
  readonly method: string;
  readonly path: string;
  readonly input?: Readonly<Record<string, InputLocation>>;
  /** Members the spec fixes: sent, never asked for. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** The members of the input that are secret. */
  readonly secrets?: readonly string[];
  readonly encoding?: "json" | "form" | "text";
  /** The body takes members the spec does not name. */
  readonly open?: true;
  readonly security: readonly string[];
  /** Documented statuses: `200`, `4XX`, `default`. */
  readonly responses: Readonly<Record<string, BodyKind>>;
}
