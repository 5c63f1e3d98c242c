import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { BandwardenError } from '../core/errors.ts';
import { type ParsedRegister, parseRegisterCsv } from '../formats/register-csv.ts';
import { withStore } from './with-store.ts';

interface ImportOptions {
  readonly source: string;
  readonly config?: string;
}

async function readText(file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new BandwardenError('unreadable', `${file}: cannot be read; expected a register as CSV`, { cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BandwardenError('bad-input', `${file}: is not UTF-8; save it as "CSV UTF-8"`, { cause });
  }
}

async function readRegister(file: string): Promise<ParsedRegister> {
  const register = parseRegisterCsv(await readText(file));
  for (const { line, reason } of register.rejects) process.stderr.write(`${file}:${line}: ${reason}\n`);
  if (register.rows.length > 0) return register;
  throw new BandwardenError('bad-input', `${file}: no usable row; nothing was changed`);
}

function sourceArgument(text: string): string {
  if (/^[a-z0-9_-]{1,64}$/.test(text)) return text;
  throw new BandwardenError('bad-argument', `--source is "${text}"; expected 1–64 of a-z 0-9 - _`);
}

function importCommand(): Command {
  return new Command('import')
    .summary('import frequency assignments')
    .description(
      'Replaces a register by the rows of a file: all usable rows at once, the others named with line and reason on standard error.',
    )
    .argument('<file>', 'the register; its columns are in docs/contracts.md')
    .addOption(new Option('--format <format>', 'what the file is').choices(['csv']).default('csv'))
    .option('--source <name>', 'which register is replaced, where there are several', sourceArgument, 'register')
    .option('--config <file>', 'configuration in YAML; it names the data folder')
    .addHelpText('after', '\nExample:\n  bandwarden register import assignments.csv')
    .action(async (file: string, { source, config }: ImportOptions) => {
      const { rows, rejects } = await readRegister(file);
      await withStore(config, async ({ store, clock }) => {
        await store.assignments.replace(source, rows);
        const detail = `${rows.length} rows, ${rejects.length} rejected, by bandwarden register import`;
        await store.audit.append({
          timeMs: clock.nowMs(),
          by: 'service',
          action: 'register.import',
          subject: source,
          detail,
        });
      });
      process.stdout.write(`imported ${rows.length} assignments as "${source}"; ${rejects.length} rows rejected\n`);
    });
}

export function registerCommand(): Command {
  return new Command('register')
    .summary('the register of frequency assignments')
    .description('The register of frequency assignments.')
    .addCommand(importCommand());
}
