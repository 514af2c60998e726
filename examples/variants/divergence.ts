// How far a student's next-token distribution is from a teacher's: Σ p·(ln p − ln q) over a vocabulary whose logits are never
// stored. Two softmaxes with two references in one walk; the products of both heads are made side by side.
// Run it: `node build/ts/examples/variants/divergence.js`.
import { array, dot, type In, kernel, logSumExp, map, type Out, sum, toArray } from 'warpfold/dsl';

/** `kl[q] = Σ_t p·ln(p / p̂)` in nats (Hinton et al., 2015, arXiv:1503.02531): p of the teacher's hidden states and head, p̂ of the student's. */
export const divergence = kernel('divergence', { q: 'dynamic', e: 'dynamic', f: 'dynamic', t: 'dynamic' },
  (teacher: In<'f32', ['q', 'e']>, headOfTeacher: In<'f32', ['t', 'e']>, student: In<'f32', ['q', 'f']>, headOfStudent: In<'f32', ['t', 'f']>): Out<'f32', ['q']> => {
    const [z, y] = [dot(teacher, headOfTeacher, 'e'), dot(student, headOfStudent, 'f')];
    return sum(map(z, y, logSumExp(z, 't'), logSumExp(y, 't'), (z, y, lz, ly) => Math.exp(z - lz) * (z - lz - (y - ly))), 't');
  });

const logits = (...xs: readonly number[]) => array(xs, { axes: ['q', 'e'], shape: [xs.length / 2, 2] });
const student = (...xs: readonly number[]) => array(xs, { axes: ['q', 'f'], shape: [xs.length / 2, 2] });
const unit = [1, 0, 0, 1];
const kl = divergence.reference([logits(2, 0, 2, 0, 2, 0), array(unit, { axes: ['t', 'e'], shape: [2, 2] }), student(2, 0, 7, 5, 0, 2), array(unit, { axes: ['t', 'f'], shape: [2, 2] })]);
console.log('the same, the same shifted, the opposite:', Array.from(toArray(kl), (x) => Math.abs(x).toFixed(4)).join(' '));
