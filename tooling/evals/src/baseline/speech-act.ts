/** Words before what a person wants. */
const OPENING =
  /^(?:(?:hey|hi|hello|ok|okay|oops|so|and|then|please|pls|plz|kindly|just|also|(?:can|could|would|will) (?:you|u|we|i)|i (?:want|need|would like|have) (?:you )?to|i'd like (?:you )?to|let's|go|quickly)\b[\s,]*)+/i;

/** First words of people who want to change something. */
const ORDERS =
  /^(?:post|send|(?:tell|let) (?!me|us)|dm|ping|message|text|put|drop|announce|share|reply|answer|respond|react|add|write|say|leave|notify|inform|warn|remind|thank|congratulate|invite|publish|broadcast|thumbs?|acknowledge|ack|slap|stick|mark|vote|upload|attach|set|create|delete|remove|edit|change|replace|schedule|cancel|join|ask|greet|welcome|start|open an?|undo|save|approve|agree|like)\b/i;

/** First words of people who want to know something. */
const QUESTIONS =
  /^(?:what|who|whose|where|which|when|why|how|(?:what|who|where|how)'?s|is|are|am|was|were|did|does|do|has|have|had|any\w*|show|list|read|find|search|look|check|get|(?:give|tell) (?:me|us)|summari[sz]e|sum|catch|fetch|see|pull|dig|open|describe|explain|walk me|scroll|view|display|browse|count|i (?:need|want|remember|wonder))\b/i;

/** Tells by the first words of a request whether a person wants to change something (1), to know something (-1) or neither (0). */
export function speechAct(request: string): -1 | 0 | 1 {
  const [first = '', ...more] = request.replace(OPENING, '').split(/[,;:]\s+|\bplease\b/);
  if (ORDERS.test(first)) return 1;
  if (QUESTIONS.test(first)) return -1;
  const clauses = more.map((clause) => clause.replace(OPENING, ''));
  if (clauses.some((clause) => ORDERS.test(clause))) return 1;
  return request.includes('?') || clauses.some((clause) => QUESTIONS.test(clause)) ? -1 : 0;
}
