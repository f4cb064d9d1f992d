/** Small buffers and no replication: the embedded server serves one machine. Everything that keeps an acknowledged commit stays on. */
const ALWAYS = {
  listen_addresses: '',
  max_connections: 100,
  shared_buffers: '48MB',
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '256MB',
  jit: 'off',
  timezone: 'UTC',
  logging_collector: 'off',
  log_min_messages: 'warning',
} as const;

/** A temporary database need not survive a power cut. */
const TEMPORARY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } as const;

export interface ServerPlace {
  folder: string;
  socketFolder: string;
  port: number;
  /** Whether what is committed must outlive a crash of the machine. */
  durable: boolean;
}

/** The command line of the server. The socket folder is private (0700) and there is no TCP: whoever reaches the socket is trusted. */
export function serverArguments({ folder, socketFolder, port, durable }: ServerPlace): string[] {
  const settings = { ...ALWAYS, ...(durable ? {} : TEMPORARY), port, unix_socket_directories: socketFolder };
  return ['-D', folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
