import * as crypto from 'node:crypto';
import { signingAlgs, verifyJwt, type JsonObject } from '@corsac/jwt';
import { accessTokenTyp, grantOfJti, isIssuerOfTrack } from '@corsac/oauth';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { EndedMemory } from '../ended/ended-memory.js';
import type { Signers } from '../keys/signers.js';
import type { TrackName } from '../keys/key-store.js';
import type { TrackKeys } from '../keys/track-keys.js';
import { BoundedMemory } from '../party/bounded-memory.js';

/** An access token of this track whose signature and claims hold. Whether it was ended is asked at every use. */
export interface VerifiedToken {
  readonly claims: JsonObject;
  readonly exp: number;
  readonly sid?: string;
  readonly jti?: string;
  readonly grant_id?: string;
}

export interface TrackContext {
  readonly name: TrackName;
  /** Issuer of the track. */
  readonly issuer: string;
  /** Unix seconds. */
  readonly now: number;
}

/** A token and its claims take some kilobytes here. */
const capacity = 20_000;
/** Our own tokens are not longer; a longer one is not looked at. */
const maxCharacters = 32_768;

/**
 * Reads access tokens of a track: `at+jwt` by one of its keys, from one of its issuers. What was verified is remembered by its
 * hash until it ends, so that using it again costs one hash. An ID token is of another type and never gets through; a token of
 * another track fails with its key.
 */
export class AccessTokens {
  private readonly verified = new BoundedMemory<VerifiedToken>(capacity);

  constructor(
    private readonly signers: Pick<Signers, 'keys'>,
    private readonly memory: Pick<EndedMemory, 'has'>,
  ) {}

  /** The token, if it counts; at once when it is remembered. The refusal is for the log. @throws StoreUnavailable */
  verify(
    token: string,
    context: TrackContext,
  ): Outcome<VerifiedToken, string> | Promise<Outcome<VerifiedToken, string>> {
    if (token.length > maxCharacters) return fail('too long');
    const { tenant, track } = context.name;
    const key = `${tenant}/${track}/${crypto.hash('sha256', token, 'base64url')}`;
    const known = this.verified.get(key);
    if (known) return this.judge(known, context);
    const keys = this.signers.keys(context.name);
    return keys instanceof Promise
      ? keys.then((value) => this.read(token, { key, keys: value, context }))
      : this.read(token, { key, keys, context });
  }

  private read(
    token: string,
    { key, keys, context }: { readonly key: string; readonly keys: TrackKeys; readonly context: TrackContext },
  ): Outcome<VerifiedToken, string> {
    const verified = verifyJwt(token, {
      keys: keys.verificationKeys(),
      algs: signingAlgs,
      typ: [accessTokenTyp],
      now: context.now,
      required: ['iss', 'sub', 'aud', 'jti', 'client_id'],
      maxCharacters,
    });
    if (!verified.ok) return fail(`${verified.error.code}: ${verified.error.message}`);
    const { claims } = verified.value;
    if (!isIssuerOfTrack(claims['iss'] as string, context.issuer)) return fail('of another issuer');
    const { exp, sid, jti } = claims as { exp: number; sid?: unknown; jti: string };
    const grant_id = grantOfJti(jti);
    const token_: VerifiedToken = {
      claims,
      exp,
      jti,
      ...(typeof sid === 'string' && { sid }),
      ...(grant_id !== undefined && { grant_id }),
    };
    this.verified.set(key, token_);
    return this.judge(token_, context);
  }

  private judge(token: VerifiedToken, { name, now }: TrackContext): Outcome<VerifiedToken, string> {
    if (token.exp <= now) return fail('expired');
    return this.memory.has(name.tenant, name.track, token) ? fail('ended') : ok(token);
  }
}
