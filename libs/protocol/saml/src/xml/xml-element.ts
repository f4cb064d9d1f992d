/** An attribute that is no namespace declaration. `namespace` is empty for one without prefix. */
export interface XmlAttribute {
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string;
  readonly value: string;
}

/** Prefix to namespace name; the default namespace has the empty prefix. */
export type NamespaceScope = ReadonlyMap<string, string>;

/** An element. Comments are gone and CDATA is text, so text is whole: no comment can split a value. */
export interface XmlElement {
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  /** Every namespace in scope here, inherited ones too. */
  readonly scope: NamespaceScope;
  readonly children: readonly (XmlElement | string)[];
}

/** Is this the element with that name in that namespace? */
export function isElement(element: XmlElement, namespace: string, local: string): boolean {
  return element.local === local && element.namespace === namespace;
}

/** Child elements, without text. */
export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter((child): child is XmlElement => typeof child !== 'string');
}

/** Child elements with that name. */
export function childrenNamed(element: XmlElement, namespace: string, local: string): XmlElement[] {
  return childElements(element).filter((child) => isElement(child, namespace, local));
}

/** The first child element with that name. */
export function childNamed(element: XmlElement | undefined, namespace: string, local: string): XmlElement | undefined {
  return element?.children.find(
    (child): child is XmlElement => typeof child !== 'string' && isElement(child, namespace, local),
  );
}

/** The value of an attribute without namespace. */
export function attributeOf(element: XmlElement | undefined, name: string): string | undefined {
  return element?.attributes.find((attribute) => attribute.local === name && attribute.namespace === '')?.value;
}

/** The value of an attribute that the schema check has found there; read as empty it matches nothing. */
export function requiredAttribute(element: XmlElement | undefined, name: string): string {
  return attributeOf(element, name) ?? '';
}

/** The text directly inside, as it stands. The text of child elements does not count. */
export function textOf(element: XmlElement): string {
  const [first] = element.children;
  if (element.children.length === 1 && typeof first === 'string') return first;
  return element.children.filter((child) => typeof child === 'string').join('');
}

/** Calls back for the element and everything below it, in document order. */
export function walk(element: XmlElement, visit: (element: XmlElement, parent?: XmlElement) => void): void {
  const step = (current: XmlElement, parent?: XmlElement): void => {
    visit(current, parent);
    for (const child of current.children) if (typeof child !== 'string') step(child, current);
  };
  step(element);
}
