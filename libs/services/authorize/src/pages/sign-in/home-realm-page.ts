import type { HomeRealmButton } from '@corsac/model';
import type { PageContent } from '../../sequence/step.js';
import { page } from '../document.js';
import { field, linkStep, mainButton, purpose, stepForm, type FormPlace } from '../form.js';
import { markup, type Html } from '../html.js';
import { say, type Scene } from '../scene.js';
import type { TextKey } from '../texts/texts.js';
import { identifierField, type IdentifierKinds } from './identifier-page.js';

/** With more buttons than this there is a search. */
export const mostWithoutSearch = 10;

export interface HomeRealmPageParts {
  readonly place: FormPlace;
  readonly buttons: readonly HomeRealmButton[];
  /** Which identifiers may be typed; undefined when typing decides nothing. */
  readonly kinds?: IdentifierKinds | undefined;
  readonly identifier?: string | undefined;
  readonly error?: TextKey | undefined;
  /** What was searched for. */
  readonly search?: string;
  readonly may_create: boolean;
}

const party = (scene: Scene, { name, label, logo_url }: HomeRealmButton): Html =>
  markup`<button type="submit" class="party" name="up_party" value="${name}">${logo_url !== undefined && markup`<img src="${logo_url}" alt="">`}<span>${say(scene, 'choose_with', { party: label })}</span></button>\n`;

const found = (buttons: readonly HomeRealmButton[], search: string): readonly HomeRealmButton[] => {
  const wanted = search.toLowerCase();
  return buttons.filter(({ name, label }) => label.toLowerCase().includes(wanted) || name.includes(wanted));
};

const searchForm = (scene: Scene, { place }: HomeRealmPageParts, search: string): Html =>
  markup`<form method="get" action="${place.action}" role="search">
${field({ name: 'search', label: say(scene, 'choose_search'), type: 'search', autocomplete: 'off', value: search, max_length: 100, optional: true })}
<button type="submit">${say(scene, 'choose_search')}</button>
</form>`;

/**
 * How do you want to sign in? What is typed may decide by rule, buttons always do. The policy has no `form-action`: a
 * choice leads to a provider, and from there wherever it sends the browser.
 */
export const homeRealmPage = (scene: Scene, parts: HomeRealmPageParts): PageContent => {
  const { place, buttons, kinds, identifier, error, search = '' } = parts;
  const shown = search === '' ? buttons : found(buttons, search);
  const typed =
    kinds &&
    stepForm(
      place,
      'home_realm',
      markup`${field({ ...identifierField(scene, kinds), value: identifier, error: error && say(scene, error), focus: true })}${mainButton(say(scene, 'continue'))}`,
    );
  return page(scene, {
    heading: say(scene, kinds ? 'sign_in' : 'choose_title'),
    policy: { foreign_images: buttons.some(({ logo_url }) => logo_url?.startsWith('https:') === true) },
    main: markup`${purpose(scene)}${typed}
${typed && buttons.length > 0 && markup`<p class="divider">${say(scene, 'or')}</p>`}
${buttons.length > mostWithoutSearch && searchForm(scene, parts, search)}
${
  shown.length > 0 &&
  stepForm(
    place,
    'home_realm',
    shown.map((button) => party(scene, button)),
  )
}
${shown.length === 0 && buttons.length > 0 && markup`<p role="status">${say(scene, 'choose_none_found')}</p>`}
${parts.may_create && markup`<div class="links"><span class="quiet">${say(scene, 'no_account_yet')}</span>${linkStep(place, 'home_realm_create', say(scene, 'create_account'))}</div>`}`,
  });
};
