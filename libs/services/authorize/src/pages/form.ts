import { markup, type Html, type HtmlValue } from './html.js';
import { say, type Scene } from './scene.js';
import type { TextKey } from './texts/texts.js';

/** Where the forms of a page go, and the value that shows that they are the browser's own. */
export interface FormPlace {
  readonly action: string;
  readonly token: string;
}

/** A form that takes one step of a journey. */
export const stepForm = ({ action, token }: FormPlace, step: string, content: HtmlValue): Html =>
  markup`<form method="post" action="${action}">
<input type="hidden" name="form_token" value="${token}">
<input type="hidden" name="step" value="${step}">
${content}
</form>`;

/** The button of a page's main action. */
export const mainButton = (label: string): Html => markup`<button type="submit" class="main">${label}</button>`;

/** A step beside the main one, which looks like a link. */
export const linkStep = (place: FormPlace, step: string, label: string): Html =>
  stepForm(place, step, markup`<button type="submit" class="link">${label}</button>`);

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'tel' | 'password' | 'search';
  readonly autocomplete: string;
  readonly value?: string | undefined;
  /** What is wrong with what was typed. */
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
  readonly focus?: boolean;
  readonly readonly?: boolean;
  readonly optional?: boolean;
  /** A code of digits: phones show their digits. */
  readonly digits?: boolean;
  readonly max_length?: number;
}

/** A labelled field; its error and hint are read out with it. */
export const field = (parts: Field): Html => {
  const { name, error, hint } = parts;
  const described = [error !== undefined && `${name}-error`, hint !== undefined && `${name}-hint`].filter(Boolean);
  const attributes: readonly HtmlValue[] = [
    parts.value !== undefined && markup` value="${parts.value}"`,
    parts.max_length !== undefined && markup` maxlength="${parts.max_length}"`,
    parts.digits === true && markup` inputmode="numeric"`,
    parts.type === 'password' || parts.digits ? false : markup` autocapitalize="none" spellcheck="false"`,
    parts.readonly === true ? markup` readonly` : parts.optional !== true && markup` required`,
    error !== undefined && markup` aria-invalid="true"`,
    described.length > 0 && markup` aria-describedby="${described.join(' ')}"`,
    parts.focus === true && markup` autofocus`,
  ];
  return markup`<div class="field">
<label for="${name}">${parts.label}</label>
<input id="${name}" name="${name}" type="${parts.type ?? 'text'}" autocomplete="${parts.autocomplete}"${attributes}>
${error !== undefined && markup`<p class="wrong" id="${name}-error">${error}</p>`}
${hint !== undefined && markup`<p class="hint" id="${name}-hint">${hint}</p>`}
</div>`;
};

/** What went wrong on the page as a whole; announced at once. */
export const alert = (scene: Scene, error: TextKey | undefined): Html | false =>
  error !== undefined && markup`<div class="alert" role="alert">${say(scene, error)}</div>`;

/** "to continue to the application", under the heading. */
export const purpose = (scene: Scene): Html | false =>
  scene.application !== undefined &&
  markup`<p class="quiet">${say(scene, 'continue_to', { application: scene.application })}</p>`;
