import { parseDocument, stringify, visit, type Document as YamlDocument } from "yaml";
import { isReference, lineOf, type OpenApiDocument, pointerKeys } from "../spec/document.ts";

export type Pointer = readonly (string | number)[];

/** Something a spec lacked and that follows from what it says. */
export interface Addition {
  pointer: Pointer;
  value: unknown;
  /** Why this and nothing else. */
  reason: string;
}

/** A spec on its way into the workspace: its text keeps comments and order, whatever is added. */
export class Draft {
  readonly additions: Addition[] = [];
  readonly #original: string;
  readonly #yaml: YamlDocument;
  #document: OpenApiDocument;

  constructor(text: string) {
    this.#original = text;
    this.#yaml = parseDocument(text);
    this.#document = this.#read();
  }

  /** What the text says by now; to be read only. */
  get document(): OpenApiDocument {
    return this.#document;
  }

  #read(): OpenApiDocument {
    return this.#yaml.toJS({ maxAliasCount: -1 }) as OpenApiDocument;
  }

  /** Sets a value, and remembers that it was not there. */
  add(pointer: Pointer, value: unknown, reason: string): void {
    const parent = pointer.slice(0, -1).reduce<Record<string | number, unknown>>((at, key) => {
      at[key] ??= {};
      return at[key] as Record<string | number, unknown>;
    }, this.document as never);
    parent[pointer.at(-1) as string] = value;
    this.#yaml.setIn(pointer, this.#yaml.createNode(structuredClone(value), { aliasDuplicateObjects: false }));
    this.additions.push({ pointer, value, reason });
  }

  /** Takes out what an addition stands in the place of. */
  remove(pointer: Pointer): void {
    delete (valueAt(this.document, pointer.slice(0, -1)) as Record<string, unknown>)[String(pointer.at(-1))];
    this.#yaml.deleteIn(pointer);
  }

  /** Gives a component schema another name, wherever it is referred to. */
  renameSchema(from: string, to: string, reason: string): void {
    const place = ["components", "schemas"];
    this.#yaml.setIn([...place, to], this.#yaml.getIn([...place, from], true));
    this.#yaml.deleteIn([...place, from]);
    const escaped = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");
    visit(this.#yaml, {
      Scalar(_, node) {
        const reference = `#/components/schemas/${escaped(from)}`;
        if (node.value === reference) node.value = `#/components/schemas/${escaped(to)}`;
      },
    });
    this.#document = this.#read();
    this.additions.push({ pointer: [...place, from], value: to, reason });
  }

  /** The text with every addition. */
  get text(): string {
    return this.additions.length === 0 ? this.#original : this.#yaml.toString({ lineWidth: 0 });
  }

  /** Each addition as a line for a person: where in a text it goes, what it is, and why. */
  describe(file: string, text: string): string[] {
    return this.additions.map(({ pointer, value, reason }) => {
      const key = pointer.at(-1);
      const shown = stringify({ [String(key)]: value }, { collectionStyle: "flow", lineWidth: 0 }).trim();
      return `${file}:${lineOf(text, pointer)} ${shown.replace(/^\{ ?| ?\}$/g, "")}  (${reason})`;
    });
  }
}

/** Where a pointer ends up once every reference on the way is followed. */
export function located(document: OpenApiDocument, pointer: Pointer): Pointer {
  let at: Pointer = [];
  let value: unknown = document;
  for (const key of pointer) {
    at = [...at, key];
    value = Object(value)[key];
    for (let depth = 0; isReference(value) && depth < 20; depth++) {
      at = pointerKeys(value.$ref.slice(1));
      value = at.reduce<unknown>((holder, each) => Object(holder)[each], document);
    }
  }
  return at;
}

export function valueAt(document: OpenApiDocument, pointer: Pointer): unknown {
  return pointer.reduce<unknown>((holder, key) => Object(holder)[key], document);
}
