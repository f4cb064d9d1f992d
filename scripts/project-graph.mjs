import { createProjectGraphAsync } from '@nx/devkit';

/**
 * Makes the graph of packages that the boundaries rule reads. Without it the rule says "will be skipped" and passes
 * everything, so whoever lints makes it first.
 * @returns the number of packages in it
 */
export async function makeProjectGraph() {
  process.env.NX_DAEMON = 'false';
  const graph = await createProjectGraphAsync({ exitOnError: true });
  const count = Object.keys(graph.nodes).length;
  if (count < 2) throw new Error('the project graph is empty: the boundaries rule would see nothing');
  return count;
}
