import type { JsonSchema } from './json-schemas.js';

const reference = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const single = ['items', 'additionalProperties', 'propertyNames', 'contains', 'not', 'if', 'then', 'else'];
const lists = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const maps = ['properties', 'patternProperties'];

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pascal = (words: string): string =>
  words
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('');

/** The value of `type` that tells the members of a union apart, for a name. */
const kindOf = ({ properties }: JsonSchema): string => {
  const type = isSchema(properties) ? properties['type'] : undefined;
  const kind = isSchema(type) ? type['const'] : undefined;
  return typeof kind === 'string' ? pascal(kind) : '';
};

/** What a schema may be called, the outermost first: `UpParty`, `OidcScopes`. */
type Names = readonly string[];

const extended = (names: Names, more: string): Names => [...names.slice(0, -1), (names.at(-1) ?? '') + more];

/** Puts in the place of each schema directly in a schema what `visit` gives for it. */
const mapParts = (
  schema: JsonSchema,
  names: Names,
  visit: (part: JsonSchema, names: Names) => JsonSchema,
): JsonSchema => {
  const mapped: Record<string, unknown> = { ...schema };
  for (const keyword of single)
    if (isSchema(schema[keyword]))
      mapped[keyword] = visit(schema[keyword], extended(names, keyword === 'items' ? 'Item' : ''));
  for (const keyword of lists)
    if (Array.isArray(schema[keyword]))
      mapped[keyword] = (schema[keyword] as JsonSchema[]).map((part) => visit(part, extended(names, kindOf(part))));
  for (const keyword of maps)
    if (isSchema(schema[keyword])) {
      const parts = Object.entries(schema[keyword]) as [string, JsonSchema][];
      mapped[keyword] = Object.fromEntries(parts.map(([key, part]) => [key, visit(part, [...names, pascal(key)])]));
    }
  return mapped;
};

/** A shorter one is easier to read where it stands. */
const shortest = 300;
const structured = ['properties', 'items', 'anyOf', 'oneOf', 'additionalProperties'];

const isWorthAName = (schema: JsonSchema, text: string): boolean =>
  text.length >= shortest && structured.some((keyword) => keyword in schema);

/**
 * Schemas of a document, where those that repeat stand once and have a name. The first pass is told every schema, the second
 * gives each with references in it.
 */
export class Components {
  /** How many different places hold a schema, by its text. */
  private readonly uses = new Map<string, number>();
  private readonly names = new Map<string, string>();
  private readonly made = new Map<string, JsonSchema>();
  /** Those that hold themselves, by their text. */
  private readonly recursive = new Map<string, string>();
  private readonly texts = new WeakMap<JsonSchema, string>();
  private readonly named = new WeakMap<JsonSchema, JsonSchema>();

  /** Notes a schema and all that is in it. */
  note(schema: JsonSchema): void {
    this.count(this.withNamedDefinitions(schema));
  }

  /** @param name a name for it, should it repeat: `UpParty`. @returns the schema, or a reference to it */
  refer(schema: JsonSchema, name: string): JsonSchema {
    return this.lift(this.withNamedDefinitions(schema), [name]);
  }

  /** `components.schemas`, by names in their order. */
  schemas(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.made].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  private count(schema: JsonSchema): JsonSchema {
    const text = this.textOf(schema);
    const uses = this.uses.get(text) ?? 0;
    this.uses.set(text, uses + 1);
    // What is in a schema counts once, however often that one repeats.
    if (uses === 0) mapParts(schema, [], (part) => this.count(part));
    return schema;
  }

  private lift(schema: JsonSchema, names: Names): JsonSchema {
    const text = this.textOf(schema);
    const inner = (): JsonSchema => mapParts(schema, names, (part, its) => this.lift(part, its));
    if ((this.uses.get(text) ?? 0) < 2 || !isWorthAName(schema, text)) return inner();
    const known = this.names.get(text);
    if (known !== undefined) return reference(known);
    const own = this.freeName(names);
    this.names.set(text, own);
    this.made.set(own, {});
    this.made.set(own, inner());
    return reference(own);
  }

  /** Where a name is taken, that of what it is in goes before it. */
  private freeName(names: Names): string {
    for (let length = 1; length <= names.length; length += 1) {
      const name = names.slice(-length).join('');
      if (name !== '' && !this.made.has(name)) return name;
    }
    for (let count = 2; ; count += 1) {
      const name = `${names.join('')}${count}`;
      if (!this.made.has(name)) return name;
    }
  }

  private textOf(schema: JsonSchema): string {
    const text = this.texts.get(schema) ?? JSON.stringify(schema);
    this.texts.set(schema, text);
    return text;
  }

  /** Gives the `$defs` of a schema names that hold in the whole document. They are there because they hold themselves. */
  private withNamedDefinitions(schema: JsonSchema): JsonSchema {
    const known = this.named.get(schema) ?? this.nameDefinitions(schema);
    this.named.set(schema, known);
    return known;
  }

  private nameDefinitions(whole: JsonSchema): JsonSchema {
    const { $defs, ...schema } = whole;
    if (!isSchema($defs)) return whole;
    const definitions = Object.entries($defs).map(([key, definition]) => ({ pointer: `#/$defs/${key}`, definition }));
    const named = definitions.map(({ pointer, definition }) => ({
      pointer,
      definition,
      name: this.nameOfRecursive(JSON.stringify(definition).replaceAll(JSON.stringify(pointer), '"#"')),
    }));
    const inDocument = (part: unknown): JsonSchema => {
      const text = named.reduce(
        (before, { pointer, name }) =>
          before.replaceAll(JSON.stringify(pointer), JSON.stringify(reference(name)['$ref'])),
        JSON.stringify(part),
      );
      return JSON.parse(text) as JsonSchema;
    };
    for (const { name, definition } of named) this.made.set(name, inDocument(definition));
    return inDocument(schema);
  }

  private nameOfRecursive(text: string): string {
    const name = this.recursive.get(text) ?? this.freeName(['AnyJson']);
    this.recursive.set(text, name);
    if (!this.made.has(name)) this.made.set(name, {});
    return name;
  }
}
