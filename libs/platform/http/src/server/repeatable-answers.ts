import type { RepeatableAnswer } from '../answer/conditional.js';

/** An answer as it may be sent again to whoever asks the same address, and what is measured of it. */
export interface Repeatable {
  readonly answer: Pick<RepeatableAnswer, 'ready' | 'isCurrent'>;
  readonly route: string;
  readonly tenant?: string;
  readonly track?: string;
}

/** Addresses held at most, as each holds what it was made of; the one that was kept first goes first. */
const mostAddresses = 2_000;

/**
 * Answers by the address that they are for, so that a request for the same again passes no router. Whether an answer still holds
 * is asked each time; one that does not is forgotten.
 */
export class RepeatableAnswers {
  private readonly known = new Map<string, Repeatable>();

  find(url: string): Repeatable | undefined {
    const found = this.known.get(url);
    if (!found || found.answer.isCurrent()) return found;
    this.known.delete(url);
    return undefined;
  }

  /** Addresses with a query are not kept: anybody can make up any number of them. */
  keep(url: string, repeatable: Repeatable): void {
    if (url.includes('?') || this.known.has(url)) return;
    this.known.set(url, repeatable);
    if (this.known.size > mostAddresses) this.known.delete(this.known.keys().next().value as string);
  }
}
