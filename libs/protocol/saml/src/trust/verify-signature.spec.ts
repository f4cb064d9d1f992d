import { createHmac } from 'node:crypto';
import { ecKey, rsaKey, signerOf } from '../../test/keys.js';
import type { TestKey } from '../../test/keys.js';
import { expectedOf, posted, response, xmlOf } from '../../test/samples.js';
import { sendByPost } from '../bindings/send-message.js';
import { acceptResponse } from '../response/accept-response.js';
import { makeResponse } from '../response/make-response.js';
import { canonicalize } from '../xml/canonicalize.js';
import { messageLimits } from '../xml/limits.js';
import { parseXml } from '../xml/parse-xml.js';
import { childNamed } from '../xml/xml-element.js';
import type { AlgorithmPolicy, SignatureAlgorithm } from './algorithms.js';
import { acceptsSignatureAlgorithm, digest, signatureAlgorithms, signBytes, verifiesWith } from './algorithms.js';
import { signatureSteps, verifySignature } from './verify-signature.js';

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const key = rsaKey();
const ec = ecKey();

const signed = async (algorithm: SignatureAlgorithm = 'rsa-sha256', by: TestKey = key): Promise<string> =>
  xmlOf(await sendByPost(await makeResponse(response), { signer: signerOf(by, algorithm) }));

const reasonOf = async (xml: string, by: TestKey = key, policy: AlgorithmPolicy = {}): Promise<string | undefined> => {
  const expected = expectedOf(by);
  const outcome = await acceptResponse(posted(xml), { ...expected, party: { ...expected.party, policy } });
  return outcome.ok ? undefined : `${outcome.error.step}: ${outcome.error.reason}`;
};

/** Changes SignedInfo and then signs it anew: an attack by the owner of the key, or a peer with other habits. */
const resigned = async (
  change: (signedInfo: string) => string,
  algorithm = signatureAlgorithms['rsa-sha256'],
): Promise<string> => {
  const xml = (await signed()).replace(/<ds:SignedInfo>.*<\/ds:SignedInfo>/s, change);
  const parsed = parseXml(xml, messageLimits);
  if (!parsed.ok) throw new Error(parsed.error);
  const info = childNamed(childNamed(parsed.value, DS, 'Signature'), DS, 'SignedInfo')!;
  const value = signBytes(algorithm, Buffer.from(canonicalize(info)), key.privateKey)!.toString('base64');
  return xml.replace(/(<ds:SignatureValue>)[^<]*/, `$1${value}`);
};

describe('Signature profile, SAML Core 5.4', () => {
  it('checks in this order, the content last', () => {
    expect(signatureSteps.map(({ name }) => name)).toEqual([
      'canonicalization',
      'signature_method',
      'reference',
      'transforms',
      'digest_method',
      'keys',
      'signature_value',
    ]);
  });

  it('accepts what it should, also with comments in the canonicalisation name', async () => {
    expect(await reasonOf(await resigned((info) => info))).toBeUndefined();
    const withComments = await resigned((info) => info.replaceAll(`${EXCLUSIVE}"`, `${EXCLUSIVE}WithComments"`));
    expect(await reasonOf(withComments)).toBeUndefined();
  });

  it.each([
    [
      'inclusive canonicalisation',
      EXCLUSIVE,
      'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
      'canonicalization: signature_profile',
    ],
    ['canonicalisation 1.1', EXCLUSIVE, 'http://www.w3.org/2006/12/xml-c14n11', 'canonicalization: signature_profile'],
    [
      'an XPath transform',
      `${DS}enveloped-signature`,
      'http://www.w3.org/TR/1999/REC-xpath-19991116',
      'transforms: signature_profile',
    ],
    [
      'an XSLT transform',
      `${DS}enveloped-signature`,
      'http://www.w3.org/TR/1999/REC-xslt-19991116',
      'transforms: signature_profile',
    ],
    [
      'an XPath filter',
      `${DS}enveloped-signature`,
      'http://www.w3.org/2002/06/xmldsig-filter2',
      'transforms: signature_profile',
    ],
    ['base64', `${DS}enveloped-signature`, `${DS}base64`, 'transforms: signature_profile'],
    ['a reference to the whole document', 'URI="#_response1"', 'URI=""', 'reference: signature_profile'],
    ['a reference to the assertion', 'URI="#_response1"', 'URI="#_assertion1"', 'reference: signature_profile'],
    [
      'a reference by XPointer',
      'URI="#_response1"',
      `URI="#xpointer(id('_response1'))"`,
      'reference: signature_profile',
    ],
    [
      'a reference elsewhere',
      'URI="#_response1"',
      'URI="http://evil.example/x#_response1"',
      'reference: signature_profile',
    ],
    ['an unknown digest', 'http://www.w3.org/2001/04/xmlenc#sha256', 'urn:none', 'digest_method: algorithm_refused'],
    [
      'MD5',
      'http://www.w3.org/2001/04/xmlenc#sha256',
      'http://www.w3.org/2001/04/xmldsig-more#md5',
      'digest_method: algorithm_refused',
    ],
    ['SHA-1 digests', 'http://www.w3.org/2001/04/xmlenc#sha256', `${DS}sha1`, 'digest_method: algorithm_refused'],
    [
      'RSA with MD5',
      signatureAlgorithms['rsa-sha256'],
      'http://www.w3.org/2001/04/xmldsig-more#rsa-md5',
      'signature_method: algorithm_refused',
    ],
    [
      'RSA with SHA-1',
      signatureAlgorithms['rsa-sha256'],
      signatureAlgorithms['rsa-sha1'],
      'signature_method: algorithm_refused',
    ],
    ['DSA', signatureAlgorithms['rsa-sha256'], `${DS}dsa-sha1`, 'signature_method: algorithm_refused'],
    [
      'HMAC',
      signatureAlgorithms['rsa-sha256'],
      'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
      'signature_method: algorithm_refused',
    ],
  ])('refuses %s, even well signed', async (_what, from, to, reason) => {
    expect(await reasonOf(await resigned((info) => info.replace(from, to)))).toBe(reason);
  });

  it.each([
    ['no transform', (info: string) => info.replace(/<ds:Transforms>.*<\/ds:Transforms>/s, ''), 'transforms'],
    [
      'only enveloped',
      (info: string) => info.replace(`<ds:Transform Algorithm="${EXCLUSIVE}"></ds:Transform>`, ''),
      'transforms',
    ],
    [
      'only exclusive',
      (info: string) => info.replace(`<ds:Transform Algorithm="${DS}enveloped-signature"></ds:Transform>`, ''),
      'transforms',
    ],
    [
      'transforms turned round',
      (info: string) =>
        info.replace(/(<ds:Transform [^>]*><\/ds:Transform>)(<ds:Transform [^>]*><\/ds:Transform>)/, '$2$1'),
      'transforms',
    ],
    [
      'a transform twice',
      (info: string) => info.replace(/(<ds:Transform [^>]*><\/ds:Transform>)/, '$1$1'),
      'transforms',
    ],
    [
      'an XPath inside enveloped',
      (info: string) => info.replace('enveloped-signature">', 'enveloped-signature"><ds:XPath>x</ds:XPath>'),
      'transforms',
    ],
    [
      'text inside enveloped',
      (info: string) =>
        info.replace(
          'enveloped-signature">',
          'enveloped-signature"><x:InclusiveNamespaces xmlns:x="urn:x">x</x:InclusiveNamespaces>',
        ),
      'transforms',
    ],
    ['two references', (info: string) => info.replace(/(<ds:Reference .*<\/ds:Reference>)/s, '$1$1'), 'reference'],
    [
      'a reference to something else first',
      (info: string) =>
        info.replace(/(<ds:Reference .*<\/ds:Reference>)/s, (r) => r.replace('#_response1', '#_assertion1') + r),
      'reference',
    ],
  ])('refuses %s', async (_what, change, step) => {
    expect(await reasonOf(await resigned(change))).toBe(`${step}: signature_profile`);
  });

  it.each([
    ['a foreign parameter', '<x:y xmlns:x="urn:x"></x:y>'],
    [
      'two parameters',
      `<ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="a"></ec:InclusiveNamespaces>`.repeat(2),
    ],
    [
      'a parameter with content',
      `<ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="a">x</ec:InclusiveNamespaces>`,
    ],
    [
      'very many prefixes',
      `<ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="${'a '.repeat(20)}"></ec:InclusiveNamespaces>`,
    ],
  ])('refuses %s of canonicalisation', async (_what, parameter) => {
    const of = (name: string) => (info: string) =>
      info.replace(`${name} Algorithm="${EXCLUSIVE}">`, `${name} Algorithm="${EXCLUSIVE}">${parameter}`);
    expect(await reasonOf(await resigned(of('ds:CanonicalizationMethod')))).toBe('canonicalization: signature_profile');
    expect(await reasonOf(await resigned(of('ds:Transform')))).toBe('transforms: signature_profile');
  });

  it('accepts a prefix list, with the default namespace by its name', async () => {
    const list = `<ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="xs #default"></ec:InclusiveNamespaces>`;
    const xml = await resigned((info) =>
      info.replace(`Transform Algorithm="${EXCLUSIVE}">`, `Transform Algorithm="${EXCLUSIVE}">${list}`),
    );
    expect(await reasonOf(xml)).toBeUndefined();
  });

  it.each([
    ['an Object', '</ds:Signature>', '<ds:Object></ds:Object></ds:Signature>'],
    ['a Manifest', '</ds:Signature>', '<ds:Object><ds:Manifest></ds:Manifest></ds:Object></ds:Signature>'],
    ['an HMAC length', '</ds:SignatureMethod>', '<ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>'],
    ['no value', /<ds:SignatureValue>.*<\/ds:SignatureValue>/s, ''],
    ['an empty value', /<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>'],
    ['a value that is not base64', /<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>!!!!'],
    ['no reference', /<ds:Reference .*<\/ds:Reference>/s, ''],
    ['no digest', /<ds:DigestValue>.*<\/ds:DigestValue>/s, ''],
    ['no SignedInfo', /<ds:SignedInfo>.*<\/ds:SignedInfo>/s, ''],
    ['two SignedInfo', /(<ds:SignedInfo>.*<\/ds:SignedInfo>)/s, '$1$1'],
    ['no URI', ' URI="#_response1"', ''],
  ])('refuses a signature with %s', async (_what, from, to) => {
    expect(await reasonOf((await signed()).replace(from, to))).toBe('schema: schema_invalid');
  });
});

describe('Keys and algorithms', () => {
  it.each(Object.keys(signatureAlgorithms).filter((name) => name !== 'rsa-sha1') as SignatureAlgorithm[])(
    'accepts %s',
    async (algorithm) => {
      const by = algorithm.startsWith('ecdsa') ? ec : key;
      expect(await reasonOf(await signed(algorithm, by), by)).toBeUndefined();
    },
  );

  it('accepts SHA-1 only from a party that opted in', async () => {
    const { createSign } = await import('node:crypto');
    const content = (await signed()).replace(/<ds:Signature .*<\/ds:Signature>/s, '');
    const digestValue = digest(`${DS}sha1`, content).toString('base64');
    const old = (await signed())
      .replace(signatureAlgorithms['rsa-sha256'], signatureAlgorithms['rsa-sha1'])
      .replace('http://www.w3.org/2001/04/xmlenc#sha256', `${DS}sha1`)
      .replace(/(<ds:DigestValue>)[^<]*/, `$1${digestValue}`);
    const parsed = parseXml(old, messageLimits);
    const info = parsed.ok ? childNamed(childNamed(parsed.value, DS, 'Signature'), DS, 'SignedInfo')! : undefined;
    const value = createSign('sha1').update(canonicalize(info!)).sign(key.privateKey, 'base64');
    const xml = old.replace(/(<ds:SignatureValue>)[^<]*/, `$1${value}`);
    expect(await reasonOf(xml)).toBe('signature_method: algorithm_refused');
    expect(await reasonOf(xml, key, { allow_sha1: true })).toBeUndefined();
  });

  it('takes no public key for an HMAC secret (key confusion)', async () => {
    const hmac = 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256';
    const xml = (await signed()).replace(signatureAlgorithms['rsa-sha256'], hmac);
    const parsed = parseXml(xml, messageLimits);
    const info = parsed.ok ? childNamed(childNamed(parsed.value, DS, 'Signature'), DS, 'SignedInfo')! : undefined;
    const value = createHmac('sha256', key.publicPem).update(canonicalize(info!)).digest('base64');
    const forged = xml.replace(/(<ds:SignatureValue>)[^<]*/, `$1${value}`);
    expect(await reasonOf(forged)).toBe('signature_method: algorithm_refused');
    expect(acceptsSignatureAlgorithm(hmac, { allow_sha1: true })).toBe(false);
    expect(verifiesWith(hmac, 'x', Buffer.from('x'), [key.publicKey])).toBe(false);
  });

  it('takes no key of another kind', async () => {
    expect(await reasonOf(await signed('rsa-sha256'), ec)).toBe('signature_value: signature_invalid');
    expect(await reasonOf(await signed('ecdsa-sha256', ec), key)).toBe('signature_value: signature_invalid');
  });

  it('takes no short RSA key, no curve beside the usual, and no secret', async () => {
    const { createSecretKey, createSign } = await import('node:crypto');
    const short = rsaKey(1024);
    const value = createSign('sha256').update('x').sign(short.privateKey);
    expect(verifiesWith(signatureAlgorithms['rsa-sha256'], 'x', value, [short.publicKey])).toBe(false);
    const koblitz = ecKey('secp256k1');
    const curve = createSign('sha256').update('x').sign({ key: koblitz.privateKey, dsaEncoding: 'ieee-p1363' });
    expect(verifiesWith(signatureAlgorithms['ecdsa-sha256'], 'x', curve, [koblitz.publicKey])).toBe(false);
    const secret = createSecretKey(Buffer.alloc(32));
    expect(verifiesWith(signatureAlgorithms['rsa-sha256'], 'x', value, [secret])).toBe(false);
  });

  it('signs with nothing weak, and with no key that does not fit', () => {
    expect(signBytes(signatureAlgorithms['rsa-sha1'], Buffer.from('x'), key.privateKey)).toBeUndefined();
    expect(signBytes('urn:none', Buffer.from('x'), key.privateKey)).toBeUndefined();
    expect(signBytes(signatureAlgorithms['ecdsa-sha256'], Buffer.from('x'), key.privateKey)).toBeUndefined();
  });

  it('finds the right key among several, the old and the new', async () => {
    const keys = [ec.publicKey, rsaKey().publicKey, key.publicKey];
    const expected = { ...expectedOf(key), party: { keys } };
    expect(await acceptResponse(posted(await signed()), expected)).toMatchObject({ ok: true });
  });

  it('never uses a key out of the message', async () => {
    const attacker = rsaKey();
    const jwk = attacker.publicKey.export({ format: 'jwk' });
    const keyInfo =
      `<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${Buffer.from(jwk.n!, 'base64url').toString('base64')}</ds:Modulus>` +
      '<ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>';
    const forged = (await signed('rsa-sha256', attacker)).replace('</ds:Signature>', `${keyInfo}</ds:Signature>`);
    expect(await reasonOf(forged, attacker)).toBeUndefined();
    expect(await reasonOf(forged)).toBe('signature_value: signature_invalid');
  });

  it('does not accept any message when no key is configured', async () => {
    const outcome = await acceptResponse(posted(await signed()), { ...expectedOf(key), party: { keys: [] } });
    expect(outcome).toMatchObject({ ok: false, error: { reason: 'key_missing' } });
    const parsed = parseXml(await signed(), messageLimits);
    const bare = parsed.ok && verifySignature(parsed.value, { keys: [], policy: {}, limits: messageLimits });
    expect(bare).toMatchObject({ ok: false, error: { step: 'keys', reason: 'key_missing' } });
  });
});

describe('Changes after signing', () => {
  it.each([
    ['the user', 'user-1', 'user-2'],
    ['the audience', '>https://sp.example/saml<', '>https://other.example/saml<'],
    ['a time', 'NotOnOrAfter="2026-11-20T13', 'NotOnOrAfter="2027-11-20T13'],
    ['an attribute value', '>admin<', '>owner<'],
    ['white space in a value', '>admin<', '>admin <'],
    [
      'an element more',
      '</saml:AttributeStatement>',
      '<saml:Attribute Name="x"></saml:Attribute></saml:AttributeStatement>',
    ],
    ['an attribute less', ' SessionIndex="_session1"', ''],
    ['the issuer', '>https://idp.example/track</saml:Issuer>', '>https://evil.example</saml:Issuer>'],
    ['the status', 'status:Success', 'status:Responder'],
  ])('refuses a change of %s', async (_what, from, to) => {
    const xml = await signed();
    expect(xml).toContain(from);
    expect(await reasonOf(xml.replace(from, to))).toBe('digest: signature_invalid');
  });

  it('refuses a changed digest, and a changed signature value', async () => {
    const xml = await signed();
    expect(await reasonOf(xml.replace(/(<ds:DigestValue>)./, '$1_'.replace('_', 'A')))).toMatch(/signature_invalid/);
    expect(await reasonOf(xml.replace(/(<ds:SignatureValue>)..../, '$1AAAA'))).toBe(
      'signature_value: signature_invalid',
    );
  });

  it('refuses a digest of another length', async () => {
    expect(await reasonOf(await resigned((info) => info.replace(/(<ds:DigestValue>)[^<]*/, '$1AAAA')))).toBe(
      'digest: signature_invalid',
    );
  });

  it('takes comments and CDATA added on the way as what they are: nothing, and text', async () => {
    const xml = (await signed()).replace('>user-1<', '>us<!-- x -->er<![CDATA[-1]]><');
    const outcome = await acceptResponse(posted(xml), expectedOf(key));
    expect(outcome).toMatchObject({ ok: true, value: { assertion: { name_id: { value: 'user-1' } } } });
  });

  it('reads a value with a comment whole when it was signed that way (CVE-2017-11428 and its kin)', async () => {
    const user = {
      ...response,
      assertion: { ...response.assertion!, name_id: { value: 'admin@example.com.evil.example' } },
    };
    const xml = xmlOf(await sendByPost(await makeResponse(user), { signer: signerOf(key) }));
    const split = xml.replace('admin@example.com.evil.example', 'admin@example.com<!---->.evil.example');
    const outcome = await acceptResponse(posted(split), expectedOf(key));
    expect(outcome).toMatchObject({
      ok: true,
      value: { assertion: { name_id: { value: 'admin@example.com.evil.example' } } },
    });
  });

  it('is not misled by comments in the digest or the signature (CVE-2025-29775)', async () => {
    const xml = await signed();
    const forged = xml.replace('user-1', 'user-2');
    const content = forged.replace(/<ds:Signature .*<\/ds:Signature>/s, '');
    const better = digest('http://www.w3.org/2001/04/xmlenc#sha256', content).toString('base64');
    const split = forged.replace('<ds:DigestValue>', `<ds:DigestValue><!--${better}-->`);
    expect(await reasonOf(split)).toBe('digest: signature_invalid');
    expect(await reasonOf(forged.replace(/(<ds:DigestValue>)[^<]*/, `$1${better}`))).toBe(
      'signature_value: signature_invalid',
    );
  });
});

describe('The signature check alone, without the schema before it', () => {
  const check = (xml: string) => {
    const parsed = parseXml(xml, messageLimits);
    if (!parsed.ok) throw new Error(parsed.error);
    return verifySignature(parsed.value, { keys: [key.publicKey], policy: {}, limits: messageLimits });
  };

  it.each([
    ['no signature', /<ds:Signature .*<\/ds:Signature>/s, '', 'signature_missing'],
    ['two signatures', /(<ds:Signature .*<\/ds:Signature>)/s, '$1$1', 'signature_profile'],
    ['no SignedInfo', /<ds:SignedInfo>.*<\/ds:SignedInfo>/s, '', 'signature_profile'],
    ['no reference', /<ds:Reference .*<\/ds:Reference>/s, '', 'signature_profile'],
    ['no method', /<ds:SignatureMethod .*<\/ds:SignatureMethod>/s, '', 'algorithm_refused'],
    ['no canonicalisation', /<ds:CanonicalizationMethod .*<\/ds:CanonicalizationMethod>/s, '', 'signature_profile'],
    ['no digest method', /<ds:DigestMethod .*<\/ds:DigestMethod>/s, '', 'algorithm_refused'],
    ['no value', /<ds:SignatureValue>.*<\/ds:SignatureValue>/s, '', 'signature_invalid'],
    ['no ID', ' ID="_response1"', '', 'signature_profile'],
  ])('refuses an element with %s', async (_what, from, to, reason) => {
    expect(check((await signed()).replace(from, to))).toMatchObject({ ok: false, error: { reason } });
  });

  it('gives back what was signed, without the signature', async () => {
    const verified = check(await signed());
    expect(verified.ok && canonicalize(verified.value)).toBe(
      (await signed()).replace(/<ds:Signature .*<\/ds:Signature>/s, ''),
    );
  });
});
