import type { attachElsewhere, fixedValues } from "./authorise.ts";
import type { chooseAuth } from "./bring-auth.ts";
import type { createTokenSources, refresh } from "./exchange.ts";
import type { dateLifetimeMs, jwtLifetimeMs } from "./issued-token.ts";
import type { isRefusedGrant } from "./operation.ts";
import type { fillPath, pairs } from "./serialize.ts";
import type { fillVariables } from "./server-url.ts";

/** Where a flat member of an operation's input goes; `member` is one of the body's, `body` the whole of it. */
export type InputLocation = "path" | "query" | "header" | "member" | "body";
/** What a body has to be before its documented type is believed; `any` where nobody documents it. */
export type BodyKind = "object" | "json" | "text" | "empty" | "any";
/** Where an answer holds a value: the member path of its body, or a header. */
export type ValuePath = readonly ["body", ...string[]] | readonly ["header", string];

/** What not every spec uses. A vendor's data names what its own does, so that its package carries no more. */
export interface Features {
  /** A bearer token of the user's can take the place of the credentials. */
  readonly auth?: typeof chooseAuth;
  /** A token is obtained by an exchange. */
  readonly tokens?: typeof createTokenSources;
  /** The exchange is one of OAuth 2.0, which refuses credentials with 400. */
  readonly grants?: typeof isRefusedGrant;
  /** It can be refreshed. */
  readonly refresh?: typeof refresh;
  /** Its lifetime is stated by a date or an epoch. */
  readonly dates?: typeof dateLifetimeMs;
  /** Its lifetime is stated in the token itself. */
  readonly jwt?: typeof jwtLifetimeMs;
  /** A credential is sent as it is, or as Basic. */
  readonly credentials?: typeof fixedValues;
  /** A credential or token travels in the query or a cookie. */
  readonly elsewhere?: typeof attachElsewhere;
  /** A path has members. */
  readonly paths?: typeof fillPath;
  /** Requests have query members or a form as their body. */
  readonly pairs?: typeof pairs;
  /** A server has variables. */
  readonly variables?: typeof fillVariables;
}

/** What the runtime needs to know of a vendor: data, generated from its spec. */
export interface Vendor {
  /** The package's name, with which its messages begin. */
  readonly package: string;
  readonly features: Features;
  readonly servers: Readonly<Record<string, string | ServerDescription>>;
  readonly credentials: Readonly<Record<string, CredentialDescription>>;
  readonly schemes: Readonly<Record<string, Scheme>>;
  /** The schemes that go with a call to a path the spec does not know. */
  readonly security: readonly string[];
  readonly operations: Readonly<Record<string, OperationDescription>>;
}

/** A server whose URL holds `{variables}`. */
export interface ServerDescription {
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
  /** Default: a header. */
  readonly in?: "query" | "cookie";
  /** Default: `Authorization`. */
  readonly name?: string;
  readonly prefix?: string;
  /** The credentials that are sent as they are: two for Basic, one for a key. */
  readonly credentials?: readonly string[];
  readonly exchange?: TokenExchange;
}

export interface TokenExchange {
  readonly operationId: string;
  readonly token: readonly ValuePath[];
  /** In seconds. */
  readonly expiresIn?: ValuePath;
  /** A date, or an epoch in seconds or milliseconds. */
  readonly expiresAt?: ValuePath;
  /** The token's own claims state its lifetime. */
  readonly jwt?: true;
  /** The documented lifetime, used only where the answer gives none. */
  readonly lifetimeMs?: number;
  readonly refresh?: string;
}

export interface OperationDescription {
  readonly method: string;
  readonly path: string;
  /** What it is to a scheme's tokens. */
  readonly role?: "exchange" | "refresh";
  /** Whether it may be sent again, where its method says otherwise. */
  readonly retry?: boolean;
  readonly input?: Readonly<Record<string, InputLocation>>;
  /** Members the spec fixes: sent, never asked for. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** The members of the input that are secret. */
  readonly secrets?: readonly string[];
  /** The media type of its body: JSON, a form, or else text. */
  readonly contentType?: string;
  /** The media types of its answers. Default: `application/json`. */
  readonly accept?: string;
  /** The body takes members the spec does not name. */
  readonly open?: true;
  readonly security: readonly string[];
  /** Documented statuses: `404`, `4XX`, `default`; `2XX` is the success that stands for every other. */
  readonly responses: Readonly<Record<string, BodyKind>>;
}
