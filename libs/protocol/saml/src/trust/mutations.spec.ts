import { seeded } from '../../test/documents.js';
import { rsaKey, signerOf } from '../../test/keys.js';
import { acs, authnRequest, expectedOf, now, posted, response, sp, sso, xmlOf } from '../../test/samples.js';
import { acceptAuthnRequest } from '../authn-request/accept-authn-request.js';
import { makeAuthnRequest } from '../authn-request/make-authn-request.js';
import { readRedirect } from '../bindings/read-redirect.js';
import { sendByPost, sendByRedirect } from '../bindings/send-message.js';
import { acceptResponse } from '../response/accept-response.js';
import { makeResponse } from '../response/make-response.js';
import { messageLimits } from '../xml/limits.js';
import { openDocument } from './open-document.js';

const key = rsaKey();
const signer = signerOf(key);

/** Pieces that mean something to some parser. */
const pieces = [
  ...[
    '<!---->',
    '<!-- x -->',
    '<![CDATA[',
    ']]>',
    '&#65;',
    '&amp;',
    '&x;',
    '<?x?>',
    '<!DOCTYPE a>',
    '\u0000',
    '\ufeff',
    '\r',
    '"',
    "'",
    '>',
  ],
  ...[
    '<',
    '/>',
    ' xmlns="urn:x"',
    ' ID="_assertion1"',
    ' Id="_response1"',
    '<saml:NameID>admin</saml:NameID>',
    '<saml:Audience>x</saml:Audience>',
  ],
  ...[
    '</saml:Assertion>',
    '<saml:Assertion>',
    '<ds:Signature></ds:Signature>',
    '<ds:Object>',
    'admin',
    '=',
    ' ',
    'xml:id="_x"',
    '#',
    '%',
  ],
];

/** Changes a text in one to three places: takes out, doubles, replaces or puts in. */
const mutate = (text: string, random: (below: number) => number): string => {
  let result = text;
  for (let change = random(3); change >= 0; change -= 1) {
    const at = random(result.length);
    const end = Math.min(result.length, at + 1 + random(random(4) === 0 ? 400 : 8));
    const cut = result.slice(at, end);
    const piece = pieces[random(pieces.length)]!;
    const replacement = ['', cut + cut, piece, piece + cut, String.fromCharCode(32 + random(95))][random(5)]!;
    result = result.slice(0, at) + replacement + result.slice(end);
  }
  return result;
};

describe('Messages changed at random', () => {
  it.each(['response', 'assertion', 'both'] as const)(
    'are refused or mean what was signed: %s signed',
    async (what) => {
      const inner = what === 'response' ? {} : { signer };
      const outer = what === 'assertion' ? {} : { signer };
      const xml = xmlOf(await sendByPost(await makeResponse(response, inner), outer));
      const original = await acceptResponse(posted(xml), expectedOf(key));
      const meant = JSON.stringify(original.ok && original.value.assertion);
      const random = seeded(11);
      let accepted = 0;
      for (let round = 0; round < 1500; round += 1) {
        const changed = mutate(xml, random);
        const outcome = await acceptResponse(posted(changed), expectedOf(key));
        if (!outcome.ok) continue;
        accepted += 1;
        expect(JSON.stringify(outcome.value.assertion)).toBe(meant);
      }
      // A comment, or a change outside what was signed, may stay without effect; most changes must not.
      expect(accepted).toBeLessThan(750);
    },
  );

  it('are refused or mean what was signed: a query', async () => {
    const url = await sendByRedirect(makeAuthnRequest(authnRequest), { signer, relay_state: 'state' });
    const query = url.slice(url.indexOf('?') + 1);
    const random = seeded(12);
    const expected = {
      issuer: sp,
      destinations: [sso],
      now,
      party: { keys: [key.publicKey] },
      require_signed: true,
      acs_urls: [acs],
    };
    for (let round = 0; round < 1500; round += 1) {
      const read = readRedirect(mutate(query, random));
      const outcome = read.ok ? acceptAuthnRequest(read.value, expected) : read;
      if (outcome.ok) expect(outcome.value).toMatchObject({ id: '_request1', relay_state: 'state' });
    }
  });
});

/** Messages as large and as twisted as the bounds allow. */
const twisted: Record<string, string> = {
  elements: '<x:x xmlns:x="urn:x"/>'.repeat(4900),
  'elements with values': '<x:x xmlns:x="urn:x" a="1" b="2" c="3"/>'.repeat(4900),
  declarations: `<x:x xmlns:x="urn:x"${Array.from({ length: 28 }, (_, i) => ` xmlns:p${i}="urn:x"`).join('')}>${'<x:y xmlns:q="urn:q"/>'.repeat(4900)}</x:x>`,
  attributes: `<x:x xmlns:x="urn:x"${Array.from({ length: 28 }, (_, i) => ` a${i}=""`).join('')}/>`.repeat(900),
  references: `<x:x xmlns:x="urn:x">${'&#65;'.repeat(48_000)}</x:x>`,
  comments: `<x:x xmlns:x="urn:x">${'<!---->a'.repeat(28_000)}</x:x>`,
  sections: `<x:x xmlns:x="urn:x">${'<![CDATA[]]>a'.repeat(17_000)}</x:x>`,
  depth: '<x:x xmlns:x="urn:x">'.repeat(28) + '</x:x>'.repeat(28),
  IDs: Array.from({ length: 4900 }, (_, i) => `<x:x xmlns:x="urn:x" Id="_x${i}"/>`).join(''),
};

describe('The largest messages', () => {
  it.each(Object.keys(twisted))('are weighed quickly: %s', (name) => {
    const xml =
      '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0" IssueInstant="2026-11-20T12:00:00Z">' +
      `<samlp:Extensions>${twisted[name]}</samlp:Extensions></samlp:AuthnRequest>`;
    const bytes = Buffer.from(xml);
    expect(bytes.length).toBeLessThanOrEqual(messageLimits.bytes);
    const start = process.cpuUsage();
    const outcome = openDocument(bytes, { roots: ['samlp:AuthnRequest'], limits: messageLimits });
    const { user, system } = process.cpuUsage(start);
    expect(outcome).toMatchObject({ ok: true });
    // About 10 to 40 ms; the bound only catches work that grows with the square of the size.
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});
