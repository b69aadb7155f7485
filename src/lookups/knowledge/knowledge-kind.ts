import { basename } from 'node:path';
import { z } from 'zod';

import { cannotBeRead, ParleyError } from '../../errors.ts';
import type { LookupKind } from '../lookup-kind.ts';
import { KnowledgeFolder } from './folder/knowledge-folder.ts';
import { createKnowledgeTool } from './knowledge-tool.ts';
import { documentLanguages } from './search/languages.ts';

/** More than these make the model read aloud instead of answering. */
const passagesShownMax = 5;

const fields = z.strictObject({
  folder: z.string().min(1).describe('The folder of the documents: Markdown, text, HTML and PDF.'),
  language: z
    .enum(documentLanguages)
    .optional()
    .describe('The language of all its documents. Without it, it is found out for each.'),
  passages_max: z.int().min(1).max(passagesShownMax).default(3).describe('How many passages an answer holds at most.'),
});

/** `kind: knowledge`: finds passages in a folder of documents, which is indexed at start and followed as its files change. */
export const knowledgeKind: LookupKind<typeof fields> = {
  fields,
  lane: () => 'files',
  async open(options, { folder: named, language = null, passages_max: passagesMax }, { path, log }) {
    if (options.effect === 'write' || options.confirm) {
      throw new ParleyError('tools.fileInvalid', `${options.name} only reads documents: leave out effect and confirm.`);
    }
    const place = path(named);
    const opened = await KnowledgeFolder.open({ folder: place, language, log }).catch((error: unknown) => {
      throw new ParleyError('tools.fileInvalid', `The folder ${named} of ${options.name} ${cannotBeRead(error)}.`);
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
