import { Ajv2020 } from "ajv/dist/2020.js";
import { isReference, operationsOf, pointerKeys } from "../../spec/document.ts";
import { modelOf } from "../../spec/model.ts";
import extensions from "../extensions.schema.json" with { type: "json" };
import { type Rule, walk } from "./rule.ts";

const isValid = new Ajv2020({ allErrors: true, strict: false }).compile(extensions);

/** Rules about the document as a whole. */
export const documentRules: Record<string, Rule> = {
  "openapi-3-1"(document, report) {
    const version = document.openapi ?? (document as { swagger?: string }).swagger;
    if (!/^3\.1\.\d+$/.test(String(version))) {
      report([document.openapi ? "openapi" : "swagger"], `the document is OpenAPI ${version}; convert it to 3.1`);
    }
  },

  "local-references"(document, report) {
    walk(document, [], (value, pointer) => {
      if (isReference(value) && !value.$ref.startsWith("#/")) {
        report(pointer, `the reference ${value.$ref} leaves the document; bundle it into one file first`);
      }
    });
  },

  extensions(document, report) {
    if (isValid(document)) return;
    for (const { instancePath, message = "is not valid", params } of isValid.errors ?? []) {
      const extra = "additionalProperty" in params ? ` (${params["additionalProperty"]})` : "";
      report(pointerKeys(instancePath), `${instancePath.split("/").at(-1) ?? ""} ${message}${extra}`);
    }
  },

  "server-names"(document, report) {
    const seen = new Set<string>();
    (document.servers ?? []).forEach((server, index) => {
      const name = server["x-name"];
      if (name === undefined) report(["servers", index], "a server needs an x-name users can select it by");
      else if (seen.has(name)) report(["servers", index, "x-name"], `two servers are named "${name}"`);
      else seen.add(name);
      if (Object.keys(server.variables ?? {}).includes("name")) {
        report(
          ["servers", index, "variables", "name"],
          'a server is selected by { name }, so no variable may be called "name"',
        );
      }
    });
  },

  generatable(document, report) {
    modelOf(document);
    for (const { operation, pointer } of operationsOf(document)) {
      for (const status of Object.keys(operation.responses ?? {})) {
        if (!/^([1-5]\d\d|[45]XX|default)$/.test(status)) {
          report(
            [...pointer, "responses", status],
            `the status "${status}" is not supported; write a number, 4XX, 5XX or default`,
          );
        }
      }
    }
  },
};
