/** Reads rendered manifests and writes them with every value of a secret on one line, as checkers of formats want it. */
import { readFileSync } from 'node:fs';
import { parseAllDocuments, stringify } from 'yaml';

const documents = parseAllDocuments(readFileSync(0, 'utf8')).map((document) => document.toJS());
for (const { kind, data = {} } of documents) {
  if (kind === 'Secret') for (const name of Object.keys(data)) data[name] = data[name].replace(/\s/g, '');
}
process.stdout.write(documents.map((document) => stringify(document, { lineWidth: 0 })).join('---\n'));
