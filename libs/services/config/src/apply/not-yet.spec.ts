import { parseDeclarative } from '@corsac/model';
import { notYetAvailable } from './not-yet.js';

const read = (settings: string, more = '') =>
  parseDeclarative(
    [
      {
        file: 'acme.yaml',
        text: `{ tenant: acme, track: '-', settings: { ${settings} }, up_parties: [{ type: oidc, name: op, authority: 'https://op.test', client_secret: 'a secret' ${more} }] }`,
      },
    ],
    { env: {}, notYet: notYetAvailable },
  );

describe('Settings without effect', () => {
  it.each([
    ["allow_iframe_on_domains: ['https://portal.test']", ''],
    ['', ', edit_issuers_in_automatic: true'],
    ['', ', frontchannel_logout_session_required: false'],
  ])('are refused by name: %s%s', (settings, more) => {
    const outcome = read(settings, more);
    expect(outcome.ok ? '' : JSON.stringify(outcome.error)).toContain('is not available yet');
  });

  it('may stand where they ask for what is done anyway', () => {
    const more = ', edit_issuers_in_automatic: false, frontchannel_logout_session_required: true';
    const outcome = read('allow_iframe_on_domains: []', more);
    expect(outcome).toMatchObject({ ok: true });
  });
});
