import type { StoreHealth } from '../../store-unavailable.js';

/** What lets a store that works in memory outlive its process. */
export interface Journal {
  /** @throws StoreUnavailable while nothing can be kept, so that nothing is changed either */
  check(): void;
  /**
   * Notes a line of what was changed. Lines are kept in the order in which they were noted.
   * @returns when it is kept; rejects with StoreUnavailable when that is not known in time, and then it is kept later or not. Who does not wait
   *   need not catch
   */
  note(line: string): Promise<void>;
  /** When everything that was noted so far is kept; rejects as `note` does. */
  settled(): Promise<void>;
  /** As the store answers them. */
  epoch(): string;
  health(): Promise<StoreHealth>;
}
