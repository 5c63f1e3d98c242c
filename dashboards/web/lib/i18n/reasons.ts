import type { Locale } from '../settings.ts';

/**
 * The service gives its reasons as short English sentences of fixed form. Here are their Chinese forms;
 * a sentence that is not listed is shown as the service wrote it.
 */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/^no assignment and no licence-exempt band at this frequency$/, '该频率上既无频率指配，也不属于免执照频段'],
  [/^(.+) is too far away to be heard here$/, '$1 距离过远，此处不应收到'],
  [/^the assignment of (.+) is not in force$/, '$1 的指配不在有效期内'],
  [/^frequency offset (\S+) kHz from (.+)$/, '相对 $2 的频率偏差为 $1 kHz'],
  [/^bandwidth (\S+) kHz, assigned (\S+) kHz$/, '带宽 $1 kHz，核定带宽 $2 kHz'],
  [/^licence-exempt band: (.+)$/, '免执照频段：$1'],
  [/^(.+): offset (\S+) kHz$/, '$1：频率偏差 $2 kHz'],
  [/^SNR (\S+) dB is under (\S+) dB$/, '信噪比 $1 dB，低于 $2 dB'],
  [/^the receiver's own offset at its centre frequency$/, '接收机中心频率处的自身直流偏置'],
  [/^mirror image of a stronger emission about the centre frequency$/, '较强发射关于中心频率的镜像'],
  [/^named in the receiver's profile as its own spur$/, '接收机档案中列明的自身杂散'],
  [/^appears only while the receiver is overloaded$/, '仅在接收机过载时出现'],
  [/^part of a stronger emission that keys at the same times$/, '与较强发射同时通断，属其组成部分'],
];

export function explainReason(reason: string, locale: Locale): string {
  if (locale === 'en') return reason;
  for (const [form, chinese] of FORMS) {
    if (form.test(reason)) return reason.replace(form, chinese);
  }
  return reason;
}
