import type { ToolList } from '../listed-tools.ts';
import { argumentMatch } from './argument-match.ts';
import { toolTexts } from './tool-texts.ts';
import { wordMatch } from './word-match.ts';
import { type MeaningOf, similarity } from './word-vectors.ts';

/** What speaks for a tool, in the order of their weights. */
export const CLUES = ['words', 'meaning', 'taken', 'missing', 'question'] as const;

export type Clue = (typeof CLUES)[number];

/** How much each clue speaks for a tool. */
export type Clues = Readonly<Record<Clue, number>>;

/** Returns the clues of a request for each tool of the list. */
export type CluesOf = (request: string) => readonly Clues[];

/** Prepares the tools of a list for requests. */
export function cluesIn(list: ToolList, meaningOf: MeaningOf): CluesOf {
  const texts = toolTexts(list);
  const words = wordMatch(texts);
  const meanings = texts.map(({ sentences }) => sentences.map(meaningOf));
  return (request) => {
    const points = words(request);
    const asked = meaningOf(request);
    return list.tools.map((tool, index) => ({
      words: points[index] ?? 0,
      // The sentence that is nearest to the request counts.
      meaning: Math.max(...(meanings[index] ?? []).map((meaning) => similarity(asked, meaning))),
      ...argumentMatch(request, tool),
      question: isQuestion(request) && tool.annotations.readOnlyHint ? 1 : 0,
    }));
  };
}

/** Whether the request asks for information. "Can you …?" asks for an action. */
function isQuestion(request: string): boolean {
  if (/^(?:what|who|whose|where|which|when|is|are|was|were|did|does|do|has|have|how|any)\b/i.test(request)) return true;
  return request.includes('?') && !/^(?:can|could|would|will|please)\b/i.test(request);
}
