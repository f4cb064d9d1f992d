import { namespaces } from '../names.js';
import type { Xml } from '../xml/write-xml.js';
import { noXml, tag, text } from '../xml/write-xml.js';
import type { SignatureAlgorithm } from './algorithms.js';
import { digest, digestFor, signatureAlgorithms } from './algorithms.js';

/**
 * Signs bytes with the private key that lives elsewhere. What it throws goes through to the caller of whatever signs.
 * @param algorithm a signature algorithm identifier
 */
export type Sign = (algorithm: string, bytes: Uint8Array) => Promise<Uint8Array>;

/** With what a message is signed. */
export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  readonly sign: Sign;
  /** The certificate of the key, base64 of its DER; goes into KeyInfo for peers that want to see it. */
  readonly certificate?: string;
}

/** A message before and after the place where its signature belongs, both canonical. */
export interface Unsigned {
  readonly id: string;
  readonly before: string;
  readonly after: string;
}

const { ds } = namespaces;
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

function signedInfo(id: string, algorithm: SignatureAlgorithm, digestValue: string): Xml {
  return tag(
    'ds:SignedInfo',
    { 'xmlns:ds': ds },
    tag('ds:CanonicalizationMethod', { Algorithm: EXCLUSIVE }),
    tag('ds:SignatureMethod', { Algorithm: signatureAlgorithms[algorithm] }),
    tag(
      'ds:Reference',
      { URI: `#${id}` },
      tag(
        'ds:Transforms',
        {},
        tag('ds:Transform', { Algorithm: `${ds}enveloped-signature` }),
        tag('ds:Transform', { Algorithm: EXCLUSIVE }),
      ),
      tag('ds:DigestMethod', { Algorithm: digestFor(algorithm) }),
      tag('ds:DigestValue', {}, text(digestValue)),
    ),
  );
}

function keyInfo(certificate: string | undefined): Xml {
  if (certificate === undefined) return noXml;
  return tag('ds:KeyInfo', {}, tag('ds:X509Data', {}, tag('ds:X509Certificate', {}, text(certificate))));
}

/** A message without signature. */
export function unsignedXml({ before, after }: Unsigned): Xml {
  return (before + after) as Xml;
}

/**
 * Puts an enveloped signature into its place. The message is written in canonical form to begin with, so hashing it is
 * all there is to do: no tree is built. XML Signature 3.1, SAML Core 5.4.
 */
export async function signXml(unsigned: Unsigned, { algorithm, sign, certificate }: Signer): Promise<Xml> {
  const { id, before, after } = unsigned;
  const digestValue = digest(digestFor(algorithm), before + after).toString('base64');
  const info = signedInfo(id, algorithm, digestValue);
  const value = await sign(signatureAlgorithms[algorithm], Buffer.from(info, 'utf8'));
  const signature = tag(
    'ds:Signature',
    { 'xmlns:ds': ds },
    // Within ds:Signature the declaration is inherited; SignedInfo alone, as it is signed, must repeat it.
    info.replace(` xmlns:ds="${ds}"`, '') as Xml,
    tag('ds:SignatureValue', {}, text(Buffer.from(value).toString('base64'))),
    keyInfo(certificate),
  );
  return (before + signature + after) as Xml;
}
