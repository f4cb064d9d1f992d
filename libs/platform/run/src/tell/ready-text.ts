import type { Settings } from '@corsac/settings';
import type { Demo } from '../demo/demo.js';

export interface ReadyFacts {
  readonly settings: Settings;
  readonly port: number;
  readonly demo: Demo | undefined;
  readonly took_ms: number;
  readonly services: readonly string[];
}

const demoLines = (base: string, { kept_in }: Demo): string[] => [
  '  Log in     as ada@example.com / Corsac-demo-1 in the sample application: npm run samples, http://localhost:4410',
  `  Console    ${base}/control/acme (admin@example.com / Corsac-demo-1)`,
  `  Account    ${base}/acme/-/account`,
  `  Mails      ${base}/outbox`,
  ...(kept_in === undefined ? [] : [`  Secrets    ${kept_in} (of the demo's applications)`]),
];

/** What a start prints when it is done: one line for a service, under ten for everything in one process. */
export const readyText = ({ settings, port, demo, took_ms, services }: ReadyFacts): string => {
  const seconds = (took_ms / 1000).toFixed(1);
  if (settings.shape === 'distributed') {
    return `corsac ${services.join(', ')} ready on ${settings.host}:${port} in ${seconds} s (pid ${process.pid})`;
  }
  const lines = [
    `Corsac is ready in ${seconds} s: ${settings.base_url}`,
    ...(demo ? demoLines(settings.base_url, demo) : []),
    settings.data === 'memory' ? '  Nothing is kept (CORSAC_DATA=memory)' : `  Data       ${settings.data}`,
    ...settings.warnings.map((warning) => `  Warning    ${warning}`),
    '  Stop with Ctrl-C',
  ];
  return lines.join('\n');
};
