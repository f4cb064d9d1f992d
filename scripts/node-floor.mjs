/** The lowest Node that everything here runs on: 20.19 is the first 20 that can `require` an ES module. */
const floor = [20, 19];

/** Ends the process with one clear line when Node is older than the floor. Uses nothing that an old Node lacks. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > floor[0] || (major === floor[0] && minor >= floor[1])) return;
  console.error(
    `Corsac needs Node ${floor.join('.')} or newer; this is ${process.versions.node}. Node 24 is recommended.`,
  );
  process.exit(1);
}
