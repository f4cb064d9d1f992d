export { ConfigCache, type ConfigCacheOptions, type ConfigMiss } from './config-cache.js';
export { configNoticeSubjects } from './notice.subjects.js';
export { TrackView } from './track-view.js';
