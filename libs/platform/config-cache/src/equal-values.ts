/** Longer JSON is hardly ever the same twice. */
const longest = 2_000;
/** Shorter texts cost less than remembering them; V8 keeps most of them once anyway. */
const shortestText = 12;

/**
 * Keeps equal values once. Tracks of an installation mostly say the same, word for word: settings, grant types, rules of
 * passwords. What is shared is frozen, so that nobody can change for one track what another reads.
 */
export class EqualValues {
  /** By their JSON. The longest unused go first: what only one track says passes through. */
  private readonly known = new Map<string, unknown>();

  /** @param capacity values remembered at most */
  constructor(private readonly capacity = 2_000) {}

  get size(): number {
    return this.known.size;
  }

  /** A JSON value in which everything that was seen before is what was seen before. */
  share<T>(value: T): T {
    if (typeof value === 'string') {
      const isWorth = value.length >= shortestText && value.length <= longest;
      return isWorth ? this.one(JSON.stringify(value), value) : value;
    }
    if (value === null || typeof value !== 'object') return value;
    const whole = this.shareMembers(value);
    const json = JSON.stringify(whole);
    return json.length > longest ? whole : this.one(json, Object.freeze(whole));
  }

  /** The same of the members of an object or a list that itself stays the caller's own. */
  shareMembers<T extends object>(value: T): T {
    const members = value as Record<string, unknown>;
    for (const name of Object.keys(members)) members[name] = this.share(members[name]);
    return value;
  }

  private one<T>(json: string, value: T): T {
    const known = (this.known.get(json) ?? value) as T;
    this.known.delete(json);
    this.known.set(json, known);
    if (this.known.size > this.capacity) this.known.delete(this.known.keys().next().value as string);
    return known;
  }
}
