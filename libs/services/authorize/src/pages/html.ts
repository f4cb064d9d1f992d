/** A piece of HTML that may be put into a page as it is. Only `markup` makes it, so everything else is text and is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

const special = /[&<>"'`]/;
/** Most texts have nothing to escape, and looking costs a third of replacing nothing. */
const escape = (text: string): string =>
  special.test(text) ? text.replace(/[&<>"'`]/g, (character) => entities[character] ?? '') : text;

const render = (value: HtmlValue): string => {
  if (value instanceof Html) return value.text;
  if (value === undefined || value === false) return '';
  return typeof value === 'object' ? value.map(render).join('') : escape(String(value));
};

/**
 * Template of HTML: whatever is put in is escaped unless it is HTML already; nothing for `undefined` and `false`.
 * Attributes must be written in double quotes.
 */
export const markup = (parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => {
  let text = '';
  for (let index = 0; index < parts.length; index += 1) text += parts[index] + render(values[index]);
  return new Html(text);
};
