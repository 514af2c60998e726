import { CompileError, type Diagnostic } from '../../dsl/diagnostic.js';
import { alreadyReported } from './here.js';

/** Runs a step: its value in a list of one, or an empty list when it was refused, and the refusal is kept. */
export type Collect = <T>(step: () => T) => readonly T[];

/** A collector that adds what steps refuse to `diagnostics`; other errors pass. */
export function collector(diagnostics: Diagnostic[]): Collect {
  return (step) => {
    try {
      return [step()];
    } catch (error) {
      if (error instanceof CompileError) diagnostics.push(...error.diagnostics);
      else if (error !== alreadyReported) throw error;
      return [];
    }
  };
}
