import { StartProblem } from '../start/start-problem.js';
import { supervise, type Supervised, type SuperviseOptions } from './supervise.js';

const complain = (line: string): void => void process.stderr.write(`corsac: ${line}\n`);

const replicasIn = (args: readonly string[]): number => {
  const at = args.indexOf('--replicas');
  const text = at < 0 ? (args.find((arg) => arg.startsWith('--replicas='))?.slice(11) ?? '1') : args[at + 1];
  const replicas = Number(text);
  if (Number.isInteger(replicas) && replicas >= 1 && replicas <= 16) return replicas;
  throw new StartProblem(`--replicas ${text} cannot be started`, 'give a whole number from 1 to 16');
};

/**
 * Ctrl-C and SIGTERM stop in order, a second one at once, and also one during the start: what was started goes along,
 * by handlers of `exit` and by the end of its channel to us. SIGHUP restarts process after process; one during the start is
 * carried out after it.
 */
const obeySignals = (say: (line: string) => void): ((supervised: Supervised) => void) => {
  let supervised: Supervised | undefined;
  let asked = false;
  const end = (): void => {
    if (asked || !supervised) process.exit(130);
    asked = true;
    say('stopping');
    supervised.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        complain(String(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  let isWanted = false;
  const hangUp = (): void => {
    if (asked) return;
    if (supervised) return roll(supervised, say);
    if (!isWanted) say('not ready yet: processes are restarted afterwards');
    isWanted = true;
  };
  process.on('SIGHUP', hangUp);
  return (started) => {
    supervised = started;
    if (isWanted) hangUp();
  };
};

const roll = (supervised: Supervised, say: (line: string) => void): void => {
  say('restarting process after process');
  supervised.roll().then(
    () => say('all processes are new'),
    (error: unknown) => complain(String(error)),
  );
};

/**
 * `npm run start:services`: supervises until a signal ends it. A start that cannot work says cause and mend in one line
 * and ends with exit code 1.
 */
export const runSupervisor = async (
  args: readonly string[],
  options: Pick<SuperviseOptions, 'env' | 'mainOf'>,
): Promise<void> => {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    const stopWith = obeySignals(say);
    const supervised = await supervise({ ...options, replicas: replicasIn(args), say });
    say(`Corsac is ready: ${supervised.base_url} (router pid ${process.pid}, port ${supervised.port})`);
    stopWith(supervised);
  } catch (error) {
    complain(error instanceof StartProblem ? error.message : ((error as Error).stack ?? String(error)));
    process.exit(1);
  }
};
