import type { SourceFile } from 'typescript/unstable/ast';
import { createVirtualFileSystem } from 'typescript/unstable/fs';
import { API } from 'typescript/unstable/sync';

const folder = '/parsed';

/** Parses files (name → text) without checking them, and gives their trees to `read` while the parser lives. */
export function withParsed<T>(
  texts: ReadonlyMap<string, string>,
  read: (trees: ReadonlyMap<string, SourceFile>) => T,
): T {
  const config = {
    compilerOptions: { noLib: true, noResolve: true, types: [] },
    include: [folder],
  };
  const files: Record<string, string> = { [`${folder}/tsconfig.json`]: JSON.stringify(config) };
  for (const [name, text] of texts) files[`${folder}/${name}`] = text;
  const api = new API({ cwd: '/', fs: createVirtualFileSystem(files) });
  try {
    using snapshot = api.updateSnapshot({ openProjects: [`${folder}/tsconfig.json`] });
    const project = snapshot.getProjects()[0];
    const trees = new Map<string, SourceFile>();
    for (const name of texts.keys()) {
      const tree = project?.program.getSourceFile(`${folder}/${name}`);
      if (tree === undefined) throw new RangeError(`${name} cannot be parsed.`);
      trees.set(name, tree);
    }
    return read(trees);
  } finally {
    api.close();
  }
}
