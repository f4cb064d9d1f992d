import type { FrontChannelCall, LogoutCause } from '@corsac/contracts';
import type { UpstreamSession } from '@corsac/contracts';
import type { ItemStore } from '@corsac/data';
import { randomName } from '@corsac/random';

/** A call, and the job that waits for its receipt where that is not the journey's first. */
export type JobCall = FrontChannelCall & { readonly job_id?: string };

/** A provider above that is still to be asked. */
export interface UpstreamToAsk {
  readonly track: string;
  readonly up_party: string;
  readonly up_party_type: 'oidc' | 'saml2';
  readonly upstream: UpstreamSession;
}

/** How the application that asked is answered when everything is done; without one the end page is shown. */
export type LogoutReturn =
  | { readonly kind: 'page' }
  | { readonly kind: 'redirect'; readonly url: string }
  /** A SAML application or a caller in an iframe: its own kind answers. */
  | {
      readonly kind: 'down_party';
      readonly type: string;
      readonly request: object;
      /** Where its answer leads, when that is known. */
      readonly url?: string;
    };

/** Which sessions a logout is about. */
export type LogoutTarget = { readonly kind: 'sid'; readonly sid: string } | { readonly kind: 'browser' };

/** A logout on its way through one browser. */
export interface LogoutJourney {
  readonly id: string;
  readonly tenant: string;
  readonly track: string;
  readonly binding: string;
  readonly expires: number;
  readonly party: string;
  readonly cause: LogoutCause;
  readonly target: LogoutTarget;
  readonly ui_locales: readonly string[];
  /** Where to go at the end when the user was not asked, and when the user was asked and agreed. */
  readonly back: { readonly unasked: LogoutReturn; readonly agreed: LogoutReturn };
  /** Shown inside an iframe of the provider above: nothing may be redirected to. */
  readonly framed_by?: string;
  stage: 'asking' | 'upstream' | 'front_channel' | 'done';
  agreed: boolean;
  /** The logout's job; of a logout that is several, the first one that there is. */
  job_id?: string;
  upstream: UpstreamToAsk[];
  front_channel: JobCall[];
  /** Somebody was not told, or did not confirm: whoever asked hears that the logout is partial. */
  untold?: boolean;
}

const lifetimeSeconds = 900;
const keyOf = (tenant: string, id: string): string => `logout/${tenant}/${id}`;

/** Keys that were ever given out. Names come from an address here, before anybody looked whether there is such a tenant. */
const keyForm = /^logout\/[\w.-]{1,200}\/[\w-]{32}$/;

export interface FoundLogout {
  readonly journey: LogoutJourney;
  readonly version: string;
}

type NewLogout = Omit<LogoutJourney, 'id' | 'expires' | 'stage' | 'agreed' | 'upstream' | 'front_channel' | 'untold'>;

/** Logouts under way. What must not be lost is in the session service's job; this is only the browser's way through it. */
export class LogoutJourneys {
  constructor(
    private readonly items: ItemStore,
    private readonly now: () => number,
  ) {}

  begin(start: NewLogout): LogoutJourney {
    const id = randomName(24);
    return {
      ...start,
      id,
      expires: this.now() + lifetimeSeconds,
      stage: 'asking',
      agreed: false,
      upstream: [],
      front_channel: [],
    };
  }

  async keep(journey: LogoutJourney): Promise<void> {
    await this.items.put(keyOf(journey.tenant, journey.id), journey, lifetimeSeconds);
  }

  async find(tenant: string, id: string): Promise<FoundLogout | undefined> {
    if (!keyForm.test(keyOf(tenant, id))) return undefined;
    const item = await this.items.get<LogoutJourney>(keyOf(tenant, id));
    return item && { journey: item.value, version: item.version };
  }

  async forget(journey: LogoutJourney): Promise<void> {
    await this.items.remove(keyOf(journey.tenant, journey.id));
  }
}
