import { isName } from '../xml/characters.js';
import { readInstant } from '../time.js';

/** xs:string. */
export const anyText = (): boolean => true;

/** SAML Core 1.3.1: a string with something in it. */
export const nonEmpty = (value: string): boolean => value.trim() !== '';

/** SAML Core 1.3.2: a URI with something in it. White space inside is never one. */
export const uri = (value: string): boolean => value !== '' && value.length <= 2048 && !/\s/.test(value);

/** The same as text of an element, where a pretty printer may have put white space around it. */
export const uriText = (value: string): boolean => uri(value.trim());

/** xs:ID and xs:NCName. */
export const id = (value: string): boolean => value.length <= 256 && isName(value);

/** xs:dateTime in the form that SAML Core 1.3.3 allows. */
export const instant = (value: string): boolean => readInstant(value) !== undefined;

/** xs:boolean. */
export const boolean = (value: string): boolean => /^(?:true|false|1|0)$/.test(value);

/** xs:unsignedShort. */
export const unsignedShort = (value: string): boolean => /^\d{1,5}$/.test(value) && Number(value) <= 65535;

/** xs:duration, as cacheDuration uses it. */
export const duration = (value: string): boolean => /^-?P[0-9YMDTHS.]{2,40}$/.test(value);

/** xs:base64Binary. */
export const base64 = (value: string): boolean => {
  const compact = value.replace(/[ \t\n]+/g, '');
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(compact);
};

/** SAML Core 3.2.1: we speak one version. */
export const version = (value: string): boolean => value === '2.0';

/** One of these. */
export const oneOf =
  (...values: string[]) =>
  (value: string): boolean =>
    values.includes(value);
