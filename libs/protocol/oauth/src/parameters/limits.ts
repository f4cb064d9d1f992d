/** Longest values in characters, by parameter. Reference 2.3 and 5.1; values that are not named here: 2000. */
export const parameterLimits: ReadonlyMap<string, number> = new Map(
  Object.entries({
    response_type: 50,
    response_mode: 50,
    display: 50,
    prompt: 50,
    ui_locales: 200,
    code_challenge_method: 50,
    code_challenge: 200,
    max_age: 20,
    acr_values: 1_000,
    claims: 10_000,
    request: 64_000,
    id_token_hint: 256_000,
    grant_type: 200,
    resource: 500,
    audience: 500,
    client_assertion: 16_384,
    client_secret: 500,
    code_verifier: 500,
    access_token: 256_000,
    id_token: 256_000,
    token: 256_000,
    subject_token: 256_000,
    actor_token: 256_000,
    logout_token: 64_000,
  }),
);

/** For parameters without a line of their own. */
export const defaultParameterLimit = 2_000;

/** Bounds of a whole query or form. */
export const parametersLimits = { characters: 640_000, count: 100, nameCharacters: 200 } as const;

/** Parameters that may come more than once: RFC 8707 2, RFC 8693 2.1. */
export const repeatable: ReadonlySet<string> = new Set(['resource', 'audience']);
