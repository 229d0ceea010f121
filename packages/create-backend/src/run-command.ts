import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateError } from './create-error.ts';
import { createProject } from './create-project.ts';
import { NAME_RULE } from './project-names.ts';
import { quotePath } from './quote-path.ts';

/** Where the command writes. */
export interface CommandOutput {
  print(text: string): void;
  fail(text: string): void;
}

const USAGE = `Creates a project for a slack-mcp queue backend.

  npm create @slack-mcp/backend <name>
  npm create @slack-mcp/backend <name> -- --folder <folder>

  <name>             the name in QUEUE_BACKEND, for example nats:
                     ${NAME_RULE}
  --folder <folder>  an empty or new folder; default slack-mcp-backend-<name>
  --help             shows this text
`;

/** Runs `create-backend`. Returns the exit code: 0, 1 if the project cannot be created, or 2 for wrong arguments. */
export function runCommand(args: readonly string[], { print, fail }: CommandOutput): number {
  try {
    const { values, positionals } = parse(args);
    const [name, ...rest] = positionals;
    if (values.help) print(USAGE);
    else if (name === undefined || rest.length > 0) throw new TypeError('needs one name');
    else print(describe(name, values.folder));
    return 0;
  } catch (error) {
    if (error instanceof CreateError) fail(`create-backend: ${error.message}\n`);
    else if (error instanceof TypeError) fail(`create-backend: ${error.message.replaceAll('\n', ' ')}\n\n${USAGE}`);
    else throw error;
    return error instanceof CreateError ? 1 : 2;
  }
}

function parse(args: readonly string[]) {
  const options = { folder: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  const unknown = tokens.find((token) => token.kind === 'option' && !Object.hasOwn(options, token.name));
  if (unknown !== undefined) {
    throw new TypeError(
      `there is no option ${JSON.stringify(args[unknown.index])}: use --folder or --help; if it is the name of the project, choose one that begins with a letter`,
    );
  }
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

function describe(name: string, folder: string | undefined): string {
  const created = createProject({ name, ...(folder === undefined ? {} : { folder }) });
  const place = relative('.', created.folder) || '.';
  return `created ${created.packageName} in ${place}, ${created.files.length} files

next:
  cd ${quotePath(place)}
  npm install
  npm run typecheck
  npm test

npm test runs the conformance suite against a stand-in for your broker. Fill in:
${created.places.map((line) => `  ${line}`).join('\n')}
`;
}
