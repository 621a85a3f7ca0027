import axios from "axios";
import { AUTHORIZATION } from "../endpoint.ts";
import { PATH } from "./endpoints.ts";
import type { Subject } from "./subject.ts";

export const subject: Subject = {
  call({ url, fetch }) {
    const client = axios.create({
      adapter: "fetch",
      baseURL: url,
      headers: { authorization: AUTHORIZATION },
      ...(fetch && { env: { fetch, Request, Response: Response as never } }),
    });
    return async () => (await client.get(PATH)).data;
  },
};
