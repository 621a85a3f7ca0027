// Generated from specs/klavi-auth.yaml by `pnpm generate`. Do not edit.

export interface paths {
    "/monitor/v1/auth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Generate access token
         * @description Exchanges the partner's keys for an access token. The token is valid for `expireIn` seconds, 1800 by default.
         */
        post: operations["createAccessToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/monitor/v1/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Refresh access token
         * @description Exchanges an access token that is still valid for a new one. Generating another token is the documented alternative.
         */
        get: operations["refreshAccessToken"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The keys of a partner's application. */
        AccessTokenRequest: {
            /** @description The partner application's access key. */
            accessKey: string;
            /**
             * Format: password
             * @description The partner application's secret key.
             */
            secretKey: string;
        };
        /** @description An access token and how long it is valid. */
        AccessToken: {
            /**
             * Format: password
             * @description The JWT to send as `Authorization` bearer token.
             */
            accessToken: string;
            /** @description How long the token is valid, in seconds; 1800 by default. */
            expireIn: number;
        };
        /** @description Klavi's error envelope. */
        ErrorBody: {
            /** @description The HTTP status. */
            statusCode: number;
            /** @description The status's reason phrase. */
            error: string;
            /** @description What went wrong, for a human reader. */
            message: string;
        };
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
    createAccessToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccessTokenRequest"];
            };
        };
        responses: {
            /** @description An access token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description A parameter is missing or malformed. Its body is not documented. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndocumentedBody"];
                };
            };
            /** @description The keys are not accepted. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too many requests; back off exponentially. Its body is not documented. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndocumentedBody"];
                };
            };
            /** @description A failure on Klavi's side. Its body is not documented. */
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
    refreshAccessToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A new access token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description The access token is not valid or has expired. Its body is not documented for this operation. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndocumentedBody"];
                };
            };
            /** @description Too many requests; back off exponentially. Its body is not documented. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndocumentedBody"];
                };
            };
            /** @description A failure on Klavi's side. Its body is not documented. */
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
}
