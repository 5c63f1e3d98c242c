#!/usr/bin/env node
import { reportError, runProgram } from './cli/program.ts';

const args = process.argv.slice(2);

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader went away, as `head` does: nobody is left to write for.
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
process.on('uncaughtException', (error) => {
  reportError(error, args.includes('--debug'));
  process.exit(1);
});

process.exitCode = await runProgram(args);
