import type { PagePolicy } from '@corsac/http';
import { assetHref } from '../assets/asset-files.js';
import type { PageContent } from '../sequence/step.js';
import { markup, type Html } from './html.js';
import type { Scene } from './scene.js';

export interface PageParts {
  /** The page's only h1, and its title. */
  readonly heading: string;
  readonly main: Html;
  readonly policy?: PagePolicy;
  readonly status?: number;
  /** A script file of ours that the page runs. */
  readonly script?: string;
  /** The script runs before the body is read: it must not miss what happens while the page loads. */
  readonly script_first?: boolean;
}

const brand = ({ look }: Scene): Html | false =>
  (look.icon_url !== undefined || look.title !== undefined) &&
  markup`<p class="brand">
    ${look.icon_url !== undefined && markup`<img src="${look.icon_url}" alt="">`}${
      look.title !== undefined && markup`<span>${look.title}</span>`
    }
  </p>`;

/** A form that is sent twice by a double click would lose to itself; a small script keeps that from happening. */
const hasForm = (main: Html): boolean => main.text.includes('<form method="post"');

/** A whole page. Nothing in it is inline: style and script are files, so that the policy can forbid everything else. */
export const page = (scene: Scene, parts: PageParts): PageContent => {
  const { heading, main, policy, status, script_first } = parts;
  const { look } = scene;
  const script = parts.script ?? (hasForm(main) ? assetHref('once.js') : undefined);
  const document = markup`<!doctype html>
<html lang="${scene.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${heading}${look.title !== undefined && markup` · ${look.title}`}</title>
<link rel="icon" href="${look.icon_url ?? 'data:,'}">
<link rel="stylesheet" href="${assetHref('sign-in.css')}">
${look.style_href !== undefined && markup`<link rel="stylesheet" href="${look.style_href}">`}
${script !== undefined && markup`<script src="${script}"${script_first !== true && markup` defer`}></script>`}
</head>
<body>
<main>
${brand(scene)}
<h1>${heading}</h1>
${main}
</main>
</body>
</html>
`;
  const foreign = look.icon_url?.startsWith('https:') === true || policy?.foreign_images === true;
  return {
    html: document.text,
    policy: { ...policy, ...(foreign && { foreign_images: true }), ...(script !== undefined && { scripts: true }) },
    ...(status !== undefined && { status }),
  };
};
