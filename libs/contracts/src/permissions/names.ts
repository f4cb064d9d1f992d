import type { DurableEvent, ServiceName } from '../contract/contract.js';
import { deadLettered } from '../contract/dead-letter.js';

/** Inboxes of one service: answers to it go there and nobody else may listen. */
export const inboxPrefix = (user: string): string => `_INBOX_${user}`;

/** The JetStream stream that holds an event: one per owner, and one for dead letters. */
export const streamOf = (event: Pick<DurableEvent<unknown>, 'owner' | 'subject'>): string =>
  event.subject === deadLettered.subject ? 'CORSAC_DEAD' : `CORSAC_${event.owner.toUpperCase()}`;

/** What a stream takes and a consumer asks for. Dead letters have the name of the service that failed behind them. */
export const storedSubject = ({ subject }: Pick<DurableEvent<unknown>, 'subject'>): string =>
  subject === deadLettered.subject ? `${subject}.*` : subject;

/** Where a service puts its dead letters. */
export const deadLetterSubject = (service: ServiceName): string => `${deadLettered.subject}.${service}`;

/** The durable consumer of one service for one event, such as `token-v1-session-ended`. */
export const consumerOf = ({ subject }: Pick<DurableEvent<unknown>, 'subject'>, service: ServiceName): string => {
  const [, second = '', ...rest] = subject.split('.');
  return [service, ...(rest.length > 0 ? rest : [second])].join('-');
};
