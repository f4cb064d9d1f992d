import { SAML, ValidateInResponseTo, type Profile, type SamlConfig } from '@node-saml/node-saml';
import type { Settings } from './settings.js';

export interface SignedIn {
  readonly profile: Profile;
  /** The signed assertion exactly as it came: its bytes are what the signature covers. */
  readonly assertion: string;
}

const entityId = 'urn:acme:legacy-app';

const found = (pattern: RegExp, xml: string): string => {
  const value = pattern.exec(xml)?.[1];
  if (value === undefined) throw new Error(`the identity provider's metadata lacks ${pattern.source}`);
  return value;
};

const redirectLocation = (service: string, xml: string): string =>
  found(new RegExp(`<(?:\\w+:)?${service} Binding="[^"]*HTTP-Redirect" Location="([^"]*)"`), xml);

/** All that this application knows of Corsac is in its metadata. SAML metadata 2.4.3. */
const configurationOf = ({ own_url }: Settings, metadata: string): SamlConfig => ({
  issuer: entityId,
  audience: entityId,
  callbackUrl: `${own_url}/acs`,
  logoutCallbackUrl: `${own_url}/slo`,
  entryPoint: redirectLocation('SingleSignOnService', metadata),
  logoutUrl: redirectLocation('SingleLogoutService', metadata),
  idpIssuer: found(/entityID="([^"]*)"/, metadata),
  idpCert: [...metadata.matchAll(/<(?:\w+:)?X509Certificate>([^<]*)</g)].map(([, certificate = '']) => certificate),
  wantAssertionsSigned: true,
  wantAuthnResponseSigned: false,
  identifierFormat: null,
});

/** Corsac as this application sees it: a SAML identity provider, found by its metadata. */
export class Provider {
  private found: Promise<{ signIn: SAML; signOut: SAML }> | undefined;

  constructor(private readonly settings: Settings) {}

  private saml(): Promise<{ signIn: SAML; signOut: SAML }> {
    this.found ??= this.discover().catch((error: unknown) => {
      // A provider that was away once is asked again the next time.
      this.found = undefined;
      throw error;
    });
    return this.found;
  }

  private async discover(): Promise<{ signIn: SAML; signOut: SAML }> {
    const response = await fetch(`${this.settings.track_url}/legacy-app/saml/idpmetadata`);
    if (!response.ok) throw new Error(`the identity provider's metadata: ${response.status}`);
    const configuration = configurationOf(this.settings, await response.text());
    return {
      signIn: new SAML({ ...configuration, validateInResponseTo: ValidateInResponseTo.always }),
      // The library looks for InResponseTo of a posted LogoutResponse where only a Response has it.
      signOut: new SAML({ ...configuration, validateInResponseTo: ValidateInResponseTo.never }),
    };
  }

  async signInUrl(): Promise<string> {
    return (await this.saml()).signIn.getAuthorizeUrlAsync('', undefined, {});
  }

  /** Checks the response that the browser posted. @throws when anything about it is wrong */
  async complete(fields: Readonly<Record<string, string>>): Promise<SignedIn> {
    const { profile } = await (await this.saml()).signIn.validatePostResponseAsync({ ...fields });
    if (!profile) throw new Error('the response holds no user');
    const xml = profile.getSamlResponseXml?.() ?? '';
    return { profile, assertion: found(/(<((?:\w+:)?Assertion)[\s>].*<\/\2>)/s, xml) };
  }

  async signOutUrl({ profile }: SignedIn): Promise<string> {
    return (await this.saml()).signOut.getLogoutUrlAsync(profile, '', {});
  }

  /** Checks the LogoutResponse to our request. */
  async signedOut(fields: Readonly<Record<string, string>>): Promise<boolean> {
    return (await (await this.saml()).signOut.validatePostResponseAsync({ ...fields })).loggedOut;
  }

  /** Checks a LogoutRequest of Corsac: somebody signed out elsewhere. @returns whom, and where our answer goes */
  async asked(fields: Readonly<Record<string, string>>): Promise<{ profile: Profile; answerUrl: string }> {
    const { signOut } = await this.saml();
    const { profile } = await signOut.validatePostRequestAsync({ ...fields });
    return {
      profile,
      answerUrl: await signOut.getLogoutResponseUrlAsync(profile, fields['RelayState'] ?? '', {}, true),
    };
  }
}
