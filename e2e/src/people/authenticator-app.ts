import { generateSync } from 'otplib';

/** Codes last so long, seconds. RFC 6238 4. */
export const step = 30;

/** What an authenticator app does with the seed that a page shows, by another library than ours. */
export class AuthenticatorApp {
  private constructor(private readonly secret: string) {}

  /** Reads the seed that stands on the page beside the picture. */
  static from(html: string): AuthenticatorApp {
    const seed = /<code>([A-Z2-7 ]{20,})<\/code>/.exec(html)?.[1];
    if (seed === undefined) throw new Error(`the page shows no seed: ${html.slice(0, 800)}`);
    return new AuthenticatorApp(seed.replace(/ /g, ''));
  }

  /** @param at unix seconds */
  code(at: number): string {
    return generateSync({ secret: this.secret, epoch: at });
  }
}
