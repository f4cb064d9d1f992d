import { defaultTrackSettings } from '@corsac/model';
import { autoPostPage } from './auto-post-page.js';
import { errorPage } from './error-page.js';
import { markup } from './html.js';
import { messagePage } from './message-page.js';
import { makeScene, say } from './scene.js';
import { consentPage } from './sign-in/consent-page.js';
import { homeRealmPage } from './sign-in/home-realm-page.js';
import { identifierPage, passwordPage } from './sign-in/identifier-page.js';
import { enrolPage } from './second-factor/second-factor-pages.js';
import { newPasswordPage } from './account/password-pages.js';
import { acceptedLanguages, chooseTexts } from './texts/choose-language.js';
import { da } from './texts/da.js';
import { de } from './texts/de.js';
import { en } from './texts/en.js';
import { es } from './texts/es.js';
import { fr } from './texts/fr.js';
import { pageErrors } from '../edge/page-errors.js';

const nasty = `"><img src=x onerror='alert(1)'>\`&`;
const place = { action: '/acme/-/(login)/login/x', token: 'token' };
const scene = makeScene({}, { title: nasty }, nasty);

describe('HTML templates', () => {
  it('escape what is put in, in text and in attributes', () => {
    expect(markup`<a title="${nasty}">${nasty}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&#96;&amp;">&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&#96;&amp;</a>',
    );
  });

  it('put HTML into HTML as it is, lists in order, and nothing for what is not there', () => {
    const items = ['a', '<b>'].map((text) => markup`<li>${text}</li>`);
    expect(markup`<ul>${items}${undefined}${false}</ul>${1}`.text).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>1');
  });
});

describe('pages', () => {
  const pages = {
    identifier: identifierPage(scene, { place, kinds: 'e', identifier: nasty, may_cancel: true, may_create: true }),
    password: passwordPage(scene, { place, kinds: 'e', identifier: nasty, may_cancel: true, may_reset: true }),
    homeRealm: homeRealmPage(scene, { place, buttons: [{ name: 'x', label: nasty }], may_create: true, search: nasty }),
    consent: consentPage(scene, { place, identifier: nasty, scopes: [nasty, 'constructor'] }),
    enrol: enrolPage(scene, { place, otpauth_uri: 'otpauth://totp/x', seed: 'ABCD' }),
    newPassword: newPasswordPage(scene, {
      place,
      step: 'x',
      heading: 'reset_title',
      identifier: nasty,
      policy: { ...defaultTrackSettings.passwords, banned_characters: nasty },
      errors: { new_password: 'password_banned_character' },
    }),
    error: errorPage({ error: 'bad_request', correlation_id: nasty, description: nasty }),
    post: autoPostPage('https://app.test/?a="b"', { [nasty]: nasty }),
    message: messagePage(scene, { heading: 'mail_sent_title', text: 'mail_sent_text', values: { identifier: nasty } }),
  };

  it.each(Object.entries(pages))('%s shows hostile text as text', (_name, { html }) => {
    expect(html).not.toContain('<img src=x');
    expect(html).not.toMatch(/onerror='alert/);
  });

  it.each(Object.entries(pages))('%s has a language, one h1, a title and nothing inline', (_name, { html }) => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toMatch(/<title>[^<]+/);
    expect(html).not.toMatch(/<script(?! src="\/assets\/)|<style|style="|\son[a-z]+="|href="javascript/);
  });

  it.each(Object.entries(pages))('%s has a label for every field that people fill in', (_name, { html }) => {
    const ids = [...html.matchAll(/<input id="([^"]+)"/g)].map(([, id]) => id);
    for (const id of ids) expect(html).toContain(`<label for="${id}">`);
    for (const [, ids_ = ''] of html.matchAll(/aria-describedby="([^"]+)"/g))
      for (const id of ids_.split(' ')) expect(html).toContain(`id="${id}"`);
  });

  it('fill in values that look like other values only once', () => {
    expect(say(makeScene({}), 'signing_in_as', { identifier: '{identifier}' })).toContain('{identifier}');
  });

  it('allow pictures from elsewhere only when one is there', () => {
    const withIcon = makeScene({}, { icon_url: 'https://cdn.test/i.png' });
    expect(messagePage(withIcon, { heading: 'sign_in', text: 'sign_in' }).policy).toMatchObject({
      foreign_images: true,
    });
    expect(pages.message.policy).not.toHaveProperty('foreign_images');
  });
});

describe('languages', () => {
  const tables = { en, da, de, fr, es };
  const namesIn = (text: string): string[] => [...text.matchAll(/\{([a-z_]+)\}/g)].map(([, name = '']) => name).sort();

  it.each(Object.entries(tables))('%s has every text, with the values that the English one has', (_lang, table) => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(en)) {
      const translated = table[key as keyof typeof en];
      expect([key, namesIn(translated)]).toEqual([key, namesIn(text)]);
      expect(translated.trim()).not.toBe('');
    }
  });

  it('have words for every error page', () => {
    for (const error of pageErrors)
      expect(errorPage({ error, correlation_id: 'r' }).html).toContain(`<h1>${en[`${error}_title`]}`);
  });

  it('are read from the header best first, without nonsense', () => {
    expect(acceptedLanguages('da, en;q=0.5, de;q=0.9, *;q=0.1, fr;q=0')).toEqual(['da', 'de', 'en']);
    expect(acceptedLanguages(undefined)).toEqual([]);
    expect(acceptedLanguages(';;;,,q=,'.repeat(5000)).length).toBeLessThan(11);
  });

  it.each([
    [{ ui_locales: ['de-AT'] }, 'de'],
    [{ ui_locales: ['xx', 'es'], accept_language: 'fr' }, 'es'],
    [{ accept_language: 'xx, fr-CA;q=0.3' }, 'fr'],
    [{ accept_language: 'xx' }, 'en'],
    [{ settings: { texts: {}, default_language: 'da' } }, 'da'],
    [{ accept_language: 'nb', settings: { texts: { nb: { sign_in: 'Logg inn' } }, default_language: 'en' } }, 'nb'],
    [{ ui_locales: ['__proto__', 'constructor'] }, 'en'],
  ])('of %j come to %s', (wishes, lang) => {
    expect(chooseTexts(wishes).lang).toBe(lang);
  });

  it('take a track’s own words, and English ones where a track’s own language has none', () => {
    const settings = {
      texts: { en: { sign_in: 'Come in', unknown_key: 'x' }, nb: { sign_in: 'Logg inn' } },
      default_language: 'en',
    };
    expect(chooseTexts({ settings }).texts.sign_in).toBe('Come in');
    expect(chooseTexts({ settings }).texts).not.toHaveProperty('unknown_key');
    const nb = chooseTexts({ settings, ui_locales: ['nb-NO'] });
    expect([nb.texts.sign_in, nb.texts.password]).toEqual(['Logg inn', 'Password']);
  });
});
