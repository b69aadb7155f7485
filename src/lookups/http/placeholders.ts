/** What the model has said, by the name of its parameter. Of one that is optional and left out, nothing. */
export type Arguments = Readonly<Record<string, unknown>>;

const placeholder = /\{([a-z][a-z0-9_]*)\}/g;

/** The parameters that a template names. All else in braces is what it is, such as a part of a JSON text. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(placeholder)].map(([, name = '']) => name);
}

/** Fills a template in; `encode` says how a value is written in its place. */
export function fillTemplate(template: string, args: Arguments, encode: (text: string) => string): string {
  return template.replaceAll(placeholder, (_written, name: string) => encode(argumentText(args, name)));
}

/** Whether a template names a parameter that the model has left out. */
export function lacksArgument(template: string, args: Arguments): boolean {
  return placeholdersOf(template).some((name) => args[name] === undefined);
}

/** The value that a template stands for if it is one placeholder and nothing else; `undefined` for any other template. */
export function wholeArgument(template: string, args: Arguments): { readonly value: unknown } | undefined {
  const [, name] = /^\{([a-z][a-z0-9_]*)\}$/.exec(template) ?? [];
  return name === undefined ? undefined : { value: args[name] };
}

function argumentText(args: Arguments, name: string): string {
  const value = args[name];
  // Half of a sign, which a model may send, is no text and can be written nowhere.
  return typeof value === 'string' ? value.toWellFormed() : value === undefined ? '' : JSON.stringify(value);
}
