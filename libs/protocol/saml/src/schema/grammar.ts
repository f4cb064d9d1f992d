/** Checks a value of an attribute or of a text-only element. */
export type ValueCheck = (value: string) => boolean;

/** A place in a sequence: any of these elements, at least `min` and at most `max` times. */
export interface Particle {
  /** Names with the prefixes of `names.ts`; `*` is any element of a namespace that the grammar does not know. */
  readonly names: readonly string[];
  readonly min: number;
  readonly max: number;
}

/** What may stand inside an element. `any` is a wildcard: known elements in it are still checked. */
export type Content = 'any' | { readonly text: ValueCheck } | { readonly sequence: readonly Particle[] };

/** One element of a schema. Attributes that are not listed are refused unless `foreign` and from another namespace. */
export interface ElementRule {
  readonly attributes: Readonly<Record<string, { readonly required: boolean; readonly check: ValueCheck }>>;
  readonly content: Content;
  readonly foreign?: boolean;
  /** xsi:type may stand here; anywhere else it would change what the element is. */
  readonly typed?: boolean;
}

/** Elements by prefixed name. */
export type Grammar = Readonly<Record<string, ElementRule>>;

/** Exactly once. */
export const one = (...names: string[]): Particle => ({ names, min: 1, max: 1 });

/** At most once. */
export const optional = (...names: string[]): Particle => ({ names, min: 0, max: 1 });

/** Any number. */
export const many = (...names: string[]): Particle => ({ names, min: 0, max: Infinity });

/** Once or more. */
export const some = (...names: string[]): Particle => ({ names, min: 1, max: Infinity });

/** Must stand there and pass. */
export const required = (check: ValueCheck): { required: true; check: ValueCheck } => ({ required: true, check });

/** May stand there and must pass then. */
export const allowed = (check: ValueCheck): { required: false; check: ValueCheck } => ({ required: false, check });

/** A text-only element. */
export const textElement = (check: ValueCheck, attributes: ElementRule['attributes'] = {}): ElementRule => ({
  attributes,
  content: { text: check },
});

/** An element of elements. */
export const sequence = (attributes: ElementRule['attributes'], ...particles: Particle[]): ElementRule => ({
  attributes,
  content: { sequence: particles },
});
