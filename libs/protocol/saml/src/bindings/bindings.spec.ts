import { deflateRawSync } from 'node:zlib';
import { ecKey, rsaKey, signerOf } from '../../test/keys.js';
import { acs, authnRequest, now, sp, sso } from '../../test/samples.js';
import { acceptAuthnRequest } from '../authn-request/accept-authn-request.js';
import { makeAuthnRequest } from '../authn-request/make-authn-request.js';
import { signatureAlgorithms, signBytes } from '../trust/algorithms.js';
import { readPost, readSoap } from './read-post.js';
import { readRedirect } from './read-redirect.js';
import { sendByPost, sendByRedirect } from './send-message.js';

const key = rsaKey();
const expected = {
  issuer: sp,
  destinations: [sso],
  now,
  party: { keys: [key.publicKey] },
  require_signed: true,
  acs_urls: [acs],
};

const queryOf = (url: string): string => url.slice(url.indexOf('?') + 1);
const signedQuery = async (relay_state?: string): Promise<string> =>
  queryOf(await sendByRedirect(makeAuthnRequest(authnRequest), { signer: signerOf(key), relay_state }));

const outcomeOf = (query: string) => {
  const read = readRedirect(query);
  return read.ok ? acceptAuthnRequest(read.value, expected) : read;
};

const deflated = (xml: string | Buffer): string => encodeURIComponent(deflateRawSync(xml).toString('base64'));

describe('HTTP-Redirect, SAML Bindings 3.4', () => {
  it('takes its own signed query, with and without the question mark', async () => {
    const query = await signedQuery('state &=+%/æ');
    expect(outcomeOf(query)).toMatchObject({ ok: true, value: { relay_state: 'state &=+%/æ', signed: true } });
    expect(outcomeOf(`?${query}`)).toMatchObject({ ok: true });
  });

  it('adds to a query that the address has already', async () => {
    const request = makeAuthnRequest({ ...authnRequest, destination: `${sso}?x=1` });
    expect(await sendByRedirect(request, {})).toContain(`${sso}?x=1&SAMLRequest=`);
  });

  it('checks the signature over the query as it was sent, whatever its escapes', async () => {
    const request = makeAuthnRequest(authnRequest);
    const plain = queryOf(await sendByRedirect(request, {}));
    const peculiar = `${plain.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())}&RelayState=a%2Db+c`;
    const signed = `${peculiar}&SigAlg=${encodeURIComponent(signatureAlgorithms['rsa-sha256']).toLowerCase()}`;
    const value = signBytes(signatureAlgorithms['rsa-sha256'], Buffer.from(signed), key.privateKey)!.toString('base64');
    const outcome = outcomeOf(`${signed}&Signature=${encodeURIComponent(value)}`);
    expect(outcome).toMatchObject({ ok: true, value: { relay_state: 'a-b c' } });
  });

  it('lets other parameters stand anywhere, unsigned', async () => {
    const query = await signedQuery('x');
    expect(outcomeOf(`a=1&${query}&login_hint=me&flag`)).toMatchObject({ ok: true });
  });

  it('does not care in which order the parameters come', async () => {
    const parts = (await signedQuery('x')).split('&');
    expect(outcomeOf(parts.reverse().join('&'))).toMatchObject({ ok: true });
  });

  it.each([
    ['RelayState changed', (q: string) => q.replace('RelayState=x', 'RelayState=y')],
    ['RelayState taken out', (q: string) => q.replace('&RelayState=x', '')],
    ['RelayState emptied', (q: string) => q.replace('RelayState=x', 'RelayState=')],
    ['RelayState escaped otherwise', (q: string) => q.replace('RelayState=x', 'RelayState=%78')],
    ['the algorithm changed', (q: string) => q.replace('rsa-sha256', 'rsa-sha512')],
    ['the algorithm escaped otherwise', (q: string) => q.replace('SigAlg=http', 'SigAlg=%68ttp')],
    ['the signature cut', (q: string) => q.replace(/Signature=....%?/, 'Signature=AAAA')],
  ])('refuses %s', async (_what, change) => {
    const query = await signedQuery('x');
    expect(outcomeOf(change(query))).toMatchObject({ ok: false, error: { reason: 'signature_invalid' } });
  });

  it('refuses a RelayState that was put in', async () => {
    expect(outcomeOf(`${await signedQuery()}&RelayState=x`)).toMatchObject({ error: { reason: 'signature_invalid' } });
  });

  it('refuses another message under a good signature', async () => {
    const query = await signedQuery('x');
    const other = queryOf(await sendByRedirect(makeAuthnRequest({ ...authnRequest, id: '_other' }), {}));
    expect(outcomeOf(query.replace(/SAMLRequest=[^&]*/, other))).toMatchObject({
      error: { reason: 'signature_invalid' },
    });
  });

  it('refuses SHA-1, HMAC and no algorithm', async () => {
    const query = await signedQuery();
    for (const algorithm of [signatureAlgorithms['rsa-sha1'], 'http://www.w3.org/2000/09/xmldsig#hmac-sha1']) {
      const changed = query.replace(/SigAlg=[^&]*/, `SigAlg=${encodeURIComponent(algorithm)}`);
      expect(outcomeOf(changed)).toMatchObject({ error: { reason: 'algorithm_refused' } });
    }
    expect(outcomeOf(query.replace(/&SigAlg=[^&]*/, ''))).toMatchObject({ error: { reason: 'binding_invalid' } });
    expect(outcomeOf(query.replace(/&Signature=[^&]*/, ''))).toMatchObject({ error: { reason: 'binding_invalid' } });
    expect(outcomeOf(query.replace(/&Signature=[^&]*/, '&Signature='))).toMatchObject({
      error: { reason: 'binding_invalid' },
    });
  });

  it('refuses a query without signature where one is required, and takes it elsewhere as unsigned', async () => {
    const query = (await signedQuery()).replace(/&SigAlg=.*/, '');
    expect(outcomeOf(query)).toMatchObject({ error: { reason: 'signature_missing' } });
    const read = readRedirect(query);
    const lax = read.ok && acceptAuthnRequest(read.value, { ...expected, require_signed: false });
    expect(lax).toMatchObject({ ok: true, value: { signed: false } });
  });

  it('takes a signed query of a party without keys as unsigned, and refuses it where signing is required', async () => {
    const read = readRedirect(await signedQuery());
    const keyless = { ...expected, party: { keys: [] } };
    expect(read.ok && acceptAuthnRequest(read.value, keyless)).toMatchObject({ error: { reason: 'key_missing' } });
    const lax = read.ok && acceptAuthnRequest(read.value, { ...keyless, require_signed: false });
    expect(lax).toMatchObject({ ok: true, value: { signed: false } });
  });

  it('refuses a signature inside the XML of a query', async () => {
    const { fields } = await sendByPost(makeAuthnRequest(authnRequest), { signer: signerOf(key) });
    const query = `SAMLRequest=${deflated(Buffer.from(fields.SAMLRequest!, 'base64'))}`;
    expect(outcomeOf(query)).toMatchObject({ error: { reason: 'signature_misplaced' } });
  });

  it('checks elliptic curve signatures of queries', async () => {
    const ec = ecKey();
    const query = queryOf(
      await sendByRedirect(makeAuthnRequest(authnRequest), { signer: signerOf(ec, 'ecdsa-sha256') }),
    );
    const read = readRedirect(query);
    expect(read.ok && acceptAuthnRequest(read.value, { ...expected, party: { keys: [ec.publicKey] } })).toMatchObject({
      ok: true,
    });
  });

  it.each([
    ['nothing', ''],
    ['both kinds', 'SAMLRequest=eA%3D%3D&SAMLResponse=eA%3D%3D'],
    ['a message twice', 'SAMLRequest=eA%3D%3D&SAMLRequest=eA%3D%3D'],
    ['RelayState twice', 'SAMLRequest=eA%3D%3D&RelayState=a&RelayState=b'],
    ['a signature twice', 'SAMLRequest=eA%3D%3D&SigAlg=a&Signature=eA%3D%3D&Signature=eA%3D%3D'],
    ['a name in disguise', 'SAML%52equest=eA%3D%3D'],
    ['a second name in disguise', 'SAMLRequest=eA%3D%3D&Relay%53tate=x'],
    ['no value', 'SAMLRequest'],
    ['an empty value', 'SAMLRequest='],
    ['no base64', 'SAMLRequest=***'],
    ['a broken escape', 'SAMLRequest=%E0%A4%A'],
    ['no DEFLATE', 'SAMLRequest=AAAA'],
    ['another encoding', 'SAMLRequest=eA%3D%3D&SAMLEncoding=urn%3Anone'],
    ['a broken RelayState', 'SAMLRequest=eA%3D%3D&RelayState=%E0%A4%A'],
    ['a very long RelayState', `SAMLRequest=eA%3D%3D&RelayState=${'x'.repeat(3000)}`],
    ['a very long query', `SAMLRequest=${'A'.repeat(300_000)}`],
  ])('refuses %s', (_what, query) => {
    expect(readRedirect(query)).toMatchObject({ ok: false, error: { step: 'binding', reason: 'binding_invalid' } });
  });

  it('names the encoding that it knows', async () => {
    const query = `${await signedQuery()}&SAMLEncoding=${encodeURIComponent('urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE')}`;
    expect(outcomeOf(query)).toMatchObject({ ok: true });
  });

  it('stops inflating at the bound, so that a small query cannot fill the memory', () => {
    const bomb = `SAMLRequest=${deflated(Buffer.alloc(50_000_000, 'a'))}`;
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(readRedirect(bomb)).toMatchObject({ error: { reason: 'binding_invalid' } });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
  });
});

describe('HTTP-POST, SAML Bindings 3.5', () => {
  const encoded = Buffer.from('<a/>').toString('base64');

  it('takes a request or a response, with line breaks in the base64', () => {
    expect(readPost({ SAMLRequest: encoded, RelayState: 'x' })).toMatchObject({
      ok: true,
      value: { kind: 'request', relay_state: 'x' },
    });
    expect(readPost({ SAMLResponse: ` ${encoded.slice(0, 3)}\r\n${encoded.slice(3)}` })).toMatchObject({
      ok: true,
      value: { kind: 'response' },
    });
  });

  it.each([
    ['nothing', {}],
    ['both', { SAMLRequest: encoded, SAMLResponse: encoded }],
    ['a message twice', { SAMLResponse: [encoded, encoded] }],
    ['a message that is no text', { SAMLResponse: 1 }],
    ['an empty message', { SAMLResponse: '' }],
    ['no base64', { SAMLResponse: '<a/>' }],
    ['base64url', { SAMLResponse: 'PGE-_w==' }],
    ['a very long message', { SAMLResponse: 'A'.repeat(600_000) }],
    ['RelayState twice', { SAMLResponse: encoded, RelayState: ['a', 'b'] }],
    ['a very long RelayState', { SAMLResponse: encoded, RelayState: 'x'.repeat(3000) }],
  ])('refuses %s', (_what, form) => {
    expect(readPost(form)).toMatchObject({ ok: false, error: { reason: 'binding_invalid' } });
  });

  it('gives the form as values, RelayState only when there is one', async () => {
    const form = await sendByPost(makeAuthnRequest(authnRequest), { relay_state: 'x' });
    expect(form).toMatchObject({ action: sso, fields: { RelayState: 'x' } });
    expect(Object.keys((await sendByPost(makeAuthnRequest(authnRequest), {})).fields)).toEqual(['SAMLRequest']);
  });

  it('refuses a message of the other kind', async () => {
    const { fields } = await sendByPost(makeAuthnRequest(authnRequest), { signer: signerOf(key) });
    const read = readPost({ SAMLResponse: fields.SAMLRequest });
    expect(read.ok && acceptAuthnRequest(read.value, expected)).toMatchObject({ error: { reason: 'wrong_message' } });
  });
});

describe('SOAP, SAML Bindings 3.2', () => {
  it('takes text or bytes, unread', () => {
    expect(readSoap('<a/>').xml).toEqual(Buffer.from('<a/>'));
    expect(readSoap(Buffer.from('<a/>'))).toMatchObject({ binding: 'soap', kind: 'any' });
  });
});
