export { randomName } from './random-name.js';
