import { readFileSync } from 'node:fs';
import { routeOf } from '@corsac/model';
import { treeOf } from './process-tree.js';

/** Says to which port of this machine a path of an address goes. */
export type PortOf = (path: string) => number;

const environmentOf = (pid: number): ReadonlyMap<string, string> => {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
};

const serviceOf = (pid: number): string | undefined =>
  /apps\/(\w+)\/dist\/main\.js/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1];

/** The ports of the processes of each service under `root`. */
const portsUnder = (root: number): ReadonlyMap<string, readonly number[]> => {
  const ports = new Map<string, number[]>();
  for (const pid of treeOf(root)) {
    const service = serviceOf(pid);
    if (service) ports.set(service, [...(ports.get(service) ?? []), Number(environmentOf(pid).get('PORT'))]);
  }
  return ports;
};

/**
 * Sends requests to the processes of the services as an ingress does: by the list of routes, to the replicas in turn. An ingress is no part of
 * the product, so what it costs does not count.
 */
export const ingressOf = (root: number): PortOf => {
  const ports = portsUnder(root);
  const turns = new Map<string, number>();
  return (path) => {
    const service = routeOf(path)?.service ?? '';
    const [replicas = [], turn = 0] = [ports.get(service), turns.get(service)];
    turns.set(service, turn + 1);
    const port = replicas[turn % replicas.length];
    if (!port) throw new Error(`no process answers ${path}`);
    return port;
  };
};
