import { formText, type HttpRequest } from '@corsac/http';
import { fail, type Outcome } from '@corsac/outcome';
import { readPost, readRedirect, type IncomingMessage, type SamlError } from '@corsac/saml';

/** Takes the SAML message off a request of either browser binding; nothing in it has been read. */
export const receiveSaml = (request: HttpRequest): Outcome<IncomingMessage, SamlError> => {
  if (request.method !== 'POST') return readRedirect(request.rawQuery);
  const form = formText(request.content);
  return form === undefined ? notAForm : readForm(form);
};

/** The same of a form's text, as it was kept while the browser came back with its cookies. */
export const readForm = (form: string): Outcome<IncomingMessage, SamlError> => {
  const fields = new URLSearchParams(form);
  const valueOf = (name: string): string | string[] | undefined => {
    const [value, ...more] = fields.getAll(name);
    return value !== undefined && more.length > 0 ? [value, ...more] : value;
  };
  const names = ['SAMLRequest', 'SAMLResponse', 'RelayState'];
  return readPost(Object.fromEntries(names.map((name) => [name, valueOf(name)])));
};

const notAForm: Outcome<never, SamlError> = fail({
  reason: 'binding_invalid',
  step: 'binding',
  message: 'The body is not a form with one message.',
});

/** A refusal as one line of the log. */
export const lineOf = ({ step, reason, message }: SamlError): string => `${step}: ${reason}: ${message}`;
