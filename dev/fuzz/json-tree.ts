/** JSON as it is written: members may come twice, and a value may be any text. */
export type JsonTree =
  | { readonly kind: 'object'; readonly members: [name: string, value: JsonTree][] }
  | { readonly kind: 'array'; readonly items: JsonTree[] }
  /** A text, a number, or what mutations put there, as it stands in the message. */
  | { readonly kind: 'leaf'; readonly text: string };

/** Makes a tree of a value that `JSON.parse` gave. */
export function treeOf(value: unknown): JsonTree {
  if (Array.isArray(value)) return { kind: 'array', items: value.map(treeOf) };
  if (typeof value !== 'object' || value === null) return { kind: 'leaf', text: JSON.stringify(value) };
  return { kind: 'object', members: Object.entries(value).map(([name, member]) => [name, treeOf(member)]) };
}

export function copyOf(tree: JsonTree): JsonTree {
  if (tree.kind === 'leaf') return tree;
  if (tree.kind === 'array') return { kind: 'array', items: tree.items.map(copyOf) };
  return { kind: 'object', members: tree.members.map(([name, value]) => [name, copyOf(value)]) };
}

export function treeText(tree: JsonTree): string {
  if (tree.kind === 'leaf') return tree.text;
  if (tree.kind === 'array') return `[${tree.items.map(treeText).join(',')}]`;
  return `{${tree.members.map(([name, value]) => `${JSON.stringify(name)}:${treeText(value)}`).join(',')}}`;
}

/** A place in a tree: what stands there, and how it is taken out or replaced. */
export interface TreePlace {
  readonly value: JsonTree;
  /** Puts these in its stead: none, one or several. An object keeps its name for all of them. */
  readonly put: (...values: readonly JsonTree[]) => void;
  /** Gives it another name; nothing in an array. */
  readonly rename: (name: string) => void;
}

/** All places of a tree below its root. */
export function placesOf(tree: JsonTree): TreePlace[] {
  if (tree.kind === 'leaf') return [];
  if (tree.kind === 'array') {
    const { items } = tree;
    return items.flatMap((value, at) => [
      { value, put: (...values) => void items.splice(at, 1, ...values), rename: () => {} },
      ...placesOf(value),
    ]);
  }
  const { members } = tree;
  return members.flatMap((member, at) => {
    const [name, value] = member;
    return [
      {
        value,
        put: (...values) => void members.splice(at, 1, ...values.map((each): [string, JsonTree] => [name, each])),
        rename: (other) => void (member[0] = other),
      },
      ...placesOf(value),
    ];
  });
}
