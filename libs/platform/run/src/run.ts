import { readSettings, type Settings } from '@corsac/settings';
import type { Service } from '@corsac/service';
import { createLogger, loadSpanAround, startTracing, type Logger } from '@corsac/telemetry';
import { start, type Running } from './start/start.js';
import { StartProblem } from './start/start-problem.js';
import { stopOnSignals } from './stop/stop-on-signals.js';
import { readyText } from './tell/ready-text.js';
import type { ReplicaMessage } from './supervisor/fleet/replica-message.js';
import type { Wiring } from './wiring/wiring.js';

/** Milliseconds after which a start says what it still waits for. */
const readyPatienceMs = 10_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`corsac: ${line}\n`);

/** Without a floor, an older Node would fail somewhere inside a library. */
const checkNode = (): void => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new StartProblem(`Node ${process.versions.node} is too old`, 'install Node 20.19 or newer (24 is best)');
};

const settingsFrom = (env: NodeJS.ProcessEnv, wiring: Wiring): Settings | undefined => {
  const read = readSettings(env, wiring.shape);
  if (read.ok) return read.value;
  for (const problem of read.error) complain(String(problem));
  return undefined;
};

/** A supervisor learns of us at once; whoever else started us has health and the line below. */
const tellParent = (message: ReplicaMessage): void =>
  void process.send?.(message, undefined, undefined, () => undefined);

const untilReady = async ({ health }: Running, logger: Logger): Promise<void> => {
  const late = setTimeout(() => {
    void health.ready().then(({ body }) => logger.warn({ readiness: String(body) }, 'not ready yet'));
  }, readyPatienceMs);
  while (!health.isReady && !health.isDraining) await new Promise((resolve) => setTimeout(resolve, 10));
  clearTimeout(late);
};

const begin = async (services: readonly Service[], wiring: Wiring, settings: Settings): Promise<void> => {
  const names = services.map(({ name }) => name);
  const name = wiring.shape === 'embedded' ? 'embedded' : names.join('+');
  const logger = createLogger({ level: settings.log_level });
  const stopWith = stopOnSignals(logger);
  const stopTracing = await startTracing({ endpoint: settings.otlp_endpoint, service: name, logger });
  const spanAround = settings.otlp_endpoint === undefined ? undefined : await loadSpanAround();
  logger.debug({ uptime_s: process.uptime() }, 'code is loaded');
  const running = await start({ services, wiring, settings, logger, spanAround });
  stopWith(() => {
    tellParent({ corsac: 'draining', port: running.port });
    return running.stop().then(stopTracing);
  });
  await untilReady(running, logger);
  if (running.health.isDraining) return;
  tellParent({ corsac: 'ready', port: running.port });
  const took_ms = process.uptime() * 1000;
  if (!process.send) say(readyText({ settings, port: running.port, demo: running.demo, took_ms, services: names }));
};

/**
 * Runs services as this process: reads the settings, starts, says when it is ready, stops on signals. A start that
 * cannot work says cause and mend in one line and ends with exit code 1.
 */
export const run = async (services: readonly Service[], wiring: Wiring, env = process.env): Promise<void> => {
  try {
    checkNode();
    const settings = settingsFrom(env, wiring);
    if (!settings) return process.exit(1);
    await begin(services, wiring, settings);
  } catch (error) {
    complain(error instanceof StartProblem ? error.message : `a bug ended the start: ${(error as Error).stack ?? ''}`);
    process.exit(1);
  }
};
