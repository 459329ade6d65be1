// Line icons on a 24-unit grid. They decorate: a word always stands beside them
// or in their control's label.

const paths = {
  queue: 'M4 6h16M4 12h16M4 18h10',
  plan: 'M4 4h16v16H4zM4 11h7V4M11 15v5M15 11h5',
  asset: 'M12 3l8 4.500v9L12 21l-8-4.500v-9zM4 7.500l8 4.500 8-4.500M12 12v9',
  events: 'M4 19V9M9 19V5M14 19v-7M19 19v-4',
  source: 'M12 13v7M8.500 9.500a5 5 0 0 1 7 0M5.500 6.500a9.200 9.200 0 0 1 13 0M12 13.500a.8.8 0 1 0 0-1.600.8.8 0 0 0 0 1.600',
  rule: 'M4 5h16l-6.300 7.500V19l-3.400-2v-4.500z',
  exercise: 'M7 4.500v15l12-7.500z',
  settings: 'M4 7h9M17 7h3M15 4.500v5M4 17h3M11 17h9M9 14.500v5',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20c.8-3.600 3.700-5.500 7.500-5.500s6.700 1.900 7.500 5.500',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.500 4.500',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  cross: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  up: 'M5 15l7-7 7 7',
  down: 'M5 9l7 7 7-7',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  warn: 'M12 4L2.500 20h19zM12 10v4.500M12 17.300v.01',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.700v.01',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.500l3.500 2',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  link: 'M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1-1',
  shield: 'M12 3l8 3v5.500c0 5-3.300 8-8 9.500-4.700-1.500-8-4.500-8-9.500V6z',
  bell: 'M6 16V11a6 6 0 1 1 12 0v5l1.500 2h-15zM10 20.500h4',
  comment: 'M4 5h16v11H10l-4.500 4V16H4z',
  person: 'M12 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM5.500 20v-1.500c0-2.800 2.500-4.500 6.500-4.500s6.500 1.700 6.500 4.500V20',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  graph: 'M6 8.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM6 20.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM18 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM8.300 7l7.500 4M8.300 17l7.500-4',
  out: 'M14 4h5v16h-5M4 12h11M11 8l4 4-4 4',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  clockback: 'M4 12a8 8 0 1 0 2.500-5.800M4 4v4.500h4.500M12 8v4.500l3 1.500',
  site: 'M4 20V9l8-5 8 5v11zM10 20v-6h4v6',
  building: 'M6 21V3h12v18M3.500 21h17M10 7h.01M14 7h.01M10 11h.01M14 11h.01M10 15h.01M14 15h.01',
  floor: 'M4 8l8-4 8 4-8 4zM4 12.500l8 4 8-4M4 17l8 4 8-4',
  room: 'M5 20V4h14v16zM5 12h6V4M14.500 12h.01',
  zone: 'M5 5h2M10 5h4M17 5h2v2M19 10v4M19 17v2h-2M14 19h-4M7 19H5v-2M5 14v-4M5 7V5',
  door: 'M6 21V3h11v18M3.500 21h17M13.500 12h.01',
  network: 'M9.500 4h5v4h-5zM3.500 16h5v4h-5zM15.500 16h5v4h-5zM12 8v4M6 16v-4h12v4',
  port: 'M4 7h16v10H4zM8 17v-4h8v4M9.500 7v2M12 7v2M14.500 7v2',
  host: 'M4 4h16v6.500H4zM4 13.500h16V20H4zM7.500 7.200h.01M7.500 16.700h.01',
  application: 'M4 5h16v14H4zM4 9h16M7 7h.01M10 7h.01',
  data: 'M12 9c4 0 7-1.100 7-2.500S16 4 12 4 5 5.100 5 6.500 8 9 12 9zM5 6.500v11C5 18.900 8 20 12 20s7-1.100 7-2.500v-11M5 12c0 1.400 3 2.500 7 2.500s7-1.100 7-2.500',
  hvac: 'M12 12V4.500c3 0 4 2.500 2.500 5M12 12l6.500 3.700c-1.500 2.600-4.200 2.200-5.600-.3M12 12l-6.500 3.700C4 13.100 5.700 11 8.600 11',
  lift: 'M5 3h14v18H5zM9.500 10L12 7l2.500 3M9.500 14l2.500 3 2.500-3',
  panel: 'M5 3h14v18H5zM8 7h8v4H8zM9 15h.01M12 15h.01M15 15h.01',
  camera: 'M3.500 8h12v9h-12zM15.500 11l5-2.500v8l-5-2.500z',
  reader: 'M7 3h10v18H7zM10 7h4M12 15.500v.01',
  sensor: 'M12 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 16a5.700 5.700 0 0 1 0-8M16 8a5.700 5.700 0 0 1 0 8M5.200 18.800a9.600 9.600 0 0 1 0-13.600M18.800 5.200a9.600 9.600 0 0 1 0 13.600',
  medical: 'M3 12.500h4l2-5 4 10 2.500-7 1.500 2h4',
  equipment: 'M4 8h16v12H4zM9 8V4h6v4M9 14h6',
  power: 'M13 3L5 13.500h6L10.500 21 19 10h-6.500z',
  ups: 'M4 7h14v10H4zM18 10h2.500v4H18M11.500 9l-2.500 3.500h3.500L10 15.500',
  gas: 'M9 8h6v13H9zM10.500 8V5h3v3M8 5h8M12 12v4',
  water: 'M12 3.500c3.500 4.300 5.500 7.200 5.500 10a5.500 5.500 0 0 1-11 0c0-2.800 2-5.700 5.500-10z',
  phone: 'M6 4h3.500l1.500 4.500-2 1.500c1 2 3 4 5 5l1.500-2 4.500 1.500V18c0 1.200-1 2-2 2C10.500 20 4 13.500 4 6c0-1 .8-2 2-2z',
  staff: 'M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19c.4-3 2.600-5 6-5s5.600 2 6 5M16 5.500a2.800 2.800 0 0 1 0 5.500M17 14.200c2.300.5 3.700 2.200 4 4.800',
  stock: 'M4 8l8-4 8 4v9l-8 4-8-4zM8 6l8 4v4',
  care: 'M12 20s-8-4.700-8-10.500A4.500 4.500 0 0 1 12 7a4.500 4.500 0 0 1 8 2.500C20 15.300 12 20 12 20z',
  operation: 'M9 4h6v3H9zM6 5.500h3M15 5.500h3V20H6V5.500M9 12l2 2 4-4',
} as const

export type IconName = keyof typeof paths

const kinds: Record<string, IconName> = {
  hvac: 'hvac', 'medical-device': 'medical', 'medical-gas': 'gas', telephony: 'phone', 'care-service': 'care', controller: 'panel',
}

/** The icon of an asset's kind. */
export function kindIcon(kind: string | undefined): IconName {
  if (!kind) return 'asset'
  return kinds[kind] ?? (Object.hasOwn(paths, kind) ? (kind as IconName) : 'asset')
}

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor"
      strokeWidth={size > 20 ? 1.6 : 1.9} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  )
}
