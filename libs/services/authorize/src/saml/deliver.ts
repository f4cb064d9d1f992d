import { randomBytes } from 'node:crypto';
import { sendByPost, sendByRedirect, type Delivery, type OutgoingMessage } from '@corsac/saml';
import { autoPostPage } from '../pages/auto-post-page.js';
import type { Step } from '../sequence/step.js';

/** Bindings that the browser carries, as settings spell them. */
export type BrowserBinding = 'redirect' | 'post';

/** An ID for a message: unguessable, and an xs:ID, which must not begin with a digit. SAML Core 1.3.4. */
export const newMessageId = (): string => `_${randomBytes(20).toString('hex')}`;

/** A message as what the browser is to do with it. What the signer throws goes through. */
export const stepOfMessage = async (
  message: OutgoingMessage,
  binding: BrowserBinding,
  delivery: Delivery,
): Promise<Exclude<Step, { kind: 'page' }>> => {
  if (binding === 'redirect') return { kind: 'redirect', url: await sendByRedirect(message, delivery) };
  const { action, fields } = await sendByPost(message, delivery);
  return { kind: 'post', url: action, fields };
};

/** The same inside a frame of somebody: the page that posts itself may be shown there. */
export const inFrameOf = (step: Exclude<Step, { kind: 'page' }>, framed_by: string): Step => {
  if (step.kind === 'redirect') return step;
  const page = autoPostPage(step.url, step.fields);
  return {
    kind: 'page',
    page: { ...page, policy: { ...page.policy, framed_by: [framed_by] } },
    ...(step.ends && { ends: true }),
  };
};
