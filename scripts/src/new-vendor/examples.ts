import { type MediaType, operationsOf, type Parameter, resolve, type Schema } from "../spec/document.ts";
import { isOpen } from "../spec/responses.ts";
import { isSecret } from "../spec/secrets.ts";
import { type Draft, located, type Pointer, valueAt } from "./draft.ts";
import { sample } from "./sample.ts";

/** A named example for every body that has none, from its schema; mock servers answer with it. */
export function deriveExamples(draft: Draft): void {
  for (const { path, operation, item, pointer } of operationsOf(draft.document)) {
    (item.parameters ?? []).forEach((_, index) => {
      parameter(draft, ["paths", path, "parameters", index]);
    });
    (operation.parameters ?? []).forEach((_, index) => {
      parameter(draft, [...pointer, "parameters", index]);
    });
    if (operation.requestBody) each(draft, [...pointer, "requestBody", "content"], "request");
    for (const status of Object.keys(operation.responses ?? {}))
      each(draft, [...pointer, "responses", status, "content"], status === "default" ? "neutral" : "example");
  }
}

/** What has to be sent needs an example, where its schema does not hold one. */
function parameter(draft: Draft, pointer: Pointer): void {
  const at = located(draft.document, pointer);
  const { name, required, example, schema = {} } = valueAt(draft.document, at) as Parameter & { example?: unknown };
  const { const: fixed, enum: values, default: fallback } = resolve<Schema>(draft.document, schema);
  if (!required || [example, fixed, values, fallback].some((each) => each !== undefined)) return;
  const value = sample(draft.document, schema, name);
  if (value !== undefined) draft.add([...at, "example"], value, "mock servers are asked with it");
}

function each(draft: Draft, pointer: Pointer, name: string): void {
  const { document } = draft;
  const content = located(document, pointer);
  for (const type of Object.keys(Object(valueAt(document, content)))) {
    const at = located(document, [...content, type]);
    const media = valueAt(document, at) as MediaType & { example?: unknown };
    const schema = resolve<Schema>(document, media.schema ?? {});
    const own = media.examples ?? {};
    const [first] = Object.keys(own);
    if (isOpen(schema) || (first !== undefined && (name !== "neutral" || first === name))) continue;
    if (schema.additionalProperties === true && !schema.properties) continue;
    // What may be somebody's real secret is not taken over.
    const isOwn = media.example !== undefined && !isSecret(document, schema);
    const value = isOwn ? media.example : sample(document, media.schema ?? {}, "body");
    if (value === undefined) continue;
    if (media.example !== undefined) draft.remove([...at, "example"]);
    draft.add(
      [...at, "examples"],
      { [name]: { value }, ...own },
      "mock servers answer with it, contract tests compare with it",
    );
  }
}
