import { printBounds } from '../control.js';
import type { Advance, Drain, Pipe, Prime } from '../../tile/ir.js';
import { printLoad } from './memory.js';
import type { Context } from './spot.js';

const stagesName = (p: Pipe): string => `${p.name}Stages`;
const loaderName = (p: Pipe): string => `${p.name}Load`;
const stageName = (p: Pipe): string => `${p.name}Stage`;
const lastName = (p: Pipe): string => `${p.name}End`;

/** The function that loads one window into a stage, and the first windows' loads. */
export function printPrime({ pipe }: Prime, c: Context): void {
  const { e } = c;
  const origin = e.originName(pipe.axis);
  const block = e.extent({ axis: pipe.axis, size: pipe.step });
  const { from, to } = printBounds(pipe, e);
  e.line(`constexpr int ${stagesName(pipe)} = ${pipe.stages};`);
  e.scope(() => `const auto ${loaderName(pipe)} = [&](int ${origin}, int stage)`, [{ axis: pipe.axis, step: pipe.step, full: false, aligned: pipe.from.kind === 'lit' && pipe.from.value % pipe.step === 0 }], () => pipe.loads.forEach((l) => printLoad(l, c, 'stage')), ';');
  e.line(`int ${stageName(pipe)} = ${stagesName(pipe)} - 1;`);
  e.line(`const int ${lastName(pipe)} = ${to};`);
  e.scope(() => `for (int stage = 0; stage < ${stagesName(pipe)} - 1; stage++)`, [], () => {
    const first = from === '0' ? `stage * ${block}` : `${from} + stage * ${block}`;
    e.line(`if (${first} < ${lastName(pipe)}) ${loaderName(pipe)}(${first}, stage);`);
    e.line('commitCopies();');
  });
}

export function printAdvance({ pipe }: Advance, c: Context): void {
  const { e } = c;
  const next = `${e.originName(pipe.axis)} + ${pipe.stages === 2 ? '' : `(${stagesName(pipe)} - 1) * `}${e.extent({ axis: pipe.axis, size: pipe.step })}`;
  e.line(`${stageName(pipe)} = stageAfter<${stagesName(pipe)}>(${stageName(pipe)});`);
  e.line(`waitCopies<${stagesName(pipe)} - 2>();`);
  e.line('blockBarrier();');
  e.line(`if (${next} < ${lastName(pipe)}) ${loaderName(pipe)}(${next}, stageBefore<${stagesName(pipe)}>(${stageName(pipe)}));`);
  e.line('commitCopies();');
}

export const printDrain = (_: Drain, c: Context): void => c.e.line('waitCopies<0>();');
