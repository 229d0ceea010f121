import type { Node } from 'typescript/unstable/ast';
import {
  API,
  type Checker,
  SymbolFlags,
  type Type,
  TypeFlags,
  type Symbol as TypeSymbol,
} from 'typescript/unstable/sync';
import { METHOD_FACTS } from './method-facts.ts';

/** A JSON schema of an argument, without descriptions. */
type Schema = Readonly<Record<string, unknown>>;

/** The names of arguments that contain ids of channels. */
const CHANNELS: ReadonlySet<string> = new Set(['channel', 'channel_id', 'channels', 'channel_ids']);
/** The names of arguments that contain ids of users. */
const USERS: ReadonlySet<string> = new Set(['user', 'users', 'user_id', 'user_ids']);

/**
 * Arguments that calls cannot set: tokens and workspaces, which the server chooses; ids of files instead of messages,
 * because a file may be in any channel; previews of links; and names under which a message would be posted.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'token',
  'team_id',
  'file',
  'file_comment',
  'unfurl_links',
  'unfurl_media',
  'username',
  'icon_emoji',
  'icon_url',
  'as_user',
  'parse',
  'link_names',
]);

/** Arguments with the name of a left-out argument that a method needs. */
const NEEDED = /^(files|canvases|slackLists)\./;

/**
 * Composes the table of Slack's methods from their facts and from the types of `@slack/web-api`.
 *
 * @param root - the folder of the repository
 * @returns JSON with one method a line
 * @throws Error - Slack's client has no such method, or an argument may name a channel in an unknown way
 */
export function renderMethodTable(root: string): string {
  return withMethods(root, (checker, known) => {
    const lines = [...METHOD_FACTS].map(([name, { effect, reach, scopes, tokens, summary }]) => {
      const method = known.get(name);
      if (method === undefined) throw new Error(`Slack's client has no method ${name}`);
      const types = argumentsOf(name, checker, method);
      const names = Object.keys(types.properties);
      const odd = names.find((argument) => /channel|conversation/.test(argument) && !CHANNELS.has(argument));
      if (odd !== undefined && !PLAIN.has(`${name} ${odd}`)) throw new Error(`${name}: may ${odd} name a channel?`);
      return JSON.stringify({
        ...{ name, summary, effect, reach, scopes, tokens },
        channels: names.filter((argument) => CHANNELS.has(argument)),
        users: names.filter((argument) => USERS.has(argument)),
        arguments: types,
      });
    });
    return `[\n${lines.join(',\n')}\n]\n`;
  });
}

/**
 * Returns the names of all methods of Slack's client.
 *
 * @param root - the folder of the repository
 */
export function methodsOfClient(root: string): readonly string[] {
  return withMethods(root, (_checker, known) => [...known.keys()]);
}

function withMethods<Result>(
  root: string,
  use: (checker: Checker, known: ReadonlyMap<string, TypeSymbol>) => Result,
): Result {
  const api = new API({ cwd: `${root}/packages/slack` });
  try {
    const config = `${root}/packages/slack/tsconfig.json`;
    const project = api.updateSnapshot({ openProject: config }).getProject(config);
    const file = project?.program.getSourceFile(`${root}/packages/slack/src/slack-methods.ts`);
    if (project === undefined || file === undefined) throw new Error('cannot read the types of Slack methods');
    const { checker } = project;
    const table = file.statements
      .flatMap((statement) => {
        const { name } = statement as { name?: Node };
        return name === undefined ? [] : [checker.getSymbolAtLocation(name)];
      })
      .find((symbol) => symbol?.name === 'MethodTable');
    if (table === undefined) throw new Error('there is no type MethodTable');
    const known = new Map(
      checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(table)).map((symbol) => [symbol.name, symbol]),
    );
    return use(checker, known);
  } finally {
    api.close();
  }
}

/** Arguments with a name like a channel's that contain none. */
const PLAIN: ReadonlySet<string> = new Set([]);

function argumentsOf(name: string, checker: Checker, method: TypeSymbol): { properties: Record<string, Schema> } {
  const parameters = checker.getPropertyOfType(typeOf(checker, method), 'parameters');
  const [first] = parameters === undefined ? [] : checker.getTypeArguments(typeOf(checker, parameters) as never);
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  const options = first === undefined ? [] : membersOf(checker.getNonNullableType(first) ?? first);
  for (const option of options) {
    for (const symbol of checker.getPropertiesOfType(option)) {
      if (LEFT_OUT.has(symbol.name) && !(NEEDED.test(name) && symbol.name === 'file')) continue;
      const type = checker.getNonNullableType(typeOf(checker, symbol)) ?? typeOf(checker, symbol);
      const schema = schemaOf(checker, type);
      if (schema !== undefined) properties[symbol.name] ??= schema;
    }
  }
  for (const argument of Object.keys(properties)) {
    const isRequired = options.every((option) => {
      const symbol = checker.getPropertyOfType(option, argument);
      return symbol !== undefined && (symbol.flags & SymbolFlags.Optional) === 0;
    });
    if (isRequired) required.push(argument);
  }
  return { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false } as never;
}

function typeOf(checker: Checker, symbol: TypeSymbol): Type {
  const type = checker.getTypeOfSymbol(symbol);
  if (type === undefined) throw new Error(`the type of ${symbol.name} is not known`);
  return type;
}

/** The members of a union, or the type itself. */
function membersOf(type: Type): readonly Type[] {
  return type.isUnionType() ? type.getTypes() : [type];
}

/** The schema of a type, without what is deep inside: Slack checks it. Undefined for `never`. */
function schemaOf(checker: Checker, type: Type): Schema | undefined {
  const members = membersOf(type);
  if (members.length > 1 && members.every((member) => member.isStringLiteralType())) {
    return { type: 'string', enum: members.map((member) => (member as { value?: unknown }).value).sort() };
  }
  const kinds = [...new Set(members.map((member) => kindOf(checker, member)))].filter((kind) => kind !== 'never');
  const [kind] = kinds;
  if (kind === undefined) return undefined;
  if (kinds.length > 1) return { type: kinds.sort() };
  if (type.isStringLiteralType()) return { type: 'string', enum: [type.value] };
  if (kind !== 'array') return { type: kind };
  const [item] = checker.getTypeArguments(type as never);
  const items = item === undefined ? undefined : kindOf(checker, membersOf(item)[0] ?? item);
  return { type: 'array', ...(items !== undefined && { items: { type: items } }) };
}

function kindOf(checker: Checker, type: Type): string {
  if (type.flags & TypeFlags.Never) return 'never';
  if (type.flags & TypeFlags.StringLike) return 'string';
  if (type.flags & TypeFlags.NumberLike) return 'number';
  if (type.flags & TypeFlags.BooleanLike) return 'boolean';
  return checker.isArrayLikeType(type) ? 'array' : 'object';
}
