import { realMachine } from './machine/real-machine.js';
import { run } from './run.js';

run(realMachine(), process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    // Only the kind of what went wrong: messages of bugs may hold what was sent.
    const { name, code } = error as { name?: string; code?: string };
    process.stderr.write(`corsac: this should not happen: ${code ?? name ?? 'unknown'}\n`);
    process.exitCode = 1;
  },
);
