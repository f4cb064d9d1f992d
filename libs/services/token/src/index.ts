export { secretFingerprintPurpose } from './client-authentication/check-secret.js';
export { tokenService } from './service.js';
