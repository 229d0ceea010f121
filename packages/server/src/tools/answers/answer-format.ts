/**
 * The form of a tool's answer: `text` is compact text for a model, `json` is JSON as text, and `structured` is the same
 * JSON as text and as structured content.
 */
export type AnswerFormat = 'text' | 'json' | 'structured';
