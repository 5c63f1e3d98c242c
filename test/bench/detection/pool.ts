import { type ChildProcess, fork } from 'node:child_process';

/** Processes that each do one part of a bench at a time. */
export class Pool {
  private readonly children: ChildProcess[];

  constructor(processes: number) {
    const program = new URL('detection-child.ts', import.meta.url).pathname;
    this.children = Array.from({ length: processes }, () => fork(program, { execArgv: ['--import', 'tsx'] }));
  }

  /** The results in the order of the parts. @param onDone told of each part that is done */
  async work(bench: string, parts: readonly unknown[], onDone: (part: number) => void): Promise<unknown[]> {
    const results: unknown[] = [];
    let next = 0;
    const drain = async (child: ChildProcess) => {
      while (next < parts.length) {
        const part = next++;
        results[part] = await ask(child, { bench, part: parts[part] });
        onDone(part);
      }
    };
    const ended = await Promise.allSettled(this.children.map(drain));
    const failed = ended.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    return results;
  }

  close(): void {
    for (const child of this.children) child.kill();
  }
}

function ask(child: ChildProcess, job: { readonly bench: string; readonly part: unknown }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error(`${job.bench}: the process that worked on it has ended`));
    child.once('exit', gone);
    child.once('message', (answer: { result?: unknown; error?: string }) => {
      child.off('exit', gone);
      if (answer.error === undefined) resolve(answer.result);
      else reject(new Error(`${job.bench}: ${answer.error}`));
    });
    child.send(job);
  });
}
