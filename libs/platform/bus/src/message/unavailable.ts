import { fail, type Failure } from '@corsac/outcome';
import type { Unavailable } from '@corsac/contracts';

/** The one value for "no answer", whatever the transport calls it. */
export const unavailable = (detail: string): Failure<Unavailable> => fail({ refusal: 'unavailable', detail });
