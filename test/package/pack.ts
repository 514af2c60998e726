import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../commands/command.js';

/** Packs this package as it is built into an empty folder. The tarball's path. */
export function pack(place: string): string {
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', place], { cwd: root });
  const tarball = readdirSync(place).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm pack left no tarball in ${place}`);
  return join(place, tarball);
}
