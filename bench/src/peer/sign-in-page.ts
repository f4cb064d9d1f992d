import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type Provider from 'oidc-provider';
import { password } from '../setup.js';

type Context = Parameters<Parameters<Provider['use']>[0]>[0];

const longestBody = 10_000;

/** Whether a password is the user's one. */
export type PasswordCheck = (typed: string) => boolean | Promise<boolean>;

/** In constant time, and without a hash. */
export const isThePassword: PasswordCheck = (typed) => {
  const [own, other] = [Buffer.from(password), Buffer.from(typed)];
  return own.length === other.length && timingSafeEqual(own, other);
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (action: string, client: string, hint: string): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in</title>
<style>
body { font-family: sans-serif; margin: 10vh auto; max-width: 20rem; }
input, button { box-sizing: border-box; display: block; font-size: 1rem; margin: 0.5rem 0; padding: 0.5rem; width: 100%; }
</style>
</head>
<body>
<h1>Sign in</h1>
<p>to go on to ${escaped(client)}</p>
<form method="post" action="${escaped(action)}" autocomplete="off">
<label for="login">Email</label>
<input id="login" type="text" name="login" value="${escaped(hint)}" required>
<label for="password">Password</label>
<input id="password" type="password" name="password" value="" required autofocus>
<button type="submit">Sign in</button>
</form>
</body>
</html>`;

const formOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longestBody) throw new Error('the form is too long');
    parts.push(part);
  }
  return new URLSearchParams(Buffer.concat(parts).toString());
};

const show = async (provider: Provider, ctx: Context): Promise<void> => {
  const { uid, params } = await provider.interactionDetails(ctx.req, ctx.res);
  const client = await provider.Client.find(String(params['client_id']));
  ctx.type = 'html';
  ctx.body = page(
    `/interaction/${uid}`,
    client?.clientName ?? client?.clientId ?? '',
    String(params['login_hint'] ?? ''),
  );
};

const take = async (provider: Provider, ctx: Context, isRight: PasswordCheck): Promise<void> => {
  const { prompt } = await provider.interactionDetails(ctx.req, ctx.res);
  const form = await formOf(ctx.req);
  const [login, typed] = [form.get('login'), form.get('password')];
  if (prompt.name !== 'login' || !login || !typed || !(await isRight(typed))) {
    ctx.status = 400;
    ctx.body = 'this is not the password';
    return;
  }
  const result = { login: { accountId: login } };
  ctx.respond = false;
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
};

/** The login page and what it posts, as the library leaves both to whoever uses it. */
export const addSignInPage = (provider: Provider, isRight: PasswordCheck): void => {
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    ctx.set('cache-control', 'no-store');
    await (ctx.method === 'POST' ? take(provider, ctx, isRight) : show(provider, ctx));
  });
};
