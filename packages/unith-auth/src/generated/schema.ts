// Generated from specs/unith-auth.yaml by `pnpm generate`. Do not edit.

export interface paths {
    "/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Obtain a bearer token
         * @description Exchanges the account's e-mail address and secret key for a bearer token that is valid for 7 days. No refresh endpoint exists; obtain another token instead.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/generate-secret-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Generate a secret key
         * @description Generates the account's secret key, which the answer shows once and never again: save it before anything else.
         *     An existing key has to be deleted first. The answer's shape is not documented.
         */
        put: operations["generateSecretKey"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/delete-secret-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete the secret key
         * @description Deletes the account's secret key, so that another can be generated. The answer's shape is not documented.
         */
        delete: operations["deleteSecretKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An account's e-mail address and secret key. */
        TokenRequest: {
            /** @description The e-mail address the secret key was generated with. */
            email: string;
            /**
             * Format: password
             * @description The account's secret key.
             */
            secretKey: string;
        };
        /** @description The bearer token, nested or flat. */
        TokenResponse: components["schemas"]["NestedToken"] | components["schemas"]["FlatToken"];
        /** @description The bearer token as the vendor's current samples show it. */
        NestedToken: {
            /** @description The wrapper of the token. */
            data: {
                bearer: components["schemas"]["BearerToken"];
            };
        };
        /** @description The bearer token as the vendor's reference page shows it. */
        FlatToken: {
            token: components["schemas"]["BearerToken"];
        };
        /**
         * Format: password
         * @description The JWT to send as `Authorization` bearer token; valid for 7 days.
         */
        BearerToken: string;
        /** @description No public document shows this body, so nothing is promised about it. */
        UndocumentedBody: unknown;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            /** @description A bearer token, in one of the two documented shapes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            /** @description The e-mail address or secret key is not valid. Its body is not documented. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndocumentedBody"];
                };
            };
            /** @description A failure on Unith's side. Its body is not documented. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndocumentedBody"];
                };
            };
        };
    };
    generateSecretKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secret key was generated. Status and body are not documented. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndocumentedBody"];
                };
            };
            /** @description The bearer token is not valid or has expired. Its body is not documented. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndocumentedBody"];
                };
            };
        };
    };
    deleteSecretKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secret key was deleted. Status and body are not documented. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndocumentedBody"];
                };
            };
            /** @description The bearer token is not valid or has expired. Its body is not documented. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndocumentedBody"];
                };
            };
        };
    };
}
