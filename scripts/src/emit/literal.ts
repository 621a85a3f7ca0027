/** A property name as TypeScript writes it: bare where it can be. */
export function printKey(name: string): string {
  return /^([A-Za-z_$][\w$]*|[1-9]\d*)$/.test(name) ? name : JSON.stringify(name);
}

/** A JSON value as a TypeScript literal, one line where it is short; `undefined` members are left out. */
export function printLiteral(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isArray = Array.isArray(value);
  const [open, close] = isArray ? ["[", "]"] : ["{", "}"];
  const inner = `${indent}  `;
  const parts = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(
      ([key, member]) =>
        (isArray ? "" : `${key === "__proto__" ? '["__proto__"]' : printKey(key)}: `) + printLiteral(member, inner),
    );
  if (parts.length === 0) return open + close;
  const pad = isArray ? "" : " ";
  const line = `${open}${pad}${parts.join(", ")}${pad}${close}`;
  if (line.length + indent.length <= 100 && !line.includes("\n")) return line;
  return `${open}\n${parts.map((part) => `${inner}${part},\n`).join("")}${indent}${close}`;
}

/** A TSDoc block; `*\/` inside the text cannot end it. */
export function printDoc(lines: (string | undefined)[], indent = ""): string {
  const text = lines
    .filter((line) => line !== undefined)
    .join("\n")
    .trim()
    .replaceAll("*/", "*\\/")
    .split("\n");
  if (text.length === 1) return `${indent}/** ${text[0]} */\n`;
  return `${indent}/**\n${text.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}
