import {
  serviceNames,
  type BusEvent,
  type DurableEvent,
  type Question,
  type ServiceName,
} from '../contract/contract.js';
import { deadLettered } from '../contract/dead-letter.js';
import { consumerOf, deadLetterSubject, inboxPrefix, storedSubject, streamOf } from './names.js';

/** The contracts that are in force. */
export interface Contracts {
  readonly questions: readonly Question<unknown, unknown, string>[];
  readonly events: readonly BusEvent<unknown>[];
  readonly durableEvents: readonly DurableEvent<unknown>[];
}

/** What one NATS user may send and hear; nothing else. */
export interface BusUser {
  /** A service's name, or `setup`, who makes streams and consumers and can do nothing else. */
  readonly user: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Whether it may answer who asked it. */
  readonly answers: boolean;
}

export interface PermissionOptions {
  /**
   * Who makes streams and consumers. `setup`: a user of its own, once at deployment. `services`: each service its own at
   * start, which saves that step; but whoever may make a stream says what it collects, and so could read along.
   */
  readonly streams_by?: 'setup' | 'services';
}

interface Listening {
  readonly stream: string;
  readonly consumer: string;
  readonly filter: string;
}

const api = (verb: string, ...names: string[]): string => ['$JS.API', verb, ...names].join('.');

const makeStream = (stream: string): string[] => [
  api('STREAM.INFO', stream),
  api('STREAM.CREATE', stream),
  api('STREAM.UPDATE', stream),
];

const makeConsumer = ({ stream, consumer, filter }: Listening): string[] => [
  api('CONSUMER.INFO', stream, consumer),
  api('CONSUMER.CREATE', stream, consumer, filter),
];

const useConsumer = ({ stream, consumer }: Listening): string[] => [
  api('CONSUMER.INFO', stream, consumer),
  api('CONSUMER.MSG.NEXT', stream, consumer),
  `$JS.ACK.${stream}.${consumer}.>`,
];

const listeningTo = (event: DurableEvent<unknown>, service: ServiceName): Listening => ({
  stream: streamOf(event),
  consumer: consumerOf(event, service),
  filter: storedSubject(event),
});

const unique = (subjects: readonly string[]): string[] => [...new Set(subjects)].sort();
const subjectsOf = (contracts: readonly { readonly subject: string }[]): string[] =>
  contracts.map(({ subject }) => subject);

const promisesOf = ({ durableEvents }: Contracts): DurableEvent<unknown>[] => [...durableEvents, deadLettered];

/** What the service may publish: what it asks, what it owns, its dead letters, and its own part of JetStream. */
function publishOf(service: ServiceName, contracts: Contracts, streamsBy: 'setup' | 'services'): string[] {
  const promises = promisesOf(contracts);
  const heard = promises
    .filter(({ listeners }) => listeners.includes(service))
    .map((event) => listeningTo(event, service));
  const streams = promises.filter(({ owner }) => owner === service).map(streamOf);
  const letters = heard.length > 0 ? [deadLetterSubject(service)] : [];
  const making = streamsBy === 'services' ? [...streams.flatMap(makeStream), ...heard.flatMap(makeConsumer)] : [];
  return unique([
    ...subjectsOf(contracts.questions.filter(({ askers }) => askers.includes(service))),
    ...subjectsOf(contracts.events.filter(({ owner }) => owner === service)),
    ...subjectsOf(contracts.durableEvents.filter(({ owner }) => owner === service)),
    ...letters,
    ...streams.map((stream) => api('STREAM.INFO', stream)),
    ...heard.flatMap(useConsumer),
    ...making,
  ]);
}

const subscribeOf = (service: ServiceName, { questions, events }: Contracts): string[] =>
  unique([
    ...subjectsOf(questions.filter(({ owner }) => owner === service)),
    ...subjectsOf(events.filter(({ listeners }) => listeners.includes(service))),
    `${inboxPrefix(service)}.>`,
  ]);

const setupUser = (contracts: Contracts): BusUser => {
  const promises = promisesOf(contracts);
  const consumers = promises.flatMap((event) => event.listeners.map((service) => listeningTo(event, service)));
  return {
    user: 'setup',
    publish: unique([...promises.map(streamOf).flatMap(makeStream), ...consumers.flatMap(makeConsumer)]),
    subscribe: [`${inboxPrefix('setup')}.>`],
    answers: false,
  };
};

/**
 * The users of the bus with exactly what the contracts name: a service cannot write in another's name, hear what is not
 * for it, or read another's inbox.
 */
export function busUsers(contracts: Contracts, { streams_by = 'setup' }: PermissionOptions = {}): BusUser[] {
  const services = serviceNames.map((service): BusUser => ({
    user: service,
    publish: publishOf(service, contracts, streams_by),
    subscribe: subscribeOf(service, contracts),
    answers: contracts.questions.some(({ owner }) => owner === service),
  }));
  return streams_by === 'setup' ? [...services, setupUser(contracts)] : services;
}
