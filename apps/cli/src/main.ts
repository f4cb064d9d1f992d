import { realMachine } from './machine/real-machine.js';
import { run } from './run.js';

// Whoever reads what is printed may stop before its end, as `head` does.
process.stdout.on('error', (error: { code?: string }) => {
  if (error.code !== 'EPIPE') throw error;
});

run(realMachine(), process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    // Only the kind of what went wrong: messages of bugs may hold what was sent.
    const { name, code } = error as { name?: string; code?: string };
    process.stderr.write(`corsac: this should not happen: ${code ?? name ?? 'unknown'}\n`);
    process.exitCode = 1;
  },
);
