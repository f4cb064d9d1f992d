import { declarations } from './declarations.js';
import { shapes, type Setting, type Shape } from './setting.js';

const opening = `# Settings

Corsac is set by environment variables, read once at start. A value that cannot be used ends the start with one line that
names the variable and the mend. There are two shapes: _embedded_ (\`npm start\`, everything in one process) and
_distributed_ (a process per service). An empty variable counts as unset.

This page is made from the declarations in \`libs/platform/settings/src/declarations.ts\`; a test fails when it is old.
`;

const inCode = (text: string): string => (text.startsWith('`') ? text : `\`${text}\``);

const fallbackText = ({ fallback }: Setting<unknown>): string => {
  if (fallback === undefined) return 'none';
  if (typeof fallback === 'string') return fallback === '' ? 'empty' : inCode(fallback);
  return shapes.map((shape) => `${inCode(fallback[shape])} (${shape})`).join(', ');
};

const requiredText = (required: readonly Shape[] | undefined): string[] =>
  required ? [`Required in the ${required.join(' and ')} shape.`] : [];

const section = (declared: Setting<unknown>): string => {
  const { variable, meaning, example, required, secret, unsafe } = declared;
  const lines = [
    `## ${variable}`,
    '',
    meaning,
    '',
    `- Default: ${fallbackText(declared)}.`,
    ...requiredText(required).map((line) => `- ${line}`),
    ...(example === undefined ? [] : [`- Example: ${inCode(example)}.`]),
    ...(secret ? ['- Secret: never logged or shown.'] : []),
    ...(unsafe === undefined ? [] : [`- The default is for development only: ${unsafe}.`]),
  ];
  return lines.join('\n');
};

/** The page `docs/reference/settings.md`. */
export const documentSettings = (): string =>
  `${[opening, ...Object.values(declarations).map((declared: Setting<unknown>) => section(declared))].join('\n')}\n`
    .replace(/\n## /g, '\n\n## ')
    .replace(/\n{3,}/g, '\n\n');
