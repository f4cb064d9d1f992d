import type { TrackSettings } from '@corsac/model';
import { da } from './da.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import type { Texts } from './texts.js';

/** The languages that are there without a track's help. */
const languages: Readonly<Record<string, Texts>> = { en, da, de, fr, es };

/** Longest header and most languages that are looked at. */
const maxHeader = 1000;
const maxAsked = 10;

/** Languages of an `Accept-Language` header, best first (RFC 9110 12.5.4). */
export const acceptedLanguages = (header: string | undefined): readonly string[] =>
  (header ?? '')
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

/**
 * The language of a page: what the application asked, then what the browser prefers, then the track's own. A track may
 * replace texts of a language, and bring a language of its own, whose missing texts are English.
 */
export const chooseTexts = ({ ui_locales = [], accept_language, settings }: LanguageWishes): ChosenTexts => {
  const own = lowerCaseKeys(settings?.texts ?? {});
  const wishes = [...ui_locales.slice(0, maxAsked), ...acceptedLanguages(accept_language)];
  if (settings) wishes.push(settings.default_language);
  const lang =
    wishes.flatMap(rangesOf).find((range) => Object.hasOwn(languages, range) || Object.hasOwn(own, range)) ?? 'en';
  const base = languages[lang] ?? languages[lang.split('-')[0] ?? ''] ?? en;
  const replaced = Object.hasOwn(own, lang) ? own[lang] : undefined;
  return { lang, texts: replaced ? { ...base, ...knownOf(replaced) } : base };
};

const lowerCaseKeys = (texts: TrackSettings['texts']): TrackSettings['texts'] =>
  Object.fromEntries(Object.entries(texts).map(([lang, table]) => [lang.toLowerCase(), table]));

const knownOf = (table: Readonly<Record<string, string>>): Partial<Texts> =>
  Object.fromEntries(Object.entries(table).filter(([key]) => Object.hasOwn(en, key)));
