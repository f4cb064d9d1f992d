import { randomBytes } from 'node:crypto';
import { Howto } from '../docs/howto.js';
import { ada, RelyingParty } from '../party/relying-party.js';
import { untilTracksAreThere, untilUsersAreThere } from '../world/until-there.js';
import type { OwnWorld } from '../world/world.js';
import { Strangers } from './strangers.js';

export const pages = {
  sameTrack: new Howto('exchange-same-track'),
  byTrust: new Howto('exchange-by-trust'),
  saml: new Howto('exchange-saml'),
};

const names = ['WEB_APP', 'WORKER', 'API1', 'INITECH_APP', 'SAML_APP', 'OTHER', 'SUSPECTS'] as const;

/** What the pages name in `${...}`. */
const values: Readonly<Record<string, string>> = {
  ADA_PASSWORD: ada.password,
  ...Object.fromEntries(names.map((name) => [`${name}_SECRET`, randomBytes(24).toString('base64url')])),
};

/** Tenants of the exchange pages in an installation, and somebody who signs what tests want. */
export interface ExchangePlace {
  readonly world: OwnWorld;
  readonly strangers: Strangers;
  secret(name: (typeof names)[number]): string;
  /** The web application of a page, `globex` or `initech`. */
  webApp(tenant: 'globex' | 'initech', more?: object): Promise<RelyingParty>;
}

const callback = 'https://app.example.com/callback';

/** One installation's exchange configuration: `further` before it starts, `place` once it runs. */
export class ExchangeSetUp {
  private strangers: Strangers | undefined;

  /** What the installation needs beside the demo: the files of the pages, and of the strangers. */
  async further(): Promise<string> {
    this.strangers = await Strangers.make();
    const files = [
      pages.sameTrack.file('same-track.yaml', values),
      pages.byTrust.file('by-trust.yaml', values),
      pages.saml.file('saml.yaml', values),
      this.strangers.configuration(values),
    ];
    return files.join('\n---\n');
  }

  async place(world: OwnWorld): Promise<ExchangePlace> {
    if (!this.strangers) throw new Error('the installation was started without `further`');
    await untilTracksAreThere(world, [
      'globex/-',
      'initech/-',
      'hooli/-',
      'vandelay/idp',
      'vandelay/apis',
      'suspects/-',
    ]);
    const place = new Place(world, this.strangers);
    for (const tenant of ['globex', 'initech'] as const) await untilUsersAreThere(world, await place.webApp(tenant));
    return place;
  }
}

class Place implements ExchangePlace {
  constructor(
    readonly world: OwnWorld,
    readonly strangers: Strangers,
  ) {}

  secret(name: (typeof names)[number]): string {
    return values[`${name}_SECRET`] ?? '';
  }

  webApp(tenant: 'globex' | 'initech', more: object = {}): Promise<RelyingParty> {
    const secret = this.secret('WEB_APP');
    return RelyingParty.discover(this.world, { client_id: 'web-app', tenant, secret, redirect_uri: callback, ...more });
  }
}

/** What the commands of the pages find in the environment. */
export const environmentOf = ({ base }: OwnWorld): Record<string, string> => ({ ...values, CORSAC_BASE_URL: base });
