import { describeJudgement } from '../src/describe-judgement.ts';

describeJudgement(2, 4);
