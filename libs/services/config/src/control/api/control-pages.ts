import type { HttpAnswer } from '@corsac/http';

/** What the API says of itself, to anybody. */
export class ControlPages {
  constructor(
    /** For people. */
    readonly page: HttpAnswer,
    /** OpenAPI 3.1. */
    readonly description: HttpAnswer,
  ) {}
}
