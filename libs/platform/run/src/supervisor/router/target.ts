import { Agent } from 'node:http';

/** A replica that requests may be sent to. */
export interface Target {
  readonly port: number;
  readonly agent: Agent;
}

/** Closes the connections that wait for a next request; those at work end by themselves. */
export const closeIdle = ({ agent }: Target): void => {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
};

/** Connections to a replica are kept, yet shorter than the replica keeps them, so that it is never the one to close. */
export const targetOf = (port: number): Target => ({
  port,
  agent: new Agent({ keepAlive: true, timeout: 30_000, maxFreeSockets: 64 }),
});
