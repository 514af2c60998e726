import { groupsRepeat, headsIndependent } from './heads.js';
import { appendMasked, duplicateKeys, permutationOf } from './keys.js';
import type { Law } from './law.js';
import { deterministic, linearIn, shiftScores } from './numbers.js';
import { splitMerge } from './split.js';
import { causal, neverSees, paddingNeverSeen } from './visibility.js';

/** Two devices give the same, within what rounding may do to both. */
const targetsAgree = (): Law => ({ kind: 'devices', name: 'targetsAgree' });

/** However many processors the work is divided for (axes that blocks share are split by that), the emulator gives the same within rounding. */
const schedulesAgree = (processors: readonly [number, number, ...number[]] = [1, 4, 13]): Law => ({ kind: 'schedules', name: 'schedulesAgree', processors });

/**
 * Laws for {@link checkLaw}, each a function of the names it is about. Which hold for a kernel, its author knows: a softmax
 * does not care how its keys are ordered, a convolution does.
 */
export const laws = {
  permutationOf, duplicateKeys, appendMasked, splitMerge, shiftScores, linearIn, deterministic, neverSees, causal, paddingNeverSeen, headsIndependent, groupsRepeat, targetsAgree, schedulesAgree,
} as const;
