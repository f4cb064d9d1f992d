import { reportFrontChannel, type Bus, type FrontChannelCall, type MessageContext } from '@corsac/contracts';

/** A logout that was begun, as far as it is of interest when no browser came with it. */
export interface BegunWithoutBrowser {
  readonly job_id?: string | undefined;
  readonly front_channel: readonly FrontChannelCall[];
  /** Of this track and of linked ones. */
  readonly ended: readonly { readonly track: string }[];
}

/**
 * No browser came with this: what only a browser could have told stays untold, and the jobs say so at once.
 * @returns whether there is somebody who is not told at all
 */
export const nobodyLooks = async (
  bus: Bus,
  tenant: string,
  begun: readonly BegunWithoutBrowser[],
  context: MessageContext,
): Promise<boolean> => {
  for (const { job_id, front_channel } of begun) {
    if (job_id === undefined || front_channel.length === 0) continue;
    const receipts = front_channel.map(({ receipt_id }) => ({ receipt_id, result: 'timed_out' as const }));
    await bus.ask(reportFrontChannel, { tenant, job_id, receipts }, context);
  }
  return begun.some(({ front_channel }) => front_channel.some(({ told_directly }) => told_directly !== true));
};
