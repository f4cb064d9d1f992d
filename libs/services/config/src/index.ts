export { configService } from './service.js';
export { applyDeclarative, describeProblems, type Applied, type ApplyOptions, type ApplyParts } from './apply/apply.js';
