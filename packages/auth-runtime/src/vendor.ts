import type { callWithAssertion } from "./assertion.ts";
import type { attachElsewhere, fillTemplate, fixedValues } from "./authorise.ts";
import type { chooseAuth } from "./bring-auth.ts";
import type { createTokenSources } from "./exchange.ts";
import type { anyLifetimeMs, dateLifetimeMs, jwtLifetimeMs, readOutside, secondsLifetimeMs } from "./issued-token.ts";
import type { isRefusedGrant } from "./operation.ts";
import type { ownServers } from "./own-servers.ts";
import type { callAndKeep, refresh, refreshWithMore } from "./refresh.ts";
import type { fillPath, pairs } from "./serialize.ts";
import type { fillVariables } from "./server-url.ts";

/** Where a flat member of an operation's input goes; `member` is one of the body's, `body` the whole of it. */
export type InputLocation = "path" | "query" | "header" | "member" | "body";
/**
 * The kind a body must have before its documented type is believed; `any` where nobody documents it. Where it ends in `?`, it may be
 * missing.
 */
export type BodyKind = "object" | "object?" | "json" | "json?" | "text" | "empty" | "any";
/** Where an answer holds a value: the member path of its body, or a header. */
export type ValuePath = readonly ["body", ...string[]] | readonly ["header", string];

/**
 * The parts that not every spec uses. A vendor's data names what its own does, so that its package carries no more; for a member that
 * has several, which of them.
 */
export interface Features {
  /** Its options are more than credentials: a bearer of the user's can take their place, or tokens are issued by another server. */
  readonly prepare?: typeof chooseAuth | typeof ownServers;
  /** A token is obtained by an exchange. */
  readonly tokens?: typeof createTokenSources;
  /** The exchange takes a signed assertion, which is a subpath of its own for the library it needs; or issues refresh tokens. */
  readonly send?: typeof callWithAssertion | typeof callAndKeep;
  /** The exchange is one of OAuth 2.0, which refuses credentials with 400. */
  readonly grants?: typeof isRefusedGrant;
  /** It can be refreshed: by being sent, or by sending what was issued beside it, too. */
  readonly refresh?: typeof refresh | typeof refreshWithMore;
  /** The answer holds something in a header, or is the bare token. */
  readonly outside?: typeof readOutside;
  /** The answer states the lifetime: in seconds, by a date or an epoch, in the token itself, or now this and now that. */
  readonly lifetime?: typeof secondsLifetimeMs | typeof dateLifetimeMs | typeof jwtLifetimeMs | typeof anyLifetimeMs;
  /** A credential is sent as it is, or as Basic. */
  readonly credentials?: typeof fixedValues;
  /** One that is sent is made of others and of fixed text. */
  readonly template?: typeof fillTemplate;
  /** A credential or token travels in the query or a cookie. */
  readonly elsewhere?: typeof attachElsewhere;
  /** A path has members. */
  readonly paths?: typeof fillPath;
  /** Requests have query members or a form as their body. */
  readonly pairs?: typeof pairs;
  /** A server has variables. */
  readonly variables?: typeof fillVariables;
}

/** The data that describes a vendor to the runtime, generated from its spec. */
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
  /** The text that is sent, or for Basic is encoded, with `{names}` of credentials. */
  readonly template?: string;
  readonly exchange?: TokenExchange;
}

export interface TokenExchange {
  readonly operationId: string;
  readonly token: readonly ValuePath[];
  /** In seconds. */
  readonly expiresIn?: ValuePath;
  /** The unit of `expiresIn`. Default: a second. */
  readonly unitMs?: number;
  /** A date, or an epoch in seconds or milliseconds. */
  readonly expiresAt?: ValuePath;
  /** The token's own claims state its lifetime. */
  readonly jwt?: true;
  /** The documented lifetime, used only where the answer gives none. */
  readonly lifetimeMs?: number;
  readonly refresh?: string;
  /** Input of the exchange that the spec fixes, though the operation takes more. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** The same for the refresh. */
  readonly refreshFixed?: Readonly<Record<string, unknown>>;
  /** The refresh takes what the last answer held. */
  readonly takesMore?: true;
}

/** A JSON Web Token a client signs to say who it is (RFC 7523). */
export interface Assertion {
  /** The member of the input that carries it. */
  readonly member: string;
  readonly algorithm: string;
  /** The credential it is signed with: a private key, or for HMAC a secret. */
  readonly privateKey: string;
  /** The credential that names the key. */
  readonly keyId?: string;
  readonly lifetimeMs: number;
  /** Claims beside `iat`, `exp` and `jti`; `{name}` in a text is a credential, `{$url}` the URL of the request. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface OperationDescription {
  readonly method: string;
  readonly path: string;
  /** Where it is served, by the names of the vendor's servers, if not there. */
  readonly servers?: Vendor["servers"];
  /** The URL of the one of these that a client uses. */
  readonly baseUrl?: string;
  /** The part of its input that is signed for it, where it is called for a token. */
  readonly assertion?: Assertion;
  /** Maps each input of the refresh operation to the path in this answer that provides it. */
  readonly keeps?: Readonly<Record<string, ValuePath>>;
  /** Its role for a scheme's tokens. */
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
