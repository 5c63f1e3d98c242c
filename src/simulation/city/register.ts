import type { Assignment } from '../../core/records.ts';

/**
 * Frequency assignments of Yunhai (云海), a city that does not exist: its coordinates lie in the East China Sea and
 * its stations, operators and call signs are invented. Services, channel rasters, bandwidths and designators are
 * those in use in China.
 */
export const CITY_CENTER = { lat: 29.4, lon: 123.1 } as const;

const VALID_FROM_MS = Date.UTC(2021, 0, 1);
const VALID_UNTIL_MS = Date.UTC(2030, 11, 31, 23, 59, 59, 999);

type Row = readonly [
  station: string,
  licensee: string,
  callSign: string,
  centerMhz: number,
  northKm: number,
  eastKm: number,
];

/** What all rows of a group have in common. */
interface Group {
  readonly prefix: string;
  readonly service: string;
  readonly bandwidthHz: number;
  readonly designator: string;
  readonly radiusKm: number;
  readonly conditions: string;
  readonly rows: readonly Row[];
}

const CITY_RADIO = '云海广播电视台 Yunhai Radio and Television';
const PROVINCE_RADIO = '东海省广播电台 Donghai Provincial Radio';
const AIRPORT = '云海机场集团 Yunhai Airport Group';
const TRAFFIC_CONTROL = '东海空管局 Donghai Air Traffic Management';
const PORT = '云海港务局 Yunhai Port Authority';

const BROADCASTING: Group = {
  prefix: 'FM',
  service: 'broadcasting',
  bandwidthHz: 256_000,
  designator: '256KF8E',
  radiusKm: 60,
  conditions: 'Deviation at most 75 kHz; e.r.p. as licensed',
  rows: [
    ['新闻广播 City News', CITY_RADIO, 'YH-883', 88.3, 4.1, -1.2],
    ['经济之声 Business Voice', PROVINCE_RADIO, 'DH-897', 89.7, 4.1, -1.2],
    ['少儿广播 Youth Radio', CITY_RADIO, 'YH-911', 91.1, 4.1, -1.2],
    ['都市生活 City Life', CITY_RADIO, 'YH-924', 92.4, 4.1, -1.2],
    ['戏曲广播 Opera Radio', PROVINCE_RADIO, 'DH-936', 93.6, 4.1, -1.2],
    ['大学之声 Campus Radio', '云海大学 Yunhai University', 'YH-952', 95.2, -2.7, 5.3],
    ['交通广播 Traffic Radio', CITY_RADIO, 'YH-968', 96.8, 4.1, -1.2],
    ['音乐广播 Music Radio', CITY_RADIO, 'YH-982', 98.2, 4.1, -1.2],
    ['经典音乐 Classic FM', PROVINCE_RADIO, 'DH-990', 99.0, 4.1, -1.2],
    ['中国之声 转播 National Relay', PROVINCE_RADIO, 'DH-1003', 100.3, 9.8, 3.6],
    ['体育广播 Sports Radio', CITY_RADIO, 'YH-1015', 101.5, 4.1, -1.2],
    ['故事广播 Story Radio', CITY_RADIO, 'YH-1029', 102.9, 4.1, -1.2],
    ['农村广播 Country Radio', PROVINCE_RADIO, 'DH-1041', 104.1, 9.8, 3.6],
    ['外语广播 Radio International', CITY_RADIO, 'YH-1054', 105.4, 4.1, -1.2],
    ['海洋之声 Ocean Voice', PORT, 'YH-1066', 106.6, -5.5, 8.1],
    ['健康广播 Health Radio', CITY_RADIO, 'YH-1077', 107.7, 4.1, -1.2],
  ],
};

const NAVIGATION: Group = {
  prefix: 'NAV',
  service: 'aeronautical radionavigation',
  bandwidthHz: 50_000,
  designator: '20K9A9W',
  radiusKm: 150,
  conditions: 'Ground station; protected service',
  rows: [
    ['18 跑道航向台 Localizer RWY 18', AIRPORT, 'IYH', 110.3, -14.0, 12.5],
    ['36 跑道航向台 Localizer RWY 36', AIRPORT, 'IYN', 111.5, -17.2, 12.5],
    ['云海全向信标 Yunhai VOR', AIRPORT, 'YUH', 113.6, -15.4, 12.1],
  ],
};

const AIRBAND: Group = {
  prefix: 'AIR',
  service: 'aeronautical mobile',
  bandwidthHz: 25_000,
  designator: '6K00A3E',
  radiusKm: 200,
  conditions: 'Double sideband AM; protected service',
  rows: [
    ['塔台 Tower', TRAFFIC_CONTROL, '云海塔台', 118.1, -15.6, 12.4],
    ['进近 Approach East', TRAFFIC_CONTROL, '云海进近', 119.7, -15.6, 12.4],
    ['进近备用 Approach Reserve', TRAFFIC_CONTROL, '云海进近', 120.35, -15.6, 12.4],
    ['国际遇险 Emergency', TRAFFIC_CONTROL, '', 121.5, -15.6, 12.4],
    ['地面管制 Ground', TRAFFIC_CONTROL, '云海地面', 121.75, -15.6, 12.4],
    ['放行 Clearance Delivery', TRAFFIC_CONTROL, '云海放行', 121.95, -15.6, 12.4],
    ['区域管制 Area Control', TRAFFIC_CONTROL, '东海区调', 124.55, -15.6, 12.4],
    ['自动情报 ATIS', AIRPORT, '', 126.45, -15.6, 12.4],
    ['机坪管制 Apron', AIRPORT, '云海机坪', 128.35, -15.6, 12.4],
    ['航务 Company Operations', '云海航空 Yunhai Air', '云航', 131.45, -15.6, 12.4],
    ['区域管制 Area Control North', TRAFFIC_CONTROL, '东海区调', 134.25, -15.6, 12.4],
  ],
};

const LAND_MOBILE: Group = {
  prefix: 'PMR',
  service: 'land mobile',
  bandwidthHz: 12_500,
  designator: '11K0F3E',
  radiusKm: 30,
  conditions: 'Base station at most 25 W',
  rows: [
    ['水务中继 Waterworks Repeater', '云海水务 Yunhai Water', 'B6K01', 151.175, 1.3, 0.8],
    ['出租车调度 Taxi Dispatch', '云海出租汽车 Yunhai Taxi', 'B6K02', 152.4, 0.4, -0.9],
    ['电力抢修 Power Grid Repair', '云海供电 Yunhai Power', 'B6K03', 153.675, 2.2, 3.1],
    ['公交调度 Bus Dispatch', '云海公交 Yunhai Bus', 'B6K04', 154.95, -1.7, 1.9],
    ['林业防火 Forest Fire Watch', '云海林业局 Yunhai Forestry', 'B6K05', 158.2, 11.5, -6.4],
    ['环卫中继 Street Cleaning', '云海环卫 Yunhai Sanitation', 'B6K06', 159.525, 0.2, 2.7],
    ['港区作业 Quay Operations', PORT, 'B6K07', 163.35, -5.5, 8.1],
    ['工地调度 Site Dispatch', '东海建设 Donghai Construction', 'B6K08', 166.125, 3.3, -4.8],
    ['轨道交通数字 Metro Digital', '云海地铁 Yunhai Metro', 'B6K09', 409.5625, 0.0, 0.3],
  ],
};

const MARITIME: Group = {
  prefix: 'SEA',
  service: 'maritime mobile',
  bandwidthHz: 25_000,
  designator: '16K0F3E',
  radiusKm: 70,
  conditions: 'Radio Regulations Appendix 18',
  rows: [
    ['数字选呼 DSC Channel 70', PORT, '云海电台', 156.525, -5.5, 8.1],
    ['港口营运 Port Operations', PORT, '云海电台', 156.6, -5.5, 8.1],
    ['遇险安全 Channel 16', PORT, '云海电台', 156.8, -5.5, 8.1],
    ['船舶识别 AIS 1', PORT, '', 161.975, -5.5, 8.1],
    ['船舶识别 AIS 2', PORT, '', 162.025, -5.5, 8.1],
  ],
};

const KM_PER_DEGREE = 111.2;

function rounded4(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

function assignmentsOf(group: Group): Assignment[] {
  const eastKmPerDegree = KM_PER_DEGREE * Math.cos((CITY_CENTER.lat * Math.PI) / 180);
  return group.rows.map(([station, licensee, callSign, centerMhz, northKm, eastKm], index) => ({
    id: `YH-${group.prefix}-${String(index + 1).padStart(3, '0')}`,
    kind: 'assignment',
    licensee,
    station,
    callSign,
    service: group.service,
    centerHz: Math.round(centerMhz * 1e6),
    bandwidthHz: group.bandwidthHz,
    lat: rounded4(CITY_CENTER.lat + northKm / KM_PER_DEGREE),
    lon: rounded4(CITY_CENTER.lon + eastKm / eastKmPerDegree),
    radiusKm: group.radiusKm,
    validFromMs: VALID_FROM_MS,
    validUntilMs: VALID_UNTIL_MS,
    designator: group.designator,
    conditions: group.conditions,
  }));
}

function exempt(
  id: string,
  station: string,
  service: string,
  centerHz: number,
  bandwidthHz: number,
  conditions: string,
): Assignment {
  return {
    id,
    kind: 'exempt',
    licensee: '',
    station,
    callSign: '',
    service,
    centerHz,
    bandwidthHz,
    lat: null,
    lon: null,
    radiusKm: null,
    validFromMs: null,
    validUntilMs: null,
    designator: '',
    conditions,
  };
}

/** The twenty channels of the public intercom: 409.7500 … 409.9875 MHz, 12.5 kHz each; between and around them nothing is exempt. */
function intercomChannels(): Assignment[] {
  return Array.from({ length: 20 }, (_, n) =>
    exempt(
      `CN-INTERCOM-${String(n + 1).padStart(2, '0')}`,
      `公众对讲机 ${n + 1} 频道 Public intercom channel ${n + 1}`,
      'public intercom',
      409_750_000 + n * 12_500,
      12_500,
      'At most 0.5 W; F3E; antenna fixed to the set',
    ),
  );
}

export const CITY_REGISTER: readonly Assignment[] = [
  ...[BROADCASTING, NAVIGATION, AIRBAND, LAND_MOBILE, MARITIME].flatMap(assignmentsOf),
  ...intercomChannels(),
  exempt(
    'CN-ISM-433',
    '微功率短距离设备 Short-range devices',
    'short-range devices',
    433_920_000,
    1_740_000,
    '433.05–434.79 MHz; at most 10 mW',
  ),
];
