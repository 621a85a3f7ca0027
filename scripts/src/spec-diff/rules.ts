import type { Finding } from "./finding.ts";
import { type Change, sideOf } from "./redocly.ts";

interface Rule {
  readonly name: string;
  readonly bump: Finding["bump"];
  applies(change: Change): boolean;
  /** A sentence about what it is given: the member in backticks, or the kind of thing. */
  message(what: string, change: Change): string;
}

/** What a reader sees and no program does: words, examples, hints, and what mock servers alone are told. */
const TEXT_PROPERTIES = ["description", "summary", "title", "example", "examples", "tags", "bearerFormat", "x-mock"];
const TEXT_TYPES = /^(Info|Contact|License|ExternalDocs|Tag|TagList|Example|ExamplesMap)$/;

/** Whether a change alters nothing but words. A member that is called `description` is a type of its own, and no word. */
export function isText({ typeName, path, property }: Change): boolean {
  return TEXT_TYPES.test(typeName) || path.includes("/x-mock") || TEXT_PROPERTIES.includes(property ?? "");
}

/** What Redocly rates as a patch or not at all; the first that applies speaks. */
export const RULES: readonly Rule[] = [
  {
    name: "request-member-removed",
    bump: "major",
    applies: ({ kind, typeName, ...change }) =>
      kind === "removed" &&
      typeName.startsWith("Schema") &&
      sideOf({ kind, typeName, ...change }) === "request" &&
      /\/properties(\/[^/]+)?$/.test(change.path),
    message: (member) => `The vendor no longer takes ${member}; stop sending it.`,
  },
  {
    name: "request-member-read-only",
    bump: "major",
    applies: (change) =>
      change.property === "readOnly" && change.revision?.value === true && sideOf(change) === "request",
    message: (member) => `${member} may only be read now; stop sending it.`,
  },
  {
    name: "response-member-write-only",
    bump: "major",
    applies: (change) =>
      change.property === "writeOnly" && change.revision?.value === true && sideOf(change) === "response",
    message: (member) => `${member} may only be sent now, and never comes back.`,
  },
  {
    name: "request-default-changed",
    bump: "major",
    applies: (change) =>
      change.property === "default" && change.base?.value !== undefined && sideOf(change) === "request",
    message: (member) => `Left out, ${member} means something else now; pass the value you rely on.`,
  },
  {
    name: "server-renamed",
    bump: "major",
    applies: ({ property }) => property === "x-name",
    message: (_, { base, revision }) => `The server \`${base?.value}\` is called \`${revision?.value}\` now.`,
  },
  {
    name: "server-variable-default-changed",
    bump: "major",
    applies: ({ typeName, property }) => typeName === "ServerVariable" && property === "default",
    message: () => "A server variable left out means another host now; pass the value you rely on.",
  },
  {
    name: "secret-unmarked",
    bump: "major",
    applies: ({ property, base }) => property === "format" && base?.value === "password",
    message: (member) => `${member} is no longer marked as a secret, so nothing keeps it out of errors and logs.`,
  },
  {
    name: "deprecated",
    bump: "minor",
    applies: ({ property, revision }) => property === "deprecated" && revision?.value === true,
    message: (what, { typeName }) =>
      `The vendor has deprecated ${typeName === "Operation" ? "the operation" : what}; look for what replaces it.`,
  },
  {
    name: "compatible-change",
    bump: "minor",
    applies: (change) => change.impact === "patch" && !isText(change),
    message: (what, { kind, property }) =>
      kind === "modified"
        ? `\`${property}\` of ${what} changed; nothing breaks.`
        : `${what} was ${kind}; nothing breaks.`,
  },
];
