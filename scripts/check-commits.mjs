/**
 * `npm run check:commits [-- range]`: every commit subject reads `type(scope): what is now true`, with a type and a scope
 * from .github/commit-scopes.json. Without a range the whole history is read. Merges are left alone.
 */
import { execFileSync } from 'node:child_process';
import { readJson, root } from './workspace.mjs';

const { types, scopes } = readJson('.github/commit-scopes.json');
const known = new Set(Object.values(scopes).flat());
const longest = 160;

/** @returns what is wrong with a subject, or undefined */
const complaintAbout = (subject) => {
  const parts = /^([a-z]+)\(([a-z0-9-]+)\): (\S.*)$/.exec(subject);
  if (!parts) return 'is not `type(scope): what is now true`';
  const [, type, scope, statement] = parts;
  if (!(type in types)) return `has the unknown type ${type}`;
  if (!known.has(scope)) return `has the unknown scope ${scope}`;
  if (statement.endsWith('.')) return 'ends with a full stop';
  return subject.length > longest ? `is longer than ${longest} characters` : undefined;
};

const range = process.argv[2] ?? 'HEAD';
const log = execFileSync('git', ['log', '--no-merges', '--format=%h %s', range], { cwd: root, encoding: 'utf8' });
const commits = log.split('\n').filter(Boolean);
const complaints = commits.flatMap((line) => {
  const complaint = complaintAbout(line.slice(line.indexOf(' ') + 1));
  return complaint ? [`${line}\n  ${complaint}`] : [];
});
complaints.forEach((complaint) => console.error(complaint));
console.log(`${commits.length - complaints.length} commits well formed, ${complaints.length} not`);
process.exitCode = complaints.length > 0 ? 1 : 0;
