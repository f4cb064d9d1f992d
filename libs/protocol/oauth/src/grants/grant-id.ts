/** Characters of a grant id: 128 random bits in base64url. Every token of a grant begins its `jti` with it. */
export const grantIdCharacters = 22;

const grantId = /^[A-Za-z0-9_-]{22}/;

/**
 * The `jti` of an access token: grant id and a part of its own, so that ending a grant can name all its tokens by their beginning.
 * @param random 12 random bytes in base64url
 */
export const jtiOf = (grant_id: string, random: string): string => `${grant_id}.${random}`;

/** The grant that a `jti` belongs to; nothing for a `jti` that is not ours. */
export const grantOfJti = (jti: string): string | undefined =>
  grantId.exec(jti) && jti[grantIdCharacters] === '.' ? jti.slice(0, grantIdCharacters) : undefined;
