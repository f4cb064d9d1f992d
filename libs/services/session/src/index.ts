export { sessionService } from './service.js';
