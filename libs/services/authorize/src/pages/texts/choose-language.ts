import type { TrackSettings } from '@corsac/model';
import { da } from './da.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import type { Texts } from './texts.js';

/** The languages that are there without a track's help. */
const languages: ReadonlyMap<string, Texts> = new Map(Object.entries({ en, da, de, fr, es }));

/** Longest header and most languages that are looked at. */
const maxHeader = 1000;
const maxAsked = 10;

/** Languages of an `Accept-Language` header, best first (RFC 9110 12.5.4). */
export const acceptedLanguages = (header = ''): readonly string[] =>
  header
    .slice(0, maxHeader)
    .split(',')
    .slice(0, maxAsked)
    .map((entry) => {
      const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { tag, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
    })
    .filter(({ tag, quality }) => tag !== '' && tag !== '*' && quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);

export interface LanguageWishes {
  /** OIDC Core 3.1.2.1, in order of preference. */
  readonly ui_locales?: readonly string[];
  readonly accept_language?: string | undefined;
  readonly settings?: Pick<TrackSettings, 'texts' | 'default_language'>;
}

export interface ChosenTexts {
  /** BCP 47, for the page's `lang`. */
  readonly lang: string;
  readonly texts: Texts;
}

/** `de-AT`, then `de`; RFC 4647 3.4. */
const rangesOf = (tag: string): readonly string[] => {
  const parts = tag.toLowerCase().split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
};

/** The first language of the wishes that is there. */
const firstThere = (wishes: readonly string[], isThere: (lang: string) => boolean): string => {
  for (const wish of wishes) {
    const found = rangesOf(wish).find(isThere);
    if (found !== undefined) return found;
  }
  return 'en';
};

/**
 * The language of a page: what the application asked, then what the browser prefers, then the track's own. A track may
 * replace texts of a language, and bring a language of its own, whose missing texts are English.
 */
export const chooseTexts = ({ ui_locales = [], accept_language, settings }: LanguageWishes): ChosenTexts => {
  const own = settings && ownLanguages(settings.texts);
  const wishes = [...ui_locales.slice(0, maxAsked), ...acceptedLanguages(accept_language)];
  if (settings) wishes.push(settings.default_language);
  const lang = firstThere(wishes, (range) => languages.has(range) || own?.has(range) === true);
  return { lang, texts: own?.get(lang) ?? baseOf(lang) };
};

/** The texts that those of a track stand on. */
const baseOf = (lang: string): Texts => languages.get(lang) ?? languages.get(lang.split('-')[0] ?? '') ?? en;

const madeFor = new WeakMap<TrackSettings['texts'], ReadonlyMap<string, Texts>>();

/** The languages of a track's own texts, whole and under lower-case tags; made once for each version of its settings. */
const ownLanguages = (texts: TrackSettings['texts']): ReadonlyMap<string, Texts> => {
  const made = madeFor.get(texts);
  if (made) return made;
  const own = new Map(
    Object.entries(texts).map(([tag, table]) => {
      const lang = tag.toLowerCase();
      return [lang, { ...baseOf(lang), ...knownOf(table) }];
    }),
  );
  madeFor.set(texts, own);
  return own;
};

const knownOf = (table: Readonly<Record<string, string>>): Partial<Texts> =>
  Object.fromEntries(Object.entries(table).filter(([key]) => Object.hasOwn(en, key)));
