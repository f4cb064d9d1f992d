import { chooseTexts, type ChosenTexts, type LanguageWishes } from './texts/choose-language.js';
import { fillIn, type TextKey } from './texts/texts.js';

/** What an up-party's pages look like: title, icon and style sheet of its own. */
export interface Look {
  readonly title?: string;
  /** https or an inline picture; checked when it was written. */
  readonly icon_url?: string;
  /** Path of the up-party's own style sheet. */
  readonly style_href?: string;
}

/** What every page is rendered in: language, words, look, and the application that the user is on the way to. */
export interface Scene extends ChosenTexts {
  readonly look: Look;
  readonly application?: string;
}

export const makeScene = (wishes: LanguageWishes, look: Look = {}, application?: string): Scene => ({
  ...chooseTexts(wishes),
  look,
  ...(application !== undefined && { application }),
});

/** Words of the scene's language with values filled in; plain text, escaped when it is put into a page. */
export const say = (scene: ChosenTexts, key: TextKey, values?: Readonly<Record<string, string | number>>): string =>
  values ? fillIn(scene.texts[key], values) : scene.texts[key];
