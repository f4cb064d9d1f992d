import type { ItemStore } from '@corsac/data';
import { randomName } from '@corsac/random';

interface Kept {
  readonly handle: string;
  readonly form: string;
}

/** Seconds that a browser has to come back; it does so at once. */
const lifetime_s = 120;
const handlePattern = /^([A-Za-z0-9_-]{32})\.[A-Za-z0-9_-]{24}$/;
const keyOf = (tenant: string, sequenceId: string): string => `oidc-answer/${tenant}/${sequenceId}`;

/**
 * Answers that came by a POST from another site without the browser's cookies: over http they are SameSite=Lax and stay at
 * home then. The form is kept and the browser sent to the same address by GET, which brings the cookies along. One per
 * sequence, good for once; whoever holds the handle still has to be the sequence's browser.
 */
export class BouncedAnswers {
  constructor(private readonly items: ItemStore) {}

  /** @returns the handle by which the form is taken back */
  async keep(tenant: string, sequenceId: string, form: string): Promise<string> {
    const handle = `${sequenceId}.${randomName(18)}`;
    const kept: Kept = { handle, form };
    await this.items.put(keyOf(tenant, sequenceId), kept, lifetime_s);
    return handle;
  }

  /** The form; undefined when there is none, or it was used. */
  async read(tenant: string, handle: string): Promise<string | undefined> {
    const sequenceId = handlePattern.exec(handle)?.[1];
    const found = sequenceId === undefined ? undefined : await this.items.get<Kept>(keyOf(tenant, sequenceId));
    return found?.value.handle === handle ? found.value.form : undefined;
  }

  /** The form, for the first who asks. */
  async take(tenant: string, handle: string): Promise<string | undefined> {
    const form = await this.read(tenant, handle);
    return form !== undefined && (await this.items.remove(keyOf(tenant, handle.split('.')[0] ?? '')))
      ? form
      : undefined;
  }

  /** The form has done its work. Until then a reload may use it, as when another service was away. */
  async forget(tenant: string, sequenceId: string): Promise<void> {
    await this.items.remove(keyOf(tenant, sequenceId));
  }
}
