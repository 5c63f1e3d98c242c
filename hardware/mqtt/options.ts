import { Type } from 'typebox';

/** The keys of a receiver over MQTT in the configuration. */
export const mqttOptions = {
  dialect: Type.Enum(['bandwarden', 'radiohound', 'sdr-hub'], {
    default: 'bandwarden',
    description: "The form of its messages: ours, or that of another system on the office's own broker.",
  }),
  topic: Type.Union(
    [Type.Null(), Type.String({ pattern: '^[^\\s#]+(?:/#)?$', expected: 'a topic; + is one level, /# all below' })],
    {
      default: null,
      description:
        'Topic of another dialect, such as radiohound/clients/+/98f07b24025a/# or sdr/ADDRESS/spectrogram; ours is given.',
    },
  ),
  vrtByteOrder: Type.Enum(['big', 'little'], {
    default: 'big',
    description: 'Of samples in VITA 49 packets: big as the standard says, or little as some programs for DIFI write.',
  }),
};
