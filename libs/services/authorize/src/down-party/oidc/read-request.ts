import { takePushedRequest, type Bus } from '@corsac/contracts';
import type { TrackView } from '@corsac/config-cache';
import type { HttpRequest } from '@corsac/http';
import type { OidcDownParty } from '@corsac/model';
import {
  checkAuthorizationRequest,
  parametersOf,
  parseRequestUri,
  readRequestObject,
  refuse,
  type AuthorizationRequestError,
  type Issuers,
  type OAuthError,
  type Parameters,
  type ValidAuthorizationRequest,
} from '@corsac/oauth';
import { fail, type Outcome } from '@corsac/outcome';
import type { ClientKeys } from '../client-keys.js';

export interface ReadRequestParts {
  readonly bus: Bus;
  readonly clientKeys: ClientKeys;
  readonly now: () => number;
}

interface Asked {
  readonly view: TrackView;
  readonly party: OidcDownParty;
  readonly issuers: Issuers;
  readonly parameters: Parameters;
}

/**
 * Finds the parameters that count (plain, pushed, or inside a request object) and runs the table of checks on them.
 * @returns the request; the error with where it may travel; or `away` when a pushed request cannot be read just now
 */
export const readAuthorizationRequest = async (
  parts: ReadRequestParts,
  request: HttpRequest,
  asked: Asked,
): Promise<Outcome<ValidAuthorizationRequest, AuthorizationRequestError | 'away'>> => {
  const resolved = await resolve(parts, request, asked);
  if (resolved === 'away') return fail('away');
  const pushed = resolved?.ok === true && asked.parameters.values.has('request_uri');
  return checkAuthorizationRequest({
    parameters: asked.parameters,
    client: asked.party,
    issuers: asked.issuers,
    ...(resolved && { resolved }),
    pushed,
  });
};

const resolve = async (
  parts: ReadRequestParts,
  request: HttpRequest,
  asked: Asked,
): Promise<Outcome<Parameters, OAuthError> | 'away' | undefined> => {
  const { values, repeated } = asked.parameters;
  // A client that is not the party of this address gets no further than the table; nothing of its is looked up.
  if (values.get('client_id') !== asked.party.name || repeated.includes('client_id')) return undefined;
  const request_uri = values.get('request_uri');
  const object = values.get('request');
  if (request_uri !== undefined && object !== undefined) return undefined;
  if (request_uri !== undefined)
    return parseRequestUri(request_uri) === undefined
      ? undefined
      : takePushed(parts, request, { ...asked, request_uri });
  if (object === undefined) return undefined;
  const keys = await parts.clientKeys.keysOf(asked.view, asked.party);
  return readRequestObject(object, asked.parameters, {
    client: asked.party,
    issuers: asked.issuers,
    keys,
    now: parts.now(),
  });
};

/** RFC 9126 4: a request URI of ours stands for its parameters once, and only for the client that pushed them. */
const takePushed = async (
  parts: ReadRequestParts,
  request: HttpRequest,
  { view, party, request_uri }: Asked & { request_uri: string },
): Promise<Outcome<Parameters, OAuthError> | 'away'> => {
  const question = { tenant: view.tenant, track: view.track, client_id: party.name, request_uri };
  const taken = await parts.bus.ask(takePushedRequest, question, request.messageContext);
  if (taken.ok) return { ok: true, value: parametersOf(taken.value.parameters) };
  if (taken.error.refusal === 'unavailable') return 'away';
  return refuse('invalid_request_uri', 'the request_uri is unknown, used, expired or of another client');
};
