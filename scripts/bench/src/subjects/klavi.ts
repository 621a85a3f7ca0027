import { createKlaviAuth, type KlaviAuth } from "@org/klavi-auth";
import type { Endpoint } from "../endpoint.ts";

/** A client of ours for the endpoint. */
export function klaviFor({ url, fetch }: Endpoint): KlaviAuth {
  return createKlaviAuth({ accessKey: "example", secretKey: "example-secret", server: url, fetch });
}
