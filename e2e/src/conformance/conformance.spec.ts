import { flow } from './checks.js';
import { inChromium } from './in-chromium.js';
import { ModuleRun } from './module-run.js';
import type { Module, Variant } from './module.js';
import { plans } from './plans.js';
import { conformanceWorld, type ConformanceWorld } from './provider.js';
import { Slots } from './slots.js';

jest.setTimeout(120_000);

/** Modules that run at the same time; each has a browser of its own. */
const atOnce = 6;

let world: ConformanceWorld;
const slots = new Slots(atOnce);
const begun = new Map<string, Promise<unknown>>();

const keyOf = (profile: string, { response_type, client_auth }: Variant, { name }: Module): string =>
  [profile, response_type, client_auth, name].join('|');

/** Users are handed from the configuration to the service that owns them, which may take a moment after the start. */
const untilUserIsThere = async (variant: Variant, slots: Slots): Promise<void> => {
  for (let tries = 0; ; tries += 1) {
    try {
      await flow(new ModuleRun(world, variant, await world.provider(variant.client_id), (s) => slots.pause(s)));
      return;
    } catch (error) {
      if (tries === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
};

const begin = async (module: Module, variant: Variant, slots: Slots): Promise<void> => {
  const provider = await world.provider(variant.client_id);
  await module.run(new ModuleRun(world, variant, provider, (seconds) => slots.pause(seconds)));
};

beforeAll(async () => {
  world = await conformanceWorld();
  await untilUserIsThere(plans[1]!.parts[0]!.variant, slots);
  const parts = plans.flatMap(({ profile, parts: all }) => all.map((part) => ({ profile, ...part })));
  const runs = parts.flatMap(({ profile, variant, modules }) =>
    modules.map((module) => ({ profile, variant, module })),
  );
  // Those that wait long begin first; nobody waits for them but their own tests.
  runs.sort((a, b) => Number(b.module.name.includes('30seconds')) - Number(a.module.name.includes('30seconds')));
  for (const { profile, variant, module } of runs) {
    const outcome = slots
      .run(() => begin(module, variant, slots))
      .then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
    begun.set(keyOf(profile, variant, module), outcome);
  }
});
afterAll(async () => {
  // Where tests were filtered out, nobody waited for their modules.
  await slots.close();
  await world?.stop();
});

describe.each(plans)('$profile, $name', ({ profile, parts }) => {
  describe.each(parts)(
    '$variant.response_type, $variant.response_mode, $variant.client_auth',
    ({ variant, modules }) => {
      it.each(modules)('$name: $rule', async (module) => {
        const outcome = (await begun.get(keyOf(profile, variant, module))) as { error: unknown } | undefined;
        if (outcome) throw outcome.error;
      });
    },
  );
});

inChromium(() => world);
