import { constants, publicEncrypt } from 'node:crypto';
import { decrypterOf, ecKey, rsaKey, signerOf } from '../../test/keys.js';
import { expectedOf, posted, random, response, xmlOf } from '../../test/samples.js';
import { sendByPost } from '../bindings/send-message.js';
import { acceptResponse } from '../response/accept-response.js';
import { makeResponse } from '../response/make-response.js';
import type { EncryptionFor } from './encrypt-assertion.js';
import type { ContentAlgorithm, DecryptKey } from './encryption-algorithms.js';
import { unwrapKey } from './encryption-algorithms.js';

const idpKey = rsaKey();
const target = rsaKey();
const signer = signerOf(idpKey);

const sealed = async (how: Partial<EncryptionFor> = {}): Promise<string> => {
  const encrypt = { key: target.publicKey, random, ...how };
  return xmlOf(await sendByPost(await makeResponse(response, { signer, encrypt }), {}));
};

const outcomeOf = async (xml: string, decryptKey: DecryptKey = decrypterOf(target), allow_cbc = false) => {
  const expected = expectedOf(idpKey);
  return acceptResponse(posted(xml), { ...expected, decryptKey, party: { ...expected.party, policy: { allow_cbc } } });
};

const contentOf = (xml: string): Buffer => {
  const values = [...xml.matchAll(/<xenc:CipherValue>([^<]*)</g)].map(([, value]) => value!);
  return Buffer.from(values.at(-1)!, 'base64');
};

const withContent = (xml: string, content: Buffer): string =>
  xml.replace(/<xenc:CipherValue>[^<]*(?!.*<xenc:CipherValue>)/s, `<xenc:CipherValue>${content.toString('base64')}`);

describe('Encrypted assertions, XML Encryption 1.1', () => {
  it.each(['A128GCM', 'A256GCM'] as const)('opens %s with both key transports', async (content) => {
    for (const key_transport of ['RSA-OAEP', 'RSA-OAEP-256'] as const) {
      expect(await outcomeOf(await sealed({ content, key_transport }))).toMatchObject({ ok: true });
    }
  });

  it.each<ContentAlgorithm>(['A128CBC', 'A256CBC'])('opens %s only where the party opted in', async (content) => {
    const xml = await sealed({ content });
    expect(await outcomeOf(xml)).toMatchObject({ error: { step: 'content_cipher', reason: 'encryption_refused' } });
    expect(await outcomeOf(xml, decrypterOf(target), true)).toMatchObject({ ok: true });
  });

  it.each([
    ['an unknown cipher', 'http://www.w3.org/2009/xmlenc11#aes256-gcm', 'urn:none', 'content_cipher'],
    [
      'Triple DES',
      'http://www.w3.org/2009/xmlenc11#aes256-gcm',
      'http://www.w3.org/2001/04/xmlenc#tripledes-cbc',
      'content_cipher',
    ],
    [
      'RSA 1.5',
      'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
      'http://www.w3.org/2001/04/xmlenc#rsa-1_5',
      'key_transport',
    ],
    [
      'key wrap',
      'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
      'http://www.w3.org/2001/04/xmlenc#kw-aes256',
      'key_transport',
    ],
    [
      'a digest that differs from that of MGF1',
      'http://www.w3.org/2000/09/xmldsig#sha1',
      'http://www.w3.org/2001/04/xmlenc#sha256',
      'key_transport',
    ],
    [
      'a label',
      '<ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"></ds:DigestMethod>',
      '<xenc:OAEPparams>AAAA</xenc:OAEPparams>',
      'key_transport',
    ],
  ])('refuses %s', async (_what, from, to, step) => {
    const xml = await sealed();
    expect(xml).toContain(from);
    expect(await outcomeOf(xml.replace(from, to))).toMatchObject({ error: { step, reason: 'encryption_refused' } });
  });

  it('takes the digest that is left out for SHA-1, as the standard says', async () => {
    const xml = (await sealed()).replace(/<ds:DigestMethod [^>]*sha1"><\/ds:DigestMethod>/, '');
    expect(await outcomeOf(xml)).toMatchObject({ ok: true });
    const newer = xml.replace(
      'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
      'http://www.w3.org/2009/xmlenc11#rsa-oaep',
    );
    expect(await outcomeOf(newer)).toMatchObject({ ok: true });
  });

  it('finds the wrapped key in KeyInfo or beside the data, and the right one among several', async () => {
    const xml = await sealed();
    const wrapped = /<xenc:EncryptedKey>.*<\/xenc:EncryptedKey>/s.exec(xml)![0];
    const beside = xml.replace(/<ds:KeyInfo .*<\/ds:KeyInfo>/s, '').replace('</saml:EncryptedAssertion>', () => {
      const apart = wrapped
        .replace('<xenc:EncryptedKey>', '<xenc:EncryptedKey xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">')
        .replace('<ds:DigestMethod ', '<ds:DigestMethod xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ');
      return `${apart}</saml:EncryptedAssertion>`;
    });
    expect(await outcomeOf(beside)).toMatchObject({ ok: true });
    const foreign = /<xenc:EncryptedKey>.*<\/xenc:EncryptedKey>/s.exec(await sealed({ key: rsaKey().publicKey }))![0];
    expect(await outcomeOf(xml.replace(wrapped, foreign + wrapped))).toMatchObject({ ok: true });
    expect(await outcomeOf(xml.replace(wrapped, foreign.repeat(4)))).toMatchObject({
      error: { reason: 'encryption_refused' },
    });
    expect(await outcomeOf(xml.replace(wrapped, ''))).toMatchObject({ error: { reason: 'encryption_refused' } });
    expect(await outcomeOf(xml.replace(/<ds:KeyInfo .*<\/ds:KeyInfo>/s, ''))).toMatchObject({
      error: { reason: 'encryption_refused' },
    });
  });

  it('says the same whatever is wrong with the bytes', async () => {
    const failed = { ok: false, error: { step: 'decryption', reason: 'decryption_failed' } };
    const xml = await sealed();
    const messages = new Set<string>();
    const content = contentOf(xml);
    const flipped = (at: number): Buffer => {
      const copy = Buffer.from(content);
      copy[at]! ^= 1;
      return copy;
    };
    const inputs = [
      withContent(xml, flipped(0)),
      withContent(xml, flipped(20)),
      withContent(xml, flipped(content.length - 1)),
      withContent(xml, content.subarray(0, 20)),
      await sealed({ key: rsaKey().publicKey }),
    ];
    for (const input of inputs) {
      const outcome = await outcomeOf(input);
      expect(outcome).toMatchObject(failed);
      if (!outcome.ok) messages.add(outcome.error.message);
    }
    expect(await outcomeOf(xml, async () => Buffer.alloc(16))).toMatchObject(failed);
    expect(await outcomeOf(xml, async () => undefined)).toMatchObject(failed);
    expect(messages.size).toBe(1);
  });

  it('gives no padding oracle: any change of a CBC text is answered alike', async () => {
    const xml = await sealed({ content: 'A256CBC' });
    const content = contentOf(xml);
    const answers = new Set<string>();
    for (const at of [0, 15, 16, content.length - 17, content.length - 1]) {
      const copy = Buffer.from(content);
      copy[at]! ^= 0x55;
      const outcome = await outcomeOf(withContent(xml, copy), decrypterOf(target), true);
      answers.add(outcome.ok ? 'accepted' : `${outcome.error.reason} ${outcome.error.message}`);
    }
    expect([...answers]).toEqual([expect.stringContaining('decryption_failed')]);
    for (const length of [16, 24]) {
      const cut = withContent(xml, content.subarray(0, length));
      expect(await outcomeOf(cut, decrypterOf(target), true)).toMatchObject({ error: { reason: 'decryption_failed' } });
    }
  });

  it('refuses an inside that is no assertion', async () => {
    const xml = await sealed();
    const contentKey = Buffer.alloc(32, 7);
    const { createCipheriv } = await import('node:crypto');
    const iv = Buffer.alloc(12);
    const cipher = createCipheriv('aes-256-gcm', contentKey, iv);
    const inside = Buffer.concat([iv, cipher.update('<!DOCTYPE a><a/>'), cipher.final(), cipher.getAuthTag()]);
    const outcome = await outcomeOf(withContent(xml, inside), async () => contentKey);
    expect(outcome).toMatchObject({ error: { reason: 'xml_invalid' } });
  });

  it('reads an assertion that leaves its namespaces to the response around it', async () => {
    const { createCipheriv } = await import('node:crypto');
    const whole = xmlOf(await sendByPost(await makeResponse(response, { signer }), {}));
    const plain = /<saml:Assertion .*<\/saml:Assertion>/s.exec(whole)![0];
    const inherited = plain.replace(' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"', '');
    const contentKey = Buffer.alloc(32, 7);
    const iv = Buffer.alloc(12);
    const cipher = createCipheriv('aes-256-gcm', contentKey, iv);
    const inside = Buffer.concat([iv, cipher.update(inherited), cipher.final(), cipher.getAuthTag()]);
    expect(await outcomeOf(withContent(await sealed(), inside), async () => contentKey)).toMatchObject({ ok: true });
  });
});

describe('Key transport', () => {
  it('unwraps what fits and says nothing about what does not', () => {
    const wrapped = publicEncrypt(
      { key: target.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      Buffer.from('key'),
    );
    expect(unwrapKey(wrapped, 'RSA-OAEP-256', target.privateKey)?.toString()).toBe('key');
    expect(unwrapKey(wrapped, 'RSA-OAEP', target.privateKey)).toBeUndefined();
    expect(unwrapKey(wrapped, 'RSA-OAEP', ecKey().privateKey)).toBeUndefined();
    expect(unwrapKey(Buffer.alloc(3), 'RSA-OAEP', target.privateKey)).toBeUndefined();
  });
});
