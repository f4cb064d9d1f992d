import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

const script = readFileSync(join(__dirname, 'logout.js'), 'utf8');

/** What a frame shows: a page of ours, by what it contains, or a page of somebody else, which cannot be read. */
type Shown = readonly string[] | 'foreign';
const ours = {
  posting: ['form'],
  confirmed: ['[data-told="confirmed"]'],
  refused: ['[data-told="refused"]'],
  error: [],
} as const;

class HTMLIFrameElement {
  contentDocument: { querySelector(selector: string): object | null } | null = null;
  constructor(readonly dataset: { readonly receipt: string; readonly answers?: string }) {}

  show(page: Shown): this {
    this.contentDocument =
      page === 'foreign' ? null : { querySelector: (selector) => (page.includes(selector) ? {} : null) };
    return this;
  }
}

/** The script in a page with these frames. */
const pageWith = (...frames: HTMLIFrameElement[]) => {
  const listeners = new Map<string, (event: object) => void>();
  const sent: string[] = [];
  const field = { value: '' };
  const form = { elements: { namedItem: () => field }, submit: () => void sent.push(field.value) };
  const document = {
    readyState: 'interactive',
    forms: [form],
    querySelectorAll: () => frames,
    addEventListener: (type: string, listener: (event: object) => void) => void listeners.set(type, listener),
  };
  runInNewContext(script, { document, HTMLIFrameElement, setTimeout });
  const load = (frame: HTMLIFrameElement, shown: Shown = 'foreign') =>
    listeners.get('load')?.({ target: frame.show(shown) });
  return { load, sent };
};

const shop = () => new HTMLIFrameElement({ receipt: 'shop' });
const saml = () => new HTMLIFrameElement({ receipt: 'app', answers: 'saml' });

describe('the page that tells applications by frames, its script', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('goes on at once when every frame has loaded', () => {
    const [one, other] = [shop(), saml()];
    const page = pageWith(one, other);
    page.load(one);
    expect(page.sent).toEqual([]);
    page.load(other, ours.posting);
    page.load(other, ours.confirmed);
    expect(page.sent).toEqual(['shop app']);
  });

  it.each(['refused', 'error'] as const)('does not wait for a SAML application whose frame ended: %s', (end) => {
    const app = saml();
    const page = pageWith(app);
    page.load(app, ours.posting);
    page.load(app, ours[end]);
    expect(page.sent).toEqual(['']);
  });

  it('does not wait for a SAML application that shows a page of its own and leaves it at that', () => {
    const app = saml();
    const page = pageWith(app);
    page.load(app, ours.posting);
    page.load(app);
    expect(page.sent).toEqual([]);
    jest.advanceTimersByTime(500);
    expect(page.sent).toEqual(['']);
  });

  it('lets a SAML application send its answer by a form of its own', () => {
    const app = saml();
    const page = pageWith(app);
    page.load(app, ours.posting);
    page.load(app);
    jest.advanceTimersByTime(400);
    page.load(app, ours.confirmed);
    expect(page.sent).toEqual(['app']);
    jest.advanceTimersByTime(5_000);
    expect(page.sent).toEqual(['app']);
  });

  it('goes on after three seconds without those that say nothing', () => {
    const [one, other] = [shop(), saml()];
    const page = pageWith(one, other);
    page.load(one);
    jest.advanceTimersByTime(3_000);
    expect(page.sent).toEqual(['shop']);
  });
});
