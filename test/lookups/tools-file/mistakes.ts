/** A wrong tools file, and every line that its admin reads, without the file's name. KINDS stands for the list of kinds. */
export interface Mistake {
  readonly name: string;
  readonly text: string;
  readonly lines: readonly string[];
}

/** One line of a sound file, and what stands there instead. */
function weather(line: number, ...instead: readonly string[]): string {
  const lines = [
    'hosts: [wttr.example]',
    'tools:',
    '  weather:',
    '    kind: http',
    '    description: Tells the weather.',
    '    parameters:',
    '      city: { type: text, description: The city. }',
    '    url: https://wttr.example/{city}',
    '    answer: { say: "It is {temp} degrees." }',
  ];
  return `${lines.toSpliced(line - 1, 1, ...instead).join('\n')}\n`;
}

/** The sound file. */
export const soundFile = weather(99);

export const mistakes: readonly Mistake[] = [
  { name: 'nothing', text: '', lines: ['1:1 the file is empty; it wants tools:, and a name and kind for each.'] },
  {
    name: 'comments alone',
    text: '# tools\n',
    lines: ['1:1 the file is empty; it wants tools:, and a name and kind for each.'],
  },
  {
    name: 'a list',
    text: '- kind: http\n',
    lines: ['1:1 the file is no map; it wants tools:, and a name and kind for each.'],
  },
  {
    name: 'no tools',
    text: 'hosts: [a.example]\n',
    lines: ['1:1 the file holds no tools; it wants tools:, and a name and kind for each.'],
  },
  { name: 'tools that are none', text: 'tools: {}\n', lines: ['1:1 tools holds no tool.'] },
  {
    name: 'a list of tools',
    text: 'tools:\n  - kind: http\n',
    lines: ['1:1 tools is no map; it wants a name for each, and its members below.'],
  },
  {
    name: 'a tool beside tools',
    text: 'tools:\n  search: { kind: google_search }\nweather: { kind: http }\n',
    lines: ['3:1 weather is not known here; it belongs below tools:.'],
  },
  { name: 'a tab', text: weather(4, '\tkind: http'), lines: ['4:1 the file is indented with a tab; use spaces.'] },
  {
    name: 'a quotation mark that stays open',
    text: weather(5, '    description: "Tells the weather.'),
    lines: ['5:37 the file lacks a sign, mostly a ":", a comma, a bracket or a quotation mark.'],
  },
  {
    name: 'a colon in a text',
    text: weather(5, '    description: Use it so: weather'),
    lines: [
      '5:18 the file holds a second ":"; put the value in quotes, or indent what belongs to it in the next line.',
    ],
  },
  {
    name: 'indentation',
    text: weather(5, '   description: x'),
    lines: [5, 8, 9].map((line) => `${line}:1 the file is not indented like its neighbours.`),
  },
  {
    name: 'a bracket that stays open',
    text: 'hosts: [a.example\ntools:\n  weather: {}\n',
    lines: [
      '2:1 the file goes on with a "[" or "{" that nothing has closed; close it, or indent the lines between the brackets.',
    ],
  },
  {
    name: 'an alias',
    text: weather(5, '    description: &said Tells the weather.', '    failed: *said'),
    lines: ['6:13 tools.weather.failed refers to another place with "*"; write the value here as well.'],
  },
  {
    name: 'aliases that multiply',
    text: 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntools: { t: *c }\n',
    lines: [
      '1:1 a is not known here.',
      '2:1 b is not known here.',
      '2:8 b.0 refers to another place with "*"; write the value here as well.',
      '2:12 b.1 refers to another place with "*"; write the value here as well.',
      '3:1 c is not known here.',
      '3:8 c.0 refers to another place with "*"; write the value here as well.',
      '3:12 c.1 refers to another place with "*"; write the value here as well.',
      '4:10 tools.t is no map; it wants kind, description and what the kind needs.',
      '4:13 tools.t refers to another place with "*"; write the value here as well.',
    ],
  },
  {
    name: 'a type of its own',
    text: weather(5, '    description: !!js/function x'),
    lines: ['5:18 the file has a type of its own with "!"; leave it out.'],
  },
  {
    name: 'two documents',
    text: `${soundFile}---\ntools: {}\n`,
    lines: ['10:1 the file goes on after "---" or "..."; one file holds one document.'],
  },
  {
    name: 'a member twice',
    text: weather(5, '    description: a', '    description: b'),
    lines: ['6:5 tools.weather.description stands twice, first in line 5.'],
  },
  {
    name: 'a name twice',
    text: `${soundFile}  weather: { kind: google_search }\n`,
    lines: ['10:3 tools.weather stands twice, first in line 3.'],
  },
  {
    name: 'a name with a capital',
    text: weather(3, '  Weather:'),
    lines: ['3:3 tools.Weather is no name for a tool: it wants small letters, digits and "_", at most 64.'],
  },
  {
    name: 'a name that is a number',
    text: 'tools:\n  1: { kind: google_search }\n',
    lines: ['1:1 tools holds no tool.', '2:3 tools has a name that is no text; put it in quotes.'],
  },
  {
    name: 'a name of a tool that there is',
    text: weather(3, '  end_call:'),
    lines: ['3:3 tools.end_call has the name of a tool that Parley brings along; it wants another one.'],
  },
  {
    name: 'no kind',
    text: weather(4),
    lines: ['3:3 tools.weather.kind is missing; it wants one of KINDS.'],
  },
  {
    name: 'another kind',
    text: weather(4, '    kind: https'),
    lines: ['4:5 tools.weather.kind is "https"; it wants one of KINDS; did you mean http.'],
  },
  {
    name: 'a slip in kind',
    text: weather(4, '    knd: http'),
    lines: ['4:5 tools.weather.knd is not known here; did you mean kind.'],
  },
  {
    name: 'a kind in the manner of others, a slip in it, and one in another member',
    text: weather(4, '    type: htpp', '    timeout_m: 500'),
    lines: [
      '4:5 tools.weather.type is not known here; did you mean kind.',
      '4:5 tools.weather.type is "htpp"; it wants one of KINDS; did you mean http.',
      '5:5 tools.weather.timeout_m is not known here; did you mean timeout_ms.',
    ],
  },
  { name: 'no description', text: weather(5), lines: ['3:3 tools.weather.description is missing.'] },
  {
    name: 'an empty description',
    text: weather(5, '    description: ""'),
    lines: ['5:5 tools.weather.description is empty; it wants at least 1 character.'],
  },
  {
    name: 'a description that is a list',
    text: weather(5, '    description: [a, b]'),
    lines: ['5:5 tools.weather.description is a list; it wants a text.'],
  },
  {
    name: 'a slip in a member',
    text: weather(5, '    descripton: Tells the weather.'),
    lines: [
      '3:3 tools.weather.description is missing.',
      '5:5 tools.weather.descripton is not known here; did you mean description.',
    ],
  },
  {
    name: 'a member in the manner of others',
    text: weather(9, '    timeoutMs: 500', '    endpoint: x'),
    lines: [
      '9:5 tools.weather.timeoutMs is not known here; did you mean timeout_ms.',
      '10:5 tools.weather.endpoint is not known here; did you mean url.',
    ],
  },
  {
    name: 'times that are out of bounds',
    text: weather(9, '    timeout_ms: 60000'),
    lines: ['9:5 tools.weather.timeout_ms is too large; it wants at most 30000.'],
  },
  {
    name: 'a time that is none',
    text: weather(9, '    timeout_ms: 8s'),
    lines: ['9:5 tools.weather.timeout_ms is a text; it wants a number.'],
  },
  {
    name: 'half a millisecond',
    text: weather(9, '    timeout_ms: 99.5'),
    lines: ['9:5 tools.weather.timeout_ms is a number; it wants a whole number.'],
  },
  {
    name: 'a time too short',
    text: weather(9, '    timeout_ms: 99'),
    lines: ['9:5 tools.weather.timeout_ms is too small; it wants at least 100.'],
  },
  {
    name: 'an effect that is none',
    text: weather(9, '    effect: call'),
    lines: ['9:5 tools.weather.effect is "call"; it wants one of read, write.'],
  },
  {
    name: 'a confirmation of a read',
    text: weather(9, '    confirm: true'),
    lines: [
      '9:5 tools.weather.confirm is true, and a read changes nothing that could be confirmed; it wants effect: write.',
    ],
  },
  {
    name: 'yes',
    text: weather(9, '    effect: write', '    confirm: yes'),
    lines: ['10:5 tools.weather.confirm is a text; it wants true or false.'],
  },
  {
    name: 'no address',
    text: weather(8),
    lines: ['3:3 tools.weather.url is missing.'],
  },
  {
    name: 'an address without quotes',
    text: weather(8, '    url: {city}'),
    lines: ['8:5 tools.weather.url is a map; it wants a text; put it in quotes.'],
  },
  {
    name: 'an address without a scheme',
    text: weather(8, '    url: wttr.example/{city}'),
    lines: [
      '8:5 tools.weather.url is no address; it wants https://, a host and a path, such as https://api.example.com/orders/{order}.',
    ],
  },
  {
    name: 'a placeholder in the host',
    text: weather(8, '    url: https://{city}.wttr.example/'),
    lines: ['8:5 tools.weather.url has a placeholder before the path; scheme, host and port must be fixed.'],
  },
  {
    name: 'a host that is not named',
    text: weather(1, 'hosts: [api.example]'),
    lines: [
      '8:5 tools.weather.url leads to wttr.example, which is not among hosts; add wttr.example there, if it is meant.',
    ],
  },
  {
    name: 'a host in the place of a list',
    text: weather(9, '    hosts: wttr.example'),
    lines: ['9:5 tools.weather.hosts is a text; it wants a list.'],
  },
  {
    name: 'a missing variable in a host',
    text: weather(1, "hosts: ['${WEATHER_HOST}']"),
    lines: [
      '1:9 hosts.0 wants ${WEATHER_HOST}, which is not set; set WEATHER_HOST in .env or in the environment.',
      '8:5 tools.weather.url leads to wttr.example, which is not among hosts; add wttr.example there, if it is meant.',
    ],
  },
  {
    name: 'an address in the place of a host',
    text: weather(1, 'hosts: [wttr.example, https://api.example/]'),
    lines: [
      '1:23 hosts.1 is no host; it wants a host such as api.example.com or api.example.com:8443, without https:// and without a path.',
      '8:5 tools.weather.url leads to wttr.example, which is not among hosts; add wttr.example there, if it is meant.',
    ],
  },
  {
    name: 'an address that is not encrypted',
    text: weather(8, '    url: http://wttr.example/{city}'),
    lines: [
      '8:5 tools.weather.url is not encrypted; it wants https://, or allow_http: true at its host, or allow_private: true if that is one of your network.',
    ],
  },
  {
    name: 'a placeholder that nobody fills',
    text: weather(8, '    url: https://wttr.example/{town}'),
    lines: [
      '7:7 tools.weather.parameters.city is used nowhere; write {city} into url, query or body.',
      '8:5 tools.weather.url names {town}, which is not among parameters.',
    ],
  },
  {
    name: 'a missing secret',
    text: weather(9, '    headers:', '      X-Key: ${WEATHER_KEY}', '      X-Old: ${OLD KEY}'),
    lines: [
      '10:7 tools.weather.headers.X-Key wants ${WEATHER_KEY}, which is not set; set WEATHER_KEY in .env or in the environment.',
      '11:7 tools.weather.headers.X-Old holds "${OLD KEY}", which names no variable; write ${NAME}.',
    ],
  },
  {
    name: 'a header that is a number',
    text: weather(9, '    headers: { X-Version: 2 }'),
    lines: ['9:16 tools.weather.headers.X-Version is a whole number; it wants a text; put it in quotes.'],
  },
  {
    name: 'a header that says where to go',
    text: weather(9, '    headers: { Host: internal.example }'),
    lines: ['9:16 tools.weather.headers.Host is a header that the connection decides.'],
  },
  {
    name: 'a type of JSON schema',
    text: weather(7, '      city: { type: string, description: The city. }'),
    lines: ['7:15 tools.weather.parameters.city.type is "string"; it wants one of text, number, integer, boolean.'],
  },
  {
    name: 'a parameter with a bad name',
    text: weather(7, '      City: { type: text, description: The city. }'),
    lines: [
      '7:7 tools.weather.parameters.City is no name for a parameter: it wants small letters, digits and "_", at most 64.',
    ],
  },
  {
    name: 'lists that Gemini refuses',
    text: weather(7, '      city: { type: text, description: The city., one_of: [] }'),
    lines: ['7:51 tools.weather.parameters.city.one_of is too small; it wants at least 1 entry.'],
  },
  {
    name: 'a list of numbers',
    text: weather(7, '      city: { type: integer, description: The city., one_of: [1, 2] }'),
    lines: ['7:54 tools.weather.parameters.city.one_of belongs to a text, and this is of type integer.'],
  },
  {
    name: 'a keyword that Gemini refuses',
    text: weather(7, '      city: { type: text, description: The city., pattern: "^a" }'),
    lines: ['7:51 tools.weather.parameters.city.pattern is not known here.'],
  },
  {
    name: 'a path that is none',
    text: weather(9, '    answer: { path: "$.a[" }'),
    lines: ["9:15 tools.weather.answer.path is no JSONPath: unclosed bracketed selection ('$.a[':4)."],
  },
  {
    name: 'a place that is not closed',
    text: weather(9, '    answer: { say: "It is {temp degrees." }'),
    lines: ['9:15 tools.weather.answer.say has a "{" that is not closed.'],
  },
  {
    name: 'a request that may change something',
    text: weather(9, '    method: POST'),
    lines: [
      '3:3 tools.weather.effect is missing, and method is POST; it wants write, or read if the request changes nothing.',
    ],
  },
  {
    name: 'a body of a request that has none',
    text: weather(9, '    body: { json: { city: "{city}" } }'),
    lines: ['9:5 tools.weather.body goes with POST, PUT or PATCH, and method is GET.'],
  },
  {
    name: 'two bodies',
    text: weather(9, '    method: POST', '    effect: read', '    body: { json: {}, text: a }'),
    lines: ['11:5 tools.weather.body wants exactly one of json, form and text.'],
  },
  {
    name: 'a write that is tried again',
    text: weather(9, '    effect: write', '    retries: 2', '    cache_seconds: 60'),
    lines: [
      '10:5 tools.weather.retries belongs to a read: a write may have been done although no answer came.',
      '11:5 tools.weather.cache_seconds belongs to a read: what was done once is no answer to another wish.',
    ],
  },
  {
    name: 'options of what is no tool of ours',
    text: 'tools:\n  search: { kind: google_search, timeout_ms: 500 }\n',
    lines: ['2:34 tools.search.timeout_ms is not known here.'],
  },
  {
    name: 'several at once',
    text: weather(9, '    timeout_ms: soon', '    heders: {}', '  Second: { kind: htp }', '  third: 3', 'hots: []'),
    lines: [
      '9:5 tools.weather.timeout_ms is a text; it wants a number.',
      '10:5 tools.weather.heders is not known here; did you mean headers.',
      '11:3 tools.Second is no name for a tool: it wants small letters, digits and "_", at most 64.',
      '11:3 tools.Second.description is missing.',
      '11:3 tools.Second.url is missing.',
      '11:13 tools.Second.kind is "htp"; it wants one of KINDS; did you mean http.',
      '12:3 tools.third is no map; it wants kind, description and what the kind needs.',
      '13:1 hots is not known here; did you mean hosts.',
    ],
  },
];
