import { isRight, singleStepRequests } from './baseline-score.ts';
import { type BaselineWeights, lexicalBaseline, WEIGHTS } from './lexical-baseline.ts';
import { listedTools } from './listed-tools.ts';

// Compares weights of the lexical baseline by cross-validation on the visible requests, never on the hidden ones. For
// each fifth of the requests, the weights that are best on the other four fifths pick the tools.

const FOLDS = 5;

/** The values that are tried. */
const GRID: Readonly<Record<keyof BaselineWeights, readonly number[]>> = {
  name: [5, 8],
  title: [1, 2, 4],
  description: [1],
  arguments: [0, 0.25],
  instructions: [0, 0.5, 1],
  first: [0, 1, 2],
  similar: [0, 0.3, 0.6],
  saturation: [1.2],
  length: [0, 0.5, 0.75],
};

const candidates = Object.entries(GRID).reduce<readonly Partial<BaselineWeights>[]>(
  (found, [name, values]) => found.flatMap((weights) => values.map((value) => ({ ...weights, [name]: value }))),
  [{}],
) as readonly BaselineWeights[];
const list = listedTools();
const requests = singleStepRequests(
  'visible',
  list.tools.map(({ name }) => name),
);
const results = candidates.map((weights) => {
  const pick = lexicalBaseline(list, weights);
  return { weights, right: requests.map((request) => isRight(request, pick(request.request))) };
});
const sum = (right: readonly boolean[], isMeant: (index: number) => boolean): number =>
  right.filter((isIt, index) => isIt && isMeant(index)).length;

const validated = Array.from({ length: FOLDS }, (_, fold) => {
  const isIn = (index: number): boolean => index % FOLDS === fold;
  const best = results.toSorted((a, b) => sum(b.right, (i) => !isIn(i)) - sum(a.right, (i) => !isIn(i)))[0];
  return best === undefined ? 0 : sum(best.right, isIn);
}).reduce((all, right) => all + right, 0);
const [best] = results.toSorted((a, b) => sum(b.right, () => true) - sum(a.right, () => true));
const now = lexicalBaseline(list, WEIGHTS);
console.log(`cross-validated: ${validated} of ${requests.length}`);
console.log(`best: ${sum(best?.right ?? [], () => true)} of ${requests.length} with ${JSON.stringify(best?.weights)}`);
console.log(
  `now: ${requests.filter((request) => isRight(request, now(request.request))).length} of ${requests.length}`,
);
for (const request of requests) {
  const picked = now(request.request);
  if (!isRight(request, picked)) console.log(`${request.calls[0]?.tool} → ${picked}: ${request.request}`);
}
