import type { Rolldown } from 'tsdown';

/** The module of the MCP SDK that defines the schemas of all messages. */
const SDK_SCHEMAS = /[\\/]@modelcontextprotocol[\\/]sdk[\\/]dist[\\/]esm[\\/]types\.js$/;

/** The validator that the MCP SDK uses if a server passes none. */
const SDK_VALIDATOR = /[\\/]@modelcontextprotocol[\\/]sdk[\\/]dist[\\/]esm[\\/]validation[\\/]ajv-provider\.js$/;

const WITHOUT_VALIDATOR = `export class AjvJsonSchemaValidator {
  constructor() {
    throw new Error('This bundle has no JSON Schema validator. Pass the option jsonSchemaValidator to the server.');
  }
}
`;

/**
 * A plugin that leaves out what dependencies do when they are loaded, but no server of this repository needs. It saves
 * memory and time at the start.
 *
 * - The MCP SDK builds the schemas of all messages. Only those that are used stay.
 * - The MCP SDK loads AJV. The servers pass a validator of their own.
 * - An import of `node:process` reads every property of `process`, which loads what Node otherwise loads when it is
 *   first needed. The global `process` is the same object.
 */
export function leanDependencies(): Rolldown.Plugin {
  return {
    name: 'lean-dependencies',
    transform(code, id) {
      if (SDK_VALIDATOR.test(id)) return WITHOUT_VALIDATOR;
      if (SDK_SCHEMAS.test(id)) return withRemovableConstants(code, this.parse(code));
      return code.includes('node:process')
        ? code.replace(PROCESS_IMPORT, 'const process = globalThis.process;')
        : undefined;
    },
  };
}

const PROCESS_IMPORT = /^import process from ['"]node:process['"];?$/m;

/** Marks the calls that compute the constants of a module as free of side effects. */
function withRemovableConstants(code: string, { body }: { readonly body: readonly Statement[] }): string {
  const calls = body
    .map((statement) => (statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement))
    .flatMap((statement) => (statement?.type === 'VariableDeclaration' ? statement.declarations : []))
    .flatMap((declared) => (declared?.init?.type === 'CallExpression' ? [declared.init] : []));
  let result = '';
  let end = 0;
  for (const call of calls) {
    // The annotation alone is not enough, because it covers only the last call of a chain.
    result += `${code.slice(end, call.start)}/* @__PURE__ */ (() => ${code.slice(call.start, call.end)})()`;
    end = call.end;
  }
  return result + code.slice(end);
}

/** The part of a syntax tree that this plugin uses. */
interface Statement {
  readonly type: string;
  readonly declaration?: Statement | null;
  readonly declarations?: readonly { readonly init?: Expression | null }[];
}

interface Expression {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}
