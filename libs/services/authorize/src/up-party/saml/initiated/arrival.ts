import type { Frame, SignedIn } from '../../../sequence/sequence.js';

/** A sign-in that an identity provider began, on its way to the application. Stands in the frame as the up-party's memory. */
export interface Arrival {
  readonly arrived: SignedIn;
  /** Somebody else is signed in in this browser: goes on only when the user says so. */
  readonly instead_of?: string;
  readonly agreed?: boolean;
  /** Of an OpenID Connect application: its page that begins a sign-in. */
  readonly initiate_url?: string;
}

/** The arrival that a frame is about. Another memory has none. */
export const arrivalOf = ({ up }: Frame): Arrival | undefined => (up && 'arrived' in up ? (up as Arrival) : undefined);
