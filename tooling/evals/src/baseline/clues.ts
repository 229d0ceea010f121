import type { ToolList } from '../listed-tools.ts';
import { argumentMatch } from './argument-match.ts';
import { unnamedThing } from './named-thing.ts';
import { speechAct } from './speech-act.ts';
import { toolTexts } from './tool-texts.ts';
import { wordMatch } from './word-match.ts';
import { type MeaningOf, similarity } from './word-vectors.ts';
import { askedPhrases } from './words.ts';

/** What speaks for a tool, in the order of their weights. */
export const CLUES = ['words', 'meaning', 'taken', 'missing', 'act', 'unnamed'] as const;

export type Clue = (typeof CLUES)[number];

/** How much each clue speaks for a tool. */
export type Clues = Readonly<Record<Clue, number>>;

/** Returns the clues of a request for each tool of the list. */
export type CluesOf = (request: string) => readonly Clues[];

/** Prepares the tools of a list for requests. */
export function cluesIn(list: ToolList, meaningOf: MeaningOf): CluesOf {
  const texts = toolTexts(list);
  const words = wordMatch(texts);
  const fits = argumentMatch(list.tools);
  const unnamedIn = unnamedThing(list.tools);
  const meanings = texts.map(({ sentences }) => sentences.map(meaningOf));
  return (request) => {
    const points = words(request);
    const asked = meaningOf(askedPhrases(request).flat().join(' '));
    const fit = fits(request);
    const act = speechAct(request);
    const unnamed = unnamedIn(request);
    return list.tools.map(({ annotations }, index) => ({
      words: points[index] ?? 0,
      // The sentence that is nearest to the request counts.
      meaning: Math.max(...(meanings[index] ?? []).map((meaning) => similarity(asked, meaning))),
      ...(fit[index] ?? { taken: 0, missing: 0 }),
      act: annotations.readOnlyHint ? -act : act,
      unnamed: unnamed[index] === true ? 1 : 0,
    }));
  };
}
