export { documentSettings } from './document-settings.js';
export { readSettings, SettingProblem, type Settings } from './read-settings.js';
export { shapes, type Shape } from './setting.js';
