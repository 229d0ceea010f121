import { listedTools } from '../listed-tools.ts';
import { acceptedCalls, type EvalRequest, readRequests } from '../request.ts';
import { isFirstRight, singleStepRequests } from './baseline-score.ts';
import { type Clues, cluesIn } from './clues.ts';
import { type Choice, chances, fitWeights } from './fit-weights.ts';
import { lexicalBaseline, pointsOf, WEIGHTS } from './lexical-baseline.ts';
import { readMeanings } from './word-vectors.ts';

// Fits the weights of the lexical baseline to the visible requests, never to the hidden ones, and cross-validates them:
// weights from nine tenths of the requests pick the tools for the last tenth. The first step of every visible request
// counts, once among the default tools, if one of them is right, and once among all tools.

const FOLDS = 10;

const meaningOf = readMeanings();
const requests = readRequests('visible');
const [usual, all] = [listedTools(), listedTools(['all'])].map((list) => {
  const cluesOf = cluesIn(list, meaningOf);
  const names = list.tools.map(({ name }) => name);
  const choices = requests.map((request): Choice => {
    const accepted = request.calls.slice(0, 1).flatMap((call) => acceptedCalls(call).map(({ tool }) => tool));
    return { clues: cluesOf(request.request), right: names.map((name) => accepted.includes(name)) };
  });
  return { list, names, choices };
});
if (usual === undefined || all === undefined) throw new Error('A list of tools is missing');
type Listed = typeof usual;

const has = ({ choices }: Listed, index: number): boolean => choices[index]?.right.includes(true) ?? false;
const fit = (isIn: (index: number) => boolean): Clues =>
  fitWeights([usual, all].flatMap((one) => one.choices.filter((_, index) => isIn(index) && has(one, index))));
const folds = Array.from({ length: FOLDS }, (_, fold) => fit((index) => index % FOLDS !== fold));
const weightsFor = (index: number): Clues => folds[index % FOLDS] ?? WEIGHTS;

function picked({ names, choices }: Listed, index: number, weights: Clues): string {
  const points = (choices[index]?.clues ?? []).map((clues) => pointsOf(clues, weights));
  return names[points.indexOf(Math.max(...points))] ?? '';
}

function report(title: string, listed: Listed, isMeant: (request: EvalRequest, index: number) => boolean): void {
  const meant = requests.map((request, index) => ({ request, index })).filter((one) => isMeant(one.request, one.index));
  const right = (weights: (index: number) => Clues): number =>
    meant.filter(({ request, index }) => isFirstRight(request, picked(listed, index, weights(index)))).length;
  const doubt = meant.reduce((sum, { index }) => {
    const { clues = [], right: ok = [] } = listed.choices[index] ?? {};
    return sum - Math.log(chances(clues, weightsFor(index)).reduce((all, one, tool) => all + (ok[tool] ? one : 0), 0));
  }, 0);
  console.log(
    `${title}: ${right(weightsFor)} of ${meant.length} cross-validated (mean -log chance ${(doubt / meant.length).toFixed(3)}), ${right(() => WEIGHTS)} now`,
  );
}

const single = singleStepRequests('visible', usual.names).map(({ id }) => id);
report('default tools, one step', usual, ({ id }) => single.includes(id));
report('default tools, first step', usual, (_, index) => has(usual, index));
report('all tools, first step', all, () => true);
console.log(
  `fitted: ${JSON.stringify(
    fit(() => true),
    (_, value) => (typeof value === 'number' ? Number(value.toFixed(2)) : value),
  )}`,
);
const now = lexicalBaseline(usual.list, meaningOf);
for (const request of requests.filter(({ id }) => single.includes(id))) {
  const tool = now(request.request);
  if (!isFirstRight(request, tool)) console.log(`${request.calls[0]?.tool} → ${tool}: ${request.request}`);
}
