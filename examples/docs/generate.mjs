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

/** The gallery's index with links to the sources as they are shipped. */
export const galleryPage = (readme) => readme.replace(/\]\((?!https?:|#)([^)]+\.ts)\)/g, (_, path) => `](https://www.npmjs.com/package/warpfold?activeTab=code#${path})`);
