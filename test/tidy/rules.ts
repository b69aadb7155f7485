import { posix } from 'node:path';

/** A file and its path. The rules of a single file take paths below `src`. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** What a folder or file may import beside its own folder: paths below `src`, packages, and parts of Node. */
interface ImportRule {
  readonly of: string;
  readonly may: readonly string[];
  /** Only types: nothing of it runs. */
  readonly mayTypes?: readonly string[];
}

/** The parts of the simulators that touch the world: sockets, the clock, and clips on disk. All others are machines. */
export const simulatorHosts = [
  'sim/carrier/hosts',
  'sim/model/hosts',
  'sim/driver',
  'sim/run',
  'sim/scenario/clip-index.ts',
  'sim/scenario/scenario.ts',
  'sim/simulated-agent.ts',
];

/** Shapes of JSON and base64 are nobody's protocol. What the product knows of its remotes, the simulators must know by themselves. */
const simulatorMay = ['call', 'audio', 'calllog', 'encoding', 'zod'];

const modelTable = ['gemini/models.ts', 'gemini/setup-settings.ts'];

/** The way of the dependencies. The first rule that fits a file counts. */
const importRules: readonly ImportRule[] = [
  { of: 'errors.ts', may: ['model-errors.ts', 'tool-errors.ts'] },
  { of: 'tool-errors.ts', may: ['model-errors.ts'] },
  { of: 'model-errors.ts', may: [] },
  { of: 'audio', may: [] },
  { of: 'encoding', may: [], mayTypes: ['ws'] },
  { of: 'system', may: ['encoding', 'errors.ts', 'node:', 'pino', 'ws'] },
  { of: 'call', may: ['audio', 'errors.ts'] },
  {
    of: 'twilio/edge',
    may: ['encoding', 'errors.ts', 'system', 'twilio', 'node:', 'express', 'express-ws'],
    mayTypes: ['call', 'host', 'ws'],
  },
  {
    of: 'twilio',
    // The TwiML builder is a part of what Twilio speaks. Tokens are compared in constant time.
    may: ['encoding', 'errors.ts', 'system', 'twilio/lib/twiml/VoiceResponse.js', 'node:crypto'],
    mayTypes: ['call'],
  },
  { of: 'gemini/edge', may: ['errors.ts', 'gemini', '@google/genai'], mayTypes: ['config'] },
  // The SDK's enumerations are parts of what Gemini speaks.
  { of: 'gemini', may: ['encoding', 'errors.ts', 'system', '@google/genai'], mayTypes: ['call'] },
  // What an admin writes is read by one set of rules, in the environment and in files.
  { of: 'agents/context', may: ['config/misspelt.ts'] },
  { of: 'agents/hours', may: [] },
  { of: 'agents/forms.ts', may: ['config/misspelt.ts', 'zod'] },
  // Arguments are checked with zod. The lookup file is read once, before the first call.
  {
    of: 'tools',
    may: [
      'encoding/utf8.ts',
      'errors.ts',
      'system/files/regular-file.ts',
      'zod',
      'csv-parse/sync',
      'call/phone/destination.ts',
    ],
    mayTypes: ['call'],
  },
  // Who answers which number. What a model or a caller could not use is refused when it is read.
  {
    of: 'agents',
    may: [
      'admin-file',
      'config',
      'encoding',
      'errors.ts',
      'sounds/phrase-file.ts',
      'system/files/regular-file.ts',
      'tools',
      'zod',
      'node:',
      ...modelTable,
    ],
    mayTypes: ['call', 'system'],
  },
  // They run in processes of their own, apart from the calls.
  {
    of: 'lookups',
    // Each kind has a library of its own, and none is loaded before a kind is used.
    may: [
      'admin-file',
      'encoding',
      'errors.ts',
      'system',
      'tools',
      'zod',
      'node:',
      'undici',
      'json-p3',
      'pg',
      '@modelcontextprotocol/sdk',
      '@orama',
      'htmlparser2',
      'markdown-it',
      'unpdf',
    ],
    mayTypes: ['call'],
  },
  // The files of an admin, with the place of each member.
  {
    of: 'admin-file',
    may: ['encoding', 'errors.ts', 'zod', 'yaml', 'node:fs/promises', 'node:module'],
    mayTypes: ['system'],
  },
  {
    of: 'tool-process',
    may: ['admin-file', 'encoding', 'errors.ts', 'lookups', 'system', 'tools', 'zod', 'node:'],
    mayTypes: ['call'],
  },
  { of: 'store/sqlite', may: ['call', 'encoding', 'errors.ts', 'store', 'system', 'node:', 'kysely'] },
  // How the processes of a fleet share their limit, whatever keeps it.
  { of: 'fleet', may: ['errors.ts', 'system'] },
  { of: 'store/postgres', may: ['call', 'encoding', 'errors.ts', 'fleet', 'store', 'system', 'node:', 'kysely', 'pg'] },
  { of: 'store/thread', may: ['errors.ts', 'store', 'node:worker_threads'] },
  { of: 'store', may: ['call', 'encoding', 'errors.ts', 'system', 'kysely'] },
  // How a call ended and what it cost is said in the words of the history.
  {
    of: 'calllog',
    may: [
      'call',
      'audio',
      'encoding',
      'errors.ts',
      'system',
      'store/history/cost-words.ts',
      'store/history/outcome-words.ts',
      'node:',
    ],
  },
  {
    of: 'sounds',
    may: ['audio', 'errors.ts', 'system/files/regular-file.ts', 'node:', 'alawmulaw'],
    mayTypes: ['config', 'system'],
  },
  {
    of: 'host',
    may: [
      'agents/context',
      'call',
      'encoding',
      'errors.ts',
      'fleet/text-sum.ts',
      'gemini',
      'store',
      'system',
      'twilio',
    ],
    mayTypes: ['audio', 'fleet', 'tools'],
  },
  {
    of: 'metrics',
    // What a close of the model means is known in one place.
    may: ['audio', 'call', 'errors.ts', 'gemini/closes.ts', 'node:perf_hooks', 'prom-client'],
    mayTypes: ['fleet', 'host', 'store', 'system'],
  },
  {
    of: 'tracing/otlp.ts',
    may: [
      'system',
      '@opentelemetry/api',
      '@opentelemetry/exporter-trace-otlp-proto',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace',
    ],
  },
  // How the steps of a call make turns, tool runs and sessions is told once, for figures and for traces.
  { of: 'tracing', may: ['metrics'], mayTypes: ['audio', 'call', 'system'] },
  {
    of: 'service',
    may: [
      'admin-file',
      'agents',
      'audio',
      'calllog',
      'console',
      'errors.ts',
      'fleet',
      'gemini',
      'host',
      'metrics',
      'sounds',
      'store',
      'system',
      'tool-process',
      'tools',
      'tracing',
      'twilio',
      'config/destinations/destination-schema.ts',
      'config/system-instruction.ts',
      'node:crypto',
      'node:fs',
      'node:module',
    ],
    mayTypes: ['call', 'config', 'node:net'],
  },
  // What the workers tell is shown as one process shows its own.
  {
    of: 'workers/pages',
    may: ['console', 'encoding', 'store', 'system', 'node:', 'ws'],
    mayTypes: ['config', 'express'],
  },
  // The process that has the others answer calls, and the end of its channel in each of them.
  {
    of: 'workers',
    may: [
      'errors.ts',
      'service/end/last-handler.ts',
      'service/end/stop-signals.ts',
      'service/simulation-words.ts',
      'store/sqlite/worker-journal.ts',
      'system',
      'twilio/paths.ts',
      'node:',
    ],
    mayTypes: ['config', 'fleet', 'host', 'service', 'store'],
  },
  { of: 'sim/simulated-agent.ts', may: ['call', 'gemini', 'sim', 'tools'], mayTypes: ['system'] },
  ...['sim/driver', 'sim/run'].map((of) => ({
    of,
    may: [
      ...simulatorMay,
      'agents/context',
      'cli',
      'config',
      'errors.ts',
      'fleet',
      'gemini',
      'host',
      'sounds',
      'store',
      'tools',
      'twilio',
      'node:',
      'pino',
    ],
    mayTypes: ['system'],
  })),
  ...simulatorHosts.map((of) => ({ of, may: [...simulatorMay, 'node:', 'ws', 'twilio'] })),
  { of: 'sim', may: simulatorMay },
  // What a model would refuse is refused at start, by the same rules by which the setup is made.
  // How long callers wait, and when the agent yields, unless an admin says otherwise is the core's to know.
  // Telephone numbers are a science of their own. How a call is announced is the core's to know as well.
  {
    of: 'config/destinations',
    may: ['admin-file', 'agents', 'zod', 'node:module', 'libphonenumber-js/max', 'call/phone/destination.ts', 'config'],
    mayTypes: ['call'],
  },
  {
    of: 'config',
    may: [
      'agents',
      'zod',
      'encoding',
      'errors.ts',
      'node:',
      'call/call-settings.ts',
      'call/phone/destination.ts',
      'call/turns/barge-in-rule.ts',
      // What is wrong with the files that settings name is told with what is wrong with the settings.
      'sounds/phrase-file.ts',
      'store/sqlite/database-file.ts',
      'store/sqlite/worker-journal.ts',
      ...modelTable,
    ],
    mayTypes: ['call'],
  },
  // The pages look at everything that is and decide nothing. What a call is told by an operator goes through the host.
  {
    of: 'console',
    may: [
      'audio',
      'call',
      'calllog',
      'config',
      'encoding',
      'errors.ts',
      'host',
      // The browser phone is the phone network with a person in place of the caller's script.
      'sim/caller',
      'sim/carrier',
      'sim/seeded-random.ts',
      'sounds',
      'store',
      'system',
      'twilio',
      'node:',
      'express',
      'ws',
      'zod',
    ],
    mayTypes: ['gemini', 'metrics', 'tools'],
  },
  // Runs by itself, when an image is built.
  { of: 'fill-cache.ts', may: ['node:'] },
  // Asks V8 for what only a whole process may ask for.
  { of: 'start-memory.ts', may: ['system/clock.ts', 'node:v8', 'node:vm'] },
  ...['cli', 'main.ts', 'serve.ts'].map((of) => ({
    of,
    may: [
      ...simulatorMay,
      'agents',
      'cli',
      'config',
      'console',
      'errors.ts',
      'gemini',
      'host',
      'lookups',
      'service',
      'sim',
      'sounds',
      'serve.ts',
      'start-memory.ts',
      'store',
      'system',
      'tool-process',
      'tools',
      'twilio',
      'workers',
      'node:',
      // The check of a key resumes a session, which no call does.
      '@google/genai',
    ],
  })),
];

/** Rooms whose code runs in virtual time as well: whatever they need of the world is handed in. */
const drivenRooms = ['agents/context', 'agents/hours', 'fleet', 'host', 'gemini', 'twilio'];

/** Their parts that are drivers themselves. */
const edges = ['gemini/edge', 'twilio/edge'];

const hiddenInputs: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b|\bDate\(\)|\bperformance\b|\bTemporal\b/, 'reads a clock'],
  [/\b(?:set(?:Timeout|Interval|Immediate)|queueMicrotask)\b/, 'waits by itself'],
  [/\bMath\.random\b|\bcrypto\b/, 'is random'],
  // A private method may be called so.
  [/\bPromise\b|\basync\b|(?<!#)\bawait\b/, 'is asynchronous'],
  [/\b(?:console|process|globalThis|fetch)\b/, 'touches the world'],
];

/**
 * Each item becomes an argument on the stack, which a list that a remote has filled overflows. A parameter that takes the rest has a type
 * after it.
 */
const spreadArguments = /[\w)\]]\((?:[^()[\]{}]*,\s*)?\.\.\.[\w.#]+(?!\s*[:\w.])/;

/** Only these give the same bits on every engine. */
const inexactMath = /\bMath\.(?!abs|ceil|clz32|floor|fround|imul|max|min|random|round|sign|sqrt|trunc|[A-Z])\w+/;

/** These need their sines; they run before a release and not in a call. */
const filterDesign = 'audio/design-taps.ts';

/** Everything that is untidy in a file, one sentence each. */
export function untidiness({ path, text }: Source): string[] {
  const code = codeOf(text);
  const isMachine = within('sim', path) && !simulatorHosts.some((host) => within(host, path));
  const isPure = within('call', path) || within('audio', path);
  const said: string[] = [];
  const isDriven = drivenRooms.some((room) => within(room, path)) && !edges.some((edge) => within(edge, path));
  if (isPure || isMachine || isDriven) {
    said.push(...hiddenInputs.filter(([pattern]) => pattern.test(code)).map(([, what]) => what));
    if (!isDriven && path !== filterDesign && inexactMath.test(code))
      said.push('calculates what engines round differently');
  }
  if ((isPure || isDriven) && spreadArguments.test(code)) said.push('spreads a list over arguments');
  if (isPure && /\bBuffer\b/.test(code)) said.push('knows Buffer');
  if (
    !['twilio', 'gemini', 'encoding'].some((room) => within(room, path)) &&
    /\bas (?!const\b)/.test(withoutImports(code))
  )
    said.push('asserts a type');
  if (/\bexport\s+(?:type\s+)?(?:\*|\{[^}]*\})\s+from\b/.test(code)) said.push('exports what is not its own');
  return [...said, ...importFaults(path, text)].map((what) => `${path} ${what}`);
}

function importFaults(path: string, text: string): string[] {
  const rule = importRules.find(({ of }) => within(of, path));
  if (rule === undefined) return ['lies where no rule of imports reaches'];
  return importsOf(text).flatMap(({ name, isType }) => {
    const isRelative = name.startsWith('.');
    if (isRelative && !name.endsWith('.ts')) return [`imports ${name} without .ts`];
    const target = isRelative ? posix.join(posix.dirname(path), name) : name;
    const folder = path.includes('/') ? path.split('/')[0] : undefined;
    const allowed = [folder ?? path, ...rule.may, ...(isType ? (rule.mayTypes ?? []) : [])];
    return allowed.some((one) => within(one, target)) ? [] : [`may not import ${target}`];
  });
}

function within(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(':') ? folder : `${folder}/`);
}

/** Static, dynamic and re-exporting imports alike. */
export function importsOf(text: string): { name: string; isType: boolean }[] {
  const pattern = /\b(?:(?:import|export)\s+(type\s)?[^'"`;()]*?\bfrom\s*|import\s*\(?\s*)(['"`])([^'"`]+)\2/g;
  return [...withoutComments(text).matchAll(pattern)].map(([, type, , name = '']) => ({
    name,
    isType: type !== undefined,
  }));
}

function withoutImports(code: string): string {
  return code.replaceAll(/^import\b[^;]*;$/gm, '');
}

const quotedOrComment = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

function withoutComments(text: string): string {
  return text.replaceAll(quotedOrComment, (token) => (token.startsWith('/') ? '' : token));
}

/** What runs: without comments and texts, but with what stands in the holes of templates. */
export function codeOf(text: string): string {
  return text.replaceAll(quotedOrComment, (token) => {
    if (token.startsWith('/')) return '';
    return token.startsWith('`')
      ? [...token.matchAll(/\$\{([^}]*)\}/g)].map(([, hole]) => `(${hole})`).join('+')
      : "''";
  });
}
