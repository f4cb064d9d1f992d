/** What the applications and the user of both contestants are configured with. */
export const secret = 'a client secret that is long enough';
export const username = 'ada@example.com';
export const password = 'Corsac-bench-1';
export const callback = 'http://localhost:4499/callback';
