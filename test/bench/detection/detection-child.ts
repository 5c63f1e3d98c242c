import { BENCHES } from './benches.ts';

/** Does one part after the other as its parent sends them: `{bench, part}` in, `{result}` or `{error}` out. */
process.on('message', ({ bench, part }: { bench: string; part: unknown }) => {
  BENCHES[bench].work(part).then(
    (result) => process.send!({ result }),
    (error: Error) => process.send!({ error: error.message }),
  );
});
