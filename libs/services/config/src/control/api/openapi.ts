import { controlApiName, controlApiScopes, controlClientName, trimBase } from '@corsac/model';
import { areas, scopesFor, smallestRight } from '../description/rights.js';
import { Components } from '../description/components.js';
import { jsonSchemaOf, type JsonSchema } from '../description/json-schemas.js';
import { parametersOf, sharedParameters } from '../description/parameters.js';
import { problemSchema } from '../description/problem.js';
import { isTagged, refusalMeanings, refusalsOf, successesOf } from '../description/statuses.js';
import type { Operation } from './operation.js';

export interface OpenApiOptions {
  /** `CORSAC_BASE_URL`. */
  readonly base_url: string;
  /** Of Corsac. */
  readonly version: string;
}

/** What an operation is about: `putUpParty` is about an UpParty. */
const subjectOf = ({ id }: Operation): string => id.replace(/^[a-z]+/, '') || id;

const bodyOf = ({ shape, body }: Operation): Operation['body'] => shape ?? body;

const pageSchema: JsonSchema = {
  type: 'object',
  properties: {
    items: { type: 'array', items: { type: 'object' } },
    next: { type: 'string', description: '`cursor` of the page after this one. Left out: this is the last.' },
  },
  required: ['items'],
};

/** What goes over the wire in one operation, as schemas. */
interface Contents {
  readonly sent?: JsonSchema;
  readonly answered?: JsonSchema;
}

const contentsOf = (operation: Operation): Contents => {
  const body = bodyOf(operation);
  const { answer, method } = operation;
  const answered = answer ? jsonSchemaOf(answer, 'answered') : method === 'GET' ? pageSchema : undefined;
  return { ...(body && { sent: jsonSchemaOf(body, 'sent') }), ...(answered && { answered }) };
};

const successMeanings = { 200: 'Done.', 201: 'Made.', 204: 'Done; there is nothing to say.' } as const;

const responsesOf = (operation: Operation, all: readonly Operation[], answered: JsonSchema | undefined): JsonSchema => {
  const tagged = isTagged(operation, all) && { ETag: { $ref: '#/components/headers/ETag' } };
  const done = successesOf(operation).map((status) => {
    const headers = { ...tagged, ...(status === 201 && { Location: { $ref: '#/components/headers/Location' } }) };
    const content = answered && status !== 204 && { content: { 'application/json': { schema: answered } } };
    const hasHeaders = Object.keys(headers).length > 0;
    return [status, { description: successMeanings[status], ...(hasHeaders && { headers }), ...content }] as const;
  });
  const refused = refusalsOf(operation).map(
    (status) => [status, { $ref: `#/components/responses/Refused${status}` }] as const,
  );
  return Object.fromEntries([...done, ...refused]);
};

const isNeeded = ({ body }: Operation): boolean => body !== undefined && !body.safeParse(undefined).success;

const describedOperation = (
  operation: Operation,
  all: readonly Operation[],
  { sent, answered }: Contents,
): JsonSchema => ({
  operationId: operation.id,
  tags: [operation.area],
  summary: operation.summary,
  description: `The smallest right with which it may be called: ${smallestRight(operation)}. A scope of the token and a role of the administrator must give it.`,
  security: [
    ...scopesFor(operation).map((scope) => ({ sign_in: [`${controlApiName}.${scope}`] })),
    { access_token: [] },
  ],
  parameters: parametersOf(operation),
  ...(sent && { requestBody: { required: isNeeded(operation), content: { 'application/json': { schema: sent } } } }),
  responses: responsesOf(operation, all, answered),
});

const refusalResponses = (): JsonSchema =>
  Object.fromEntries(
    Object.entries(refusalMeanings).map(([status, description]) => [
      `Refused${status}`,
      {
        description,
        ...(Number(status) === 401 && {
          headers: { 'WWW-Authenticate': { $ref: '#/components/headers/WWW-Authenticate' } },
        }),
        ...(Number(status) === 503 && { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );

const text = { type: 'string' } as const;
const headers = {
  ETag: { description: 'Tag of the thing as it is now, for `If-Match`. RFC 9110 8.8.3.', schema: text },
  Location: { description: 'Path of what was made.', schema: { ...text, format: 'uri-reference' } },
  'Retry-After': { description: 'Seconds.', schema: text },
  'WWW-Authenticate': { description: 'What is to be proven. RFC 6750 3.', schema: text },
};

const securitySchemes = (base_url: string): JsonSchema => {
  const party = `${trimBase(base_url)}/{tenant}/master/${controlClientName}(login)/oauth`;
  return {
    sign_in: {
      type: 'oauth2',
      description:
        'An administrator signs in as a user of the track `master` of the tenant; put its name in the place of `{tenant}`. Authorization code with PKCE (RFC 7636), client ' +
        `\`${controlClientName}\`.`,
      flows: {
        authorizationCode: {
          authorizationUrl: `${party}/authorize`,
          tokenUrl: `${party}/token`,
          refreshUrl: `${party}/token`,
          scopes: Object.fromEntries(
            controlApiScopes.map((scope) => [
              `${controlApiName}.${scope}`,
              `The right \`${scope}\`, if the administrator has it.`,
            ]),
          ),
        },
      },
    },
    access_token: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: `An access token of the track \`master\` of the tenant for \`${controlApiName}\`, however it was got: by the device grant, or by a client of your own.`,
    },
  };
};

const info = (version: string): JsonSchema => ({
  title: 'Corsac Control API',
  version,
  summary: 'Everything that administrators of Corsac and their programs do.',
  description:
    'The track `-` is the first of a tenant. What concerns a tenant itself stands in its track `master`. A thing that is read comes with an `ETag`: sent back as `If-Match` with a ' +
    'change, that is refused with 412 when somebody was faster. Lists come in pages: `next` of one is `cursor` of the following.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
});

const pathsOf = (operations: readonly Operation[], components: Components): JsonSchema => {
  const contents = operations.map(contentsOf);
  for (const { sent, answered } of contents) for (const schema of [sent, answered]) if (schema) components.note(schema);
  const subjects = operations.map(subjectOf);
  // What is sent and what is answered differ little; the plain names are for what callers write.
  const sent = contents.map((content, at) => content.sent && components.refer(content.sent, subjects[at]!));
  const answered = contents.map(
    (content, at) => content.answered && components.refer(content.answered, `${subjects[at]!}Shown`),
  );
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const [at, operation] of operations.entries()) {
    const here = (paths[operation.path] ??= {});
    const content = { sent: sent[at], answered: answered[at] };
    here[operation.method.toLowerCase()] = describedOperation(operation, operations, content);
  }
  return paths;
};

/**
 * Describes the Control API as OpenAPI 3.1, from the schemas that check what is sent.
 * @param operations all that are served
 * @returns a document that can be written as JSON
 */
export const openApiOf = (operations: readonly Operation[], { base_url, version }: OpenApiOptions): OpenApiDocument => {
  const components = new Components();
  const paths = pathsOf(operations, components);
  const used = new Set(operations.map(({ area }) => area));
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: info(version),
    servers: [{ url: trimBase(base_url) }],
    tags: Object.entries(areas).flatMap(([name, description]) =>
      used.has(name as Operation['area']) ? [{ name, description }] : [],
    ),
    paths,
    components: {
      schemas: { ...components.schemas(), Problem: problemSchema },
      parameters: sharedParameters,
      headers,
      responses: refusalResponses(),
      securitySchemes: securitySchemes(base_url),
    },
  };
};

/** What readers of the document may count on. */
export interface OpenApiDocument extends JsonSchema {
  readonly paths: JsonSchema;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> } & JsonSchema;
}
