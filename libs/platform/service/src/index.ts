export { background, type BackgroundWork } from './background.js';
export { outboxPublisher, type OutboxParts } from './outbox.js';
export type { Clock, Readiness, Service, ServiceParts, ServiceSettings } from './service.js';
export { Answers, Hears, HearsDurable, type SubjectExtras } from './subjects.js';
