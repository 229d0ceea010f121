import { parseArgs } from 'node:util';
import { askCommand } from './ask-command.ts';
import { baselineScore } from './baseline/baseline-score.ts';
import { converse } from './converse.ts';
import { openFixture } from './fixture/open-fixture.ts';
import { listedTools } from './listed-tools.ts';
import { SHAPES, type Shape } from './prompt.ts';
import { report } from './report.ts';
import { HALVES, type Half, readRequests } from './request.ts';
import { type Answered, type Score, score } from './score/score.ts';

const USAGE = `usage: pnpm evals [options]

Without a command, scores the lexical baseline. With a command, lets it answer every request: the command reads a prompt
on stdin and writes a JSON object to stdout, once for each turn.

  --command COMMAND  the command, for example "my-model --json"
  --half HALF        visible or hidden; default: both
  --shape SHAPE      what the model sees of the tools: descriptions (default) or names
  --only ID          only this request; repeatable
  --json             print the scores as JSON`;

const { values } = parseArgs({
  options: {
    command: { type: 'string' },
    half: { type: 'string' },
    shape: { type: 'string', default: SHAPES[0] },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const halves = HALVES.filter((half) => values.half === undefined || values.half === half);
const shape = SHAPES.find((name) => name === values.shape);

if (values.help || halves.length === 0 || shape === undefined) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 2);
}

const scores = await allScores();
if (values.json) console.log(JSON.stringify(Object.fromEntries(scores), null, 2));
else for (const [title, one] of scores) console.log(report(title, one));

async function allScores(): Promise<readonly (readonly [string, Score])[]> {
  const found: (readonly [string, Score])[] = [];
  for (const half of halves) {
    if (values.command === undefined) {
      found.push([`${half}, lexical baseline, default tools`, baselineScore(half)]);
      found.push([`${half}, lexical baseline, all tools`, baselineScore(half, ['all'])]);
    } else found.push([`${half}, ${shape}`, await commandScore(values.command, half, shape ?? 'descriptions')]);
  }
  return found;
}

async function commandScore(command: string, half: Half, shown: Shape): Promise<Score> {
  const list = listedTools(['all']);
  const ask = askCommand(command);
  const answers: Answered[] = [];
  const requests = readRequests(half).filter(({ id }) => values.only === undefined || values.only.includes(id));
  for (const request of requests) {
    await using fixture = await openFixture();
    const calls = await converse(request.request, { ask, tools: fixture.tools, list, shape: shown });
    console.error(`${request.id} ${calls.map(({ tool }) => tool).join(', ') || 'no call'}`);
    answers.push({ request, calls });
  }
  return score(list.tools, answers);
}
