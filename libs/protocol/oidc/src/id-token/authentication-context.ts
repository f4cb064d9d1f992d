/** Authentication contexts of our own sign-ins, the weaker first: by password, and with a second factor. */
export const authenticationContexts = ['pwd', 'mfa'] as const;

/** How somebody signed in. */
export interface SignInContext {
  /** What the login or a provider above said. */
  readonly acr?: string;
  /** RFC 8176. */
  readonly amr: readonly string[];
}

const contextOf = ({ acr, amr }: SignInContext): string | undefined =>
  acr ?? authenticationContexts.findLast((context) => amr.includes(context));

/**
 * The `acr` to answer. Where values were asked, one of them if the sign-in reaches it: a second factor is also a password. Where it
 * reaches none of them, what it really was. OIDC Core 2, 3.1.2.1.
 * @param asked values in the order of preference; empty when the client did not ask
 * @returns nothing where nobody knows how the user signed in, or where nobody asked and nobody said
 */
export const answerAcr = (asked: readonly string[], signIn: SignInContext): string | undefined => {
  if (asked.length === 0) return signIn.acr;
  const reached = contextOf(signIn);
  if (reached === undefined || asked.includes(reached)) return reached;
  const rank = authenticationContexts.findIndex((context) => context === reached);
  const covered: readonly string[] = authenticationContexts.slice(0, Math.max(rank, 0));
  return asked.find((value) => covered.includes(value)) ?? reached;
};
