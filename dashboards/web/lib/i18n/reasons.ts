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
  // Why a receiver is not there.
  [/^(\S+) is not there$/, '端口 $1 不存在'],
  [/^(\S+) is held by another program$/, '端口 $1 被其他程序占用'],
  [
    /^(\S+) may not be opened by this account; .+$/,
    '本账户无权打开端口 $1，需加入该端口所属的用户组（通常为 dialout）',
  ],
  [/^the device was unplugged$/, '设备已拔出'],
  [/^the device stopped in the middle of a sweep$/, '设备在扫描途中停止响应'],
  [/^the device stopped sweeping$/, '设备停止扫描'],
  [/^the device stopped sending$/, '设备停止发送数据'],
  [/^the device does not answer$/, '设备无应答'],
  [/^no byte came for too long$/, '长时间未收到任何数据'],
  [/^no RF Explorer answers$/, '没有 RF Explorer 应答'],
  [/^bytes come, but .+: is (\d+) its baud rate\?$/, '收到的数据无法识别，请检查波特率是否为 $1'],
  [/^(\d+) sweeps failed one after the other$/, '连续 $1 次扫描失败'],
  [/^the device refuses the sweep: (.+)$/, '设备拒绝扫描：$1'],
  [/^the other side closed the connection$/, '对端已关闭连接'],
  [/^no heartbeat came for (\d+) s$/, '$1 s 内未收到心跳'],
  [/^starting$/, '正在启动'],
  [/^no (RTL-SDR|HackRF) is there$/, '未找到 $1'],
  [/^the RTL-SDR was unplugged$/, 'RTL-SDR 已拔出'],
  [/^the HackRF sends nothing$/, 'HackRF 未发送数据'],
  [/^the server sends no samples$/, '服务器未发送采样数据'],
  [/^the server says nothing; another program may hold it$/, '服务器无应答，可能被其他程序占用'],
  [/^(\S+) is not installed$/, '未安装 $1'],
  [/^(\S+) has written nothing for (\S+) s$/, '$1 已有 $2 秒没有输出'],
  [/^(\S+) ended with code (\d+)$/, '$1 已退出，代码 $2'],
  [/^(\S+) ended with code (\d+): (.+)$/, '$1 已退出，代码 $2：$3'],
];

export function explainReason(reason: string, locale: Locale): string {
  if (locale === 'en') return reason;
  for (const [form, chinese] of FORMS) {
    if (form.test(reason)) return reason.replace(form, chinese);
  }
  return reason;
}
