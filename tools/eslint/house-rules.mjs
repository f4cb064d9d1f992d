/** Our own lint rules: the import law, the limits that no stock rule knows, and names that say nothing. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importLaw } from './import-law.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const pathOf = (context) => relative(root, context.filename).split(sep).join('/');
const isSpec = (path) => /\.spec\.tsx?$/.test(path);

const matches = (pattern, name) =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern || name.startsWith(`${pattern}/`);

const importedNames = (node) =>
  (node.specifiers ?? []).flatMap(({ type, imported, local }) => {
    if (type === 'ImportNamespaceSpecifier') return [];
    return [(imported ?? local)?.name ?? (imported ?? local)?.value];
  });

const imports = {
  meta: { type: 'problem', schema: [], messages: { banned: '{{name}} may not be imported here: {{because}}.' } },
  create(context) {
    const path = pathOf(context);
    const laws = importLaw.filter(
      (law) => law.in.test(path) && !law.except?.test(path) && (law.specs || !isSpec(path)),
    );
    const check = (node) => {
      const name = node.source?.value;
      if (typeof name !== 'string') return;
      for (const law of laws) {
        if (!law.ban.some((pattern) => matches(pattern, name))) continue;
        if (law.names && !importedNames(node).some((imported) => law.names.includes(imported))) continue;
        context.report({ node, messageId: 'banned', data: { name, because: law.because } });
      }
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

const maxParts = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { tooMany: '{{count}} parameters; at most {{limit}}. Hand over one object, or split the work.' },
  },
  create(context) {
    const check = (node) => {
      const limit = node.parent?.type === 'MethodDefinition' && node.parent.kind === 'constructor' ? 6 : 4;
      const count = node.params.length;
      if (count > limit) context.report({ node, messageId: 'tooMany', data: { count, limit } });
    };
    return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
  },
};

const folderLimit = 15;

const folders = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      crowded: '{{count}} source files in this folder; at most {{limit}}. Make a folder for one capability.',
      drawer: 'The name "{{name}}" says nothing about what is inside.',
      barrel: 'Only a library has an index.ts, at its top.',
    },
  },
  create(context) {
    const path = pathOf(context);
    const drawer = path.split('/').find((part) => /^(common|utils?|helpers?|shared|core|misc)(\.ts)?$/.test(part));
    const barrel =
      basename(path) === 'index.ts' && !/^(libs\/[a-z-]+|libs\/[a-z]+\/[a-z-]+|e2e|bench)\/src\/index\.ts$/.test(path);
    const sources = () =>
      readdirSync(dirname(context.filename)).filter(
        (name) => /\.tsx?$/.test(name) && !isSpec(name) && name !== 'index.ts',
      );
    return {
      Program(node) {
        if (drawer) context.report({ node, messageId: 'drawer', data: { name: drawer } });
        if (barrel) context.report({ node, messageId: 'barrel' });
        if (isSpec(path) || !existsSync(context.filename)) return;
        const all = sources().sort();
        const count = all.length;
        if (count > folderLimit && all[0] === basename(path))
          context.report({ node, messageId: 'crowded', data: { count, limit: folderLimit } });
      },
    };
  },
};

export const houseRules = { meta: { name: 'corsac' }, rules: { imports, 'max-parts': maxParts, folders } };
