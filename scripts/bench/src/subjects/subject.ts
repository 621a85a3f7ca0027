import type { Endpoint } from "../endpoint.ts";

/** Something that sends requests or keeps tokens: ours or a peer. What it cannot do is left out. */
export interface Subject {
  /** One authorised request whose answer is read as JSON. */
  call?(endpoint: Endpoint): () => Promise<unknown>;
  /** A token: the first caller obtains it, the others share it, later ones find it in the cache. */
  getToken?(endpoint: Endpoint): () => Promise<unknown>;
}
