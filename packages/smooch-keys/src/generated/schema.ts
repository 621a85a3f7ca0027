// Generated from specs/smooch-keys.yaml by `pnpm generate`. Do not edit.

export interface paths {
    "/v2/apps/{appId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Identifies the app.
                 * @example 5d8cff3cd55b040010928b5b
                 */
                appId: components["parameters"]["AppId"];
            };
            cookie?: never;
        };
        /**
         * List app keys
         * @description Lists all API keys of an app. Needs the `account` scope.
         */
        get: operations["listAppKeys"];
        put?: never;
        /**
         * Create app key
         * @description Creates an API key for an app. The answer includes the key's secret and id, which sign JSON Web Tokens for calls on behalf of the app. Needs the `account` scope.
         */
        post: operations["createAppKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/apps/{appId}/keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Identifies the app.
                 * @example 5d8cff3cd55b040010928b5b
                 */
                appId: components["parameters"]["AppId"];
                /**
                 * @description The id of the key.
                 * @example app_67a0e949f0305f4a391e9d97
                 */
                keyId: components["parameters"]["AppKeyId"];
            };
            cookie?: never;
        };
        /**
         * Get app key
         * @description Returns an API key of an app. Needs the `account` scope.
         */
        get: operations["getAppKey"];
        put?: never;
        post?: never;
        /**
         * Delete app key
         * @description Removes an API key of an app. Needs the `account` scope.
         */
        delete: operations["deleteAppKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/apps/{appId}/integrations/{integrationId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Identifies the app.
                 * @example 5d8cff3cd55b040010928b5b
                 */
                appId: components["parameters"]["AppId"];
                /**
                 * @description Identifies the custom integration.
                 * @example 029c31f25a21b47effd7be90
                 */
                integrationId: components["parameters"]["IntegrationId"];
            };
            cookie?: never;
        };
        /**
         * List integration keys
         * @description Lists all API keys of a custom integration. Needs the `app` or `account` scope.
         */
        get: operations["listIntegrationKeys"];
        put?: never;
        /**
         * Create integration key
         * @description Creates an API key for a custom integration. The answer includes the key's secret and id, which sign JSON Web Tokens for calls on behalf of the integration. Needs the `app` or `account` scope.
         */
        post: operations["createIntegrationKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Identifies the app.
                 * @example 5d8cff3cd55b040010928b5b
                 */
                appId: components["parameters"]["AppId"];
                /**
                 * @description Identifies the custom integration.
                 * @example 029c31f25a21b47effd7be90
                 */
                integrationId: components["parameters"]["IntegrationId"];
                /**
                 * @description The id of the key.
                 * @example int_5e4b0f225aca01092928f917
                 */
                keyId: components["parameters"]["IntegrationKeyId"];
            };
            cookie?: never;
        };
        /**
         * Get integration key
         * @description Returns an API key of a custom integration. Needs the `app` or `account` scope.
         */
        get: operations["getIntegrationKey"];
        put?: never;
        post?: never;
        /**
         * Delete integration key
         * @description Removes an API key of a custom integration. Needs the `app` or `account` scope.
         */
        delete: operations["deleteIntegrationKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The key to create. */
        CreateAppKeyRequest: {
            /** @description The name of the key, 1 to 100 characters. */
            displayName: string;
        };
        /** @description The key to create. */
        CreateIntegrationKeyRequest: {
            /** @description The name of the key. */
            displayName: string;
        };
        /** @description An API key of an app. Its secret signs tokens; keep it out of logs. */
        AppKey: {
            /** @description The key's id. */
            id: string;
            /** @description The name of the key. */
            displayName: string;
            /**
             * Format: password
             * @description The key's secret.
             */
            secret?: string;
        };
        /** @description A new API key of an app, with its secret. */
        CreatedAppKey: {
            /** @description The key's id. */
            id: string;
            /** @description The name of the key. */
            displayName: string;
            /**
             * Format: password
             * @description The key's secret.
             */
            secret: string;
        };
        /** @description An API key of a custom integration. Its secret signs tokens; keep it out of logs. */
        IntegrationKey: {
            /** @description The key's id. */
            id: string;
            /** @description The name of the key. */
            displayName?: string | null;
            /**
             * Format: password
             * @description The key's secret.
             */
            secret?: string;
        };
        /** @description A new API key of a custom integration, with its secret. */
        CreatedIntegrationKey: {
            /** @description The key's id. */
            id: string;
            /** @description The name of the key. */
            displayName?: string | null;
            /**
             * Format: password
             * @description The key's secret.
             */
            secret: string;
        };
        /** @description A key of an app. */
        AppKeyResponse: {
            key: components["schemas"]["AppKey"];
        };
        /** @description A new key of an app. */
        CreatedAppKeyResponse: {
            key: components["schemas"]["CreatedAppKey"];
        };
        /** @description A key of a custom integration. */
        IntegrationKeyResponse: {
            key: components["schemas"]["IntegrationKey"];
        };
        /** @description A new key of a custom integration. */
        CreatedIntegrationKeyResponse: {
            key: components["schemas"]["CreatedIntegrationKey"];
        };
        /** @description All keys of an app. */
        AppKeyListResponse: {
            /** @description The keys. The list is never paged. */
            keys: components["schemas"]["AppKey"][];
        };
        /** @description All keys of a custom integration. */
        IntegrationKeyListResponse: {
            /** @description The keys. The list is never paged. */
            keys: components["schemas"]["IntegrationKey"][];
        };
        /** @description An empty object. */
        EmptyResponse: Record<string, never>;
        /** @description What went wrong; several entries only with status 400. */
        ErrorResponse: {
            /** @description The errors. */
            errors: components["schemas"]["ErrorEntry"][];
        };
        /** @description One error. */
        ErrorEntry: {
            /** @description A code for programs. */
            code?: string;
            /** @description What went wrong, for a human reader. */
            title?: string;
        };
        /** @description No public document shows this body, so nothing is promised about it. */
        UndocumentedBody: unknown;
    };
    responses: {
        /** @description The credentials are missing or not accepted. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description Too many requests; back off exponentially, with jitter. Its body is not documented. */
        TooManyRequests: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["UndocumentedBody"];
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
    parameters: {
        /**
         * @description Identifies the app.
         * @example 5d8cff3cd55b040010928b5b
         */
        AppId: string;
        /**
         * @description The id of the key.
         * @example app_67a0e949f0305f4a391e9d97
         */
        AppKeyId: string;
        /**
         * @description Identifies the custom integration.
         * @example 029c31f25a21b47effd7be90
         */
        IntegrationId: string;
        /**
         * @description The id of the key.
         * @example int_5e4b0f225aca01092928f917
         */
        IntegrationKeyId: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listAppKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Identifies the app.
                 * @example 5d8cff3cd55b040010928b5b
                 */
                appId: components["parameters"]["AppId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The app's keys. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppKeyListResponse"];
                };
            };
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Error"];
        };
    };
    createAppKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Identifies the app.
                 * @example 5d8cff3cd55b040010928b5b
                 */
                appId: components["parameters"]["AppId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAppKeyRequest"];
            };
        };
        responses: {
            /** @description The created key with its secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedAppKeyResponse"];
                };
            };
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Error"];
        };
    };
    getAppKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Identifies the app.
                 * @example 5d8cff3cd55b040010928b5b
                 */
                appId: components["parameters"]["AppId"];
                /**
                 * @description The id of the key.
                 * @example app_67a0e949f0305f4a391e9d97
                 */
                keyId: components["parameters"]["AppKeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppKeyResponse"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description No such key. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Error"];
        };
    };
    deleteAppKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Identifies the app.
                 * @example 5d8cff3cd55b040010928b5b
                 */
                appId: components["parameters"]["AppId"];
                /**
                 * @description The id of the key.
                 * @example app_67a0e949f0305f4a391e9d97
                 */
                keyId: components["parameters"]["AppKeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key was removed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmptyResponse"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description No such app. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Error"];
        };
    };
    listIntegrationKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Identifies the app.
                 * @example 5d8cff3cd55b040010928b5b
                 */
                appId: components["parameters"]["AppId"];
                /**
                 * @description Identifies the custom integration.
                 * @example 029c31f25a21b47effd7be90
                 */
                integrationId: components["parameters"]["IntegrationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The integration's keys. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntegrationKeyListResponse"];
                };
            };
            /** @description The integration is not a custom one. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Error"];
        };
    };
    createIntegrationKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Identifies the app.
                 * @example 5d8cff3cd55b040010928b5b
                 */
                appId: components["parameters"]["AppId"];
                /**
                 * @description Identifies the custom integration.
                 * @example 029c31f25a21b47effd7be90
                 */
                integrationId: components["parameters"]["IntegrationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateIntegrationKeyRequest"];
            };
        };
        responses: {
            /** @description The created key with its secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedIntegrationKeyResponse"];
                };
            };
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Error"];
        };
    };
    getIntegrationKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Identifies the app.
                 * @example 5d8cff3cd55b040010928b5b
                 */
                appId: components["parameters"]["AppId"];
                /**
                 * @description Identifies the custom integration.
                 * @example 029c31f25a21b47effd7be90
                 */
                integrationId: components["parameters"]["IntegrationId"];
                /**
                 * @description The id of the key.
                 * @example int_5e4b0f225aca01092928f917
                 */
                keyId: components["parameters"]["IntegrationKeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntegrationKeyResponse"];
                };
            };
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Error"];
        };
    };
    deleteIntegrationKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Identifies the app.
                 * @example 5d8cff3cd55b040010928b5b
                 */
                appId: components["parameters"]["AppId"];
                /**
                 * @description Identifies the custom integration.
                 * @example 029c31f25a21b47effd7be90
                 */
                integrationId: components["parameters"]["IntegrationId"];
                /**
                 * @description The id of the key.
                 * @example int_5e4b0f225aca01092928f917
                 */
                keyId: components["parameters"]["IntegrationKeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key was removed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmptyResponse"];
                };
            };
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Error"];
        };
    };
}
