import { hash } from 'node:crypto';
import { escape } from '../../html/escape.js';
import type { JsonSchema } from '../description/json-schemas.js';
import { meaningOf, namesIn, queryOf } from '../description/parameters.js';
import { areas, smallestRight } from '../description/rights.js';
import { refusalsOf, successesOf, takesConditions } from '../description/statuses.js';
import { openApiOf, type OpenApiDocument, type OpenApiOptions } from './openapi.js';
import type { Operation } from './operation.js';

/** Text with its `code` as such. */
const prose = (text: string): string => escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif;--line:light-dark(#c9ced6,#414853);--soft:light-dark(#f3f5f8,#1c2026);--link:light-dark(#1a56b0,#8ab8ff)}
body{max-width:60rem;margin:0 auto;padding:1rem}
a{color:var(--link)}
h1{margin:0 0 .5rem}h2{margin:2.5rem 0 .25rem;border-bottom:2px solid var(--line)}h3{margin:0;font-size:1rem;font-weight:600}
code,pre{font:.875rem/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none}
article{border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;margin:1rem 0}
article p{margin:.25rem 0}
.method{display:inline-block;min-width:4.2em;margin-right:.5rem;padding:0 .4em;border:1px solid var(--line);border-radius:.25rem;background:var(--soft);text-align:center}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.25rem 1rem;margin:.5rem 0}
dt,dd{margin:0;min-width:0}
summary{cursor:pointer;padding:.25rem 0}
pre{max-width:100%;max-height:30rem;margin:.25rem 0;padding:.75rem;overflow:auto;background:var(--soft);border-radius:.25rem;white-space:pre-wrap}
@media(max-width:40rem){dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .5rem}}`;

/** The page's only style element, for its policy. */
export const apiPageStyleHash = `sha256-${hash('sha256', style, 'base64')}`;

const schemaText = (schema: unknown): string =>
  escape(JSON.stringify(schema, null, 1)).replace(
    /#\/components\/schemas\/([A-Za-z0-9]+)/g,
    '<a href="#schema-$1">$1</a>',
  );

const folded = (title: string, content: JsonSchema | undefined): string => {
  const schema = (content?.['application/json'] as JsonSchema | undefined)?.['schema'];
  if (schema === undefined) return '';
  const name = /^#\/components\/schemas\/(\w+)$/.exec(String((schema as JsonSchema)['$ref']))?.[1];
  if (name !== undefined) return `<p>${title}: <a href="#schema-${name}"><code>${name}</code></a></p>`;
  return `<details><summary>${title}</summary><pre tabindex="0">${schemaText(schema)}</pre></details>`;
};

const entry = ([name, text]: readonly [string, string]): string => `<dt>${name}</dt><dd>${text}</dd>`;

const limits = (schema: JsonSchema): string => {
  const { type, default: fallback, minimum, maximum, enum: choice } = schema;
  const range = minimum !== undefined && maximum !== undefined ? `, ${String(minimum)} to ${String(maximum)}` : '';
  const values = Array.isArray(choice) ? `: ${choice.map(String).join(', ')}` : '';
  const otherwise = fallback === undefined ? '' : `; otherwise ${JSON.stringify(fallback)}`;
  return escape(`${type === undefined ? 'text' : [type].flat().join(' or ')}${range}${values}${otherwise}`);
};

const parameters = (operation: Operation): (readonly [string, string])[] => [
  ...namesIn(operation.path)
    .filter((name) => name !== 'tenant' && name !== 'track')
    .map((name) => [`<code>{${escape(name)}}</code>`, prose(meaningOf(operation.path, name))] as const),
  ...queryOf(operation).map(
    ({ name, required, description, schema }) =>
      [
        `<code>?${escape(name)}</code>`,
        `${prose(description ?? '')} <small>(${limits(schema)}${required ? ', needed' : ''})</small>`,
      ] as const,
  ),
  ...(takesConditions(operation)
    ? [
        [
          '<code>If-Match</code>',
          'The ETag with which the thing was read: refused with 412 when it has been changed since.',
        ] as const,
      ]
    : []),
];

const articleOf = (operation: Operation, document: OpenApiDocument): string => {
  const { id, method, path, summary } = operation;
  const described = (document.paths[path] as Readonly<Record<string, JsonSchema>>)[method.toLowerCase()]!;
  const responses = described['responses'] as Readonly<Record<string, JsonSchema>>;
  const successes = successesOf(operation);
  const statuses = `${successes.join(', ')}; refused with ${refusalsOf(operation).join(', ')}`;
  const rows = [['Right', prose(smallestRight(operation))], ...parameters(operation), ['Answers', statuses]] as const;
  return `<article id="${escape(id)}">
<h3><code class="method">${method}</code><code>${escape(path)}</code></h3>
<p>${prose(summary)}.</p>
<dl>${rows.map((row) => entry(row as readonly [string, string])).join('')}</dl>
${folded('Body', (described['requestBody'] as JsonSchema | undefined)?.['content'] as JsonSchema | undefined)}
${folded('Answer', responses[String(successes[0])]?.['content'] as JsonSchema | undefined)}
</article>`;
};

const inAreas = (operations: readonly Operation[]): { name: string; about: string; operations: Operation[] }[] =>
  Object.entries(areas)
    .map(([name, about]) => ({ name, about, operations: operations.filter(({ area }) => area === name) }))
    .filter((area) => area.operations.length > 0);

const sectionOf = (area: ReturnType<typeof inAreas>[number], document: OpenApiDocument): string =>
  `<section><h2 id="area-${area.name}">${area.name}</h2><p>${prose(area.about)}</p>
${area.operations.map((operation) => articleOf(operation, document)).join('\n')}</section>`;

const schemasOf = ({ components }: OpenApiDocument): string =>
  Object.entries(components.schemas)
    .map(
      ([name, schema]) =>
        `<details id="schema-${name}"><summary><code>${name}</code></summary><pre tabindex="0">${schemaText(schema)}</pre></details>`,
    )
    .join('\n');

/**
 * The page `/api` for people: every operation by what it is about. It has no script; `apiPageStyleHash` is for its policy.
 * @param operations all that are served
 */
export const apiPageOf = (operations: readonly Operation[], options: OpenApiOptions): string => {
  const document = openApiOf(operations, options);
  const found = inAreas(operations);
  const places = [...found.map(({ name }) => [`area-${name}`, name] as const), ['schemas', 'schemas'] as const];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>Corsac Control API</title><style>${style}</style></head>
<body><header><h1>Corsac Control API</h1>
<p>Version ${escape(options.version)}. For programs: <a href="/api/openapi.json">OpenAPI 3.1</a>. Every call has an access token of the track <code>master</code> of the tenant, and needs its right
both as a scope of the token and as a role of the administrator. Refusals are problem details (RFC 9457).</p>
<nav aria-label="Areas"><ul>${places.map(([id, name]) => `<li><a href="#${id}">${name}</a></li>`).join('')}</ul></nav></header>
<main>${found.map((area) => sectionOf(area, document)).join('\n')}
<section><h2 id="schemas">schemas</h2>
${schemasOf(document)}</section></main>
</body></html>`;
};
