import { pascalCase } from "../emit/names.ts";
import type { OperationModel, VendorModel } from "../spec/model.ts";
import { SCOPE } from "../workspace.ts";
import type { NewPackage } from "./package-files.ts";

/** A README with the parts that every client's has; its first example runs as it is. */
export function readmeOf({ name, title, model }: NewPackage): string {
  const packageName = `${SCOPE}/${name}`;
  const Name = pascalCase(name);
  const hasTokens = [...model.schemes.values()].some(({ exchange }) => exchange);
  return `# ${packageName}

A typed client of ${title}. ${
    hasTokens
      ? "Give it your credentials once and never think about tokens again: they are obtained, cached, shared and attached for you."
      : "Give it your credentials once; they go with every call."
  }

\`\`\`sh
npm install ${packageName}
\`\`\`

\`\`\`ts
${exampleOf(Name, packageName, model, hasTokens)}\`\`\`

Node 22.12 or later, Bun, Deno, workers: anything with \`fetch\`. ES modules; CommonJS can \`require()\` it.

## Options

| option | meaning |
| --- | --- |
${optionRows(model, hasTokens)}

## The client

| member | what it does |
| --- | --- |
${memberRows(model, hasTokens)}

An operation takes path, query and body members flat, and \`{ signal, headers, timeoutMs }\` second. What is idempotent${
    hasTokens ? ", and the token exchange," : ""
  } is sent up to three times; a POST that creates something is never sent twice.

The types of the document are exported by name; the raw ones are at \`${packageName}/schema\`, the OpenAPI document at \`${packageName}/openapi.yaml\`.

## Errors

What the factory and the operations throw is one discriminated union, \`${Name}Error\`, and \`is${Name}Error(error)\` recognises it. \`code\` says what happened:
\`invalid_credentials\`, \`http_error\`, \`rate_limited\`, \`unexpected_status\`, \`network_error\`, \`timeout\`, \`aborted\`, \`invalid_response\`,
\`redirect_refused\`, \`insecure_url\`, \`origin_not_allowed\`, \`invalid_options\`. With \`operationId\` and \`status\`, \`body\` has the type the
vendor documents for that status. \`fetch\` and \`client\` leave deadlines and retries to you and throw what \`fetch\` itself throws when a server cannot be
reached. No message, stack or cause holds a secret, and secrets the vendor echoes in a body are replaced.

## In your tests

[\`${SCOPE}/mock-servers\`](https://www.npmjs.com/package/${SCOPE}/mock-servers) plays the vendor, from the document this package ships:
\`await using mock = await startMock("${name}")\`, then \`create${Name}({ ...mock.credentials, server: mock.url })\`.
`;
}

function exampleOf(
  Name: string,
  packageName: string,
  { credentials, servers, operations }: VendorModel,
  hasTokens: boolean,
) {
  const variable = (name: string) => name.replaceAll(/([a-z0-9])([A-Z])|[^A-Za-z0-9]+/g, "$1_$2").toUpperCase();
  const options = credentials
    .filter(({ required }) => required)
    .map(({ name }) => `  ${key(name)}: process.env["${variable(name)}"] ?? "",\n`);
  if (servers.length > 1 || servers.some(({ variables }) => variables.length > 0))
    options.push(`  server: "${servers[0]?.name}",\n`);
  const plain = operations.find(
    ({ input, isExchange }) => !isExchange && !input.members.some(({ required }) => required),
  );
  const call = hasTokens
    ? `const { accessToken, expiresAt } = await client.getToken(); // cached; one request however many callers\nconsole.log(accessToken.length > 0, expiresAt);\n`
    : plain
      ? `console.log(await client.${plain.id}()); // typed data, or a typed error\n`
      : "console.log(Object.keys(client)); // an operation for each endpoint\n";
  return `import { create${Name} } from "${packageName}";

const client = create${Name}({
${options.join("")}});

${call}`;
}

function optionRows({ credentials, servers }: VendorModel, hasTokens: boolean): string {
  const names = credentials.map(({ name }) => `\`${name}\``).join(", ");
  const choice = servers.map(({ name }) => `\`"${name}"\``).join(", ");
  const rows = [
    ...(names ? [[names, "the credentials"]] : []),
    ["`server`", `${choice}${servers.length === 1 ? " (the default)" : ""}, or the URL of a mock`],
    ["`origins`", "further origins the credentials may be sent to; default: only the selected server's"],
    [
      "`insecureOrigins`",
      "origins that may be spoken to over plain `http`, such as `http://mocks:4010` in a compose network; loopback always may",
    ],
    ["`fetch`", "what requests are sent with; default: the global `fetch`"],
    [
      "`http`",
      "`{ attempts: 3, attemptTimeoutMs: 10_000, timeoutMs: 30_000, backoffMs: 100, maxResponseBytes: 1_048_576 }`, each with its default; `Infinity` sets no limit",
    ],
    ...(hasTokens
      ? [
          [
            "`store`",
            "`{ get, set, delete }`: shares tokens between processes; one that fails costs a request and nothing else, one that hangs a second, and is then left alone for 30 s",
          ],
          [
            "`waitUntil`",
            "keeps background refreshes and writes to the store alive on runtimes that end work with the request, such as `(work) => context.waitUntil(work)` of a worker",
          ],
        ]
      : []),
    [
      "`onEvent`",
      "told of requests retried and replayed, and of what becomes of tokens, with durations and no secrets",
    ],
    ["`clock`", "`{ now, monotonic }`, for tests; default: the system's clocks"],
  ];
  return rows.map(([option, meaning]) => `| ${option} | ${meaning} |`).join("\n");
}

function memberRows({ operations }: VendorModel, hasTokens: boolean): string {
  const rows = [
    ...(hasTokens
      ? [
          [
            "`getToken({ signal, force }?)`",
            "the cached token while it is valid, or else a new one; `{ accessToken, expiresAt }`, `expiresAt` in ms since the epoch or `null`",
          ],
          ["`invalidate(token)`", "forgets that token, so that the next call obtains another"],
          [
            "`settled()`",
            "waits for tokens that are still being written to the `store`; for scripts that end, and serverless functions without `waitUntil`",
          ],
        ]
      : []),
    ["`fetch(input, init?)`", "a drop-in `fetch` for the vendor's origins; pass it to any fetch-based client"],
    [
      "`client`",
      "called as an [openapi-fetch](https://openapi-ts.dev/openapi-fetch/) client is: `{ data, error, response }`",
    ],
    ...operations.map((operation) => [
      `\`${signatureOf(operation)}\``,
      `${operation.method.toUpperCase()} ${operation.path}`,
    ]),
  ];
  return rows.map(([member, meaning]) => `| ${member} | ${meaning} |`).join("\n");
}

function signatureOf({ id, input }: OperationModel): string {
  const required = input.members.filter((member) => member.required).map(({ name }) => key(name));
  const optional = input.members.some((member) => !member.required);
  if (required.length === 0) return `${id}(${optional ? "input?" : ""})`;
  return `${id}({ ${required.join(", ")}${optional ? ", …" : ""} })`;
}

const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
