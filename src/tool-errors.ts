import { callerNotices } from './model-errors.ts';

/** The errors of tools and of what they are declared in, as a part of the table in `errors.ts`. */
export const toolErrors = {
  'lookup.fileInvalid': {
    fault: 'admin',
    what: 'The lookup file is missing, empty, or malformed.',
    caller: 'The number does not answer: the service did not start.',
    remedy: 'Correct the file at the line that the message names.',
  },
  'tools.fileInvalid': {
    fault: 'admin',
    what: 'What TOOLS_FILE or TOOLS_DIR declares cannot be used.',
    caller: 'The number does not answer: the service did not start.',
    remedy: 'Correct the files at the lines that the message names: it names all of them at once.',
  },
  'tool.unknown': {
    fault: 'model',
    what: 'The model called a tool that does not exist.',
    caller: callerNotices.nothing,
    remedy: 'Name only existing tools in the prompt.',
  },
  'tool.argumentsInvalid': {
    fault: 'model',
    what: 'The model called a tool with arguments that do not fit.',
    caller: callerNotices.nothing,
    remedy: 'Describe the parameters of the tool more clearly.',
  },
  'tool.failed': {
    fault: 'tool',
    what: 'A tool threw an error.',
    caller: 'The agent says that it did not work.',
    remedy: 'Read the stack in the log line and mend the tool.',
  },
  'tool.refused': {
    fault: 'tool',
    what: 'A tool was told no by whatever it asked, and nothing was changed.',
    caller: 'The agent says why.',
    remedy: 'Nothing, unless the log line shows that it asked for the wrong thing.',
  },
  'tool.outcomeUnknown': {
    fault: 'tool',
    what: 'A service that was to change something did not say whether it did.',
    caller: 'The agent says that it is not known whether it was done.',
    remedy: 'Look into the service. The log line before it says what happened on the way.',
  },
  'tool.notRecorded': {
    fault: 'admin',
    what: 'A tool that changes something was not run, because the journal could not write down that it would be.',
    caller: 'The agent says that it cannot be done just now.',
    remedy: 'Mend the journal; `npm run doctor` says what is wrong with it.',
  },
  'tool.timedOut': {
    fault: 'tool',
    what: 'A tool did not answer in time.',
    caller: 'The agent says that it did not work.',
    remedy: 'Make the tool faster, or have it answer before its work is done.',
  },
  'tool.interrupted': {
    fault: 'tool',
    what: 'The process in which a tool ran has ended. It is started again.',
    caller:
      'Nothing, if the tool only reads: it is run again, once. Else the agent says that it is not known whether it was done.',
    remedy: 'Read the log lines `toolProcessGone` and `toolOutput` before it. docs/tools.md says what ends a process.',
  },
} as const;
