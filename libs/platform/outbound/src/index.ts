export type { OutboundClient, OutboundError, OutboundOptions, OutboundResponse } from './outbound-client.js';
