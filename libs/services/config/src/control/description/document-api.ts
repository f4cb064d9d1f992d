import { fieldsOf, markdownTable, writtenDownPartySchema, writtenUpPartySchema, type Field } from '@corsac/model';
import type { z } from 'zod';
import type { Operation } from '../api/operation.js';
import { answerFields } from './answer-fields.js';
import { jsonSchemaOf, type JsonSchema } from './json-schemas.js';
import { areas, smallestRight } from './rights.js';
import { isTagged, refusalMeanings, refusalsOf, successesOf, takesConditions } from './statuses.js';

const opening = `# Control API

Everything that administrators and their programs do, as JSON over HTTP at \`{base}/api\`. How to begin: [use the Control API](../howto/use-the-control-api.md).
An installation describes its own API at \`{base}/api/openapi.json\` (OpenAPI 3.1) and, to read, at \`{base}/api\`.

\`{tenant}\` and \`{track}\` are names; \`-\` is the first track of a tenant. What concerns a tenant itself stands in its track \`master\`, whose users are its
administrators. GET reads, POST makes, PUT writes a whole thing (what is left out has its default, secrets stay), DELETE takes away. Lists take \`limit\` and
\`cursor\` and answer \`{ "items": [...], "next": "..." }\`: \`next\` is the \`cursor\` of the page after.

A thing that is read comes with an \`ETag\`. Where "conditions" stands below, a change takes it as \`If-Match\`; a PUT takes \`If-None-Match: *\` to make and never
to replace.

This page is made from the operations in \`libs/services/config/src/control\`, which also check what is sent; a test fails when it is old.
`;

const refusals = (): string =>
  [
    '## Refusals',
    'Problem details (RFC 9457): `title`, `status`, `detail`, `request_id`, and `errors` with `field`, `message` and `mend` where fields are wrong. Nothing was changed. Every call may be refused ' +
      'with 400, 401, 403 and 503; what else stands with each.',
    markdownTable(
      ['status', 'meaning'],
      Object.entries(refusalMeanings).map(([status, meaning]) => [status, meaning]),
    ),
  ].join('\n\n');

/** What is told of in full on another page. */
const elsewhere = new Map<z.ZodType, string>([
  [writtenUpPartySchema, 'an up-party, as in [declarative files](declarative-file.md#up-party-login)'],
  [writtenDownPartySchema, 'a down-party, as in [declarative files](declarative-file.md#down-party-oidc)'],
]);
/** Members that are told of there, wherever they are. */
const closed = ['settings', 'claim_transforms', 'jwks'];
const aboutSettings = '`settings`: [settings of a track](declarative-file.md#settings-of-a-track).';

/** Places of the page that descriptions were written for. */
const relinked = (text: string): string => text.replaceAll('](#', '](declarative-file.md#');

const row = ({ path, type, required, fallback, limits, description = '' }: Field): string[] => [
  `\`${path}\``,
  type,
  required ? 'required' : (fallback ?? ''),
  limits.join('; '),
  relinked(description),
];

const sentTable = (what: string, schema: z.ZodType): string[] => {
  const fields = fieldsOf(schema, closed);
  if (fields.length === 0) return [];
  return [markdownTable([what, 'what is written', 'default', 'limits', 'meaning'], fields.map(row))];
};

const hasSettings = (schema: z.ZodType): boolean => fieldsOf(schema, closed).some(({ path }) => path === 'settings');

const linkTo = ({ id }: Operation): string => `[${id}](#${id.toLowerCase()})`;

/** Tells of each schema once: after that by a link to where it was. */
class Told {
  private readonly sent = new Map<z.ZodType, Operation>();
  private readonly answered = new Map<string, Operation>();
  /** What reading one thing answers, so that lists of them need not tell it. */
  private readonly single: ReadonlyMap<string, Operation>;

  constructor(operations: readonly Operation[]) {
    const reading = operations.filter(({ method, path }) => method === 'GET' && path.endsWith('}'));
    this.single = new Map(
      reading.flatMap((each) => (each.answer ? [[JSON.stringify(jsonSchemaOf(each.answer, 'answered')), each]] : [])),
    );
  }

  body(operation: Operation): string[] {
    const schema = operation.shape ?? operation.body;
    if (!schema) return [];
    const other = elsewhere.get(schema);
    if (other !== undefined) return [`Body: ${other}.`];
    const before = this.sent.get(schema);
    if (before) return [`Body: as of ${linkTo(before)}.`];
    this.sent.set(schema, operation);
    return [...sentTable('body', schema), ...(hasSettings(schema) ? [aboutSettings] : [])];
  }

  answer(operation: Operation): string[] {
    const { answer } = operation;
    if (!answer) return operation.method === 'GET' ? ['Answer: `items` and `next`.'] : [];
    const other = elsewhere.get(answer);
    if (other !== undefined) return [`Answer: ${other}.`];
    const schema = jsonSchemaOf(answer, 'answered');
    const before = this.answered.get(JSON.stringify(schema));
    if (before) return [`Answer: as of ${linkTo(before)}.`];
    const fields = answerFields(schema, { closed, elsewhere: (part) => this.tellsOf(part) });
    this.answered.set(JSON.stringify(schema), operation);
    if (fields.length === 0) return [];
    const rows = fields.map(({ path, type, description }) => [`\`${path}\``, type, description]);
    return [markdownTable(['answer', 'type', 'meaning'], rows), ...(hasSettings(answer) ? [aboutSettings] : [])];
  }

  private tellsOf(part: JsonSchema): string | undefined {
    const operation = this.single.get(JSON.stringify(part));
    return operation && `As of ${linkTo(operation)}.`;
  }
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const factsOf = (operation: Operation, all: readonly Operation[]): string => {
  const always = [400, 401, 403, 503];
  const more = refusalsOf(operation).filter((status) => !always.includes(status));
  return [
    `Right: ${smallestRight(operation)}`,
    `answers ${successesOf(operation).join(' or ')}${isTagged(operation, all) ? ' with `ETag`' : ''}`,
    ...(more.length > 0 ? [`refuses with ${more.join(', ')}`] : []),
    ...(takesConditions(operation) ? ['takes conditions'] : []),
  ].join('; ');
};

const documentOperation = (operation: Operation, all: readonly Operation[], told: Told): string => {
  const { id, method, path, summary, query } = operation;
  return [
    `### ${id}`,
    `\`${method} ${path}\``,
    `${sentence(summary)} ${factsOf(operation, all)}.`,
    ...(query ? sentTable('query', query) : []),
    ...told.body(operation),
    ...told.answer(operation),
  ].join('\n\n');
};

/** The page `docs/reference/control-api.md`. */
export const documentControlApi = (operations: readonly Operation[]): string => {
  const told = new Told(operations);
  const areaText = ([name, about]: readonly [string, string]): string[] => {
    const here = operations.filter(({ area }) => area === name);
    if (here.length === 0) return [];
    return [`## Area \`${name}\``, about, ...here.map((operation) => documentOperation(operation, operations, told))];
  };
  return [opening.trimEnd(), refusals(), ...Object.entries(areas).flatMap(areaText)].join('\n\n') + '\n';
};
