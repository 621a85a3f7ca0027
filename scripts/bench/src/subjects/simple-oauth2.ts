import { type AccessToken, ClientCredentials } from "simple-oauth2";
import { TOKEN_PATH } from "./endpoints.ts";
import type { Subject } from "./subject.ts";

const SPARE_S = 300;

/** As its documentation has it: the token is kept by its user, who asks whether it has expired. */
export const subject: Subject = {
  getToken({ url }) {
    const client = new ClientCredentials({
      client: { id: "example", secret: "example-secret" },
      auth: { tokenHost: url, tokenPath: TOKEN_PATH },
    });
    let kept: AccessToken | undefined;
    return async () => {
      if (!kept || kept.expired(SPARE_S)) kept = await client.getToken({});
      return kept;
    };
  },
};
