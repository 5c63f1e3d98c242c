import { Command } from 'commander';
import { configErrorLine } from '../config/document.ts';
import { checkConfigFile } from '../config/load.ts';

export function checkConfigCommand(): Command {
  return new Command('check-config')
    .summary('check a configuration: every error with its line')
    .description(
      'Checks a configuration. Every error is one line on standard error with its place; then the exit code is 2.',
    )
    .argument('<file>', 'configuration in YAML; docs/bandwarden.example.yaml shows every key')
    .addHelpText('after', '\nExample:\n  bandwarden check-config /etc/bandwarden/bandwarden.yaml')
    .action(async (file: string) => {
      const checked = await checkConfigFile(file);
      if (checked.ok) {
        process.stdout.write(`${file}: no errors\n`);
        return;
      }
      for (const error of checked.errors) process.stderr.write(`${configErrorLine(file, error)}\n`);
      process.exitCode = 2;
    });
}
