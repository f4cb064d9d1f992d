import type { NotYet } from '@corsac/model';

/** Settings that can be written and have no effect yet: a file that asks for one is refused by its name. */
export const notYetAvailable: NotYet = new Map([]);
