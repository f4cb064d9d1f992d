import type { Journey } from './journey.js';
import type { NextStep } from './step.js';

/** What a page's form sent; of a repeated field the first value. */
export class PageForm {
  private readonly values: URLSearchParams;

  constructor(text: string) {
    this.values = new URLSearchParams(text);
  }

  /** The field as it was sent; empty when it was not. */
  text(name: string): string {
    return this.values.get(name) ?? '';
  }

  /** The field without blanks around it. */
  trimmed(name: string): string {
    return this.text(name).trim();
  }
}

/** One step that a page offers: writes what it learned into the frame, and says how the journey goes on. */
export type PageAction = (journey: Journey, form: PageForm) => Promise<NextStep>;

/** Steps by the name that stands in the form. */
export type PageActions = Readonly<Record<string, PageAction>>;
