import type { en } from './en.js';

export type TextKey = keyof typeof en;

/** All words of one language; a language that lacks one does not compile. */
export type Texts = Readonly<Record<TextKey, string>>;

/** Fills in `{name}`; an unknown name stays as it stands. */
export const fillIn = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{([a-z_]+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
