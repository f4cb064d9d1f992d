import type { z } from 'zod';

/**
 * What is wrong with a message, for logs: where and which rule. Values stay out of it, they may be anything.
 * At most five problems.
 */
export const problemsOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.') || 'message'}: ${issue.code}`)
    .join(', ');
