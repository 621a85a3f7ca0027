import { fileURLToPath } from "node:url";
import { type MockOptions, startMock } from "../src/index.ts";

export const grove = fileURLToPath(new URL("grove.yaml", import.meta.url));
export const login = { user: "someone", password: "example-password" };

/** A mock, and requests to it in short. */
export async function start(options?: MockOptions) {
  const mock = await startMock(grove, options);
  const send = async (method: string, path: string, { body, token, headers }: Sent = {}) => {
    const response = await fetch(mock.url + path, {
      method,
      headers: {
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
  const logIn = async (body: object = login): Promise<string> =>
    (await send("POST", "/session", { body })).body.data.token;
  return { mock, send, logIn, [Symbol.asyncDispose]: () => mock.stop() };
}
interface Sent {
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
}
export const trees = "/groves/g1/trees";
