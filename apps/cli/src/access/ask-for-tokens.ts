import { fail, ok, type Outcome } from '@corsac/outcome';
import { z } from 'zod';
import { send, strange } from '../api/send.js';
import type { Machine } from '../machine/machine.js';
import type { Problem } from '../machine/problem.js';

const tokens = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive().default(300),
  refresh_token: z.string().min(1).optional(),
});
export type Tokens = z.output<typeof tokens>;

const refusal = z.object({ error: z.string().max(200), error_description: z.string().max(1000).optional() });

/** What a token endpoint refuses with (RFC 6749 5.2), or that it could not be asked. */
export type TokenRefusal =
  | { readonly kind: 'refused'; readonly error: string; readonly told: string }
  | { readonly kind: 'away'; readonly problem: Problem };

/** Posts a form to a token endpoint. Secrets of the form are in no refusal. */
export const askForTokens = async (
  machine: Pick<Machine, 'fetch'>,
  token_endpoint: string,
  form: Readonly<Record<string, string>>,
): Promise<Outcome<Tokens, TokenRefusal>> => {
  const answer = await send(machine, token_endpoint, { method: 'POST', body: new URLSearchParams(form) });
  if (!answer.ok) return fail({ kind: 'away', problem: answer.error });
  const { status, json } = answer.value;
  const given = tokens.safeParse(json);
  if (status === 200 && given.success) return ok(given.data);
  const read = refusal.safeParse(json);
  if (!read.success || status >= 500)
    return fail({ kind: 'away', problem: strange(token_endpoint, answer.value).error });
  const { error, error_description } = read.data;
  return fail({
    kind: 'refused',
    error,
    told: error_description === undefined ? error : `${error}: ${error_description}`,
  });
};
