import { sendHtml, sendJson, type HttpAnswer } from '@corsac/http';
import { apiPageOf, apiPageStyleHash } from './api-page.js';
import { openApiOf, type OpenApiOptions } from './openapi.js';
import type { Operation } from './operation.js';

/** What the API says of itself, to anybody. Made when first asked for: most processes never are. */
export class ControlPages {
  private people: string | undefined;
  private programs: object | undefined;

  constructor(
    private readonly operations: readonly Operation[],
    private readonly options: OpenApiOptions,
  ) {}

  /** For people: a page without scripts. */
  page(): HttpAnswer {
    this.people ??= apiPageOf(this.operations, this.options);
    return sendHtml(this.people, { policy: { style_hashes: [apiPageStyleHash], form_targets: [] } });
  }

  /** For programs: OpenAPI 3.1. */
  description(): HttpAnswer {
    this.programs ??= openApiOf(this.operations, this.options);
    return sendJson(this.programs);
  }
}
