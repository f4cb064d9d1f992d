import { z } from 'zod';
import type { Contract } from '../contract/contract.js';

/** What of a contract two versions of a service must agree on, as JSON. */
export interface ContractDescription {
  readonly subject: string;
  readonly kind: Contract['kind'];
  readonly owner: string;
  readonly delivery?: string;
  readonly refusals?: readonly string[];
  /** JSON Schemas by role: `request` and `response`, or `payload`. */
  readonly messages: Readonly<Record<string, unknown>>;
}

/** A message as the one who writes it sees it. Parts that are checked elsewhere (`z.custom`) are free here. */
const schemaOf = (type: z.ZodType): unknown => z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });

/** Describes a contract for its golden file. */
export function describeContract(contract: Contract): ContractDescription {
  const { subject, kind, owner } = contract;
  if (contract.kind === 'question') {
    const messages = { request: schemaOf(contract.request), response: schemaOf(contract.response) };
    return { subject, kind, owner, refusals: [...contract.refusals].sort(), messages };
  }
  const messages = { payload: schemaOf(contract.payload) };
  return contract.kind === 'event'
    ? { subject, kind, owner, delivery: contract.delivery, messages }
    : { subject, kind, owner, messages };
}
