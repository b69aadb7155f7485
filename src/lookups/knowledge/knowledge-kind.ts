import { basename } from 'node:path';

import { cannotBeRead, ParleyError } from '../../errors.ts';
import type { Tool } from '../../tools/tool.ts';
import type { LookupKind } from '../lookup-kind.ts';
import { KnowledgeFolder } from './folder/knowledge-folder.ts';
import { knowledgeFields } from './knowledge-fields.ts';
import { createKnowledgeTool } from './knowledge-tool.ts';

/** `kind: knowledge`: finds passages in a folder of documents, which is indexed at start and followed as its files change. */
export const knowledgeKind: LookupKind<typeof knowledgeFields> = {
  fields: knowledgeFields,
  lane: () => 'files',
  async open(options, { folder: named, language = null, passages_max: passagesMax }, { path, log, offer }) {
    const place = path(named);
    let known: KnowledgeFolder | null = null;
    // None where there is nothing to look into.
    const tools = (): readonly Tool[] => {
      if (known === null || known.passages === 0) return [];
      return [createKnowledgeTool({ options, passagesMax, files: known.files, search: known.search.bind(known) })];
    };
    const onChange = (): void => {
      if (known !== null) offer(tools());
    };
    const opened = await KnowledgeFolder.open({ folder: place, language, log, onChange }).catch((error: unknown) => {
      throw new ParleyError('tools.fileInvalid', `The folder ${named} ${cannotBeRead(error)}.`);
    });
    const { folder, warnings } = opened;
    known = folder;
    const said = warnings.map((warning) => `${basename(place)}: ${warning}`);
    const empty = `The folder ${named} of ${options.name} holds no document that can be read, so the tool is not offered until it does.`;
    return {
      tools: tools(),
      warnings: folder.passages === 0 ? [...said, empty] : said,
      close: async () => folder.close(),
    };
  },
};
