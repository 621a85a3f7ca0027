import ky from "ky";
import { AUTHORIZATION } from "../endpoint.ts";
import { PATH } from "./endpoints.ts";
import type { Subject } from "./subject.ts";

export const subject: Subject = {
  call({ url, fetch }) {
    const client = ky.create({ headers: { authorization: AUTHORIZATION }, ...(fetch && { fetch }) });
    return () => client.get(`${url}${PATH}`).json();
  },
};
