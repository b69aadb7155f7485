import { expect, test } from 'vitest';
import { schemaDialect } from '../../../src/gemini/schema-dialect.ts';
import { declaredChoices } from '../../../src/sim/model/protocol/declared-choices.ts';
import { setup } from '../../../src/sim/model/protocol/setup-message.ts';
import { createTransferCall } from '../../../src/tools/transfer-call.ts';

const { name, parameters } = createTransferCall(['sales', 'support']);
const dialect = schemaDialect(parameters);

test.for([{ parametersJsonSchema: parameters }, { parameters: 'schema' in dialect ? dialect.schema : null }])(
  'a setup says what an argument may be, in either dialect: %o',
  (declared) => {
    const said = setup.parse({ model: 'any', tools: [{ functionDeclarations: [{ name, ...declared }] }] });
    expect(declaredChoices(said, name, 'destination')).toEqual(['sales', 'support']);
    expect(declaredChoices(said, name, 'reason')).toEqual([]);
    expect(declaredChoices(said, 'lookup_record', 'query')).toBeNull();
  },
);
