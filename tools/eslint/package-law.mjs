/** Which kind of package may import which: apps > services > platform > contracts > model > protocol. */
const below = (...types) => [...types.map((type) => `type:${type}`), 'type:testing'];
const frameworks = ['@nestjs/*', 'typeorm', 'redis', 'pg', 'fastify', '@fastify/*', '@nats-io/*', 'pino', 'rxjs'];

export const packageLaw = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: below('service', 'platform', 'contracts', 'model', 'protocol') },
  // `for:services` leaves bus, settings and run out: only an app chooses its wiring.
  { sourceTag: 'type:service', onlyDependOnLibsWithTags: ['for:services', ...below('contracts', 'model', 'protocol')] },
  { sourceTag: 'for:services', onlyDependOnLibsWithTags: ['for:services', ...below('contracts', 'model', 'protocol')] },
  { sourceTag: 'for:apps', onlyDependOnLibsWithTags: below('platform', 'contracts', 'model', 'protocol') },
  {
    sourceTag: 'type:contracts',
    onlyDependOnLibsWithTags: below('model', 'protocol'),
    bannedExternalImports: frameworks,
  },
  { sourceTag: 'type:model', onlyDependOnLibsWithTags: below('protocol'), bannedExternalImports: frameworks },
  { sourceTag: 'type:protocol', onlyDependOnLibsWithTags: below('protocol'), bannedExternalImports: frameworks },
  {
    sourceTag: 'type:testing',
    onlyDependOnLibsWithTags: below('service', 'platform', 'contracts', 'model', 'protocol'),
  },
  // The console runs in browsers: of ours only what is pure, and everything that it does goes through the Control API.
  { sourceTag: 'type:console', onlyDependOnLibsWithTags: below('model', 'protocol') },
  { sourceTag: 'type:sample', onlyDependOnLibsWithTags: [] },
  // The command line knows what a client may know.
  { sourceTag: 'scope:cli', onlyDependOnLibsWithTags: below('model', 'protocol') },
  // An app starts its own service; embedded, whose scope is not in this list, starts all.
  ...['authorize', 'token', 'session', 'config'].map((scope) => ({
    sourceTag: `scope:${scope}`,
    onlyDependOnLibsWithTags: [`scope:${scope}`, 'scope:shared'],
  })),
];

/** A spec may use the test library, which itself builds on the packages: a circle on paper only. */
export const allowedCircles = [['@corsac/testing', '*']];
