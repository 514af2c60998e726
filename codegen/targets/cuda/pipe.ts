import { printBounds } from '../control.js';
import type { Advance, Drain, Load, Pipe, Prime } from '../../tile/ir.js';
import { memoryType } from '../common/elements.js';
import { printFetch, printLoad } from './memory.js';
import type { Context } from './spot.js';

const stagesName = (p: Pipe): string => `${p.name}Stages`;
const loaderName = (p: Pipe): string => `${p.name}Load`;
const stageName = (p: Pipe): string => `${p.name}Stage`;
const lastName = (p: Pipe): string => `${p.name}End`;

/** The function that loads one window into a stage, and the first windows' loads. */
export function printPrime({ pipe }: Prime, c: Context): void {
  const { e } = c;
  if (pipe.held === 'registers') return printFirst(pipe, c);
  if (pipe.held === 'lanes') return printFirstOfLanes(pipe, c);
  const origin = e.originName(pipe.axis);
  const block = e.extent({ axis: pipe.axis, size: pipe.step });
  const { from, to } = printBounds(pipe, e);
  e.line(`constexpr int ${stagesName(pipe)} = ${pipe.stages};`);
  e.scope(() => `const auto ${loaderName(pipe)} = [&](int ${origin}, int stage)`, [{ axis: pipe.axis, step: pipe.step, full: false, aligned: pipe.from.kind === 'lit' && pipe.from.value % pipe.step === 0 }], () => pipe.loads.forEach((l) => printLoad(l, c, 'stage')), ';');
  printFirstStages(pipe, from, to, block, c);
}

/** All stages but one are under way. */
function printFirstStages(pipe: Pipe, from: string, to: string, block: string, { e }: Context): void {
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
  if (pipe.held === 'registers') return printNext(pipe, c);
  const next = `${e.originName(pipe.axis)} + ${pipe.stages === 2 ? '' : `(${stagesName(pipe)} - 1) * `}${e.extent({ axis: pipe.axis, size: pipe.step })}`;
  e.line(`${stageName(pipe)} = stageAfter<${stagesName(pipe)}>(${stageName(pipe)});`);
  e.line(`waitCopies<${stagesName(pipe)} - 2>();`);
  if (pipe.held === 'shared') e.line('blockBarrier();');
  // Of lanes that wait for nobody else, the place that is filled next was read a window ago.
  else for (const l of pipe.loads) e.line(`take(${e.tile(l.dst)}, ${ringName(l, c)}.at(${stageName(pipe)}));`);
  e.line(`if (${next} < ${lastName(pipe)}) ${loaderName(pipe)}(${next}, stageBefore<${stagesName(pipe)}>(${stageName(pipe)}));`);
  e.line('commitCopies();');
}

export const printDrain = (_: Drain, c: Context): void => c.e.line('waitCopies<0>();');

/** What the next window's rows of a tile stand in. */
const unreadName = (l: Load, c: Context): string => `${c.e.tile(l.dst)}Next`;

/** The function that asks for one window, none of it beyond the axis, and the first window's call. */
function printFirst(pipe: Pipe, c: Context): void {
  const { e } = c;
  for (const l of pipe.loads) e.line(`Unread<decltype(${e.tile(l.dst)}), ${memoryType[l.src.dtype]}, IN_VECTORS> ${unreadName(l, c)};`);
  e.scope(() => `const auto ${loaderName(pipe)} = [&](int ${e.originName(pipe.axis)})`, [{ axis: pipe.axis, step: pipe.step, full: false, aligned: true }], () => pipe.loads.forEach((l) => printFetch(l, c, unreadName(l, c))), ';');
  e.line(`${loaderName(pipe)}(0);`);
}

const ringName = (l: Load, c: Context): string => `${c.e.tile(l.dst)}Ring`;

/** The rings of each lane, the function that sends for one window, and the first windows. */
function printFirstOfLanes(pipe: Pipe, c: Context): void {
  const { e } = c;
  e.line(`constexpr int ${stagesName(pipe)} = IN_VECTORS ? ${pipe.stages} : 2;`);
  for (const l of pipe.loads) {
    const element = memoryType[l.src.dtype];
    e.line(`LaneRing<decltype(${e.tile(l.dst)}), ${element}, ${stagesName(pipe)}, IN_VECTORS> ${ringName(l, c)}{sharedAt<${element}>(${c.offsets.get(l.dst) ?? 0})};`);
  }
  const window = { axis: pipe.axis, size: pipe.step };
  e.scope(() => `const auto ${loaderName(pipe)} = [&](int ${e.originName(pipe.axis)}, int stage)`, [{ axis: pipe.axis, step: pipe.step, full: false, aligned: true }], () => pipe.loads.forEach((l) => printFetch(l, c, `${ringName(l, c)}.at(stage)`)), ';');
  const { from, to } = printBounds(pipe, e);
  printFirstStages(pipe, from, to, e.extent(window), c);
}

/** This window's tiles from what was asked for, and the next window is asked for. */
function printNext(pipe: Pipe, c: Context): void {
  const { e } = c;
  for (const l of pipe.loads) e.line(`take(${e.tile(l.dst)}, ${unreadName(l, c)});`);
  e.line(`${loaderName(pipe)}(${e.originName(pipe.axis)} + ${e.extent({ axis: pipe.axis, size: pipe.step })});`);
}
