import { outboxPage } from './outbox-page.js';

describe('the outbox page', () => {
  const mail = {
    id: '1',
    tenant: 'acme',
    track: '-',
    recipient: 'ada@example.com',
    subject: 'Hello',
    text: 'Go to http://localhost:4400/x?a=1&b=2 now',
    created: 0,
    state: 'kept',
    attempts: 0,
  } as const;

  it('makes links of addresses', () => {
    expect(outboxPage([mail])).toContain('<a href="http://localhost:4400/x?a=1&amp;b=2">');
  });

  it('shows what users typed as text', () => {
    const page = outboxPage([
      { ...mail, subject: '<script>1</script>', text: '"><img src=x>', recipient: "a'b@example.com" },
    ]);
    expect(page).not.toContain('<script>1');
    expect(page).not.toContain('<img');
  });

  it('says that there is none', () => {
    expect(outboxPage([])).toContain('No mail was written yet.');
  });
});
