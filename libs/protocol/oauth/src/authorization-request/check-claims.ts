import { isJsonObject, parseJsonObject, type Json } from '@corsac/jwt';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { refuse } from '../errors.js';
import type { Check, ClaimRequest, ClaimsRequest } from './request-types.js';

/** Most claims asked for in one member. */
const mostClaims = 100;
const mostValues = 50;
const nameCharacters = 100;

/** The `claims` parameter: a JSON object; members that are not understood are ignored. OIDC Core 5.5, 5.5.1. */
export const checkClaims: Check = (parameters) => {
  const text = parameters.values.get('claims');
  if (text === undefined) return ok({});
  const claims = parseClaimsRequest(text);
  return claims.ok ? ok({ claims: claims.value }) : refuse('invalid_request', claims.error);
};

/** Reads the value of a `claims` parameter. @returns what is asked for, or why it cannot be read */
export const parseClaimsRequest = (text: string): Outcome<ClaimsRequest, string> => {
  const object = parseJsonObject(text);
  if (!object) return fail('claims must be a JSON object');
  const userinfo = membersOf(object['userinfo'], 'userinfo');
  if (!userinfo.ok) return userinfo;
  const id_token = membersOf(object['id_token'], 'id_token');
  return id_token.ok ? ok({ userinfo: userinfo.value, id_token: id_token.value }) : id_token;
};

type Members = Record<string, ClaimRequest>;

const membersOf = (value: unknown, name: string): Outcome<Members, string> => {
  if (value === undefined || value === null) return ok({});
  if (!isJsonObject(value)) return fail(`claims.${name} must be an object`);
  const entries = Object.entries(value);
  if (entries.length > mostClaims) return fail(`claims.${name} asks for too many claims`);
  const members: [string, ClaimRequest][] = [];
  for (const [claim, wish] of entries) {
    const request = claimRequestOf(wish);
    if (!request || claim.length > nameCharacters || claim === '__proto__') {
      return fail(`claims.${name} has a member that cannot be read`);
    }
    members.push([claim, request]);
  }
  return ok(Object.fromEntries(members));
};

const claimRequestOf = (wish: Json): ClaimRequest | undefined => {
  if (wish === null) return {};
  if (!isJsonObject(wish)) return undefined;
  const { essential, value, values } = wish;
  if (essential !== undefined && typeof essential !== 'boolean') return undefined;
  if (values !== undefined && !(Array.isArray(values) && values.length <= mostValues)) return undefined;
  return {
    ...(essential !== undefined && { essential }),
    ...(value !== undefined && { value }),
    ...(values !== undefined && { values: values as readonly Json[] }),
  };
};
