import { type Document, type IssuedCredential, type Operation, operationsOf, type Schema } from "./entries/examples.ts";
import type { PrismRequest, PrismResponse } from "./prism.ts";
import type { Random } from "./random.ts";
import { decoded } from "./url.ts";

type Item = Record<string, unknown>;

/** What an operation does to a collection. */
export type Part = "create" | "list" | "read" | "update" | "delete";

/** What a request to a collection comes to: an answer, with the credential it made or ended; or why there is none. */
export type Outcome =
  | { readonly response: PrismResponse; readonly issued?: Item | undefined; readonly ended?: Item | undefined }
  | { readonly refused: "missing" | "full" };

/** The collections a document describes: a path that is posted to, and the same path with an id. */
export interface Collections {
  /** What an operation is to a collection, if it is anything. */
  partOf(operationId: string): Part | undefined;
  apply(operation: Operation, request: PrismRequest, example: () => PrismResponse): Outcome;
  reset(): void;
}

interface Member {
  readonly part: Part;
  /** What the items' id is called in bodies. */
  readonly id: string;
  readonly limit: number;
  readonly secrets: readonly string[];
  readonly issues: IssuedCredential | undefined;
}

export function createCollections(document: Document, random: Random, inferred: boolean): Collections {
  const members = findMembers(document);
  const held = new Map<string, Map<string, Item>>();

  return {
    partOf: (operationId) => members.get(operationId)?.part,
    reset: () => held.clear(),
    apply({ operationId }, { url, body }, example) {
      const { part, id, limit, secrets, issues } = members.get(operationId) as Member;
      const isItem = part !== "create" && part !== "list";
      const parent = isItem ? url.path.slice(0, url.path.lastIndexOf("/")) : url.path;
      const key = decoded(url.path.slice(parent.length + 1));
      const items = held.get(parent) ?? new Map<string, Item>();
      held.set(parent, items);
      const item = items.get(key);
      if (isItem && !item) return { refused: "missing" };
      if (part === "create" && inferred && items.size >= limit) return { refused: "full" };
      const answer = example();
      switch (part) {
        case "create": {
          const made = makeItem(itemIn(answer.body, id)?.item ?? {}, id, secrets, body as Item, random);
          items.set(String(made[id]), made);
          return { response: { ...answer, body: withItem(answer.body, id, made) }, issued: credentialIn(made, issues) };
        }
        case "update":
          items.set(key, { ...item, ...known(item, body as Item) });
          return { response: { ...answer, body: withItem(answer.body, id, items.get(key) ?? {}) } };
        case "list":
          return { response: { ...answer, body: withList(answer.body, [...items.values()]) } };
        case "read":
          return { response: { ...answer, body: withItem(answer.body, id, item ?? {}) } };
        case "delete":
          items.delete(key);
          return { response: answer, ended: credentialIn(item ?? {}, issues) };
      }
    },
  };
}

function findMembers(document: Document): Map<string, Member> {
  const operations = operationsOf(document);
  const members = new Map<string, Member>();
  for (const create of operations.filter(({ method }) => method === "post")) {
    const item = operations.filter(
      ({ path }) => path.startsWith(`${create.path}/`) && /^\/\{[^/]+\}$/.test(path.slice(create.path.length)),
    );
    const [, parameter] = /\{([^/]+)\}$/.exec(item[0]?.path ?? "") ?? [];
    const example = successExample(create);
    const id = [parameter, "id"].find((name) => name && itemIn(example, name));
    if (!id) continue;
    const limit = create["x-mock"]?.limit ?? Number.POSITIVE_INFINITY;
    const issues = create["x-mock"]?.issues;
    const secrets = secretsIn(successSchema(create));
    const parts: Record<string, Part> = { get: "read", put: "update", patch: "update", delete: "delete" };
    const add = ({ operationId }: Operation, part: Part | undefined) =>
      part && members.set(operationId, { part, id, limit, secrets, issues });
    add(create, "create");
    for (const operation of operations)
      if (operation.path === create.path && operation.method === "get") add(operation, "list");
    for (const operation of item) add(operation, parts[operation.method]);
  }
  return members;
}

/** The credential an item is, if items of its collection are any. */
function credentialIn(item: Item, issues: IssuedCredential | undefined): Item | undefined {
  if (!issues) return undefined;
  const members = Object.entries(issues.members).map(([name, member]) => [name, item[member]]);
  return { ...Object.fromEntries(members), scopes: issues.scopes };
}

/** A new item: the example's, with an id and secrets of its own, and what the request says. */
function makeItem(example: Item, id: string, secrets: readonly string[], given: Item, random: Random): Item {
  const fresh = Object.fromEntries(
    Object.entries(example)
      .filter(([name]) => name === id || secrets.includes(name))
      .map(([name, value]) => [
        name,
        typeof value === "number" ? Math.floor(random.number() * 1e9) : freshLike(String(value), random),
      ]),
  );
  return { ...example, ...known(example, given), ...fresh };
}

/** A text of the same make: a prefix that ends in an underscore stays, every other letter and digit is another of its kind. */
function freshLike(example: string, random: Random): string {
  const [prefix = "", rest = ""] = /^((?:.*_)?)(.*)$/s.exec(example)?.slice(1) ?? [];
  const isHex = /^[0-9a-f-]+$/.test(rest);
  const [hex, digits, small] = ["0123456789abcdef", "0123456789", "abcdefghijklmnopqrstuvwxyz"];
  const fresh = rest.replace(/[0-9A-Za-z]/g, (character) => {
    if (isHex) return random.text(1, hex);
    if (/\d/.test(character)) return random.text(1, digits);
    return random.text(1, /[a-z]/.test(character) ? small : small.toUpperCase());
  });
  return prefix + fresh + random.text(Math.max(0, 8 - fresh.length), isHex ? hex : small);
}

/** Of what a request says, what the item has a place for. */
function known(item: Item | undefined, given: unknown): Item {
  return Object.fromEntries(Object.entries(Object(given) as Item).filter(([name]) => item && name in item));
}

/** The item in a body: the body itself, or one of its members. */
function itemIn(body: unknown, id: string): { item: Item; under: string | undefined } | undefined {
  if (!isObject(body)) return undefined;
  if (id in body) return { item: body, under: undefined };
  const [under, item] = Object.entries(body).find(([, member]) => isObject(member) && id in member) ?? [];
  return isObject(item) ? { item, under } : undefined;
}

/** The answer's example with another item in it, of which it shows what the example shows. */
function withItem(body: unknown, id: string, item: Item): unknown {
  const found = itemIn(body, id);
  if (!found) return body;
  const shown = shownLike(found.item, item);
  return found.under === undefined ? shown : { ...(body as Item), [found.under]: shown };
}

function withList(body: unknown, items: Item[]): unknown {
  const listed = (list: readonly unknown[]) =>
    items.map((item) => (isObject(list[0]) ? shownLike(list[0], item) : item));
  if (Array.isArray(body)) return listed(body);
  const [under, list] = Object.entries(Object(body) as Item).find(([, member]) => Array.isArray(member)) ?? [];
  return under === undefined ? body : { ...(body as Item), [under]: listed(list as unknown[]) };
}

function shownLike(example: Item, item: Item): Item {
  return Object.fromEntries(Object.keys(example).map((name) => [name, name in item ? item[name] : example[name]]));
}

function isObject(value: unknown): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function successOf({ responses }: Operation) {
  const [, response] = Object.entries(responses).find(([status]) => status.startsWith("2")) ?? [];
  return Object.values(response?.content ?? {})[0];
}
const successExample = (operation: Operation) => {
  const { examples = {}, example } = successOf(operation) ?? {};
  return Object.values(examples)[0]?.value ?? example;
};
const successSchema = (operation: Operation) => successOf(operation)?.schema;

/** The names of the secrets a schema holds, however deep; a schema may hold itself. */
export function secretsIn(schema: Schema | undefined, seen = new Set<Schema>()): string[] {
  if (!schema || seen.has(schema)) return [];
  seen.add(schema);
  const { properties = {}, items, allOf = [], oneOf = [], anyOf = [] } = schema;
  const own = Object.entries(properties).flatMap(([name, member]) =>
    member.format === "password" ? name : secretsIn(member, seen),
  );
  return [...own, ...[items, ...allOf, ...oneOf, ...anyOf].flatMap((part) => secretsIn(part, seen))];
}
