import { rightAreas, rightVerbs } from './rights.js';

/** Control's own client in the `master` track of every tenant: the console, and people with a command line. */
export const controlClientName = 'corsac_control';
/** The Control API as a resource in the same place: the audience of its tokens. */
export const controlApiName = 'corsac_control_api';

const wholes = [
  'corsac:master',
  'corsac:tenant',
  'corsac:tenant:track',
  ...rightAreas.map((area) => `corsac:tenant:track:${area}`),
];

/** Scopes of the Control API: every right that names no track, each alone and with each verb. */
export const controlApiScopes: readonly string[] = wholes.flatMap((whole) => [
  whole,
  ...rightVerbs.map((verb) => `${whole}.${verb}`),
]);

const spellings = [`${controlApiName}.`, `${controlApiName}:`];

/**
 * The rights that the `scope` of an access token allows. A token repeats a resource's scope as it was asked for: in dot form
 * or in its alias with a colon.
 */
export const rightsInScope = (scope: string): string[] =>
  scope.split(' ').flatMap((word) => {
    const spelling = spellings.find((one) => word.startsWith(one));
    return spelling === undefined ? [] : [word.slice(spelling.length)];
  });
