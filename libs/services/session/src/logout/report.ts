import { fail, ok, type Outcome } from '@corsac/outcome';
import type { LogoutStore } from './logout-store.js';

type Result = 'loaded' | 'timed_out' | 'confirmed' | 'refused';

export interface ReportRequest {
  readonly tenant: string;
  readonly job_id: string;
  readonly receipts: readonly { receipt_id: string; result: Result }[];
}

/** An iframe that loaded proves no more than that; a SAML application's own answer does. */
const stateOf = { loaded: 'loaded', timed_out: 'timed_out', confirmed: 'told', refused: 'failed' } as const;

/** Takes down what the browser could tell about front-channel logout. */
export class ReportFrontChannel {
  constructor(
    private readonly logouts: LogoutStore,
    private readonly now: () => number,
  ) {}

  async report({
    tenant,
    job_id,
    receipts,
  }: ReportRequest): Promise<Outcome<Record<string, never>, { refusal: 'unknown_job' }>> {
    const states = receipts.map(({ receipt_id, result }) => ({ receipt_id, state: stateOf[result] }));
    return (await this.logouts.report({ tenant, job_id }, states, this.now()))
      ? ok({})
      : fail({ refusal: 'unknown_job' });
  }
}
