import { assetHref } from '../assets/asset-files.js';
import type { PageContent } from '../sequence/step.js';
import { page } from './document.js';
import { markup } from './html.js';
import { makeScene, say, type Scene } from './scene.js';

/**
 * A form that posts itself: OAuth 2.0 Form Post Response Mode, SAML Bindings 3.5. Without script its button does it.
 * The policy leaves `form-action` out: Chromium applies it to the redirects of the application that gets the form as
 * well, and where those lead nobody here knows. The page has nothing else that could be sent anywhere.
 */
export const autoPostPage = (
  url: string,
  fields: Readonly<Record<string, string>>,
  scene: Scene = makeScene({}),
): PageContent =>
  page(scene, {
    heading: say(scene, 'posting_title'),
    script: assetHref('auto-post.js'),
    main: markup`<p>${say(scene, 'posting_text')}</p>
<form method="post" action="${url}">
${Object.entries(fields).map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">\n`)}
<button type="submit" class="main">${say(scene, 'continue')}</button>
</form>`,
  });
