// Generated from specs/kua-auth.yaml by `pnpm generate`. Do not edit.

export interface paths {
    "/core/api/v2/accounts/sessions/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Authenticate
         * @description Logs in with an account's e-mail address and password and returns an access token. No refresh endpoint is documented; log in again instead.
         */
        post: operations["createEmailSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/core/api/v2/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the account
         * @description Returns the account the token belongs to. The vendor documents the request only, so the result is an open object.
         */
        get: operations["getAccount"];
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
        /** @description An account's own credentials. */
        EmailCredentials: {
            /** @description The account's e-mail address, 5 to 64 characters. */
            email: string;
            /**
             * Format: password
             * @description The account's password, 6 to 128 characters.
             */
            password: string;
        };
        /** @description An access token and how long it is valid. */
        AccessToken: {
            /**
             * Format: password
             * @description The token to send as `Authorization` bearer token.
             */
            accessToken: string;
            /**
             * @description How the token is used.
             * @default Bearer
             */
            tokenType?: string;
            /**
             * @description The token's format.
             * @default jwt
             */
            tokenFormat?: string;
            /**
             * Format: int64
             * @description How long the token is valid, in seconds.
             * @default 86400
             */
            expiresIn?: number;
        };
        /** @description An account. Its members are not documented. */
        Account: {
            [key: string]: unknown;
        };
        /** @description The wrapper of every error but a fault. */
        ErrorResponse: {
            error: components["schemas"]["ErrorBody"];
        };
        /** @description What went wrong. */
        ErrorBody: {
            /** @description A code for programs. */
            code: string;
            /** @description The error's own id. */
            id: string;
            /** @description What went wrong, for a human reader. */
            message: string;
            /** @description What the error is about. */
            target?: string;
            /** @description More about the error. */
            details?: {
                [key: string]: unknown;
            }[];
        };
        /** @description A fault on Kua.ai's side. */
        FaultBody: {
            /**
             * @description A code for programs.
             * @default InternalFault
             */
            code: string;
            /** @description What went wrong, for a human reader. */
            message: string;
        };
    };
    responses: {
        /** @description The credentials or the token are not accepted. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description A failure on Kua.ai's side. This body alone has no `error` wrapper. */
        Fault: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["FaultBody"];
            };
        };
        /** @description Any other failure. */
        Error: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    createEmailSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmailCredentials"];
            };
        };
        responses: {
            /** @description The session was created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            401: components["responses"]["Unauthorized"];
            500: components["responses"]["Fault"];
            default: components["responses"]["Error"];
        };
    };
    getAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. Its members are not documented. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            401: components["responses"]["Unauthorized"];
            500: components["responses"]["Fault"];
            default: components["responses"]["Error"];
        };
    };
}
