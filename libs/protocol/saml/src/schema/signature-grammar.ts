import type { Grammar } from './grammar.js';
import { allowed, many, one, optional, required, sequence, some, textElement } from './grammar.js';
import { anyText, base64, id, uri } from './value-checks.js';

/**
 * XML Signature 4, as far as SAML Core 5.4 lets it stand in a message: no ds:Object and no ds:Manifest, which only
 * wrapping attacks use. XML Encryption 3 for encrypted assertions and for keys in metadata.
 */
export const signatureGrammar: Grammar = {
  'ds:Signature': sequence({ Id: allowed(id) }, one('ds:SignedInfo'), one('ds:SignatureValue'), optional('ds:KeyInfo')),
  'ds:SignedInfo': sequence(
    { Id: allowed(id) },
    one('ds:CanonicalizationMethod'),
    one('ds:SignatureMethod'),
    some('ds:Reference'),
  ),
  'ds:CanonicalizationMethod': sequence({ Algorithm: required(uri) }, many('*')),
  'ds:SignatureMethod': sequence({ Algorithm: required(uri) }),
  'ds:Reference': sequence(
    { Id: allowed(id), URI: required(anyText), Type: allowed(uri) },
    optional('ds:Transforms'),
    one('ds:DigestMethod'),
    one('ds:DigestValue'),
  ),
  'ds:Transforms': sequence({}, some('ds:Transform')),
  'ds:Transform': sequence({ Algorithm: required(uri) }, many('*', 'ds:XPath')),
  'ds:XPath': textElement(anyText),
  'ds:DigestMethod': sequence({ Algorithm: required(uri) }),
  'ds:DigestValue': textElement(base64),
  'ds:SignatureValue': textElement(base64, { Id: allowed(id) }),
  'ds:KeyInfo': { attributes: { Id: allowed(id) }, content: 'any' },
  'ds:KeyName': textElement(anyText),
  'ds:KeyValue': { attributes: {}, content: 'any' },
  'ds:RSAKeyValue': sequence({}, one('ds:Modulus'), one('ds:Exponent')),
  'ds:Modulus': textElement(base64),
  'ds:Exponent': textElement(base64),
  'ds:RetrievalMethod': { attributes: { URI: allowed(anyText), Type: allowed(uri) }, content: 'any' },
  'ds:X509Data': { attributes: {}, content: 'any' },
  'ds:X509Certificate': textElement(base64),
  'ds:X509SubjectName': textElement(anyText),
  'ds:X509SKI': textElement(base64),
  'ds:X509CRL': textElement(base64),
  'ds:X509IssuerSerial': sequence({}, one('ds:X509IssuerName'), one('ds:X509SerialNumber')),
  'ds:X509IssuerName': textElement(anyText),
  'ds:X509SerialNumber': textElement(anyText),
  'xenc:EncryptedData': sequence(
    { Id: allowed(id), Type: allowed(uri), MimeType: allowed(anyText), Encoding: allowed(uri) },
    one('xenc:EncryptionMethod'),
    optional('ds:KeyInfo'),
    one('xenc:CipherData'),
  ),
  'xenc:EncryptedKey': sequence(
    {
      Id: allowed(id),
      Type: allowed(uri),
      MimeType: allowed(anyText),
      Encoding: allowed(uri),
      Recipient: allowed(anyText),
    },
    one('xenc:EncryptionMethod'),
    optional('ds:KeyInfo'),
    one('xenc:CipherData'),
    optional('xenc:ReferenceList'),
    optional('xenc:CarriedKeyName'),
  ),
  'xenc:EncryptionMethod': sequence(
    { Algorithm: required(uri) },
    optional('xenc:KeySize'),
    optional('xenc:OAEPparams'),
    many('ds:DigestMethod', '*'),
  ),
  'xenc:KeySize': textElement(anyText),
  'xenc:OAEPparams': textElement(base64),
  'xenc:CipherData': sequence({}, one('xenc:CipherValue')),
  'xenc:CipherValue': textElement(base64),
  'xenc:ReferenceList': sequence({}, some('xenc:DataReference', 'xenc:KeyReference')),
  'xenc:DataReference': { attributes: { URI: required(anyText) }, content: 'any' },
  'xenc:KeyReference': { attributes: { URI: required(anyText) }, content: 'any' },
  'xenc:CarriedKeyName': textElement(anyText),
};
