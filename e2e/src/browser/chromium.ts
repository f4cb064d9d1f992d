import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { source as axeSource } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const places = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Chromium of this machine; `CHROMIUM` names another. */
export const chromiumPath = places.find((place) => place !== '' && existsSync(place)) ?? '/usr/bin/chromium';

export const screens = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;
export type Screen = keyof typeof screens;

/** A real browser, with what tests ask of every page. */
export class Chromium {
  private readonly contexts: BrowserContext[] = [];
  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<Chromium> {
    return new Chromium(await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] }));
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }

  /** A page of a new profile; what it complains of is kept. */
  async newPage(screen: Screen): Promise<{ page: Page; errors: string[] }> {
    const context = await this.browser.newContext({ viewport: screens[screen] });
    this.contexts.push(context);
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    return { page, errors };
  }

  async closePages(): Promise<void> {
    for (const context of this.contexts.splice(0)) await context.close();
  }
}

/**
 * What stands in somebody's way on a page: what axe calls serious or critical, and a page wider than the screen. With
 * `CORSAC_SCREENSHOTS`, a folder, there is a picture of it afterwards.
 */
export const hurdlesOf = async (page: Page, name: string): Promise<string[]> => {
  const folder = process.env['CORSAC_SCREENSHOTS'];
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
    const width = page.viewportSize()?.width ?? 0;
    await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
  }
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate<{ violations: { id: string; impact: string }[] }>('axe.run()');
  const isWide = await page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth');
  return [
    ...violations.filter(({ impact }) => /serious|critical/.test(impact)).map(({ id }) => `${name}: ${id}`),
    ...(isWide ? [`${name}: wider than the screen`] : []),
  ];
};
