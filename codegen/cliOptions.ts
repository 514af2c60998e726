// How the command line reads the values of options. What it refuses, commander says together with the option's name.
import { InvalidArgumentError, Option } from 'commander';
import type { TargetName } from '../dsl/manifest.js';
import { didYouMean } from '../dsl/nearest.js';

const targetNames: readonly TargetName[] = ['cpu', 'sm_80', 'sm_90a'];

export function targets(text: string): readonly TargetName[] {
  return text.split(',').map((name) => {
    const target = targetNames.find((t) => t === name.trim());
    if (target === undefined) throw new InvalidArgumentError(`'${name}' is no target; there are ${targetNames.join(', ')}${didYouMean(name.trim(), targetNames)}.`);
    return target;
  });
}

export function whole(text: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text.trim()) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

export function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

export const collected = (text: string, all: readonly string[] = []): readonly string[] => [...all, text];
export const targetOption = (): Option => new Option('--target <name>', 'whose code is measured on a GPU: what every GPU runs, or what only Hopper does (default: as it would run)').choices(['sm_80', 'sm_90a']);
export const kvDtypeOption = (): Option => new Option('--kv-dtype <name>', 'what K and V are stored in; auto: what kernels compute in; f8e4m3: one byte a number, scaled per layer and KV head').choices(['auto', 'f8e4m3']).default('auto');
export const deviceOption = (): Option => new Option('--device <name>', 'auto: a GPU where one can be used, else the processor').choices(['auto', 'cpu', 'cuda']).default('auto');

const byteUnits: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

export function bytes(text: string): number {
  const [, count = '', name = ''] = /^([0-9.]+) ?([A-Za-z]*)$/.exec(text.trim()) ?? [];
  const [value, unit] = [Number(count), byteUnits[name]];
  if (count === '' || unit === undefined || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number of bytes, or of KiB, MiB or GiB, as in 8GiB.');
  return Math.floor(value * unit);
}

export const atLeast = (least: number) => (text: string): number => {
  const value = whole(text);
  if (value < least) throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
  return value;
};

export const within = (low: number, high: number) => (text: string): number => {
  const value = fraction(text);
  if (value < low || value > high) throw new InvalidArgumentError(`It must be a number from ${low} to ${high}.`);
  return value;
};

export function share(text: string): number {
  const value = fraction(text);
  if (value <= 0 || value > 1) throw new InvalidArgumentError('It must be a number above 0 and up to 1.');
  return value;
}

/** A variable that was never set must not open a server that was to be closed. */
export function notEmpty(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
}

export function port(text: string): number {
  const value = whole(text);
  if (value < 0 || value > 65535) throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return value;
}

/** A device by name, or a GPU by its number. */
export function deviceName(text: string): 'auto' | 'cpu' | 'cuda' | number {
  if (/^\d+$/.test(text)) return Number(text);
  if (text === 'auto' || text === 'cpu' || text === 'cuda') return text;
  throw new InvalidArgumentError('It must be auto, cpu, cuda, or the number of a GPU.');
}

export const names = (text: string): readonly string[] => text.split(',').map((name) => name.trim()).filter((name) => name !== '');

/** `1k` is 1,024, as models' windows are counted. */
export function lengths(text: string): readonly number[] {
  return [...new Set(names(text).map((length) => {
    const [, count = '', k = ''] = /^(\d+)(k?)$/i.exec(length) ?? [];
    if (count === '') throw new InvalidArgumentError(`'${length}' is no length; write tokens, as in 900 or 4k.`);
    return Number(count) * (k === '' ? 1 : 1024);
  }))];
}

export const examples = (...lines: readonly string[]): string => `\nExamples:\n${lines.map((l) => `  $ warpfold ${l}`).join('\n')}\n`;
