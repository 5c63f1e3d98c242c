import type { DriverSink, ReceiverDriver } from '../../src/core/driver.ts';
import { type ByteLink, LinkLost } from '../link/byte-link.ts';
import { DeviceDriver, type DeviceOptions } from '../link/device-driver.ts';
import type { TemplateSettings } from './options.ts';
import { encodeSpan, TemplateParser } from './protocol.ts';

/** Every wait has its end: a device that says nothing for this long is opened anew. */
const ANSWER_MS = 3_000;
const SILENCE_MS = 10_000;

/** Opening, back-off and the states online and offline are those of every device; what is said to it is here. */
export function templateDriver(options: DeviceOptions<TemplateSettings>): ReceiverDriver {
  return new DeviceDriver(options, { converse: (link, sink, ready) => converse(options, link, sink, ready) });
}

async function converse(
  { receiver, settings, clock, patience = 1 }: DeviceOptions<TemplateSettings>,
  link: ByteLink,
  sink: DriverSink,
  ready: () => void,
): Promise<never> {
  const parser = new TemplateParser();
  let span: { readonly startHz: number; readonly stepHz: number } | null = null;
  await link.write(encodeSpan(settings.startHz, settings.stopHz));
  for (;;) {
    const bytes = await link.read((span === null ? ANSWER_MS : SILENCE_MS) * patience);
    if (bytes === null) throw new LinkLost('the device does not answer');
    for (const message of parser.push(bytes)) {
      if (message.kind === 'rejected') sink.rejected(receiver, message.reject);
      else if (message.kind === 'span') {
        span = message;
        ready();
      } else if (span !== null) {
        sink.frame({
          kind: 'sweep',
          receiver,
          sequence: null,
          timeNs: BigInt(Math.round(clock.nowMs() * 1e6)),
          durationSeconds: null,
          startHz: span.startHz,
          stepHz: span.stepHz,
          rbwHz: null,
          unit: 'dBm',
          powers: message.levelsDbm,
          gainDb: null,
          flags: [],
        });
      }
    }
  }
}
