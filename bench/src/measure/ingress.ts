import { routeOf } from '@corsac/model';

/** Says to which port of this machine a path of an address goes. */
export type PortOf = (path: string) => number;

/** What the supervisor prints of every process, such as `token ready, pid 12, port 3456`. */
const readyLine = /(\w+) ready, pid \d+, port (\d+)/g;

const portsIn = (printed: string): ReadonlyMap<string, readonly number[]> => {
  const ports = new Map<string, number[]>();
  for (const [, service = '', port] of printed.matchAll(readyLine))
    ports.set(service, [...(ports.get(service) ?? []), Number(port)]);
  return ports;
};

/**
 * Sends requests to the processes of the services as an ingress does: by the list of routes, to the replicas in turn. An ingress is no part of
 * the product, so what it costs does not count.
 * @param printed what the supervisor of the processes printed when they were ready
 */
export const ingressOf = (printed: string): PortOf => {
  const ports = portsIn(printed);
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
