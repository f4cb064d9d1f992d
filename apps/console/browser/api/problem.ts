/** One field that is wrong, as the API names it: `redirect_uris[0]`; empty when it is about the whole. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly mend?: string;
}

/** A refusal of the API, RFC 9457. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail?: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(detail ?? title);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const fieldErrorsIn = (value: unknown): FieldError[] =>
  (Array.isArray(value) ? value : []).filter(isRecord).map((error) => ({
    field: textOf(error['field']) ?? '',
    message: textOf(error['message']) ?? 'is wrong',
    ...(textOf(error['mend']) !== undefined && { mend: textOf(error['mend']) }),
  }));

/** The problem that an answer tells, also where what answers is no API. */
export const problemIn = (status: number, body: unknown): ApiProblem => {
  if (!isRecord(body)) return new ApiProblem(status, `The server answered with status ${status}.`);
  const title = textOf(body['title']) ?? `The server answered with status ${status}.`;
  return new ApiProblem(status, title, textOf(body['detail']), fieldErrorsIn(body['errors']));
};

/** Any error as a problem; what is no answer of the API is a network that is away. */
export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem
    ? error
    : new ApiProblem(0, 'Corsac cannot be reached.', error instanceof Error ? error.message : undefined);

/** The sentence at a field: what is wrong and what to do. */
export const fieldSentence = ({ message, mend }: FieldError): string =>
  mend === undefined ? message : `${message}. ${mend}`;

/** The sentence that stands at exactly this field. */
export const errorAt = (errors: readonly FieldError[], path: string): string | undefined =>
  errors
    .filter(({ field }) => field === path)
    .map(fieldSentence)
    .join('; ') || undefined;

/** Whether something at or below a field is wrong. */
export const isWrongBelow = (errors: readonly FieldError[], path: string): boolean =>
  errors.some(({ field }) => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`));
