import { certificateBase64 } from '../../test/certificate.js';
import { rsaKey, signerOf } from '../../test/keys.js';
import { acs, idp, now, sp, sso } from '../../test/samples.js';
import { bindings, nameIdFormats } from '../names.js';
import { canonicalize } from '../xml/canonicalize.js';
import { metadataLimits } from '../xml/limits.js';
import { parseXml } from '../xml/parse-xml.js';
import { makeMetadata } from './make-metadata.js';
import type { EntityMetadata } from './metadata.js';
import { readMetadata } from './read-metadata.js';

const key = rsaKey();
const slo = {
  binding: bindings.redirect,
  location: 'https://x.example/slo',
  response_location: 'https://x.example/slo/done',
};

const asIdp: EntityMetadata = {
  entity_id: idp,
  valid_until: now + 86_400,
  cache_duration: 3600,
  idp: {
    keys: [{ use: 'signing', certificate: certificateBase64 }, { certificate: certificateBase64 }],
    single_logout_services: [slo, { binding: bindings.soap, location: 'https://x.example/soap' }],
    name_id_formats: [nameIdFormats.persistent, nameIdFormats.emailAddress],
    want_authn_requests_signed: true,
    single_sign_on_services: [
      { binding: bindings.redirect, location: sso },
      { binding: bindings.post, location: sso },
    ],
  },
  organization: { name: 'Æ', display_name: 'Æ & Co', url: 'https://x.example', language: 'da' },
  contact_persons: [
    {
      contact_type: 'technical',
      company: 'Æ',
      given_name: 'A',
      surname: 'B',
      email_address: 'a@x.example',
      telephone_number: '1',
    },
    { contact_type: 'support' },
  ],
};

const asSp: EntityMetadata = {
  entity_id: sp,
  sp: {
    keys: [{ use: 'encryption', certificate: certificateBase64 }],
    single_logout_services: [],
    name_id_formats: [],
    authn_requests_signed: true,
    want_assertions_signed: true,
    assertion_consumer_services: [
      { binding: bindings.post, location: acs, index: 0, is_default: true },
      { binding: bindings.redirect, location: `${acs}/2`, index: 1 },
    ],
    attribute_consuming_services: [
      {
        index: 0,
        is_default: true,
        service_name: 'Sample',
        language: 'da',
        requested_attributes: [
          { name: 'urn:a', name_format: 'urn:f', friendly_name: 'a', is_required: true },
          { name: 'b' },
        ],
      },
    ],
  },
};

const read = (xml: string, more = {}) => readMetadata(xml, { now, ...more });

describe('Metadata, SAML Metadata 2', () => {
  it.each([
    ['an identity provider', asIdp],
    ['a service provider', asSp],
  ])('of %s comes out as it was made, in canonical form', async (_what, metadata) => {
    const xml = await makeMetadata(metadata, '_m1');
    expect(read(xml)).toMatchObject({ ok: true, value: metadata });
    const parsed = parseXml(xml, metadataLimits);
    expect(parsed.ok && canonicalize(parsed.value)).toBe(xml);
  });

  it('may have both roles', async () => {
    const xml = await makeMetadata({ ...asIdp, sp: asSp.sp }, '_m1');
    expect(read(xml)).toMatchObject({ ok: true, value: { idp: asIdp.idp, sp: asSp.sp } });
  });

  it('is signed when there is a signer, and checked when there are keys', async () => {
    const signed = await makeMetadata(asIdp, '_m1', signerOf(key));
    const unsigned = await makeMetadata(asIdp, '_m1');
    expect(read(signed, { keys: [key.publicKey] })).toMatchObject({ ok: true });
    expect(read(signed)).toMatchObject({ ok: true });
    expect(read(unsigned, { keys: [] })).toMatchObject({ ok: true });
    expect(read(unsigned, { keys: [key.publicKey] })).toMatchObject({ error: { reason: 'signature_missing' } });
    expect(read(signed, { keys: [rsaKey().publicKey] })).toMatchObject({ error: { reason: 'signature_invalid' } });
    const changed = signed.replace(sso, 'https://evil.example/sso');
    expect(read(changed, { keys: [key.publicKey] })).toMatchObject({ error: { reason: 'signature_invalid' } });
  });

  it('carries the certificate in the signature for those who want to see it', async () => {
    const xml = await makeMetadata(asIdp, '_m1', { ...signerOf(key), certificate: certificateBase64 });
    expect(xml).toContain(`<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificateBase64}<`);
    expect(read(xml, { keys: [key.publicKey] })).toMatchObject({ ok: true });
  });
});

describe('Metadata of others', () => {
  const wrap = (inner: string, attributes = ''): string =>
    `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"${attributes}>${inner}</md:EntitiesDescriptor>`;

  it('of several entities needs a name, also in nested groups', async () => {
    const both = wrap((await makeMetadata(asIdp, '_m1')) + wrap(await makeMetadata(asSp, '_m2')));
    expect(read(both, { entity_id: sp })).toMatchObject({ ok: true, value: { entity_id: sp } });
    expect(read(both)).toMatchObject({ error: { step: 'entity', reason: 'metadata_unusable' } });
    expect(read(both, { entity_id: 'https://none.example' })).toMatchObject({ error: { reason: 'metadata_unusable' } });
    expect(read(wrap(await makeMetadata(asSp, '_m2')))).toMatchObject({ ok: true });
  });

  it('ends when the group or the entity ends, whichever is first', async () => {
    const group = wrap(await makeMetadata(asIdp, '_m1'), ' validUntil="2026-11-20T12:10:00Z" cacheDuration="PT10M"');
    expect(read(group)).toMatchObject({ ok: true, value: { valid_until: now + 600, cache_duration: 600 } });
    expect(read(group, { now: now + 600 })).toMatchObject({ error: { step: 'validity', reason: 'expired' } });
    expect(read(await makeMetadata(asSp, '_m1'))).toMatchObject({
      value: { valid_until: undefined, cache_duration: undefined },
    });
  });

  it.each([
    ['P1D', 86_400],
    ['PT1H30M', 5400],
    ['P1Y2M3DT4H5M6S', ((365 + 60 + 3) * 24 + 4) * 3600 + 306],
    ['PT1.5S', 1],
    ['-P1D', undefined],
  ])('reads the cache duration %s as %s seconds', async (duration, seconds) => {
    const xml = (await makeMetadata(asIdp, '_m1')).replace('cacheDuration="PT3600S"', `cacheDuration="${duration}"`);
    expect(read(xml)).toMatchObject({ ok: true, value: { cache_duration: seconds } });
  });

  it('reads what Microsoft publishes: typed roles beside, attributes of theirs, certificates on several lines', async () => {
    const folded = certificateBase64.replace(/(.{64})/g, '$1\n        ');
    const role =
      '<md:RoleDescriptor xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706" ' +
      'i:type="fed:SecurityTokenServiceType" protocolSupportEnumeration="http://docs.oasis-open.org/wsfed/federation/200706" ServiceDisplayName="x">' +
      `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${folded}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` +
      '<fed:ClaimTypesOffered><auth:ClaimType xmlns:auth="urn:auth" Uri="urn:x"/></fed:ClaimTypesOffered></md:RoleDescriptor>';
    const xml = `\ufeff<?xml version="1.0" encoding="utf-8"?>${(await makeMetadata(asIdp, '_m1'))
      .replace('<md:IDPSSODescriptor', `${role}<md:IDPSSODescriptor`)
      .replace(certificateBase64, folded)}`;
    expect(read(xml)).toMatchObject({ ok: true, value: { idp: { keys: [{ certificate: certificateBase64 }, {}] } } });
  });

  it('reads defaults of what is left out', async () => {
    const xml = (await makeMetadata(asIdp, '_m1'))
      .replace('WantAuthnRequestsSigned="true"', 'WantAuthnRequestsSigned="0"')
      .replace(
        /<md:OrganizationDisplayName.*<\/md:OrganizationURL>/,
        '<md:OrganizationDisplayName/><md:OrganizationURL/>',
      )
      .replace('contactType="support"', 'contactType="urn:odd"')
      .replace('a@x.example', 'MAILTO:a@x.example');
    expect(read(xml)).toMatchObject({
      ok: true,
      value: {
        idp: { want_authn_requests_signed: false },
        organization: { name: 'Æ', display_name: 'Æ', url: '' },
        contact_persons: [{}, { contact_type: 'other' }],
      },
    });
  });

  it.each([
    ['another document', '<a/>', 'wrong_message'],
    ['a DOCTYPE', '<!DOCTYPE a><a/>', 'xml_invalid'],
    ['HTML', '<html><body>Sign in<br></body></html>', 'xml_invalid'],
    ['nothing', '', 'xml_invalid'],
    ['very much', `<a>${'x'.repeat(200_001)}</a>`, 'xml_invalid'],
  ])('is refused when it is %s', (_what, xml, reason) => {
    expect(read(xml)).toMatchObject({ error: { reason } });
  });

  it.each([
    ['no entityID', / entityID="[^"]*"/, ''],
    ['no sign-on address', /<md:SingleSignOnService.*<\/md:SingleSignOnService>/, ''],
    ['an address without binding', / Binding="[^"]*"/, ''],
    ['a certificate that is not base64', certificateBase64, '!!!'],
    ['an unknown use of a key', 'use="signing"', 'use="both"'],
  ])('is refused with %s', async (_what, from, to) => {
    const xml = (await makeMetadata(asIdp, '_m1')).replace(from, to);
    expect(read(xml)).toMatchObject({ error: { reason: 'schema_invalid' } });
  });

  it('is refused without a role of SAML 2.0', async () => {
    const xml = (await makeMetadata(asIdp, '_m1')).replace(
      'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"',
      'protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol"',
    );
    expect(read(xml)).toMatchObject({ error: { step: 'roles', reason: 'metadata_unusable' } });
  });
});
