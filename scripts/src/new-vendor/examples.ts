import { type MediaType, operationsOf, resolve, type Schema } from "../spec/document.ts";
import { isOpen } from "../spec/responses.ts";
import { isSecret } from "../spec/secrets.ts";
import { type Draft, located, type Pointer, valueAt } from "./draft.ts";
import { sample } from "./sample.ts";

/** A named example for every body that has none, from its schema; mock servers answer with it. */
export function deriveExamples(draft: Draft): void {
  for (const { operation, pointer } of operationsOf(draft.document)) {
    if (operation.requestBody) each(draft, [...pointer, "requestBody", "content"], "request");
    for (const status of Object.keys(operation.responses ?? {}))
      each(draft, [...pointer, "responses", status, "content"], status === "default" ? "neutral" : "example");
  }
}

function each(draft: Draft, pointer: Pointer, name: string): void {
  const { document } = draft;
  const content = located(document, pointer);
  for (const type of Object.keys(Object(valueAt(document, content)))) {
    const at = located(document, [...content, type]);
    const media = valueAt(document, at) as MediaType & { example?: unknown };
    const schema = resolve<Schema>(document, media.schema ?? {});
    if (Object.keys(media.examples ?? {}).length > 0 || isOpen(schema)) continue;
    if (schema.additionalProperties === true && !schema.properties) continue;
    // What may be somebody's real secret is not taken over.
    const isOwn = media.example !== undefined && !isSecret(document, schema);
    const value = isOwn ? media.example : sample(document, media.schema ?? {}, "body");
    if (value === undefined) continue;
    if (media.example !== undefined) draft.remove([...at, "example"]);
    draft.add(
      [...at, "examples"],
      { [name]: { value } },
      "mock servers answer with it, contract tests compare with it",
    );
  }
}
