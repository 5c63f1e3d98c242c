import { Command, CommanderError } from 'commander';
import { softwareVersion } from '../config/version.ts';
import { BandwardenError, type ErrorCode } from '../core/errors.ts';

/** Each command is loaded only when it is called: `analyze` should not wait for the web server's modules. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serveCommand(),
  analyze: async () => (await import('./analyze.ts')).analyzeCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  agent: async () => (await import('./agent.ts')).agentCommand(),
  register: async () => (await import('./register.ts')).registerCommand(),
  user: async () => (await import('./user.ts')).userCommand(),
  receiver: async () => (await import('./receiver.ts')).receiverCommand(),
  'check-config': async () => (await import('./check-config.ts')).checkConfigCommand(),
};

/** Exit code 2: what was asked for is wrong. Everything else that fails is 1. */
const WRONG_CALL: readonly ErrorCode[] = ['bad-argument', 'bad-config'];

const EXAMPLES = `
Examples:
  bandwarden serve --demo                            the service with its demonstration city
  bandwarden analyze recording.cu8 --rate 250000     what is on the air in a recording
  bandwarden check-config bandwarden.yaml            every error of a configuration with its line

Exit codes: 0 done, 1 the work failed, 2 the command line or configuration is wrong.`;

/** Commander hands down its settings only to commands that it makes itself. */
function adopt(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const inner of command.commands) adopt(inner, command);
}

/** The command that was named; all of them where it takes all to answer, as for --help. */
function commandsFor(args: readonly string[]): string[] {
  if (args[0] === '--version' || args[0] === '-V') return [];
  const named = args.find((arg) => !arg.startsWith('-'));
  return named !== undefined && Object.hasOwn(COMMANDS, named) ? [named] : Object.keys(COMMANDS);
}

async function buildProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('bandwarden')
    .description('Watches the radio spectrum: receivers in, detections, alerts and evidence out.')
    .version(softwareVersion(), '-V, --version', 'print the version')
    .option('--debug', 'show where in the program an error arose')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) =>
        write(
          `bandwarden: ${text
            .replace(/^error: /, '')
            .trim()
            .replace(/\s*\n\s*/g, ' ')}\n`,
        ),
    });
  for (const name of commandsFor(args)) {
    const command = await COMMANDS[name]();
    adopt(command, program);
    program.addCommand(command);
  }
  return program;
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return error instanceof BandwardenError && WRONG_CALL.includes(error.code) ? 2 : 1;
}

/** Writes an error as one line for a person; where it arose only if `debug`. */
export function reportError(error: unknown, debug: boolean): void {
  // Commander has already said what was wrong.
  if (error instanceof CommanderError) return;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`bandwarden: ${message.replace(/\s*\n\s*/g, ' ')}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  for (let cause = error; debug && cause instanceof Error && cause.cause instanceof Error; cause = cause.cause) {
    process.stderr.write(`caused by ${cause.cause.stack}\n`);
  }
}

/** Runs one call of the command. A command that went through but must not end with 0 sets `process.exitCode`. */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    const program = await buildProgram(args);
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    reportError(error, args.includes('--debug'));
    return exitCodeOf(error);
  }
}
