import { randomBytes } from 'node:crypto';
import type { Fingerprinter, PasswordHasher, Sealer } from '@corsac/data';
import {
  hashText,
  secretInfo,
  type DownParty,
  type PasswordInput,
  type SealableInput,
  type SealedSecret,
  type SecretInput,
  type StoredSecret,
  type Track,
  type UpParty,
  type User,
  type WrittenDownParty,
  type WrittenTrack,
  type WrittenUpParty,
  type WrittenUser,
} from '@corsac/model';

/** What of a written track is secret is hashed or sealed before it goes anywhere. */
export interface SecretParts {
  readonly hasher: Pick<PasswordHasher, 'hash'>;
  /** Of purpose `client-secret`: picks the hash to check, and recognises a secret that is kept already. */
  readonly fingerprinter: Fingerprinter;
  readonly sealer: Sealer;
  readonly now: () => number;
}

/** Hashing waits its turn; a queue that stays full is a fault of the machine, not of the file. */
class HashingBusy extends Error {
  override readonly name = 'HashingBusy';
}

/** Turns what somebody wrote into what is kept; secrets that are kept already stay as they are. */
export class PrepareSecrets {
  /** The same text is hashed once: many users of a demo or test share a password. */
  private readonly hashed = new Map<string, Promise<string>>();

  constructor(private readonly parts: SecretParts) {}

  async track(tenant: string, written: WrittenTrack, kept: Track | undefined): Promise<Track> {
    const { users: _users, external_users: _external, ...head } = written;
    const context = { tenant, track: written.name };
    const keptDown = new Map(kept?.down_parties.map((party) => [party.name, party]));
    const keptUp = new Map(kept?.up_parties.map((party) => [party.name, party]));
    return {
      ...head,
      tenant,
      settings: { ...written.settings, ...this.mail(context, written, kept) },
      up_parties: written.up_parties.map((party) => this.upParty(context, party, keptUp.get(party.name))),
      down_parties: await Promise.all(
        written.down_parties.map((party) => this.downParty(party, keptDown.get(party.name))),
      ),
    } as Track;
  }

  async user({ password, ...user }: WrittenUser): Promise<User> {
    return password === undefined ? user : { ...user, password_hash: await this.passwordHash(password) };
  }

  private async passwordHash(password: PasswordInput): Promise<string> {
    return typeof password === 'string' ? this.hash(password) : hashText(password);
  }

  private mail(context: { tenant: string; track: string }, written: WrittenTrack, kept: Track | undefined): object {
    const { mail } = written.settings;
    if (!mail) return {};
    const { smtp_password, ...rest } = mail;
    if (smtp_password === undefined) return { mail: rest };
    return {
      mail: {
        ...rest,
        smtp_password: this.seal(
          smtp_password,
          { purpose: 'smtp-password', ...context },
          kept?.settings.mail?.smtp_password,
        ),
      },
    };
  }

  private upParty(
    context: { tenant: string; track: string },
    party: WrittenUpParty,
    kept: UpParty | undefined,
  ): UpParty {
    if (party.type !== 'oidc' || party.client_secret === undefined) return party as UpParty;
    const before = kept?.type === 'oidc' ? kept.client_secret : undefined;
    return {
      ...party,
      client_secret: this.seal(party.client_secret, { purpose: 'up-party-secret', ...context }, before),
    };
  }

  /** A secret that is sealed already and reads the same stays, so that applying a file twice changes nothing. */
  private seal(
    input: SealableInput,
    context: { purpose: string; tenant: string; track: string },
    kept: SealedSecret | undefined,
  ): SealedSecret {
    if (typeof input !== 'string') return input;
    if (kept) {
      const opened = this.parts.sealer.unsealText(kept.sealed, context);
      if (opened.ok && opened.value === input && !this.parts.sealer.isOutdated(kept.sealed)) return kept;
    }
    return { sealed: this.parts.sealer.seal(input, context), info: secretInfo(input) };
  }

  private async downParty(party: WrittenDownParty, kept: DownParty | undefined): Promise<DownParty> {
    if (party.type !== 'oidc' && party.type !== 'oauth2') return party as DownParty;
    const before = kept && (kept.type === 'oidc' || kept.type === 'oauth2') ? kept.secrets : [];
    return {
      ...party,
      secrets: await Promise.all(party.secrets.map((secret) => this.clientSecret(secret, before))),
    } as DownParty;
  }

  private async clientSecret(input: SecretInput, kept: readonly StoredSecret[]): Promise<StoredSecret> {
    const id = randomBytes(9).toString('base64url');
    if (typeof input !== 'string') {
      const hash = hashText(input);
      const same = kept.find((secret) => secret.hash === hash);
      return (
        same ??
        ({
          id: input.id ?? id,
          hash,
          info: input.info,
          ...('fingerprint' in input && { fingerprint: input.fingerprint }),
        } as StoredSecret)
      );
    }
    const same = kept.find(
      ({ fingerprint }) => fingerprint !== undefined && this.parts.fingerprinter.matches(input, fingerprint),
    );
    const fingerprint = this.parts.fingerprinter.of(input);
    // Under the first master key from here on, so that the one it was made under can be dropped.
    if (same) return same.fingerprint === fingerprint ? same : { ...same, fingerprint };
    return {
      id,
      hash: await this.hash(input),
      fingerprint,
      info: secretInfo(input),
      created_at: this.parts.now(),
    };
  }

  private hash(text: string): Promise<string> {
    const known = this.hashed.get(text);
    if (known) return known;
    const hashing = this.parts.hasher.hash(text).then((hashed) => {
      if (!hashed.ok) throw new HashingBusy(`a secret could not be hashed: ${hashed.error}`);
      return hashed.value;
    });
    this.hashed.set(text, hashing);
    return hashing;
  }
}
