import { basename } from 'node:path';

import { cannotBeRead, ParleyError } from '../../errors.ts';
import type { LookupKind } from '../lookup-kind.ts';
import { KnowledgeFolder } from './folder/knowledge-folder.ts';
import { knowledgeFields } from './knowledge-fields.ts';
import { createKnowledgeTool } from './knowledge-tool.ts';

/** `kind: knowledge`: finds passages in a folder of documents, which is indexed at start and followed as its files change. */
export const knowledgeKind: LookupKind<typeof knowledgeFields> = {
  fields: knowledgeFields,
  lane: () => 'files',
  async open(options, { folder: named, language = null, passages_max: passagesMax }, { path, log }) {
    const place = path(named);
    const opened = await KnowledgeFolder.open({ folder: place, language, log }).catch((error: unknown) => {
      throw new ParleyError('tools.fileInvalid', `The folder ${named} ${cannotBeRead(error)}.`);
    });
    const { folder, warnings } = opened;
    const close = async (): Promise<void> => folder.close();
    const said = warnings.map((warning) => `${basename(place)}: ${warning}`);
    if (folder.passages === 0) {
      const empty = `The folder ${named} of ${options.name} holds no document that can be read, so the tool is not offered. Start again when it does.`;
      await close();
      return { tools: [], warnings: [...said, empty], close: async () => {} };
    }
    const search = folder.search.bind(folder);
    return {
      tools: [createKnowledgeTool({ options, passagesMax, files: folder.files, search })],
      warnings: said,
      close,
    };
  },
};
