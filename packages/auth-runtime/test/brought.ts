import { auth, credentials } from "../src/features.ts";
import { createVendorClient, type Vendor } from "../src/index.ts";

/** A vendor with a key of its own, in whose place it takes a bearer nobody here issues. */
export const vendor = {
  package: "@test/brought",
  features: { prepare: auth, credentials },
  servers: { main: "https://brought.example" },
  credentials: { id: {}, secret: { secret: true } },
  schemes: { basic: { prefix: "Basic ", credentials: ["id", "secret"] } },
  security: ["basic"],
  operations: {
    read: { method: "GET", path: "/read", security: ["basic"], responses: { "2XX": "any", default: "any" } },
    open: { method: "GET", path: "/open", security: [], responses: { "2XX": "any" } },
  },
} as const satisfies Vendor;

type Method = (input?: object, options?: { signal?: AbortSignal }) => Promise<unknown>;
export interface Brought {
  read: Method;
  open: Method;
  fetch: typeof fetch;
  client: { GET(path: string): Promise<unknown> };
}

/** A client, and the Authorization of each request it sent. */
export function connect(
  given: object,
  answer: (index: number, authorization: string) => Response = () => Response.json({}),
) {
  const sent: (string | null)[] = [];
  const fetch = async (...args: Parameters<typeof globalThis.fetch>) => {
    const { headers } = new Request(...args);
    sent.push(headers.get("Authorization"));
    return answer(sent.length - 1, String(sent.at(-1)));
  };
  const options = { http: { attempts: 1 }, fetch, ...given };
  return { client: createVendorClient<Brought>(vendor, options), sent };
}
