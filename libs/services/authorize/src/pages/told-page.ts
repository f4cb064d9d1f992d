import type { PageContent } from '../sequence/step.js';
import { page } from './document.js';
import { markup } from './html.js';
import { makeScene, say } from './scene.js';

/**
 * The end of a hidden frame in which a SAML application was told of a logout. The logout page around it, which is of the
 * same origin, reads from it that the frame is done.
 */
export const toldPage = (framed_by: string, result: 'confirmed' | 'refused'): PageContent => {
  const scene = makeScene({});
  return page(scene, {
    heading: say(scene, 'signed_out_title'),
    main: markup`<p data-told="${result}">${say(scene, 'signed_out_title')}</p>`,
    policy: { form_targets: [], framed_by: [framed_by] },
  });
};
