import { fieldName, type Problem } from '@corsac/model';
import type { Outcome } from '@corsac/outcome';

/** One field that is wrong. */
export interface FieldError {
  /** As people write it: `redirect_uris[0]`; empty when it is about the whole. */
  readonly field: string;
  readonly message: string;
  /** What to do about it. */
  readonly mend?: string;
}

/** Why a call is not carried out: what problem details tell (RFC 9457). Nothing was changed unless `detail` says otherwise. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 415 | 422 | 503;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Methods that the address takes, with 405. */
  readonly allow?: readonly string[];
  /** What is to be proven, with 401 (RFC 6750 3). */
  readonly challenge?: string;
}

const refused = (refusal: Refusal): { readonly ok: false; readonly error: Refusal } => ({ ok: false, error: refusal });

/** What every operation of the API comes to. */
export type Answered<T> = Outcome<T, Refusal>;

/** @param what such as `up-party azure` */
export const notFound = (what: string) => refused({ status: 404, title: `There is no ${what}.` });

export const conflict = (title: string, detail?: string) => refused({ status: 409, title, detail });

export const forbidden = (detail: string) => refused({ status: 403, title: 'You have no right to do this.', detail });

/** The thing is not as `If-Match` or `If-None-Match` says. RFC 9110 13.1. */
export const preconditionFailed = (detail: string) =>
  refused({ status: 412, title: 'It has been changed meanwhile.', detail });

export const invalid = (errors: readonly FieldError[]) =>
  refused({
    status: 422,
    title: 'What was sent cannot be kept.',
    detail: errors.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; '),
    errors,
  });

export const badRequest = (detail: string, errors?: readonly FieldError[]) =>
  refused({ status: 400, title: 'The request is malformed.', detail, errors });

/** @param service who gave no answer; the call may be sent again */
export const away = (service: string) =>
  refused({
    status: 503,
    title: 'Not available for the moment.',
    detail: `The ${service} service gives no answer. Please try again.`,
  });

/** Problems of a configuration, by the field as it was sent. */
export const fieldErrorsOf = (problems: readonly Problem[]): FieldError[] =>
  problems.map(({ path, message, mend }) => ({ field: fieldName(path), message, ...(mend !== undefined && { mend }) }));
