import { ok } from '@corsac/outcome';
import { refuse } from '../errors.js';
import { prompts, type Check, type Prompt } from './request-types.js';

/** Whole words, and `none` alone: it cannot be shown and not shown. OIDC Core 3.1.2.1. */
export const checkPrompt: Check = (parameters) => {
  const words = wordsOf(parameters.values.get('prompt'));
  if (!words.every((word): word is Prompt => prompts.includes(word as Prompt))) {
    return refuse('invalid_request', 'prompt is not supported');
  }
  if (words.includes('none') && words.length > 1) return refuse('invalid_request', 'prompt none must stand alone');
  return ok({ prompt: words });
};

/** Whole seconds. 0 asks for a sign-in now. OIDC Core 3.1.2.1. */
export const checkMaxAge: Check = (parameters) => {
  const text = parameters.values.get('max_age');
  if (text === undefined) return ok({});
  return /^\d{1,10}$/.test(text)
    ? ok({ max_age: Number(text) })
    : refuse('invalid_request', 'max_age must be whole seconds');
};

const languageTag = /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,8}$/;
const displays = ['page', 'popup', 'touch', 'wap'];
const mostWords = 20;

/** Wishes: what is not understood is left out, never refused. OIDC Core 3.1.2.1. */
export const checkWishes: Check = ({ values }) => {
  const display = displays.find((one) => one === values.get('display'));
  const login_hint = values.get('login_hint');
  const id_token_hint = values.get('id_token_hint');
  return ok({
    acr_values: wordsOf(values.get('acr_values')),
    ui_locales: wordsOf(values.get('ui_locales')).filter((word) => languageTag.test(word)),
    ...(display !== undefined && { display }),
    ...(login_hint !== undefined && { login_hint }),
    ...(id_token_hint !== undefined && { id_token_hint }),
  });
};

const wordsOf = (text: string | undefined): string[] =>
  text === undefined ? [] : [...new Set(text.split(' '))].filter((word) => word !== '').slice(0, mostWords);
