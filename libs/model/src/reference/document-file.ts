import type { NotYet } from '../declarative/not-yet.js';
import { fieldsOf, type Field } from './fields.js';
import { ruleSections, sections, type Section } from './sections.js';
import { markdownTable } from './table.js';

const opening = `# Declarative file

Tenants, tracks, parties and users are written in YAML files. \`CORSAC_CONFIG\` names a file or a folder; files are read in the order
of their names, a file may hold several documents, and parts of one track may stand in several files. What they say is applied at
start when it has changed; when anything is wrong, nothing is. A tenant, track, party or user that is in no file is left alone; one that is
in a file becomes what the file says, and has the default of every setting that is left out.

\`\`\`yaml
tenants:
  - name: acme
    tracks:
      - name: '-'
        up_parties:
          - name: login
            type: login
        down_parties:
          - name: shop
            type: oidc
            allow_up_parties: [login]
            redirect_uris: [https://shop.example.com/callback]
            secrets: ['\${SHOP_SECRET}']
---
tenant: acme
track: '-'
users:
  - email: ada@example.com
    password: \${ADA_PASSWORD}
\`\`\`

\`\${NAME}\` in any text is the environment variable NAME of the config service; \`$\${\` stands for the two characters themselves. A setting
that is not in these tables is refused with file, line and field. A JSON Schema for editors: \`declarativeJsonSchema()\` of \`@corsac/model\`.

A file that is applied again does not undo what happened since. Of a user whose entry is as it was nothing is sent on, and of one whose entry
changed only the fields that did: a password that its owner changed stays until the entry names another one, and so does an address that was verified.
An address goes with its \`..._verified\`, a password with \`change_password\`. For that the config service keeps a keyed digest of each field, never
what it says. A user who was removed meanwhile stays away until the entry changes, and is made again when a file is applied after that. An
entry that is taken out of the files leaves its user as is and is forgotten: written again later, all of it counts, the password too. The
same holds for [external users](../howto/external-users.md).

This page is made from the schemas in \`libs/model/src\`, where each setting is declared with what it does; a test fails when it is old.
How to begin: [a first application](../howto/first-application.md).
`;

const head = ['setting', 'what is written', 'default', 'limits', 'what it does'];

/** `## Up-party \`login\`` as GitHub names it in addresses. */
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9_ -]/g, '')
    .replaceAll(' ', '-');

const topLevel = ({ path }: Field): string => path.split(/[.[]/, 1)[0] ?? path;

/** What is refused so far: the setting altogether, or values of it. */
const refusals = ({ path }: Field, list: string | undefined, notYet: NotYet): string[] => {
  const field = [...(list === undefined ? [] : [list]), path.replaceAll('[]', '')].join('.');
  return [...notYet].flatMap(([key, reason]) => {
    const [refused, value] = key.split('=', 2);
    if (refused !== field) return [];
    return [`Not available yet${value === undefined ? '' : ` with \`${value}\``}: ${reason}.`];
  });
};

const row = (field: Field, list: string | undefined, notYet: NotYet): string[] => [
  `\`${field.path}\``,
  field.type,
  field.required ? 'required' : (field.fallback ?? ''),
  field.limits.join('; '),
  [field.description ?? '', ...refusals(field, list, notYet)].join(' '),
];

const sharedSections = sections.filter(({ shared }) => shared);

/** Sections whose settings this one has too, all of them. */
const included = (section: Section, fields: readonly Field[]): Section[] => {
  if (section.shared || !section.list?.endsWith('_parties')) return [];
  const names = new Set(fields.map(topLevel));
  return sharedSections.filter(({ schema }) => fieldsOf(schema, closed).every((field) => names.has(topLevel(field))));
};

/** Described in a part of the page of its own. */
const closed = ['claim_transforms'];

const tableOf = (section: Section, notYet: NotYet): string => {
  const fields = fieldsOf(section.schema, closed);
  const others = included(section, fields);
  const elsewhere = new Set(others.flatMap(({ schema }) => fieldsOf(schema, closed).map(topLevel)));
  const own = fields.filter((field) => !elsewhere.has(topLevel(field)));
  const links = others.map(({ title }) => `[${title}](#${anchor(title)})`).join(' · ');
  return [
    ...(section.text === '' ? [] : [section.text]),
    ...(links === '' ? [] : [`Also: ${links}.`]),
    markdownTable(
      head,
      own.map((field) => row(field, section.list, notYet)),
    ),
  ].join('\n\n');
};

const transforms = `## Claim transforms

Under \`claim_transforms\` of a party, at most 100 rules. They run in their order, each on what the one before left; a rule that cannot run
ends the sign-in. Claims that have one value (\`sub\`, \`auth_time\` and the like) are replaced where a rule adds. On a SAML party
the rules see the names of attributes.`;

/**
 * The page `docs/reference/declarative-file.md`.
 * @param notYet settings that the reader of files refuses so far
 */
export const documentDeclarativeFile = (notYet: NotYet): string =>
  [
    opening.trimEnd(),
    ...sections.map((section) => `## ${section.title}\n\n${tableOf(section, notYet)}`),
    transforms,
    ...ruleSections.map((section) => `### ${section.title}\n\n${tableOf(section, notYet)}`),
  ].join('\n\n') + '\n';

/** Settings without a description, as `Section: path`; there must be none. */
export const undescribed = (): string[] =>
  [...sections, ...ruleSections].flatMap(({ title, schema }) =>
    fieldsOf(schema, closed).flatMap(({ path, description }) =>
      description === undefined ? [`${title}: ${path}`] : [],
    ),
  );
