import type { Members } from "./checks.ts";
import type { OperationDescription } from "./vendor.ts";

const REPLACEMENT = "[redacted]";

/** A character as encoders write it: percent-encoded, escaped as in JSON or JavaScript, as an entity of HTML; a plus is a blank. */
const ENCODED =
  /(?:%|\\x)([\da-f]{2})|[\\%]u([\da-f]{4})|&#x([\da-f]+);?|&#(\d+);?|&(amp|lt|gt|quot|apos|sol);?|\\(.)|\+/gis;
/** How many groups it has: what follows them is the place in the text. */
const GROUPS = 6;
/** The byte a plus stands for. */
const BLANK = "20";
const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", sol: "/" },
  ...{ b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" },
};
/** A text is decoded this often at the most: what was encoded twice is found, and no text asks for endless work. */
const MAX_DECODINGS = 4;
const MAX_CODE_POINT = 0x10ffff;
/** A shorter one occurs in any text by chance. */
const LEAST_BASE64_LENGTH = 4;

/** How many of the last access and refresh tokens are known: an answer may echo one that was replaced meanwhile. */
export const KNOWN_TOKENS = 16;

/**
 * Replaces secrets in a value that came over the wire or with an error, because vendors echo what they refuse. Finds a secret as
 * it is, percent-encoded, as HTML, escaped as in JSON, each up to four times over, and within base64 such as Basic's.
 * A parsed value is changed in place, however deep it is; `more` are secrets of the call.
 */
export type Redact = <Value>(value: Value, more?: readonly string[]) => Value;

/** Creates the one redaction of a client; `known` gives its secrets at the moment. */
export function createRedact(known: () => readonly string[]): Redact {
  let last: { key: string; needles: readonly string[] } | undefined;

  return (value, more = []) => {
    const secrets = [...known(), ...more].filter(Boolean);
    const key = JSON.stringify(secrets);
    if (last?.key !== key) last = { key, needles: needlesOf(secrets) };
    const { needles } = last;
    return replaceIn(value, (text) => clean(text, needles)) as typeof value;
  };
}

/** Every string in a value, however deep. */
export function stringsOf(value: unknown): string[] {
  const found = new Set([value]);
  // The loop reaches what it adds.
  for (const each of found)
    if (Object(each) === each) for (const member of Object.values(each as object)) found.add(member);
  return [...found].filter((each) => each != null && Object(each) !== each).map(String);
}

/** The values of a call that its spec calls secret; the client may not know them. */
export function secretsIn({ secrets = [] }: Pick<OperationDescription, "secrets">, input: Members): string[] {
  return stringsOf(secrets.map((name) => input[name]));
}

/** How a secret may stand in a text, and in a text that was decoded. */
function needlesOf(secrets: readonly string[]): string[] {
  const needles = new Set<string>();
  for (const secret of secrets) {
    // Percent-encoding writes bytes; these are their characters.
    const bytes = Array.from(new TextEncoder().encode(secret), (byte) => String.fromCharCode(byte)).join("");
    // Within base64 it may have been encoded before, as in OAuth's Basic (RFC 6749 section 2.3.1), or stand in JSON.
    const encoded = [encodeURIComponent(secret.toWellFormed()), JSON.stringify(bytes).slice(1, -1)];
    for (let form of [secret, bytes, ...[bytes, ...encoded].flatMap(inBase64)])
      for (let decodings = 0; decodings <= MAX_DECODINGS && !needles.has(form); decodings++) {
        needles.add(form);
        // A part of a secret that looks encoded is decoded together with the text around it.
        form = decode(form, form.split(""))[0];
      }
  }
  // A secret may contain another: the longer goes first, or its tail would stay.
  return [...needles].sort((a, b) => b.length - a.length);
}

/** Bytes in base64 and base64url, wherever they begin in a longer text such as `user:password`. */
function inBase64(bytes: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    // Without the characters that depend on what stands before and behind.
    const end = Math.floor(((before + bytes.length) * 4) / 3);
    const text = btoa("\0".repeat(before) + bytes).slice(Math.ceil((before * 4) / 3), end);
    return text.length < LEAST_BASE64_LENGTH ? [] : [text, text.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

/** A text without the secrets: those in what it says, and those in what it says once it is decoded. */
function clean(text: string, needles: readonly string[]): string {
  if (!/[%&\\+]/.test(text) && !needles.some((needle) => text.includes(needle))) return text;
  let [view, pieces] = [text, text.split("")];
  for (let decodings = 0; ; decodings++) {
    for (const needle of needles)
      view = view.replaceAll(needle, (found, at: number) => {
        pieces.fill("", at, at + found.length);
        pieces[at] = REPLACEMENT;
        return "\0".repeat(found.length);
      });
    const [decoded, standFor] = decode(view, pieces);
    if (decoded === view || decodings === MAX_DECODINGS) return pieces.join("");
    [view, pieces] = [decoded, standFor];
  }
}

/** Decodes a text once, and tells for each character of the result which pieces of the original it stands for. */
function decode(text: string, pieces: readonly string[]): [decoded: string, standFor: string[]] {
  const standFor: string[] = [];
  let at = 0;
  const copyTo = (end: number) => {
    while (at < end) standFor.push(pieces[at++] as string);
  };
  const decoded = text.replace(ENCODED, (unit: string, ...groups: (string | undefined)[]) => {
    const from = Number(groups[GROUPS]);
    copyTo(from);
    at += unit.length;
    const character = characterOf(groups);
    standFor.push(pieces.slice(from, at).join(""), ...(character[1] ? [""] : []));
    return character;
  });
  copyTo(text.length);
  return [decoded, standFor];
}

function characterOf([byte, utf16, hex, decimal, entity, escaped]: (string | undefined)[]): string {
  const name = entity?.toLowerCase() ?? escaped;
  if (name) return NAMED[name] ?? name;
  const code = decimal ? Number(decimal) : Number.parseInt(byte ?? utf16 ?? hex ?? BLANK, 16);
  return String.fromCodePoint(Math.min(code, MAX_CODE_POINT));
}

/** Cleans the texts in a value, member by member and not by recursion: what came over the wire may be of any depth. */
function replaceIn(value: unknown, cleanText: (text: string) => string): unknown {
  const top: [unknown] = [value];
  const pending: object[] = [top];
  // The loop reaches what it adds.
  for (const holder of pending as Members[])
    for (const [name, member] of Object.entries(holder)) {
      const key = Array.isArray(holder) ? name : cleanText(name);
      if (key !== name) delete holder[name];
      if (Object(member) === member) pending.push(member as object);
      holder[key] = cleanMember(member, cleanText);
    }
  return top[0];
}

function cleanMember(member: unknown, cleanText: (text: string) => string): unknown {
  if (typeof member === "string") return cleanText(member);
  // A secret made of digits may come back as a number.
  return typeof member === "number" && cleanText(String(member)) === REPLACEMENT ? REPLACEMENT : member;
}
