import MarkdownIt from 'markdown-it';

import { readHtml } from './read-html.ts';
import type { DocumentText } from './section.ts';

/** HTML inside of Markdown is read like any other. */
const markdown = new MarkdownIt({ html: true });

/** What tools put before the text of a Markdown file, as YAML between two lines of dashes. */
const frontMatter = /^---\r?\n([\s\S]{0,10000}?)\r?\n---\r?\n/;

/** Reads Markdown. Of its front matter, only the title is taken. */
export function readMarkdown(text: string): DocumentText {
  const front = frontMatter.exec(text);
  const { title, sections } = readHtml(markdown.render(front === null ? text : text.slice(front[0].length)));
  const named = /^title:[ \t]*(["']?)(.+?)\1[ \t]*$/m.exec(front?.[1] ?? '')?.[2];
  return { title: named ?? title, sections };
}
