import { rsaKey, signerOf } from '../../test/keys.js';
import { expectedOf, posted, response, xmlOf } from '../../test/samples.js';
import type { Wrapping } from '../../test/wrapping.js';
import { assertionWrappings, responseWrappings } from '../../test/wrapping.js';
import { sendByPost } from '../bindings/send-message.js';
import { acceptResponse } from '../response/accept-response.js';
import { makeResponse } from '../response/make-response.js';
import { canonicalize } from '../xml/canonicalize.js';
import { messageLimits } from '../xml/limits.js';
import { parseXml } from '../xml/parse-xml.js';
import { walk } from '../xml/xml-element.js';
import { verifySignature } from './verify-signature.js';

const key = rsaKey();
const signer = signerOf(key);

const signedResponse = async (): Promise<string> => xmlOf(await sendByPost(await makeResponse(response), { signer }));
const signedAssertion = async (): Promise<string> =>
  xmlOf(await sendByPost(await makeResponse(response, { signer }), {}));
const signedBoth = async (): Promise<string> =>
  xmlOf(await sendByPost(await makeResponse(response, { signer }), { signer }));

/** Every element that the signature check alone lets through, as text: the schema and placement rules set aside. */
const letThrough = (xml: string): string[] => {
  const parsed = parseXml(xml, messageLimits);
  if (!parsed.ok) throw new Error(parsed.error);
  const passed: string[] = [];
  walk(parsed.value, (element) => {
    const verified = verifySignature(element, { keys: [key.publicKey], policy: {}, limits: messageLimits });
    if (verified.ok) passed.push(canonicalize(verified.value));
  });
  return passed;
};

const variants = (wrappings: readonly Wrapping[]) =>
  wrappings.flatMap(({ name, wrap }) => [
    { name: `${name}, with an ID of its own`, wrap: (xml: string) => wrap(xml, false) },
    { name: `${name}, with the same ID`, wrap: (xml: string) => wrap(xml, true) },
  ]);

describe('Signature wrapping', () => {
  it('starts from messages that are accepted', async () => {
    for (const xml of [await signedResponse(), await signedAssertion(), await signedBoth()]) {
      const accepted = await acceptResponse(posted(xml), expectedOf(key));
      expect(accepted).toMatchObject({ ok: true, value: { assertion: { name_id: { value: 'user-1' } } } });
    }
  });

  it.each(variants(responseWrappings))('refuses $name', async ({ wrap }) => {
    const xml = wrap(await signedResponse());
    expect(xml).toContain('admin@example.com');
    expect(await acceptResponse(posted(xml), expectedOf(key))).toMatchObject({ ok: false });
  });

  it.each(variants(assertionWrappings))('refuses $name', async ({ wrap }) => {
    const xml = wrap(await signedAssertion());
    expect(xml).toContain('admin@example.com');
    expect(await acceptResponse(posted(xml), expectedOf(key))).toMatchObject({ ok: false });
  });

  it.each(variants(assertionWrappings))('refuses $name, in a response that was signed too', async ({ wrap }) => {
    const xml = wrap(await signedBoth());
    expect(await acceptResponse(posted(xml), expectedOf(key))).toMatchObject({ ok: false });
  });

  it.each(variants([...responseWrappings]))(
    'lets the signature check alone give out nothing forged: $name',
    async ({ wrap }) => {
      for (const passed of letThrough(wrap(await signedResponse()))) expect(passed).not.toContain('admin@example.com');
    },
  );

  it.each(variants([...assertionWrappings]))(
    'lets the signature check alone give out nothing forged: $name',
    async ({ wrap }) => {
      for (const passed of letThrough(wrap(await signedAssertion()))) expect(passed).not.toContain('admin@example.com');
    },
  );
});

describe('Several and decoy signatures', () => {
  const signatureOf = (xml: string): string => /<ds:Signature .*?<\/ds:Signature>/s.exec(xml)![0];

  it('refuses two signatures on one element, in either order', async () => {
    const other = signerOf(rsaKey());
    const good = await signedResponse();
    const bad = xmlOf(await sendByPost(await makeResponse(response), { signer: other }));
    const [mine, theirs] = [signatureOf(good), signatureOf(bad)];
    for (const pair of [mine + theirs, theirs + mine, mine + mine]) {
      const outcome = await acceptResponse(posted(good.replace(mine, pair)), expectedOf(key));
      expect(outcome).toMatchObject({ ok: false, error: { reason: 'schema_invalid' } });
    }
  });

  it('refuses a good assertion in a response with a bad signature, and the other way round', async () => {
    const other = signerOf(rsaKey());
    const badOutside = xmlOf(await sendByPost(await makeResponse(response, { signer }), { signer: other }));
    const badInside = xmlOf(await sendByPost(await makeResponse(response, { signer: other }), { signer }));
    for (const xml of [badOutside, badInside]) {
      expect(await acceptResponse(posted(xml), expectedOf(key))).toMatchObject({
        error: { reason: 'signature_invalid' },
      });
    }
  });

  it.each([
    ['a status', (xml: string, s: string) => xml.replace('<samlp:Status>', `<samlp:Status>${s}`)],
    ['a subject', (xml: string, s: string) => xml.replace('<saml:Subject>', `<saml:Subject>${s}`)],
    ['an attribute value', (xml: string, s: string) => xml.replace('>admin<', `>${s}<`)],
    [
      'the extensions',
      (xml: string, s: string) =>
        xml.replace('<samlp:Status>', `<samlp:Extensions>${s}</samlp:Extensions><samlp:Status>`),
    ],
  ])('refuses a signature inside %s', async (_where, place) => {
    const good = await signedAssertion();
    const outcome = await acceptResponse(posted(place(good, signatureOf(good))), expectedOf(key));
    expect(outcome).toMatchObject({ ok: false });
  });

  it('refuses a signature that stands last instead of after the issuer', async () => {
    const good = await signedResponse();
    const signature = signatureOf(good);
    const moved = good.replace(signature, '').replace('</samlp:Response>', `${signature}</samlp:Response>`);
    expect(await acceptResponse(posted(moved), expectedOf(key))).toMatchObject({ error: { reason: 'schema_invalid' } });
  });
});
