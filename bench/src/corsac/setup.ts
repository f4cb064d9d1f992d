/** What the benchmark's applications and user are configured with. */
export const secret = 'a client secret that is long enough';
export const password = 'Corsac-bench-1';
export const callback = 'http://localhost:4499/callback';
