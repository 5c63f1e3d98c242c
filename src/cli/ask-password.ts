import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { BandwardenError } from '../core/errors.ts';

async function askHidden(prompt: string): Promise<string> {
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const line = createInterface({ input: process.stdin, output: silence, terminal: true });
  const interrupted = new Promise<never>((_resolve, reject) => {
    line.once('SIGINT', () => reject(new BandwardenError('bad-argument', 'interrupted; nothing was changed')));
  });
  process.stderr.write(prompt);
  try {
    return await Promise.race([line.question(''), interrupted]);
  } finally {
    line.close();
    process.stderr.write('\n');
  }
}

async function fromFile(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new BandwardenError('unreadable', `${file}: cannot be read; expected a file with the password`, { cause });
  }
}

/** From the file, else asked for twice on the terminal, without echo. Never from the command line: others read that. */
export async function askPassword(file: string | undefined): Promise<string> {
  if (file !== undefined) return await fromFile(file);
  if (!process.stdin.isTTY) {
    throw new BandwardenError('bad-argument', 'no terminal to ask for the password; expected --password-file FILE');
  }
  const password = await askHidden('Password (12 characters or more): ');
  if (password === (await askHidden('The same again: '))) return password;
  throw new BandwardenError('bad-argument', 'the two passwords differ; nothing was changed');
}
