import type { FrontChannelCall } from '@corsac/contracts';
import type { TrackView } from '@corsac/config-cache';
import { assetHref } from '../assets/asset-files.js';
import type { PageContent } from '../sequence/step.js';
import { page } from './document.js';
import { mainButton } from './form.js';
import { markup } from './html.js';
import { messagePage, signedOutPage as signedOut } from './message-page.js';
import { makeScene, say, type Scene } from './scene.js';

/** What the pages of a logout are made of. */
export interface LogoutPageContext {
  readonly view: TrackView;
  /** Where the page's form goes. */
  readonly action: string;
  readonly form_token: string;
  readonly ui_locales: readonly string[];
  readonly accept_language: string | undefined;
  /** The application that asked. */
  readonly party: string;
  /** Origin of the provider above that shows this in a frame. */
  readonly framed_by?: string;
  /** Addresses that the way may end at. */
  readonly back: readonly string[];
}

const sceneOf = ({ view, ui_locales, accept_language, party }: LogoutPageContext): Scene => {
  const look = view.upParties.find((upParty) => upParty.type === 'login');
  const application = view.downParty(party)?.display_name ?? party;
  return makeScene(
    { ui_locales, accept_language, settings: view.settings },
    {
      ...(look?.type === 'login' && look.title !== undefined && { title: look.title }),
      ...(look?.type === 'login' && look.icon_url !== undefined && { icon_url: look.icon_url }),
    },
    application,
  );
};

/** Do you want to sign out? */
export const logoutConsentPage = (context: LogoutPageContext): PageContent => {
  const scene = sceneOf(context);
  return page(scene, {
    heading: say(scene, 'logout_title'),
    // The way on may lead to providers above, which are known only when the sessions end: `form-action` would strand it.
    main: markup`<p>${say(scene, 'logout_text', { application: scene.application ?? '' })}</p>
<form method="post" action="${context.action}">
<input type="hidden" name="form_token" value="${context.form_token}">
${mainButton(say(scene, 'logout'))}
<button type="submit" name="answer" value="stay">${say(scene, 'logout_stay')}</button>
</form>`,
  });
};

/** A SAML application is told by a message that we make: the frame begins at an address of ours. */
const frameOf = (context: LogoutPageContext, { type, uri, receipt_id }: FrontChannelCall): string =>
  type === 'oidc' ? uri : `${context.action}/saml/${receipt_id}`;

/**
 * One frame per application that is told through the browser (OIDC Front-Channel Logout 1.0 3). A small script goes on when all
 * have loaded; without script the page goes on by itself after three seconds. No application can hold the user up longer.
 */
export const frontChannelPage = (context: LogoutPageContext, calls: readonly FrontChannelCall[]): PageContent => {
  const scene = sceneOf(context);
  const frames = calls.map((call) => ({
    address: frameOf(context, call),
    receipt: call.receipt_id,
    name: call.party,
    isSaml: call.type === 'saml2',
  }));
  return page(scene, {
    heading: say(scene, 'logging_out_title'),
    script: assetHref('logout.js'),
    script_first: true,
    policy: {
      // A SAML application's frame begins here and goes on to the application.
      frames: [...frames.map(({ address }) => address), ...calls.map(({ uri }) => uri)],
      form_targets: context.back,
      ...(context.framed_by !== undefined && { framed_by: [context.framed_by] }),
    },
    main: markup`<noscript><meta http-equiv="refresh" content="3;url=${context.action}?done=1"></noscript>
<p role="status">${say(scene, 'logging_out_text')}</p>
<form method="post" action="${context.action}">
<input type="hidden" name="form_token" value="${context.form_token}">
<input type="hidden" name="loaded" value="">
${mainButton(say(scene, 'continue'))}
</form>
${frames.map(({ address, receipt, name, isSaml }) => markup`<iframe class="unseen" title="${name}" src="${address}" data-receipt="${receipt}"${isSaml && markup` data-answers="saml"`} referrerpolicy="strict-origin"></iframe>\n`)}`,
  });
};

/** The end of a logout that leads nowhere else. */
export const signedOutPage = (context: LogoutPageContext): PageContent => {
  const content = signedOut(sceneOf(context));
  return context.framed_by === undefined
    ? content
    : { ...content, policy: { ...content.policy, framed_by: [context.framed_by] } };
};

/** The user chose to stay. */
export const stillSignedInPage = (context: LogoutPageContext): PageContent =>
  messagePage(sceneOf(context), { heading: 'still_signed_in_title', text: 'still_signed_in_text' });
