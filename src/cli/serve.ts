import { Command } from 'commander';
import { pino } from 'pino';
import { type RunningApp, startApp } from '../app.ts';
import { loadConfig } from '../config/load.ts';
import { untilAsked } from './until-asked.ts';

interface ServeOptions {
  readonly config?: string;
  readonly demo?: boolean;
}

/** Past this the process ends itself, whatever still hangs. */
const END_MS = 4_500;

export function serveCommand(): Command {
  return new Command('serve')
    .summary('the service: ingest, detection, storage, alerts, dashboard')
    .description('Runs the service until SIGTERM or SIGINT. Log lines go to standard error, one JSON object a line.')
    .option('--config <file>', 'configuration in YAML; without it every key has its default')
    .option('--demo', 'with the demonstration city: seven emulated receivers, a register and incidents')
    .addHelpText(
      'after',
      `
Examples:
  bandwarden serve --demo
  bandwarden serve --config /etc/bandwarden/bandwarden.yaml`,
    )
    .action(async ({ config: file, demo = false }: ServeOptions) => {
      const config = await loadConfig(file ?? null);
      const log = pino({ level: config.log.level, base: null }, pino.destination(2));
      const app = await startApp(config, { demo, log });
      process.stdout.write(greeting(app));
      await untilAsked();
      const timer = setTimeout(() => process.exit(1), END_MS).unref();
      await app.stop();
      clearTimeout(timer);
      process.exit(0);
    });
}

function greeting({ url, setupUrl, demonstrationAccounts }: RunningApp): string {
  const lines = [`Bandwarden is at ${url}`];
  if (setupUrl !== null) lines.push(`Make the first account (this link works once): ${setupUrl}`);
  if (demonstrationAccounts.length > 0) {
    lines.push('Accounts of the demonstration; these passwords are shown this once:');
    for (const { name, password } of demonstrationAccounts) lines.push(`  ${name.padEnd(14)} ${password}`);
  }
  return `${lines.join('\n')}\n`;
}
