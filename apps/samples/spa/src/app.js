/* global oidc */
'use strict';

const { authority, orders } = document.body.dataset;
const byId = (id) => document.getElementById(id);

const manager = new oidc.UserManager({
  authority,
  client_id: 'spa',
  redirect_uri: `${location.origin}/callback`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: 'openid profile email offline_access orders.read',
  automaticSilentRenew: false,
});

const answer = (title, content) => {
  byId('answer-title').textContent = title;
  byId('answer-text').textContent = JSON.stringify(content, undefined, 2);
  byId('answer').hidden = false;
};

const show = (user) => {
  byId('login').hidden = Boolean(user);
  for (const id of ['userinfo', 'orders', 'renew', 'logout']) byId(id).hidden = !user;
  byId('status').textContent = user ? `Hello ${user.profile.name ?? user.profile.sub}` : 'You are not logged in.';
  if (user) answer('Claims of the ID token', user.profile);
};

const call = async (title, url) => {
  const user = await manager.getUser();
  const response = await fetch(url, { headers: { authorization: `Bearer ${user?.access_token}` } });
  answer(`${title} answered ${response.status}`, response.ok ? await response.json() : {});
};

const comeBack = async () => {
  if (location.pathname !== '/callback') return;
  const query = location.href;
  // The code leaves the address bar and the history before anything else.
  history.replaceState(undefined, '', '/');
  await manager.signinCallback(query);
};

const attempt = (work) => () =>
  work().catch((error) => {
    byId('status').textContent = `That did not work: ${error.message}`;
    byId('login').hidden = false;
  });

byId('login').addEventListener(
  'click',
  attempt(() => manager.signinRedirect()),
);
byId('userinfo').addEventListener(
  'click',
  attempt(async () => call('User info', await manager.metadataService.getUserInfoEndpoint())),
);
byId('orders').addEventListener(
  'click',
  attempt(() => call('The orders API', `${orders}/orders`)),
);
// With a refresh token the library needs no hidden frame, which browsers give no cookies.
byId('renew').addEventListener(
  'click',
  attempt(async () => {
    const user = await manager.signinSilent();
    answer('The tokens were renewed', { expires_in: user.expires_in, scope: user.scope });
  }),
);
byId('logout').addEventListener(
  'click',
  attempt(() => manager.signoutRedirect()),
);

void attempt(async () => {
  await comeBack();
  show(await manager.getUser());
})();
