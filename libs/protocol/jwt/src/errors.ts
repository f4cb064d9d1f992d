/** Why a token, a proof or a key set was refused. The code is for programs, the message for a developer; neither holds token text. */
export interface JwtError {
  readonly code: JwtErrorCode;
  readonly message: string;
}

/** Kinds of broken promises of a JWT. */
export type JwtErrorCode =
  | 'too_large'
  | 'malformed'
  | 'alg_not_allowed'
  | 'typ_mismatch'
  | 'crit_not_supported'
  | 'header_not_allowed'
  | 'unknown_kid'
  | 'no_usable_key'
  | 'signature_invalid'
  | 'claim_missing'
  | 'claim_invalid'
  | 'issuer_mismatch'
  | 'audience_mismatch'
  | 'expired'
  | 'not_yet_valid'
  | 'too_old'
  | 'key_set_invalid'
  | 'key_invalid'
  | 'proof_mismatch';
