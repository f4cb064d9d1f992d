export { configService } from './service.js';
export { applyDeclarative, type Applied, type ApplyOptions, type ApplyParts } from './apply/apply.js';
