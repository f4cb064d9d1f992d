/** At-rules that fetch something or change how the rest is read. */
const atRules = /@(import|charset|namespace|font-face)\b[^;{]*(;|\{[^}]*\}?|$)/gi;
const comments = /\/\*[\s\S]*?(\*\/|$)/g;
/** Old ways of running script from a style. */
const running = /expression\s*\(|javascript\s*:|vbscript\s*:|behavior\s*:|-moz-binding\s*:/gi;
const addresses = /url\s*\(\s*(?:"([^"]*)"|'([^']*)'|([^)]*))\s*\)?|image-set\s*\([^)]*\)?|src\s*\([^)]*\)?/gi;
const inlinePicture = /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,][A-Za-z0-9+/=%;,.:_~\-!*$&]*$/;

const isBalanced = (css: string): boolean => {
  let depth = 0;
  for (const character of css) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
};

/**
 * Takes out of an administrator's style sheet what could fetch or run something: a page with a password in it must not
 * be made to tell others what is typed. Inline pictures stay. Nothing is left of a sheet with escapes or tags, which
 * could hide the rest, or whose braces do not match.
 */
export const cleanStyle = (css: string): string => {
  const plain = css.replace(comments, ' ');
  if (/[\\<\u0000]/.test(plain) || !isBalanced(plain)) return '';
  return plain
    .replace(atRules, '')
    .replace(addresses, (whole, quoted?: string, apostrophed?: string, bare?: string) => {
      const address = (quoted ?? apostrophed ?? bare ?? '').trim();
      return inlinePicture.test(address) ? `url("${address}")` : 'none';
    })
    .replace(running, '')
    .trim();
};
