/** Something that an admin gets wrong: the file (or several), and how each problem is told. */
export interface AgentsMistake {
  readonly name: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly told: readonly string[];
}

const reception = '\n  reception: { default: true }';

function mistake(name: string, text: string, ...told: readonly string[]): AgentsMistake {
  return { name, files: { 'agents.yaml': text }, told };
}

/** An agent named sales with this line, and one that answers all other numbers. */
function sales(name: string, line: string, ...told: readonly string[]): AgentsMistake {
  const text = `agents:\n  sales:\n    numbers: ["+4312345678"]\n    ${line}${reception}\n`;
  return mistake(name, text, ...told);
}

/** What is wrong with one file of agents, in the order of how people begin: the file, its form, its fields, and what belongs together. */
export const agentsMistakes: readonly AgentsMistake[] = [
  { name: 'no file', files: {}, told: ['AGENTS_FILE names agents.yaml, which cannot be read: it does not exist.'] },
  mistake('an empty file', ' \n', 'agents.yaml:1:1 the file is empty.'),
  mistake(
    'nothing but a comment',
    '# later\n',
    'agents.yaml:1:1 the file is empty; it wants agents:, and below it a name for each.',
  ),
  {
    name: 'a file in UTF-16',
    files: { 'agents.yaml': Buffer.from('agents:\n  a: {}\n', 'utf16le') },
    told: ['agents.yaml:1:1 the file is not UTF-8 in line 1; save it as UTF-8.'],
  },
  {
    name: 'a file in Latin-1',
    files: { 'agents.yaml': Buffer.from('agents:\n  a: { prompt: "Grüße" }\n', 'latin1') },
    told: ['agents.yaml:1:1 the file is not UTF-8 in line 2; save it as UTF-8.'],
  },
  mistake('a tab', 'agents:\n\tsales: {}\n', 'agents.yaml:2:1 the file is indented with a tab; use spaces.'),
  mistake(
    'a colon in a text',
    'agents:\n  sales:\n    prompt: Sales: be kind\n',
    'agents.yaml:3:13 the file holds a second ":"; put the value in quotes, or indent what belongs to it in the next line.',
  ),
  mistake(
    'a list in the place of names',
    'agents:\n  - name: sales\n',
    'agents.yaml:1:1 agents is no map; it wants a name for each, and its members below.',
  ),
  mistake(
    'a list at the top',
    '- sales\n',
    'agents.yaml:1:1 the file is no map; it wants agents:, and below it a name for each.',
  ),
  mistake(
    'the top left out',
    'sales:\n  default: true\n',
    'agents.yaml:1:1 sales is not known here; it belongs below agents:.',
    'agents.yaml:1:1 the file holds no agents; it wants agents:, and below it a name for each.',
  ),
  mistake(
    'the top misspelt',
    'agent:\n  - a\n',
    'agents.yaml:1:1 agent is not known here; did you mean agents.',
    'agents.yaml:1:1 the file holds no agents; it wants agents:, and below it a name for each.',
  ),
  mistake(
    'no agents',
    'agents: {}\n',
    'agents.yaml:1:1 agents has no default; give one agent default: true, for numbers that no other has.',
  ),
  mistake(
    'an agent without fields',
    `agents:\n  sales:${reception}\n`,
    'agents.yaml:2:3 agents.sales is no map; it wants its fields below, such as numbers and prompt.',
  ),
  mistake(
    'a name twice',
    `agents:\n  sales: { numbers: ["+4312345678"] }\n  sales: { numbers: ["+4312345679"] }${reception}\n`,
    'agents.yaml:3:3 agents.sales stands twice, first in line 2.',
  ),
  mistake(
    'a name with a sign',
    `agents:\n  "sales/eu": { numbers: ["+4312345678"] }${reception}\n`,
    'agents.yaml:2:3 agents.sales/eu has a wrong name; it wants letters, digits, spaces and ". _ -", at most 40 of them.',
  ),
  mistake(
    'no default',
    'agents:\n  sales: { numbers: ["+4312345678"] }\n',
    'agents.yaml:1:1 agents has no default; give one agent default: true, for numbers that no other has.',
  ),
  mistake(
    'two defaults',
    `agents:\n  sales: { default: true }${reception}\n`,
    'agents.yaml:3:16 agents.reception.default is true for "sales" as well; one agent is the default.',
  ),
  mistake(
    'an agent that nobody reaches',
    `agents:\n  sales: { prompt: Sell. }${reception}\n`,
    'agents.yaml:2:3 agents.sales has no numbers, so nobody would reach it; give it numbers, or default: true.',
  ),
  mistake(
    'two agents for one number',
    `agents:\n  sales: { numbers: ["+43 1 2345678"] }\n  support: { numbers: ["+4312345679", "0043 (1) 234-56-78"] }${reception}\n`,
    'agents.yaml:3:39 agents.support.numbers.1 is a number of "sales" already, in line 2.',
  ),
  mistake(
    'a number twice',
    `agents:\n  sales: { numbers: ["+4312345678", "+4312345678"] }${reception}\n`,
    'agents.yaml:2:37 agents.sales.numbers.1 is a number of "sales" already, in line 2.',
  ),
  mistake(
    'a number without quotes',
    `agents:\n  sales: { numbers: [+4312345678] }${reception}\n`,
    'agents.yaml:2:22 agents.sales.numbers.0 is a whole number; it wants a text; put it in quotes.',
  ),
  mistake(
    'a number without its country',
    `agents:\n  sales: { numbers: ["01 2345678"] }${reception}\n`,
    'agents.yaml:2:22 agents.sales.numbers.0 lacks its country; write it with + and the country, such as +43 1 2345678, or set PHONE_COUNTRY.',
  ),
  mistake(
    'one number that is no list',
    `agents:\n  sales: { numbers: "+4312345678" }${reception}\n`,
    'agents.yaml:2:12 agents.sales.numbers is a text; it wants a list.',
  ),
  sales(
    'a field that is misspelt',
    'greting: Hello.',
    'agents.yaml:4:5 agents.sales.greting is not known here; did you mean greeting.',
  ),
  sales(
    'a field by another name',
    'instructions: Sell.',
    'agents.yaml:4:5 agents.sales.instructions is not known here; did you mean prompt.',
  ),
  sales(
    'a setting in the place of a field',
    'AGENT_VOICE: Puck',
    'agents.yaml:4:5 agents.sales.AGENT_VOICE is not known here; did you mean voice.',
  ),
  sales('a field of nobody', 'colour: blue', 'agents.yaml:4:5 agents.sales.colour is not known here.'),
  sales('an unknown voice', 'voice: Korre', wrongVoice('Korre', '; did you mean Kore')),
  sales('a voice with two letters swapped', 'voice: Pcuk', wrongVoice('Pcuk', '; did you mean Puck')),
  sales(
    'a placeholder that nothing fills',
    'greeting: "Hello {{nothing_of_ours}}."',
    'agents.yaml:4:5 agents.sales.greeting holds {{nothing_of_ours}}, which nothing fills; declare it in context with a default, or take one of date, time, weekday, time_zone, caller_number, dialled_number, agent, open, hours.',
  ),
  sales(
    'a placeholder that is misspelt',
    'context: { customer: you }\n    greeting: "Hello {{custmer}}."',
    'agents.yaml:5:5 agents.sales.greeting holds {{custmer}}, which nothing fills; did you mean {{customer}}.',
  ),
  sales(
    'names of values that are none',
    'context: { date: today, Plan-A: x, plan: [gold], open_orders: }',
    'agents.yaml:4:40 agents.sales.context.plan is a list; it wants a text or a number or true or false.',
    'agents.yaml:4:54 agents.sales.context.open_orders is empty; it wants a text or a number or true or false.',
  ),
  sales(
    'names of values that cannot be taken',
    `context: { date: today, Plan-A: x, plan: ${'x'.repeat(501)} }`,
    'agents.yaml:4:16 agents.sales.context.date is filled by every call itself; take another name.',
    'agents.yaml:4:29 agents.sales.context.Plan-A has a wrong name; it wants small letters, digits and "_", at most 40.',
    'agents.yaml:4:40 agents.sales.context.plan is too long; it wants at most 500 characters.',
  ),
  sales(
    'values in the way of the environment',
    'context: customer=our customer',
    'agents.yaml:4:5 agents.sales.context is a text; it wants a map of names and values.',
  ),
  sales(
    'values by another name',
    'context_defaults: { customer: you }',
    'agents.yaml:4:5 agents.sales.context_defaults is not known here; did you mean context.',
  ),
  sales(
    'an empty greeting',
    'greeting: ""',
    'agents.yaml:4:5 agents.sales.greeting is empty; it wants at least 1 character.',
  ),
  sales('a greeting that is nothing', 'greeting:', 'agents.yaml:4:5 agents.sales.greeting is empty; it wants a text.'),
  sales(
    'a greeting that is too long',
    `greeting: "${'a'.repeat(1001)}"`,
    'agents.yaml:4:5 agents.sales.greeting is too long; it wants at most 1000 characters.',
  ),
  sales('a prompt that is a list', 'prompt: [a, b]', 'agents.yaml:4:5 agents.sales.prompt is a list; it wants a text.'),
  sales(
    'a language that is none',
    'language: xx-1',
    'agents.yaml:4:5 agents.sales.language is "xx-1"; it wants the name of a language or its tag, such as German or de-AT.',
  ),
  sales(
    'a default in words',
    'default: "yes"',
    'agents.yaml:4:5 agents.sales.default is a text; it wants true or false.',
  ),
  sales(
    'a tool that there is not',
    'tools: [weather, lookup_records]',
    'agents.yaml:4:22 agents.sales.tools.1 is "lookup_records", which is no tool; it wants one of lookup_record, weather, end_call; did you mean lookup_record.',
  ),
  sales(
    'a transfer to nowhere',
    'tools: [weather, transfer_call]',
    'agents.yaml:4:22 agents.sales.tools.1 is "transfer_call", and the agent has no destinations; give it some, or leave the name out.',
  ),
  sales('one tool that is no list', 'tools: weather', 'agents.yaml:4:5 agents.sales.tools is a text; it wants a list.'),
  sales(
    'a destination without its country',
    'destinations: { support: "1234567" }',
    'agents.yaml:4:21 agents.sales.destinations.support lacks its country; write it with + and the country, such as +43 1 2345678, or set PHONE_COUNTRY.',
  ),
  sales(
    'a field of a destination that is misspelt',
    'destinations: { boss: { to: "+4312345679", ringseconds: 20 } }',
    'agents.yaml:4:48 agents.sales.destinations.boss.ringseconds is not known here; did you mean ring_seconds.',
  ),
  sales(
    'a destination with a name that no model says',
    'destinations: { "Sales Team": "+4312345678" }',
    'agents.yaml:4:21 agents.sales.destinations.Sales Team has a wrong name; it wants small letters, digits and "-", a letter first.',
  ),
  sales(
    'a destination whose name and number are swapped',
    'destinations: { "+4312345678": sales }',
    'agents.yaml:4:21 agents.sales.destinations.… has a wrong name; it wants small letters, digits and "-", a letter first.',
    'agents.yaml:4:21 agents.sales.destinations.… is no telephone number; it wants +, the country and the number, such as +43 1 2345678.',
  ),
  sales(
    'a fallback that is a number',
    'fallback: "+4312345678"',
    'agents.yaml:4:5 agents.sales.fallback is a text; it wants a map of names and values.',
  ),
  sales(
    'a fallback with an extension',
    'fallback: { number: "+43 1 2345678 ext. 42" }',
    'agents.yaml:4:17 agents.sales.fallback.number has an extension, which nobody would key in; put a direct number in its place.',
  ),
  sales(
    'a fallback that is an emergency number',
    'fallback: { number: "112" }',
    'agents.yaml:4:17 agents.sales.fallback.number is an emergency number, to which no caller may be sent; put the number of a person in its place.',
  ),
  sales(
    'a field of a fallback that is misspelt',
    'fallback: { voicmail: true }',
    'agents.yaml:4:17 agents.sales.fallback.voicmail is not known here; did you mean voicemail.',
  ),
  sales(
    'a message that lasts too long',
    'fallback: { voicemail_max_seconds: 900 }',
    'agents.yaml:4:17 agents.sales.fallback.voicemail_max_seconds is too large; it wants at most 600.',
  ),
  sales(
    'a model that was switched off',
    'model: gemini-2.0-flash-live-001',
    'agents.yaml:4:5 agents.sales.model is "gemini-2.0-flash-live-001", which was shut down on 2025-12-09; it wants one of gemini-3.8-live, gemini-3.8-live-extended-thinking.',
  ),
  sales(
    'a file that is missing',
    'prompt: { file: prompts/sales.md }',
    'agents.yaml:4:15 agents.sales.prompt.file names prompts/sales.md, which cannot be read: it does not exist.',
  ),
  sales(
    'a file that is missing in the place of a value that must be a text',
    'context: { plan: { file: plan.txt } }',
    'agents.yaml:4:24 agents.sales.context.plan.file names plan.txt, which cannot be read: it does not exist.',
  ),
  sales(
    'a file without a name',
    'prompt: { file: 7 }',
    'agents.yaml:4:15 agents.sales.prompt.file is no path; it wants the name of a file.',
  ),
  sales(
    'a file beside other values',
    'prompt: { file: sales.md, more: true }',
    'agents.yaml:4:5 agents.sales.prompt is a map; it wants a text; put it in quotes.',
  ),
  sales(
    'a phrase that is no sound',
    'filler_phrase_file: agents.yaml',
    'agents.yaml:4:5 agents.sales.filler_phrase_file names agents.yaml, which is no WAV file that Parley can read: Not a WAV file: it does not begin with a RIFF/WAVE header. It wants a WAV file in PCM16, one channel, 8000 or 24000 Hz, of at most 2.5 seconds.',
  ),
  {
    name: 'mistakes in files that are named',
    files: {
      'agents.yaml': `agents:\n  sales: { file: parts/sales.yaml }${reception}\n`,
      'parts/sales.yaml': 'numbers: { file: numbers.json }\nprompt: { file: sales.md }\nvoise: Puck\n',
      'parts/numbers.json': '["+4312345678",\n "1234567"]',
      'parts/sales.md': ' \n',
    },
    told: [
      'parts/sales.yaml:2:11 agents.sales.prompt.file names parts/sales.md, which is empty.',
      'parts/numbers.json:2:2 agents.sales.numbers.1 lacks its country; write it with + and the country, such as +43 1 2345678, or set PHONE_COUNTRY.',
      'parts/sales.yaml:3:1 agents.sales.voise is not known here; did you mean voice.',
    ],
  },
  {
    name: 'a file that names itself',
    files: { 'agents.yaml': 'agents: { file: agents.yaml }\n' },
    told: [
      'agents.yaml:1:11 agents.agents.agents.agents.agents.file is the 5th file that names another one; write the value here.',
      'agents.yaml:1:1 agents.agents.agents is not known here.',
    ],
  },
  {
    name: 'several at once',
    files: {
      'agents.yaml':
        'agents:\n  sales:\n    numbers: ["1"]\n    voice: Puk\n  support:\n    tools: [nothing]\n    prompt: { file: no.md }\n',
    },
    told: [
      'agents.yaml:7:15 agents.support.prompt.file names no.md, which cannot be read: it does not exist.',
      'agents.yaml:3:15 agents.sales.numbers.0 is no telephone number; it wants +, the country and the number, such as +43 1 2345678.',
      wrongVoice('Puk', '; did you mean Puck', 4),
      'agents.yaml:6:13 agents.support.tools.0 is "nothing", which is no tool; it wants one of lookup_record, weather, end_call.',
      'agents.yaml:5:3 agents.support has no numbers, so nobody would reach it; give it numbers, or default: true.',
    ],
  },
];

function wrongVoice(voice: string, meant: string, line = 4): string {
  return `agents.yaml:${line}:5 agents.sales.voice is "${voice}"; it wants one of VOICES${meant}.`;
}
