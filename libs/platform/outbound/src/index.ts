export { createJudge, isPublicAddress, type AddressClass, type AddressRules, type Judge } from './address-class.js';
export { createOutboundClient, type OutboundClientOptions } from './create-outbound-client.js';
export type { Resolve } from './guard.js';
export type { OutboundClient, OutboundError, OutboundOptions, OutboundResponse } from './outbound-client.js';
