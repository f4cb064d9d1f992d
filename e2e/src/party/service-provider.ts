import { SAML, ValidateInResponseTo, type Profile, type SamlConfig } from '@node-saml/node-saml';
import type { Form } from '../browser/browser.js';
import type { World } from '../world/world.js';

/** Addresses and certificates that an identity provider's metadata names. */
export interface IdpMetadata {
  readonly entity_id: string;
  readonly sso: string;
  readonly slo: string;
  readonly certificates: readonly string[];
}

/** Reads metadata as an application's administrator would. */
export const readIdpMetadata = async (url: string): Promise<IdpMetadata> => {
  const answer = await fetch(url);
  const xml = await answer.text();
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status}\n${xml}`);
  const location = (service: string): string =>
    new RegExp(`<md:${service} Binding="[^"]*HTTP-Redirect" Location="([^"]*)"`).exec(xml)?.[1] ?? '';
  const signing = [...xml.matchAll(/<md:KeyDescriptor use="signing">.*?<ds:X509Certificate>([^<]*)</gs)];
  return {
    entity_id: /entityID="([^"]*)"/.exec(xml)?.[1] ?? '',
    sso: location('SingleSignOnService'),
    slo: location('SingleLogoutService'),
    certificates: signing.map(([, certificate = '']) => certificate),
  };
};

const acs = 'http://localhost:4414/acs';
const slo = 'http://localhost:4414/slo';

/** The demo's SAML application: node-saml with its checks on, configured by metadata alone. */
export class ServiceProvider {
  private constructor(
    readonly saml: SAML,
    /** node-saml looks for InResponseTo of a posted LogoutResponse where only a Response has it. */
    private readonly logoutSaml: SAML,
    readonly idp: IdpMetadata,
  ) {}

  /** @param application `tenant/track/party`; for another than the demo's, `more` says its EntityID and addresses */
  static async discover(
    world: World,
    more: Partial<SamlConfig> = {},
    application = 'acme/legacy/legacy-app',
  ): Promise<ServiceProvider> {
    const idp = await readIdpMetadata(`${world.base}/${application}/saml/idpmetadata`);
    const options: SamlConfig = {
      callbackUrl: acs,
      logoutCallbackUrl: slo,
      issuer: 'urn:acme:legacy-app',
      audience: 'urn:acme:legacy-app',
      entryPoint: idp.sso,
      logoutUrl: idp.slo,
      idpCert: [...idp.certificates],
      idpIssuer: idp.entity_id,
      wantAssertionsSigned: true,
      wantAuthnResponseSigned: false,
      validateInResponseTo: ValidateInResponseTo.always,
      acceptedClockSkewMs: 1000,
      identifierFormat: null,
      ...more,
    };
    const logoutSaml = new SAML({ ...options, validateInResponseTo: ValidateInResponseTo.never });
    return new ServiceProvider(new SAML(options), logoutSaml, idp);
  }

  /** Where the user is sent to sign in. */
  begin(relayState = 'there'): Promise<string> {
    return this.saml.getAuthorizeUrlAsync(relayState, undefined, {});
  }

  /** Reads the response that the browser brings; throws when anything about it is wrong. */
  async accept(form: Form | undefined): Promise<Profile> {
    const { profile } = await this.saml.validatePostResponseAsync({ ...form?.fields });
    if (!profile) throw new Error('the response holds no user');
    return profile;
  }

  /** Reads the answer to its LogoutRequest, whose signature must hold. */
  async isLoggedOut(fields: Readonly<Record<string, string>>): Promise<boolean> {
    return (await this.logoutSaml.validatePostResponseAsync({ ...fields })).loggedOut;
  }
}
