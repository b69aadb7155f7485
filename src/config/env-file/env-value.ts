// How Node's parser reads a value decides what is refused here: it cuts an unquoted value at "#", takes a quotation mark that nothing
// closes for a letter, and drops what stands behind one that closes.

/** What would be misread in a value without quotes, as the rest of a sentence that begins with the setting's name; null when it is right. */
export function unquotedProblem(value: string): string | null {
  if (value.includes('#'))
    return 'would end before the "#"; put the whole value in quotes, or a comment on a line of its own';
  if (value.startsWith('=')) return 'has two "=" before its value; leave one out';
  if (/^[“”„‟‘’‚‛«»‹›＂]/u.test(value))
    return 'begins with a typographic quotation mark, which would be part of the value; use a plain " or \'';
  if (value.endsWith('\\'))
    return 'ends with a "\\", which joins no lines here; put the whole value in quotes, over as many lines as it has';
  if (/\s[A-Z][A-Z0-9]*_[A-Z0-9_]+=/.test(value))
    return 'holds another NAME= in its value; put each setting on a line of its own, or the whole value in quotes';
  for (const mark of ['"', '`'])
    if (value.endsWith(mark) && value.split(mark).length % 2 === 0)
      return `ends with a ${mark} that nothing opens; put one before the value, or leave this one out`;
  return null;
}

/** What stands behind a quoted value may only be a comment. */
export function afterQuoteProblem(mark: string, rest: string): string | null {
  if (/^\s*(#.*)?$/.test(rest)) return null;
  const others = ['"', "'", '`'].filter((other) => other !== mark).join(' or ');
  return `goes on after the ${mark} that closes it, and that part would be lost; where the value itself holds a ${mark}, put it in ${others}`;
}

/** What Parley takes literally although it looks like more. */
export function literalWarning(value: string, mark: string | null): string | null {
  if (/\$\{\w+\}|\$\(/.test(value) && mark !== "'")
    return 'holds a "$" as in a shell; nothing is put in its place, so write what you mean';
  if (/\\n/.test(value) && mark !== '"' && !/^[a-z]:\\/i.test(value))
    return 'holds "\\n", which is a line break only between plain double quotation marks';
  return null;
}
