import { SignedXml } from 'xml-crypto';
import { randomDocument } from '../../test/documents.js';
import { rsaKey, signerOf } from '../../test/keys.js';
import { expectedOf, posted, response, xmlOf } from '../../test/samples.js';
import { sendByPost } from '../bindings/send-message.js';
import { acceptResponse } from '../response/accept-response.js';
import { makeResponse } from '../response/make-response.js';
import { signatureIn, verifySignature } from '../trust/verify-signature.js';
import { canonicalize } from '../xml/canonicalize.js';
import { messageLimits } from '../xml/limits.js';
import { parseXml } from '../xml/parse-xml.js';

const key = rsaKey();
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const limits = { ...messageLimits, bytes: 1_000_000 };

interface How {
  readonly xpath: string;
  readonly after?: string;
  readonly prefixes?: string[];
  readonly prefix?: string;
}

const sign = (xml: string, { xpath, after, prefixes = [], prefix = 'ds' }: How): string => {
  const signer = new SignedXml({
    privateKey: key.privatePem,
    signatureAlgorithm: RSA_SHA256,
    canonicalizationAlgorithm: EXCLUSIVE,
  });
  signer.addReference({
    xpath,
    transforms: [ENVELOPED, EXCLUSIVE],
    digestAlgorithm: SHA256,
    inclusiveNamespacesPrefixList: prefixes,
  });
  const location = after ? { reference: after, action: 'after' as const } : undefined;
  signer.computeSignature(xml, { prefix, location });
  return signer.getSignedXml();
};

/** What xml-crypto says was signed, or undefined when it does not verify. */
const signedByPeer = (xml: string, id: string): string | undefined => {
  const checker = new SignedXml({ publicCert: key.publicPem });
  const signature = new RegExp(`<(\\w+:)?Signature (?:(?!<\\1?Signature ).)*URI="#${id}".*?</\\1?Signature>`, 's').exec(
    xml,
  );
  checker.loadSignature(signature![0]);
  return checker.checkSignature(xml) ? checker.getSignedReferences()[0] : undefined;
};

const tree = (xml: string) => {
  const parsed = parseXml(xml, limits);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

describe('xml-crypto as the other side', () => {
  it('canonicalises to the same bytes, over many documents', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const signed = sign(randomDocument(seed), { xpath: '/*', prefix: seed % 2 === 0 ? 'ds' : '' });
      const root = tree(signed);
      const mine = canonicalize(root, { inclusivePrefixes: [], omit: signatureIn(root) });
      expect(mine).toBe(signedByPeer(signed, '_root'));
      const verified = verifySignature(root, { keys: [key.publicKey], policy: {}, limits });
      expect(verified.ok && canonicalize(verified.value)).toBe(mine);
    }
  });

  it('agrees on InclusiveNamespaces', () => {
    for (let seed = 1000; seed < 1020; seed += 1) {
      const signed = sign(randomDocument(seed), { xpath: '/*', prefixes: ['p', 'xs'] });
      const root = tree(signed);
      expect(canonicalize(root, { inclusivePrefixes: ['p', 'xs'], omit: signatureIn(root) })).toBe(
        signedByPeer(signed, '_root'),
      );
      expect(verifySignature(root, { keys: [key.publicKey], policy: {}, limits }).ok).toBe(true);
    }
  });

  it.each(['ds', ''])('signs responses that we accept, prefix "%s"', async (prefix) => {
    const plain = xmlOf(await sendByPost(await makeResponse(response), {}));
    const signed = sign(plain, {
      xpath: '/*',
      after: "/*[local-name()='Response']/*[local-name()='Issuer']",
      prefixes: ['xs'],
      prefix,
    });
    expect(await acceptResponse(posted(signed), expectedOf(key))).toMatchObject({ ok: true });
  });

  it('signs assertions that we accept, with a namespace that only the list of prefixes carries', async () => {
    const plain = xmlOf(await sendByPost(await makeResponse(response), {})).replace(
      '<samlp:Response ',
      '<samlp:Response xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ',
    );
    const typed = plain.replace(/<saml:AttributeValue>/g, '<saml:AttributeValue xsi:type="xs:string">');
    const xpath = "//*[local-name()='Assertion']";
    const inner = sign(typed, { xpath, after: `${xpath}/*[local-name()='Issuer']`, prefixes: ['xs'] });
    expect(await acceptResponse(posted(inner), expectedOf(key))).toMatchObject({ ok: true });
    const both = sign(inner, { xpath: '/*', after: "/*/*[local-name()='Issuer']" });
    const expected = { ...expectedOf(key), require_signed: 'both' as const };
    expect(await acceptResponse(posted(both), expected)).toMatchObject({ ok: true });
  });

  it('accepts what we sign: the response, the assertion, and both', async () => {
    const signer = signerOf(key);
    const both = xmlOf(await sendByPost(await makeResponse(response, { signer }), { signer }));
    expect(signedByPeer(both, '_response1')).toContain('<saml:AttributeValue>admin</saml:AttributeValue>');
    expect(signedByPeer(both, '_assertion1')).toMatch(/^<saml:Assertion /);
    expect(signedByPeer(both.replace('admin', 'owner'), '_response1')).toBeUndefined();
  });
});
