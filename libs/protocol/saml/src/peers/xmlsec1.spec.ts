import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { randomDocument } from '../../test/documents.js';
import { decrypterOf, ecKey, rsaKey, signerOf } from '../../test/keys.js';
import { expectedOf, posted, random, response, xmlOf } from '../../test/samples.js';
import { sendByPost } from '../bindings/send-message.js';
import { contentAlgorithms } from '../encryption/encryption-algorithms.js';
import { acceptResponse } from '../response/accept-response.js';
import { makeResponse } from '../response/make-response.js';
import type { SignatureAlgorithm } from '../trust/algorithms.js';
import { signatureAlgorithms } from '../trust/algorithms.js';
import { verifySignature } from '../trust/verify-signature.js';
import { messageLimits } from '../xml/limits.js';
import { parseXml } from '../xml/parse-xml.js';

/** Is the program on this machine? */
const hasProgram = (name: string): boolean => spawnSync(name, ['--version']).error === undefined;

/** Runs xmlsec1 with files that exist only meanwhile. `@name` among the arguments stands for the path of a file. */
const xmlsec1 = (args: readonly string[], files: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), 'corsac-saml-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const run = spawnSync(
      'xmlsec1',
      args.map((arg) => (arg.startsWith('@') ? join(folder, arg.slice(1)) : arg)),
      { encoding: 'utf8' },
    );
    return { ok: run.status === 0, output: run.stdout, errors: run.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const rsa = rsaKey();
const ec = ecKey();
const target = rsaKey();
const present = hasProgram('xmlsec1');
const withXmlsec1 = present ? describe : describe.skip;

const template = (algorithm: string, id: string): string =>
  '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>' +
  '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>' +
  `<ds:SignatureMethod Algorithm="${algorithm}"/><ds:Reference URI="#${id}"><ds:Transforms>` +
  '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>' +
  '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>' +
  '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>' +
  '</ds:SignedInfo><ds:SignatureValue/></ds:Signature>';

const verifies = (xml: string, publicPem: string, element: string): boolean =>
  xmlsec1(
    ['--verify', '--enabled-key-data', 'rsa,ecdsa', '--id-attr:ID', element, '--pubkey-pem', '@key.pem', '@in.xml'],
    {
      'key.pem': publicPem,
      'in.xml': xml,
    },
  ).ok;

const sign = (xml: string, privatePem: string, element: string) =>
  xmlsec1(['--sign', '--id-attr:ID', element, '--privkey-pem', '@key.pem', '@in.xml'], {
    'key.pem': privatePem,
    'in.xml': xml,
  });

const Response = 'urn:oasis:names:tc:SAML:2.0:protocol:Response';
const Assertion = 'urn:oasis:names:tc:SAML:2.0:assertion:Assertion';

withXmlsec1(`xmlsec1 as the other side${present ? '' : ' (not run: xmlsec1 is not installed)'}`, () => {
  it('signs many documents that we verify, so it canonicalises to the same bytes', () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const document = randomDocument(seed).replace(
        '</root>',
        `${template(signatureAlgorithms['rsa-sha256'], '_root')}</root>`,
      );
      const signed = sign(document, rsa.privatePem, 'urn:root:root');
      expect(signed.errors).toBe('');
      const parsed = parseXml(signed.output, { ...messageLimits, bytes: 1_000_000 });
      const verified =
        parsed.ok && verifySignature(parsed.value, { keys: [rsa.publicKey], policy: {}, limits: messageLimits });
      expect({ seed, verified: verified && verified.ok }).toEqual({ seed, verified: true });
    }
  });

  it('signs a response that we accept', async () => {
    const plain = xmlOf(await sendByPost(await makeResponse(response), {}));
    const document = plain.replace(
      '</saml:Issuer>',
      `</saml:Issuer>${template(signatureAlgorithms['rsa-sha256'], '_response1')}`,
    );
    const signed = sign(document, rsa.privatePem, Response);
    expect(await acceptResponse(posted(signed.output), expectedOf(rsa))).toMatchObject({ ok: true });
  });

  it.each<[SignatureAlgorithm, typeof rsa]>([
    ['rsa-sha256', rsa],
    ['rsa-sha384', rsa],
    ['rsa-sha512', rsa],
    ['ecdsa-sha256', ec],
    ['ecdsa-sha384', ec],
    ['ecdsa-sha512', ec],
  ])('accepts what we sign with %s, response and assertion', async (algorithm, key) => {
    const signer = signerOf(key, algorithm);
    const inner = xmlOf(await sendByPost(await makeResponse(response, { signer }), {}));
    expect(verifies(inner, key.publicPem, Assertion)).toBe(true);
    const outer = xmlOf(await sendByPost(await makeResponse(response), { signer }));
    expect(verifies(outer, key.publicPem, Response)).toBe(true);
    expect(verifies(outer.replace('>admin<', '>owner<'), key.publicPem, Response)).toBe(false);
    expect(await acceptResponse(posted(outer), expectedOf(key))).toMatchObject({ ok: true });
  });

  it.each(['A128GCM', 'A256GCM', 'A128CBC', 'A256CBC'] as const)(
    'decrypts what we encrypt with %s',
    async (content) => {
      const encrypt = { key: target.publicKey, random, content };
      const xml = xmlOf(await sendByPost(await makeResponse(response, { encrypt }), {}));
      const opened = xmlsec1(['--decrypt', '--privkey-pem', '@key.pem', '@in.xml'], {
        'key.pem': target.privatePem,
        'in.xml': xml,
      });
      expect(opened.errors).toBe('');
      expect(opened.output).toContain(
        '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">user-1</saml:NameID>',
      );
    },
  );

  it.each(['A128GCM', 'A256GCM', 'A128CBC', 'A256CBC'] as const)(
    'encrypts with %s what we decrypt',
    async (content) => {
      const signer = signerOf(rsa);
      const xml = xmlOf(await sendByPost(await makeResponse(response, { signer }), {}));
      const assertion = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)![0];
      const recipe =
        '<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Type="http://www.w3.org/2001/04/xmlenc#Element">' +
        `<xenc:EncryptionMethod Algorithm="${contentAlgorithms[content]}"/>` +
        '<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey>' +
        '<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/>' +
        '<xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>' +
        '<xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>';
      const sealed = xmlsec1(
        [
          '--encrypt',
          '--pubkey-pem',
          '@key.pem',
          '--session-key',
          content.includes('128') ? 'aes-128' : 'aes-256',
          '--xml-data',
          '@in.xml',
          '@recipe.xml',
        ],
        { 'key.pem': target.publicPem, 'in.xml': assertion, 'recipe.xml': recipe },
      );
      expect(sealed.errors).toBe('');
      const data = sealed.output.replace(/^<\?xml[^>]*>\s*/, '');
      const whole = xml.replace(
        assertion,
        `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${data}</saml:EncryptedAssertion>`,
      );
      const expected = { ...expectedOf(rsa), decryptKey: decrypterOf(target) };
      const party = { ...expected.party, policy: { allow_cbc: true } };
      expect(await acceptResponse(posted(whole), { ...expected, party })).toMatchObject({
        ok: true,
        value: { encrypted: true },
      });
    },
  );
});
