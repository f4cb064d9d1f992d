/** What a service's process tells the supervisor that started it. */
export interface ReplicaMessage {
  readonly corsac: 'ready' | 'draining';
  /** Where it listens. */
  readonly port: number;
}
