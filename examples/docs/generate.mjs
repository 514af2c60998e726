// Pages that the program itself has the text of.

/** Every command with its help, as the terminal shows it. */
export function commandsPage(warpfold) {
  const section = (command) => `## ${command.name()}\n\n${command.description()}\n\n\`\`\`text\n${helpOf(command).trim()}\n\`\`\`\n`;
  return `# Commands\n\nWhat \`npx warpfold <command> --help\` says, for all commands. Exit codes: 0 done; 1 something in your files is wrong, and stderr says what; 2 the command was misused.\n\n${warpfold.commands.map(section).join('\n')}`;
}

function helpOf(command) {
  let text = '';
  command.configureOutput({ writeOut: (s) => { text += s; } });
  command.outputHelp();
  return text;
}

/** The gallery's index, and a page with the source of every example it points at, by path. */
export function galleryPages(readme) {
  const links = [...new Set([...readme.matchAll(/\]\(([^):]+)\.ts\)/g)].map((m) => m[1]))];
  const index = readme.replace(/\]\(([^):]+)\.ts\)/g, (_, path) => `](./gallery/${path}.md)`).replaceAll('<br>', ' · ').replace(/^# .*/, '# Gallery');
  const pages = links.map((path) => [`gallery/${path}.md`, `# ${path.split('/').at(-1)}\n\n[The gallery](/gallery) · run it: \`npx tsc -b && node build/ts/examples/${path}.js\`\n\n<<< @/../../../examples/${path}.ts\n`]);
  return new Map([['gallery.md', index], ...pages]);
}
