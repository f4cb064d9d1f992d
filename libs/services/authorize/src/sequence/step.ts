import type { PagePolicy } from '@corsac/http';

/** A page, ready to be sent. */
export interface PageContent {
  readonly html: string;
  readonly policy?: PagePolicy;
  readonly status?: number;
}

/**
 * What the browser is to do next. Steps are values; the endpoint writes them. `ends` says that the journey is over with
 * it, and that nothing more may come of it.
 */
export type Step =
  | { readonly kind: 'page'; readonly page: PageContent; readonly ends?: true }
  | { readonly kind: 'redirect'; readonly url: string; readonly ends?: true }
  /** A form that posts itself: `form_post` of OIDC, the POST binding of SAML. */
  | {
      readonly kind: 'post';
      readonly url: string;
      readonly fields: Readonly<Record<string, string>>;
      readonly ends?: true;
    };

/** Something was learned and written into the sequence: look again what is missing. */
export const goOn = { kind: 'continue' } as const;
/** Another service is away; the sequence stays as it is and the same request may be made again. */
export const away = (what: string): Away => ({ kind: 'away', what });

export type Continue = typeof goOn;
export interface Away {
  readonly kind: 'away';
  /** Who does not answer. */
  readonly what: string;
  /** Where the journey goes on from what was learned and kept; unsaid, the same request is made again. */
  readonly retry?: string;
}
/** Another tab was quicker: what it did stands. */
export const overtaken = { kind: 'overtaken' } as const;
export type Overtaken = typeof overtaken;

/** What a part of the journey gives back to the dispatcher. */
export type NextStep = Step | Continue | Away | Overtaken;
