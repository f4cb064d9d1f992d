export { authorizeService } from './service.js';
