export type { Clock, Service, ServiceParts, ServiceSettings } from './service.js';
export { Answers, Hears, HearsDurable, type SubjectExtras } from './subjects.js';
